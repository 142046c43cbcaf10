// The protocol between page and engine, as types.
//
// Each request has an id and ends in exactly one `answer` or `fault` with that id. Before the answer, a run sends
// `record` replies; a comparison sends `compared` replies. Each request belongs to a session: one text on the loaded
// model. The first request that names a session starts it. Requests are answered one after another; only a `cancel` and
// a `survey` do not wait.

import type {
  Compared,
  Continuations,
  Distribution,
  ExpertLoad,
  Loss,
  ModelInfo,
  Question,
  ResolvedWhatIf,
  StepDetail,
  StepRecord,
  Survey,
  WhatIf,
} from './types';

export type Bytes = Uint8Array<ArrayBuffer>;

/** The three files of a model. */
export interface ModelBytes {
  readonly config: Bytes;
  readonly checkpoint: Bytes;
  readonly tokenizer: Bytes;
}

/** Facts about the loaded model. */
export interface Loaded {
  readonly info: ModelInfo;
  /** `e_score_correction_bias`, one row per layer with routed experts; empty if the model has no such bias. */
  readonly selectionBiases: readonly (readonly number[])[];
  /** Label of each token, by id. */
  readonly vocabulary: readonly string[];
  /** Bytes of the tokens that are not whole characters, by id. */
  readonly byteTokens: ReadonlyMap<number, readonly number[]>;
  /** The tokens of the empty text: the start marker (BOS), if the tokenizer adds one. */
  readonly blank: readonly number[];
}

/** A tokenized text. */
export interface TextSet {
  /** All token ids of the text, including those beyond the context. */
  readonly tokens: readonly number[];
  /** The appended tokens as text. */
  readonly continuation: string;
  /** The text of the tokens beyond the context. */
  readonly beyond: string;
}

/** The plain run is the model over the text; the changed run is the same with the what-if. */
export type RunName = 'plain' | 'changed';

/** A position in a run. */
export interface At {
  readonly run: RunName;
  readonly position: number;
}

/** How a run chooses a token. */
export interface Sampled {
  readonly run: RunName;
  readonly temperature: number;
  readonly seed: number;
}

/** Requests and their answers. */
export interface Calls {
  /** Compiles the engine and loads a model into it. */
  load: { ask: { readonly wasm: Bytes; readonly model: ModelBytes }; answer: Loaded };
  /** Ends the session. */
  leave: { ask: null; answer: null };
  /** Replaces the text, and the tokens appended to it by id. */
  set: { ask: { readonly text: string; readonly appended: readonly number[] }; answer: TextSet };
  /** Runs the model up to position `to` and sends the records of positions `from` to `to`. */
  run: { ask: { readonly from: number; readonly to: number }; answer: null };
  /** Runs to the end of the text as `run` does; the given run then chooses the next token, which is not appended. */
  generate: { ask: Sampled & { readonly from: number }; answer: number };
  /** The next token's distribution in a run, at a position that this run has. */
  distribution: { ask: At & { readonly temperature: number }; answer: Distribution };
  /** The expert load of a run, up to a position that this run has. */
  expertLoad: { ask: At; answer: ExpertLoad };
  /** The tokens with which each run would continue the text, up to `count`. */
  continuations: { ask: Omit<Sampled, 'run'> & { readonly count: number }; answer: Continuations };
  /** Sets a what-if. The model does not run yet. */
  change: { ask: { readonly whatIf: WhatIf }; answer: ResolvedWhatIf };
  /** Runs the model with the what-if and compares positions `from` to `to` with the plain run. */
  compare: {
    ask: { readonly from: number; readonly to: number };
    answer: { readonly compared: readonly Compared[]; readonly loss: Loss };
  };
  /** Recomputes the detail of a step in a run. The buffers of the detail's arrays are transferred to the page. */
  detail: { ask: At; answer: StepDetail };
  /** Computes the sizes of published models from the bytes of `presets.json`. */
  survey: { ask: { readonly presets: Bytes; readonly question: Readonly<Question> }; answer: Survey };
}

export type Call = keyof Calls;

export type Request =
  | {
      [C in Call]: { readonly call: C; readonly id: number; readonly session: number; readonly ask: Calls[C]['ask'] };
    }[Call]
  | { readonly call: 'cancel'; readonly id: number };

export type Reply =
  /** The first message: the engine's script is running. */
  | { readonly reply: 'hello' }
  | { readonly reply: 'record'; readonly id: number; readonly record: StepRecord }
  | { readonly reply: 'compared'; readonly id: number; readonly compared: readonly Compared[] }
  | { readonly reply: 'answer'; readonly id: number; readonly answer: Calls[Call]['answer'] }
  | { readonly reply: 'fault'; readonly id: number; readonly fault: Fault };

/**
 * `fetch`: a file could not be loaded; `wasm`: the browser refuses the engine; `config`, `checkpoint`, `tokenizer`,
 * `session`, `what-if` and `survey`: errors of the engine with its message; `view`: a view's file could not be loaded;
 * `panic`: the engine crashed; `restarted`: the engine is new after a crash, and does not have the session's text yet;
 * `cancelled`: the answer is no longer wanted.
 */
export const FAULT_KINDS = [
  'fetch',
  'wasm',
  'config',
  'checkpoint',
  'tokenizer',
  'session',
  'what-if',
  'survey',
  'view',
  'panic',
  'restarted',
  'cancelled',
] as const;

export interface Fault {
  readonly kind: (typeof FAULT_KINDS)[number];
  /** The reason, in the words of the engine, the browser or the server; empty if the kind says everything. */
  readonly message: string;
}

/** A fault as an error that can be thrown. */
export class EngineFault extends Error implements Fault {
  readonly kind: Fault['kind'];

  constructor({ kind, message }: Fault) {
    super(message);
    this.name = 'EngineFault';
    this.kind = kind;
  }
}

/** The fault of a request or a load whose result is no longer wanted. */
export function cancelled(): EngineFault {
  return new EngineFault({ kind: 'cancelled', message: '' });
}
