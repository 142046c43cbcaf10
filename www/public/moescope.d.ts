/** What `moescope.js` exports; docs/embedding.md says more. */

/** Fields by the names that a link has. */
export type Fields = Readonly<Record<string, string | number | boolean>>;

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
}

/** `<moe-scope>`: one view. Its attributes are the fields of a link. */
export class MoeScope extends HTMLElement {
  static readonly observedAttributes: readonly string[];
  /** All that is shown, as a link has it behind its `#`. */
  readonly state: string;
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
}

declare global {
  interface HTMLElementTagNameMap {
    'moe-scope': MoeScope;
  }
}
