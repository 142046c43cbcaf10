/** The types of `moescope.js`; docs/embedding.md describes the element. */

export type Value = string | number | boolean;

/** Fields by their names in a link; null stands for the default. */
export type Fields = Readonly<Record<string, Value | null>>;

export interface ReadyDetail {
  readonly version: 1;
  /** The model's shape; most fields have the names of the model's `config.json`. */
  readonly model: Readonly<Record<string, unknown>>;
}

export interface StepDetail {
  /** The token's position, from 0. */
  readonly position: number;
  /** The token's id. */
  readonly token: number;
  /** The chosen experts, the sizes of the caches in bytes, and the next tokens. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The run that the record belongs to: `changed` while the changed run is shown, otherwise `plain`. */
  readonly run: 'plain' | 'changed';
}

export interface StateDetail {
  /** The whole state, written as in a link after its `#`. */
  readonly state: string;
}

export interface ErrorDetail {
  readonly kind: string;
  /** The error as one sentence. */
  readonly message: string;
}

export interface MoeScopeEventMap {
  ready: CustomEvent<ReadyDetail>;
  step: CustomEvent<StepDetail>;
  statechange: CustomEvent<StateDetail>;
  error: CustomEvent<ErrorDetail>;
  /** All reported errors are resolved. */
  recovered: CustomEvent<Readonly<Record<string, never>>>;
}

/** `<moe-scope>`: one view. Its attributes and properties are the fields of a link. */
export class MoeScope extends HTMLElement {
  static readonly observedAttributes: readonly string[];
  /** The whole state, written as in a link after its `#`. */
  readonly state: string;
  /** Resolves when everything that was requested is computed and drawn; rejects with an error sentence. */
  readonly settled: Promise<void>;
  /** the text */
  get text(): string | null;
  set text(value: Value | null | undefined);
  /** tokens appended to the text: their ids, joined by dots (`12.7`: tokens 12 and 7) */
  get ids(): string | null;
  set ids(value: Value | null | undefined);
  /** the playhead: the token that is shown, from 0 */
  get token(): string | null;
  set token(value: Value | null | undefined);
  /** the last token that the model has run, from 0 */
  get ran(): string | null;
  set ran(value: Value | null | undefined);
  /** the decoder layer, from 0 */
  get layer(): string | null;
  set layer(value: Value | null | undefined);
  /** the selected expert */
  get expert(): string | null;
  set expert(value: Value | null | undefined);
  /** the last stage of the step that is shown, such as `4.choose`; its number from 0 is also read */
  get stage(): string | null;
  set stage(value: Value | null | undefined);
  /** `roll` `router` `next` `flow` `attention` `cache` `grid` `whatif` `cachelab` `models` */
  get view(): string | null;
  set view(value: Value | null | undefined);
  /** the attention head, from 0 */
  get head(): string | null;
  set head(value: Value | null | undefined);
  /** order of the grid's experts: by `expert` (index) or `load` */
  get sort(): string | null;
  set sort(value: Value | null | undefined);
  /** layers in the grid: `one` or `all` */
  get span(): string | null;
  set span(value: Value | null | undefined);
  /** `always`; `click`: hide answers until asked */
  get reveal(): string | null;
  set reveal(value: Value | null | undefined);
  /** hidden parts: `name` `text` `controls` `scrubber` `sentence` `legend` `prose` `tables`, joined by `_` */
  get hide(): string | null;
  set hide(value: Value | null | undefined);
  /** the only parts that stay visible, joined by `_`; `view`: no part, only the picture */
  get only(): string | null;
  set only(value: Value | null | undefined);
  /** `on`: play when opened, unless the reader's system asks for less motion */
  get autoplay(): string | null;
  set autoplay(value: Value | null | undefined);
  /** experts switched off, `2.14_3.5`: expert 14 of layer 2, expert 5 of layer 3 */
  get off(): string | null;
  set off(value: Value | null | undefined);
  /** experts that are always chosen, written like `off` */
  get forced(): string | null;
  set forced(value: Value | null | undefined);
  /** experts that run: `all` `only_shared` `without_shared` */
  get mixture(): string | null;
  set mixture(value: Value | null | undefined);
  /** number of experts chosen per token */
  get chosen(): string | null;
  set chosen(value: Value | null | undefined);
  /** number of groups kept per token */
  get groups(): string | null;
  set groups(value: Value | null | undefined);
  /** `off`: no selection bias */
  get bias(): string | null;
  set bias(value: Value | null | undefined);
  /** changes of the selection bias, `2.14.-0.25`: -0.25 for expert 14 of layer 2 */
  get shifts(): string | null;
  set shifts(value: Value | null | undefined);
  /** number of directions of the latent that the cache stores */
  get rank(): string | null;
  set rank(value: Value | null | undefined);
  /** format of the cached values: `f32` `f16` `int8` `int4` */
  get format(): string | null;
  set format(value: Value | null | undefined);
  /** with a what-if: the run that is shown, `plain` or `changed`; `auto` is the same as `changed` */
  get shown(): string | null;
  set shown(value: Value | null | undefined);
  /** temperature for the next token, 0 to 2 */
  get temperature(): string | null;
  set temperature(value: Value | null | undefined);
  /** seed for drawing the next token */
  get seed(): string | null;
  set seed(value: Value | null | undefined);
  /** speed of playback: 0.5, 1, 2, 4, 8 */
  get speed(): string | null;
  set speed(value: Value | null | undefined);
  /** `auto` `light` `dark` */
  get theme(): string | null;
  set theme(value: Value | null | undefined);
  /** in the view `models`: the selected published model */
  get model(): string | null;
  set model(value: Value | null | undefined);
  /** in the view `models`: tokens per user */
  get context(): string | null;
  set context(value: Value | null | undefined);
  /** in the view `models`: users at once */
  get users(): string | null;
  set users(value: Value | null | undefined);
  /** in the view `models`: GB of memory */
  get memory(): string | null;
  set memory(value: Value | null | undefined);
  /** in the view `models`: 16 or 8 bits per cached value */
  get bits(): string | null;
  set bits(value: Value | null | undefined);
  /** in the view `models`: 16, 8 or 4 bits per weight; 0: weights are not in this memory */
  get weights(): string | null;
  set weights(value: Value | null | undefined);
  /** in the view `models`: the text of your own `config.json` */
  get config(): string | null;
  set config(value: Value | null | undefined);
  /** Address, without `#`, of the link in exported files; default: `embed.html` of the script's site. */
  home: string;
  /** The value of a field, written as in a link; null if it is the default. */
  get(name: string): string | null;
  /** The current view as text. */
  export(format: 'svg' | 'csv' | 'json' | 'session'): Promise<string>;
  /** Moves the playhead by this number of tokens; a negative number moves it back. */
  step(by?: number): void;
  /** Moves the playhead to a token, from 0. */
  seek(position: number): void;
  play(): void;
  pause(): void;
  /** Sets fields by name, or all fields of a link; the other fields keep their values. */
  set(fields: string | Fields): void;
  addEventListener<K extends keyof MoeScopeEventMap>(
    type: K,
    listener: (this: MoeScope, event: MoeScopeEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: MoeScope, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof MoeScopeEventMap>(
    type: K,
    listener: (this: MoeScope, event: MoeScopeEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: MoeScope, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'moe-scope': MoeScope;
  }
}
