// What is shown, as one immutable object: `ScopeState` is what a person chose, and all of it can be written down and
// read back; a `Snapshot` is that and what the engine has said about it so far. Nothing here computes.
// May import: engine's types.

import type { Progress } from '../engine/load';
import type { Fault, Loaded, TextSet } from '../engine/messages';
import type { StepRecord } from '../engine/types';

/** What a person chose. Serialisable; the version changes when a field changes its meaning. */
export interface ScopeState {
  readonly version: 1;
  /** The text as typed. */
  readonly text: string;
  /** Tokens appended to it by id: clicked or generated ones may not survive re-tokenising. */
  readonly appended: readonly number[];
  /** The playhead: a position in the tokens, or `END`. */
  readonly position: number;
  /** The decoder layer of the sentence and of the opened stave on a phone; clamped to the model's. */
  readonly layer: number;
  /** How the next token is chosen: 0 takes the most probable. */
  readonly temperature: number;
  readonly seed: number;
}

/** The last token, whichever it will be; clamped when the tokens are known. */
export const END = Number.MAX_SAFE_INTEGER;

/** A fault, and what a person can do about it. */
export interface ShownFault extends Fault {
  /** What broke: bringing a model, or running one. */
  readonly during: 'load' | 'run';
  /** Whether the text runs again in a fresh engine. */
  readonly recovered: boolean;
}

/** All that the views draw from. */
export interface Snapshot {
  readonly state: ScopeState;
  /** Null until the first model is up. */
  readonly model: Loaded | null;
  /** While a model is brought. */
  readonly progress: Progress | null;
  /** Whether the text was typed and its tokens are not known yet. */
  readonly typed: boolean;
  /** The ids of the text's tokens, the appended ones last; also those beyond the context. */
  readonly tokens: readonly number[];
  /** The appended tokens as text. */
  readonly continuation: string;
  /** The text that the context has no room for. */
  readonly beyond: string;
  /** Of the first tokens, as far as the model has been run. */
  readonly records: readonly StepRecord[];
  readonly fault: ShownFault | null;
}

/** What a view asks for. */
export type Intent =
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'example'; readonly text: string; readonly position: number }
  | { readonly do: 'seek'; readonly position: number }
  | { readonly do: 'step'; readonly by: 1 | -1 }
  | { readonly do: 'layer'; readonly layer: number }
  /** Goes on with a token after the playhead, instead of what the text says there. */
  | { readonly do: 'append'; readonly token: number }
  /** Lets the model choose a token after the last. */
  | { readonly do: 'generate' }
  | { readonly do: 'sample'; readonly temperature?: number; readonly seed?: number }
  | { readonly do: 'open'; readonly files: ModelFiles }
  | { readonly do: 'retry' }
  | { readonly do: 'dismiss' };

/** A model's three files from a disk. */
export interface ModelFiles {
  readonly config: Blob;
  readonly checkpoint: Blob;
  readonly tokenizer: Blob;
}

/** What the engine says. */
export type News =
  | { readonly news: 'progress'; readonly progress: Progress }
  | { readonly news: 'model'; readonly model: Loaded }
  | { readonly news: 'text'; readonly text: TextSet }
  | { readonly news: 'record'; readonly record: StepRecord }
  | { readonly news: 'fault'; readonly fault: ShownFault };

/** The snapshot before anything is known. */
export function blank(text: string, position: number): Snapshot {
  return {
    state: { version: 1, text, appended: [], position, layer: END, temperature: 0, seed: 1 },
    model: null,
    progress: { loaded: 0, total: null },
    typed: false,
    tokens: [],
    continuation: '',
    beyond: '',
    records: [],
    fault: null,
  };
}
