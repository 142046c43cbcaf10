// The element `<moe-scope>`: one view in another page. Its attributes are the fields of a link; properties and events
// report what it shows. All elements of one script share one engine and one model.

import { css, unsafeCSS } from 'lit';
import type { Format } from '../export/formats';
import type { PropertyValue } from '../scope/address';
import {
  addressOf,
  ALIASES,
  FIELD_NAMES,
  fieldNamed,
  fieldOf,
  formatAddress,
  parseAddress,
  resetFields,
} from '../scope/address';
import { Scope } from '../scope/scope';
import type { Complaint, ScopeState } from '../scope/state';
import { Alone } from '../shell/one-view';
import theme from '../shell/theme.css?inline';
import { firstState, snapshotOf } from '../start/prepared';
import { register } from '../start/register';
import { SOURCES, viewAlone } from '../start/sources';
import { words } from '../text/words';
import type { Fields } from './api';
import { EmbedApi, fragmentOf, writtenFields } from './api';

const HOST = css`
  :host {
    display: block;
    direction: ltr;
    --moe-bar: static;
    --moe-bar-side: 0px;
    --moe-margin: 8px;
  }
  :host([hidden]) {
    display: none;
  }
  moe-alone {
    background: var(--moe-bg);
    color: var(--moe-ink);
  }
`;

/** The current and the old names of all fields. */
const ATTRIBUTES = [...FIELD_NAMES, ...ALIASES.keys()];

/** The attribute with the address of a lesson's file, which is not part of the state. */
const LESSON_SRC = 'lesson-src';

/** Error of an element that is not in a document. */
const OUTSIDE = 'moescope: the element is not in a page';

export class MoeScope extends HTMLElement {
  static readonly observedAttributes = [...ATTRIBUTES, LESSON_SRC];

