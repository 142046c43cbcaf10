// The protocol between page and engine, as types.
//
// Each request has an id and ends in exactly one `answer` or `fault` with that id; a run sends `record` before it, a
// comparison `compared`. Each request belongs to a session: one text on the loaded model. The first request that names
// a session starts it. Requests are answered one after another; only a `cancel` and a `survey` do not wait.

import type { DetailArrays } from './detail';
import type { Compared, Distribution, ExpertLoad, Loss, ModelInfo, ResolvedWhatIf, StepRecord, Survey } from './types';

export type Bytes = Uint8Array<ArrayBuffer>;

/** The three files of a model. */
export interface ModelBytes {
  readonly config: Bytes;
  readonly checkpoint: Bytes;
  readonly tokenizer: Bytes;
}

/** A model that is up. */
export interface Loaded {
  readonly info: ModelInfo;
  /** `e_score_correction_bias`, a row a layer with routed experts; none where the model has no such bias. */
  readonly selectionBiases: readonly (readonly number[])[];
  /** How each token is shown alone, by id. */
  readonly vocabulary: readonly string[];
  /** The tokens of the empty text: what the tokenizer puts before any (BOS). */
  readonly blank: readonly number[];
}

/** A text as the tokenizer cut it. */
export interface TextSet {
  /** All of its token ids, also those that the model's context has no room for. */
  readonly tokens: readonly number[];
  /** The appended tokens as text. */
  readonly continuation: string;
  /** The text of the tokens beyond the context. */
  readonly beyond: string;
}

/** What can be asked, and what is answered. */
export interface Calls {
  /** Compiles the engine and builds a model in it. */
  load: { ask: { readonly wasm: Bytes; readonly model: ModelBytes }; answer: Loaded };
  /** Forgets the session and its text. */
  leave: { ask: null; answer: null };
  /** Replaces the text, and the tokens appended to it by id. */
  set: { ask: { readonly text: string; readonly appended: readonly number[] }; answer: TextSet };
  /** Runs the model up to a position and says the records of positions `from` to `to`. */
  run: { ask: { readonly from: number; readonly to: number }; answer: null };
  /** Runs to the end of the text as `run` does, and chooses the token that follows; it is not appended. */
  generate: { ask: { readonly from: number; readonly temperature: number; readonly seed: number }; answer: number };
  /** What follows a position that was run, at a temperature. */
  distribution: { ask: { readonly position: number; readonly temperature: number }; answer: Distribution };
  /** How the tokens up to a position that was run were spread over the experts. */
  expertLoad: { ask: { readonly position: number }; answer: ExpertLoad };
  /** Takes a what-if, as JSON; nothing is run yet. */
  change: { ask: { readonly settings: string }; answer: ResolvedWhatIf };
  /** Runs the model with the what-if up to a position, and says what it changes at positions `from` to `to`. */
  compare: {
    ask: { readonly from: number; readonly to: number };
    answer: { readonly compared: readonly Compared[]; readonly loss: Loss };
  };
  /** `detail` of the run with the what-if, of a position that was compared. */
  changedDetail: { ask: { readonly position: number; readonly arrays: DetailArrays }; answer: DetailArrays };
  /** Recomputes the rest of a step, into the arrays sent along. */
  detail: { ask: { readonly position: number; readonly arrays: DetailArrays }; answer: DetailArrays };
  /** Computes the sizes of published models: the bytes of `presets.json`, and a `Question` as JSON. */
  survey: { ask: { readonly presets: Bytes; readonly question: string }; answer: Survey };
}

export type Call = keyof Calls;

export type Request =
  | {
      [C in Call]: { readonly call: C; readonly id: number; readonly session: number; readonly ask: Calls[C]['ask'] };
    }[Call]
  | { readonly call: 'cancel'; readonly id: number };

export type Reply =
  /** The first message: the engine's script runs. */
  | { readonly reply: 'hello' }
  | { readonly reply: 'record'; readonly id: number; readonly record: StepRecord }
  | { readonly reply: 'compared'; readonly id: number; readonly compared: readonly Compared[] }
  | { readonly reply: 'answer'; readonly id: number; readonly answer: Calls[Call]['answer'] }
  | { readonly reply: 'fault'; readonly id: number; readonly fault: Fault };

/**
 * What went wrong, and where: `fetch` a file did not arrive; `wasm` the browser refuses the engine; `config`,
 * `checkpoint`, `tokenizer`, `session` and `what-if` are the engine's own sentences, `survey` is the survey's; `view` a
 * view's file did not arrive; `panic` the engine itself broke and is gone; `restarted` it did so for somebody else, and
 * the text with it; `cancelled` nobody wants the answer any more.
 */
export interface Fault {
  readonly kind:
    | 'fetch'
    | 'wasm'
    | 'config'
    | 'checkpoint'
    | 'tokenizer'
    | 'session'
    | 'what-if'
    | 'survey'
    | 'view'
    | 'panic'
    | 'restarted'
    | 'cancelled';
  /** One sentence of the engine's or the browser's. */
  readonly message: string;
}

/** A fault, thrown. */
export class EngineFault extends Error implements Fault {
  readonly kind: Fault['kind'];

  constructor({ kind, message }: Fault) {
    super(message);
    this.name = 'EngineFault';
    this.kind = kind;
  }
}
