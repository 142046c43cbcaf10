// The element `<moe-scope>`: one view in somebody's page. Its attributes are the fields of a link; what it shows comes
// back as properties and events. Elements on the same addresses share one engine and one model.
// May import everything but the page.

import { css, unsafeCSS } from 'lit';
import { register } from './elements';
import type { Format } from './export/formats';
import { firstState, snapshotOf } from './first';
import type { Fields } from './face';
import { Face, word } from './face';
import { addressOf, FIELD_NAMES, fieldOf, formatAddress, parseAddress } from './scope/address';
import { Scope } from './scope/scope';
import type { Complaint, ScopeState } from './scope/state';
import { SOURCES, viewAlone } from './sources';
import { Alone } from './views/alone';
import theme from './views/theme.css?inline';

const HOST = css`
  :host {
    display: block;
    background: var(--moe-bg);
    color: var(--moe-ink);
    direction: ltr;
    --moe-bar: static;
    --moe-margin: 8px;
  }
  :host([hidden]) {
    display: none;
  }
`;

export class MoeScope extends HTMLElement {
  static readonly observedAttributes = FIELD_NAMES;

  #scope: Scope | null = null;
  #face: Face | null = null;
  #shell: Alone | null = null;
  #home = '';
  /** The attributes that have changed and that the scope has not taken yet. */
  readonly #changed = new Set<string>();

  connectedCallback(): void {
    if (!this.#scope) this.#begin();
  }

  disconnectedCallback(): void {
    // Who only moves the element in the page puts it back before that.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (!this.#scope || before === value) return;
    this.#changed.add(name);
    // Several that change at once are one state.
    if (this.#changed.size === 1) queueMicrotask(this.#take);
  }

  /** What is shown, as a link has it behind its `#`. */
  get state(): string {
    return formatAddress(this.#shown);
  }

  /** Where the link of an export leads, an address without its `#`: to the view alone of the script's site, or elsewhere. */
  get home(): string {
    return this.#home === '' ? viewAlone() : this.#home;
  }

  set home(address: string) {
    this.#home = address;
    if (this.#shell) this.#shell.home = this.home;
  }

  /** What is shown of a field, as a link has it; null where it is the usual. */
  get(name: string): string | null {
    return fieldOf(this.#shown, name);
  }

  /** Goes on by tokens, or back. */
  step(by = 1): void {
    this.#face?.step(by);
  }

  /** Goes to a token by its position, from 0. */
  seek(position: number): void {
    this.#face?.seek(position);
  }

  play(): void {
    this.#face?.play(true);
  }

  pause(): void {
    this.#face?.play(false);
  }

  /** Shows another state: fields by their names, or all of a link; what is not said stays. */
  set(fields: string | Fields): void {
    if (this.#face) this.#face.set(fields);
    else this.#keep(fields);
  }

  /** What is shown, once all of it is there: `svg`, `csv`, `json`, or `session`, a file that can be opened again. */
  async export(format: Format): Promise<string> {
    const shell = this.#shell;
    if (!shell) throw new Error('moescope: the element is not in a page');
    return (await import('./export/export')).exported(shell, format);
  }

  readonly #take = (): void => {
    const names = [...this.#changed];
    this.#changed.clear();
    // What an attribute no longer says is as if it never had; else all that was not changed stays as a person left it.
    const isLess = names.some(name => !this.hasAttribute(name));
    const { state, complaints } = isLess ? this.#asked() : this.#asked(names, this.#shown);
    // What is shown already, as the language that it gave itself, stops nothing.
    if (complaints.length === 0 && formatAddress(state) === this.state) return;
    this.#scope?.ask({ do: 'go', state, complaints });
  };

  get #shown(): ScopeState {
    return this.#scope?.store.snapshot.state ?? this.#asked().state;
  }

  /** What the attributes ask for, over a state. */
  #asked(
    names: readonly string[] = FIELD_NAMES,
    over = firstState(),
  ): { readonly state: ScopeState; readonly complaints: readonly Complaint[] } {
    const fields = names.flatMap((name): [string, string][] => {
      const value = this.getAttribute(name);
      return value === null ? [] : [[name, value]];
    });
    const { state, complaints } = parseAddress(addressOf(fields), over);
    return { state, complaints: complaints ?? [] };
  }

  /** Keeps fields as attributes until the element is in a page. */
  #keep(fields: string | Fields): void {
    const asked: Partial<Fields> =
      typeof fields === 'string' ? Object.fromEntries(new URLSearchParams(fields.replace(/^[^#]*#/u, ''))) : fields;
    for (const name of FIELD_NAMES) {
      const value = asked[name];
      if (value === null) this.removeAttribute(name);
      else if (value !== undefined) this.setAttribute(name, word(value));
    }
  }

  /** Takes what a page has set as plain properties before the element was registered. */
  #upgrade(): void {
    const early = ['home', ...FIELD_NAMES].flatMap((name): [string, Fields[string]][] => {
      const own = Object.getOwnPropertyDescriptor(this, name);
      if (!own) return [];
      Reflect.deleteProperty(this, name);
      return [[name, own.value as Fields[string]]];
    });
    const { home, ...fields } = Object.fromEntries(early);
    if (typeof home === 'string') this.home = home;
    this.#keep(fields);
  }

  #begin(): void {
    this.#upgrade();
    register({ 'moe-alone': Alone });
    const { state, complaints } = this.#asked();
    const scope = new Scope(snapshotOf(state, complaints), SOURCES);
    this.#scope = scope;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true });
    const { styleSheet } = css`
      ${unsafeCSS(theme)} ${HOST}
    `;
    if (styleSheet) root.adoptedStyleSheets = [styleSheet];
    const shell = new Alone();
    shell.scope = scope;
    shell.dressed = this;
    shell.home = this.home;
    root.replaceChildren(shell);
    this.#shell = shell;
    this.#face = new Face(scope, (what, detail) => {
      this.dispatchEvent(new CustomEvent(what, { detail }));
    });
    scope.start();
  }

  #end(): void {
    this.#face?.end();
    this.#face = null;
    this.#scope?.end();
    this.#scope = null;
    this.#shell = null;
    this.shadowRoot?.replaceChildren();
  }
}

// Each field is a property too, but for what every element has, as its language.
for (const name of FIELD_NAMES) {
  if (name in MoeScope.prototype) continue;
  Object.defineProperty(MoeScope.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: MoeScope) {
      return this.get(name);
    },
    set(this: MoeScope, value: Fields[string] | undefined) {
      this.set({ [name]: value ?? null });
    },
  });
}
