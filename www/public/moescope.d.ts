/** What `moescope.js` exports; docs/embedding.md says more. */

export type Value = string | number | boolean;

/** Fields by the names that a link has; null is the usual. */
export type Fields = Readonly<Record<string, Value | null>>;

export interface ReadyDetail {
  readonly version: 1;
  /** The model's shape, by the names of its `config.json`. */
  readonly model: Readonly<Record<string, unknown>>;
}

export interface StepDetail {
  /** The token's position, from 0. */
  readonly position: number;
  /** Its id. */
  readonly token: number;
  /** What it chose, what its caches hold, and what follows. */
  readonly record: Readonly<Record<string, unknown>>;
}

export interface StateDetail {
  /** All that is shown, as a link has it behind its `#`. */
  readonly state: string;
}

export interface ErrorDetail {
  readonly kind: string;
  /** One sentence. */
  readonly message: string;
}

export interface MoeScopeEventMap {
  ready: CustomEvent<ReadyDetail>;
  step: CustomEvent<StepDetail>;
  statechange: CustomEvent<StateDetail>;
  error: CustomEvent<ErrorDetail>;
  /** Nothing that was told as an error is wrong any more. */
  recovered: CustomEvent<Readonly<Record<string, never>>>;
}

/** `<moe-scope>`: one view. Its attributes and properties are the fields of a link. */
export class MoeScope extends HTMLElement {
  static readonly observedAttributes: readonly string[];
  /** All that is shown, as a link has it behind its `#`. */
  readonly state: string;
  /** Resolves when everything that was asked for is computed and drawn; rejects with the sentence of a fault. */
  readonly settled: Promise<void>;
  /** the text */
  get text(): string | null;
  set text(value: Value | null | undefined);
  /** tokens appended to it by id, `12.7` */
  get ids(): string | null;
  set ids(value: Value | null | undefined);
  /** the token that is shown, from 0 */
  get token(): string | null;
  set token(value: Value | null | undefined);
  /** how far the text has been run, from 0 */
  get ran(): string | null;
  set ran(value: Value | null | undefined);
  /** the decoder layer, from 0 */
  get layer(): string | null;
  set layer(value: Value | null | undefined);
  /** the expert that is looked at */
  get expert(): string | null;
  set expert(value: Value | null | undefined);
  /** how far the step is shown, from 0 */
  get stage(): string | null;
  set stage(value: Value | null | undefined);
  /** `roll` `router` `next` `flow` `attention` `cache` `grid` `whatif` `cachelab` `models` */
  get view(): string | null;
  set view(value: Value | null | undefined);
  /** the attention head, from 0 */
  get head(): string | null;
  set head(value: Value | null | undefined);
  /** a grid's experts, by `expert` or `load` */
  get sort(): string | null;
  set sort(value: Value | null | undefined);
  /** a grid of `one` layer or `all` */
  get span(): string | null;
  set span(value: Value | null | undefined);
  /** `always`; `click`: each step is a question first */
  get reveal(): string | null;
  set reveal(value: Value | null | undefined);
  /** parts that are left out: `name` `text` `controls` `scrubber` `sentence` `legend` `prose` `tables`, joined by `_` */
  get hide(): string | null;
  set hide(value: Value | null | undefined);
  /** the parts that stay, or `view` for none of them */
  get only(): string | null;
  set only(value: Value | null | undefined);
  /** `on`: it plays at once, unless less motion is preferred */
  get autoplay(): string | null;
  set autoplay(value: Value | null | undefined);
  /** experts switched off, `2.14_3.5`: expert 14 of layer 2, expert 5 of layer 3 */
  get off(): string | null;
  set off(value: Value | null | undefined);
  /** experts that are always chosen */
  get forced(): string | null;
  set forced(value: Value | null | undefined);
  /** `all` `only_shared` `without_shared` */
  get mixture(): string | null;
  set mixture(value: Value | null | undefined);
  /** experts a token */
  get chosen(): string | null;
  set chosen(value: Value | null | undefined);
  /** groups kept */
  get groups(): string | null;
  set groups(value: Value | null | undefined);
  /** `off`: no selection bias */
  get bias(): string | null;
  set bias(value: Value | null | undefined);
  /** changes of the selection bias, `2.14.-0.25` */
  get shifts(): string | null;
  set shifts(value: Value | null | undefined);
  /** directions of the latent that are kept */
  get rank(): string | null;
  set rank(value: Value | null | undefined);
  /** how the cache is kept: `f32` `f16` `int8` `int4` */
  get format(): string | null;
  set format(value: Value | null | undefined);
  /** 0 to 2, for what follows */
  get temperature(): string | null;
  set temperature(value: Value | null | undefined);
  /** for choosing what follows */
  get seed(): string | null;
  set seed(value: Value | null | undefined);
  /** of playing: 0.5, 1, 2, 4, 8 */
  get speed(): string | null;
  set speed(value: Value | null | undefined);
  /** `auto` `light` `dark` */
  get theme(): string | null;
  set theme(value: Value | null | undefined);
  /** `models`: the published model that is looked at */
  get model(): string | null;
  set model(value: Value | null | undefined);
  /** `models`: tokens of each user */
  get context(): string | null;
  set context(value: Value | null | undefined);
  /** `models`: users at once */
  get users(): string | null;
  set users(value: Value | null | undefined);
  /** `models`: GB of memory */
  get memory(): string | null;
  set memory(value: Value | null | undefined);
  /** `models`: 16 or 8 bits a cached value */
  get bits(): string | null;
  set bits(value: Value | null | undefined);
  /** `models`: 16, 8 or 4 bits a weight; 0: they are elsewhere */
  get weights(): string | null;
  set weights(value: Value | null | undefined);
  /** `models`: a `config.json` of your own */
  get config(): string | null;
  set config(value: Value | null | undefined);
  /** Where the link of an export leads, an address without its `#`: to `embed.html` of the script's site, or elsewhere. */
  home: string;
  /** What is shown of a field, as a link has it; null where it is the usual. */
  get(name: string): string | null;
  /** What is shown, as text. */
  export(format: 'svg' | 'csv' | 'json' | 'session'): Promise<string>;
  /** Goes on by tokens, or back. */
  step(by?: number): void;
  /** Goes to a token, from 0. */
  seek(position: number): void;
  play(): void;
  pause(): void;
  /** Shows another state: fields by their names, or a whole link; what is not said stays. */
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
