// The element `<moe-scope>`: one view in another page. Its attributes are the fields of a link; properties and events
// report what it shows. Elements with the same addresses share one engine and one model.

import { css, unsafeCSS } from 'lit';
import type { Format } from '../export/formats';
import { addressOf, FIELD_NAMES, fieldOf, formatAddress, parseAddress, without } from '../scope/address';
import { Scope } from '../scope/scope';
import type { Complaint, ScopeState } from '../scope/state';
import { Alone } from '../shell/one-view';
import theme from '../shell/theme.css?inline';
import { firstState, snapshotOf } from '../start/prepared';
import { register } from '../start/register';
import { SOURCES, viewAlone } from '../start/sources';
import { words } from '../text/words';
import type { Fields } from './api';
import { behind, EmbedApi, word } from './api';

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

/** Why an element that is in no page has nothing to draw. */
const OUTSIDE = 'moescope: the element is not in a page';

export class MoeScope extends HTMLElement {
  static readonly observedAttributes = FIELD_NAMES;

  #scope: Scope | null = null;
  #api: EmbedApi | null = null;
  #shell: Alone | null = null;
  #home = '';
  /** What of a link that came before the element was in a page could not be taken. */
  #told: readonly Complaint[] = [];
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

  /** Resolves when everything that was asked for is computed and drawn; rejects with the sentence of a fault. */
  get settled(): Promise<void> {
    return this.#shell?.settled ?? Promise.reject(new Error(OUTSIDE));
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
    this.#api?.step(by);
  }

  /** Goes to a token by its position, from 0. */
  seek(position: number): void {
    this.#api?.seek(position);
  }

  play(): void {
    this.#api?.play(true);
  }

  pause(): void {
    this.#api?.play(false);
  }

  /** Shows another state: fields by their names, or all of a link; what is not said stays. */
  set(fields: string | Fields): void {
    if (this.#api) this.#api.set(fields);
    else this.#keep(fields);
  }

  /** What is shown, once all of it is there: `svg`, `csv`, `json`, or `session`, a file that can be opened again. */
  async export(format: Format): Promise<string> {
    const shell = this.#shell;
    if (!shell) throw new Error(OUTSIDE);
    return (await import('../export/export')).exported(shell, format);
  }

  readonly #take = (): void => {
    const names = [...this.#changed];
    this.#changed.clear();
    // What an attribute no longer says is the usual again; all that was not changed stays as a person left it.
    const gone = names.filter(name => !this.hasAttribute(name));
    const { state, complaints } = this.#asked(names, without(this.#shown, gone, firstState()));
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
    let asked: Partial<Fields>;
    if (typeof fields === 'string') {
      const link = behind(fields);
      const { complaints } = parseAddress(link, firstState());
      // What no attribute can say is told with the rest.
      this.#told = (complaints ?? []).filter(({ problem }) => problem === 'version' || problem === 'unknown');
      if (this.#told.some(({ problem }) => problem === 'version')) return;
      asked = Object.fromEntries(new URLSearchParams(link));
    } else {
      asked = fields;
    }
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
    if (!register({ 'moe-alone': Alone })) {
      this.#refuse();
      return;
    }
    const { state, complaints } = this.#asked();
    const scope = new Scope(snapshotOf(state, [...this.#told, ...complaints]), SOURCES);
    this.#told = [];
    this.#scope = scope;
    const root = this.#root();
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
    this.#api = new EmbedApi(scope, (what, detail) => {
      this.dispatchEvent(new CustomEvent(what, { detail }));
    });
    scope.start();
  }

  #root(): ShadowRoot {
    return this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true });
  }

  /** Another copy of moescope has the names of what is inside: two would draw with each other's parts. */
  #refuse(): void {
    const message = words(this.lang).otherCopy;
    const alert = document.createElement('p');
    alert.role = 'alert';
    alert.textContent = message;
    this.#root().replaceChildren(alert);
    this.dispatchEvent(new CustomEvent('error', { detail: { kind: 'copy', message } }));
  }

  #end(): void {
    this.#api?.end();
    this.#api = null;
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