  // Each field is also a property, unless every HTML element has a property of this name (`lang`).
  static {
    for (const name of ATTRIBUTES) {
      if (name in this.prototype) continue;
      Object.defineProperty(this.prototype, name, {
        configurable: true,
        enumerable: true,
        get(this: MoeScope) {
          return fieldNamed(name)?.value(this.#shown);
        },
        set(this: MoeScope, value: PropertyValue | null | undefined) {
          this.set({ [name]: value ?? null });
        },
      });
    }
  }

  #scope: Scope | null = null;
  #api: EmbedApi | null = null;
  #shell: Alone | null = null;
  #home = '';
  /** Complaints about a link that was set before the element was in a document. */
  #told: readonly Complaint[] = [];
  /** Fields that were set while the element was not in a document; null for the default. They are not in attributes. */
  readonly #early = new Map<string, string | null>();
  /** Attributes that have changed since the scope's state was last set. */
  readonly #changed = new Set<string>();

  connectedCallback(): void {
    if (!this.#scope) this.#begin();
  }

  disconnectedCallback(): void {
    // Moving the element within the page reconnects it before this microtask runs.
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    if (name === LESSON_SRC) {
      this.#openLesson();
      return;
    }
    this.#early.delete(name);
    if (!this.#scope) return;
    this.#changed.add(name);
    // Attributes that change together are applied together.
    if (this.#changed.size === 1) queueMicrotask(this.#take);
  }

  /** The shown state, as the part of a link after `#`. */
  get state(): string {
    return formatAddress(this.#shown);
  }

  /** Resolves when everything that the state needs is computed and drawn; rejects with the sentence of a fault. */
  get settled(): Promise<void> {
    return this.#shell?.settled ?? Promise.reject(new Error(OUTSIDE));
  }

  /** Address of an export's link, without `#`; the default is `embed.html` of the script's site. */
  get home(): string {
    return this.#home === '' ? viewAlone() : this.#home;
  }

  set home(address: string) {
    this.#home = address;
    if (this.#shell) this.#shell.home = this.home;
  }

  /** The value of a field, as in a link; null for the default. */
  get(name: string): string | null {
    return fieldOf(this.#shown, name);
  }

  /** The address of a lesson's file (Markdown), relative to the page; empty without one. */
  get lessonSrc(): string {
    return this.getAttribute(LESSON_SRC) ?? '';
  }

  set lessonSrc(address: string) {
    this.setAttribute(LESSON_SRC, address);
  }

  /** Moves the playhead by a number of tokens; negative numbers move it back. */
  step(by = 1): void {
    this.#api?.step(by);
  }

  /** Moves the playhead to a position, from 0. */
  seek(position: number): void {
    this.#api?.seek(position);
  }

  play(): void {
    this.#api?.play(true);
  }

  pause(): void {
    this.#api?.play(false);
  }

  /** Sets fields by name, or all fields of a link; the other fields keep their values. */
  set(fields: string | Fields): void {
    if (this.#api) this.#api.set(fields);
    else this.#keep(fields);
  }

  /** Exports the view when everything is computed: `svg`, `csv`, `json`, or `session`, a file to open again. */
  async export(format: Format): Promise<string> {
    const shell = this.#shell;
    if (!shell) throw new Error(OUTSIDE);
    return (await import('../export/export')).exported(shell, format);
  }

  readonly #take = (): void => {
    const names = [...this.#changed];
    this.#changed.clear();
    // A removed attribute resets its field to the default; unchanged attributes leave the user's choices in place.
    const gone = names.filter(name => !this.hasAttribute(name));
    const { state, complaints } = this.#asked(names, resetFields(this.#shown, gone, firstState()));
    // A page may copy the shown state into the attributes. This changes nothing, so it must not stop playback.
    if (complaints.length === 0 && formatAddress(state) === this.state) return;
    this.#scope?.ask({ do: 'go', state, complaints });
  };

  get #shown(): ScopeState {
    return this.#scope?.store.snapshot.state ?? this.#asked().state;
  }

  /** The state `over`, with the values of these fields from attributes, or as they were set early. */
  #asked(
    names: readonly string[] = ATTRIBUTES,
    over = firstState(),
  ): { readonly state: ScopeState; readonly complaints: readonly Complaint[] } {
    const fields = names.flatMap((name): [string, string][] => {
      const early = this.#early.get(name);
      const value = early === undefined ? this.getAttribute(name) : early;
      return value === null ? [] : [[name, value]];
    });
    const { state, complaints } = parseAddress(addressOf(fields), over);
    return { state, complaints: complaints ?? [] };
  }

  /** Stores fields until the element is in a document. */
  #keep(fields: string | Fields): void {
    let asked: Readonly<Record<string, string | null>>;
    if (typeof fields === 'string') {
      const link = fragmentOf(fields);
      const { complaints } = parseAddress(link, firstState());
      // The fields do not contain these complaints, so the complaints are stored, and reported later.
      this.#told = (complaints ?? []).filter(({ problem }) => problem === 'version' || problem === 'unknown');
      if (this.#told.some(({ problem }) => problem === 'version')) return;
      asked = Object.fromEntries(new URLSearchParams(link));
    } else {
      asked = Object.fromEntries(writtenFields(fields));
    }
    for (const name of ATTRIBUTES) {
      const value = asked[name];
      if (value !== undefined) this.#early.set(name, value);
    }
  }

  /** Applies properties that the page set before the element was registered. */
  #upgrade(): void {
    const early = ['home', ...ATTRIBUTES].flatMap((name): [string, Fields[string]][] => {
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
    shell.themeTarget = shell;
    shell.home = this.home;
    root.replaceChildren(shell);
    this.#shell = shell;
    if (this.lessonSrc !== '') this.#openLesson();
    this.#api = new EmbedApi(scope, shell, (what, detail) => {
      this.dispatchEvent(new CustomEvent(what, { detail }));
    });
    scope.start();
  }

  /** Opens the lesson at the address in the attribute. */
  #openLesson(): void {
    const address = this.lessonSrc;
    this.#shell?.lessons.open(address === '' ? null : { kind: 'address', address });
  }

  #root(): ShadowRoot {
    return this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true });
  }

  /** Shows an error instead of a view, because another copy of moescope has registered its own inner elements. */
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
