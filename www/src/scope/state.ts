// All that the views draw, as one immutable object. `ScopeState` has the user's choices, which a link can carry; a
// `Snapshot` adds the engine's results so far. Nothing is computed here.

import type { Progress } from '../engine/fetch-files';
import type { Fault, Loaded, RunName, TextSet } from '../engine/messages';
import type {
  Compared,
  Continuations,
  Distribution,
  ExpertLoad,
  Loss,
  ResolvedWhatIf,
  StepDetail,
  StepRecord,
  Survey,
} from '../engine/types';
import type { ValuesOf } from './fields';
import { initialValues, STATE_FIELDS } from './fields';
import type { CacheSetting, WhatIf } from './what-if';
import type { ValueProblem } from './values';
import { PLAIN } from './what-if';

/** The user's choices. Serialisable (`address.ts`); the version changes when a field changes its meaning. */
export interface ScopeState extends ValuesOf<typeof STATE_FIELDS> {
  readonly version: 1;
  readonly whatIf: WhatIf;
}

export interface ShownFault extends Fault {
  /** A cancelled or restarted job is repeated, and is no fault for the user. */
  readonly kind: Exclude<Fault['kind'], 'cancelled' | 'restarted'>;
  /** The task that failed: loading a model, or running it. */
  readonly during: 'load' | 'run';
  /** True if the text runs again in a new engine. */
  readonly recovered: boolean;
}

/** A field of a link that was ignored or changed. */
export interface Complaint {
  /** The field's name in the link. */
  readonly field: string;
  /** The link's value, shortened. */
  readonly found: string;
  readonly problem: ValueProblem | 'version' | 'unknown' | 'end' | 'vocabulary';
  /** The value that is used instead. */
  readonly used: string;
}

export type { RunName } from '../engine/messages';

/** Both runs, in the order in which tables list them. */
export const RUNS = ['plain', 'changed'] as const satisfies readonly RunName[];

/** The results of one run so far. */
export interface Run {
  /** One record per position from 0. */
  readonly records: readonly StepRecord[];
  /** Belongs to the last requested position, which may no longer be the one shown; views compare. */
  readonly detail: StepDetail | null;
  /** The next token's distribution at a position and a temperature; may be of an earlier request, so views compare. */
  readonly distribution: Distribution | null;
  /** The expert load up to a position; may be of an earlier request, so views compare. */
  readonly expertLoad: ExpertLoad | null;
}

/** A run without results. */
export const EMPTY_RUN: Run = { records: [], detail: null, distribution: null, expertLoad: null };

/** How each run would continue the text. */
export interface Continued extends Continuations {
  /** The text's tokens. */
  readonly tokens: readonly number[];
  readonly temperature: number;
  readonly seed: number;
}

/** The changed run, compared with the plain run. */
export interface Comparison {
  readonly whatIf: WhatIf;
  /** The what-if's settings as the engine applies them to this model. */
  readonly plan: ResolvedWhatIf;
  readonly run: Run;
  /** One entry per position from 0, as far as both runs are computed and the next token is the same. */
  readonly steps: readonly Compared[];
  /** Loss over those steps; null until the changed run is complete. */
  readonly loss: Loss | null;
  /** True once the changed run has reached the position of the plain run for the first time. */
  readonly complete: boolean;
  /** The last answer to `continue`; may belong to another text, temperature or seed, so views compare. */
  readonly continued: Continued | null;
}

/** A cache setting that was run on the text: its size and its loss. */
export interface Tried {
  readonly setting: CacheSetting;
  /** Bytes per token, over all layers. */
  readonly bytes: number;
  readonly loss: Loss;
}

/** Everything that the views draw from. */
export interface Snapshot {
  readonly state: ScopeState;
  /** The loaded model; before that the shipped one, as prepared at build time. */
  readonly model: Loaded;
  /** True if the engine is ready; until then, records may be those made at build time. */
  readonly up: boolean;
  /** True if the engine runs in the page's own thread, because the browser refused a worker. */
  readonly inPage: boolean;
  /** Progress of loading a model; null if none is loading. */
  readonly progress: Progress | null;
  /** True if the text was typed and its tokens are still unknown. */
  readonly typed: boolean;
  /** True if `tokens` belong to an earlier text, because the engine has not tokenized the new one yet. */
  readonly uncut: boolean;
  /** True if the user's last action was typing. */
  readonly editing: boolean;
  /** The state that a link asked for, until its fields are checked against the model and its text. */
  readonly linked: ScopeState | null;
  /** Ids of the text's tokens, the appended ones last; includes tokens beyond the context. */
  readonly tokens: readonly number[];
  /** The appended tokens as text. */
  readonly continuation: string;
  /** The part of the text that does not fit into the context. */
  readonly beyond: string;
  readonly plain: Run;
  /** Null without a what-if, or until the engine has answered it. */
  readonly comparison: Comparison | null;
  /** The engine's sentence about a what-if that this model does not support. */
  readonly refused: string | null;
  /** The last answer about published models. */
  readonly survey: Survey | null;
  /** Cache settings tried on this text, without duplicates, the latest last. */
  readonly tried: readonly Tried[];
  /** Number of common cache settings still to try; null if none are being tried. */
  readonly sweeping: number | null;
  /** How the last step forward was made, which is animated; null if the playhead's last move was another one. */
  readonly stepped: 'by playing' | 'by hand' | null;
  /** With `reveal=click`: the position whose answer is shown. */
  readonly revealed: number | null;
  /** True if playback is on. */
  readonly playing: boolean;
  /** True if playback and animation are paused while the user looks at something. */
  readonly held: boolean;
  readonly fault: ShownFault | null;
  readonly complaints: readonly Complaint[];
}

/** The state's fields about published models. */
export type SurveyFields = Pick<
  ScopeState,
  'published' | 'context' | 'users' | 'memory' | 'bits' | 'weights' | 'config'
>;

/** The three files of a model on the user's disk. */
export interface ModelFiles {
  readonly config: Blob;
  readonly checkpoint: Blob;
  readonly tokenizer: Blob;
}

/** A result of the engine, or a change in its work. */
export type News =
  | { readonly news: 'progress'; readonly progress: Progress }
  | { readonly news: 'model'; readonly model: Loaded; readonly inPage: boolean }
  | { readonly news: 'text'; readonly text: TextSet }
  | { readonly news: 'record'; readonly record: StepRecord }
  /** A part of a run's step that its record does not hold. */
  | ({ readonly news: 'rest'; readonly run: RunName } & Partial<Omit<Run, 'records'>>)
  | { readonly news: 'refused'; readonly sentence: string }
  | {
      readonly news: 'compared';
      readonly whatIf: WhatIf;
      readonly plan: ResolvedWhatIf;
      readonly compared: readonly Compared[];
    }
  | { readonly news: 'loss'; readonly loss: Loss }
  | { readonly news: 'continued'; readonly continued: Continued }
  | { readonly news: 'survey'; readonly survey: Survey }
  | { readonly news: 'tried'; readonly tried: Tried }
  | { readonly news: 'sweeping'; readonly left: number | null }
  | { readonly news: 'fault'; readonly fault: ShownFault };

/** The shipped model, and the tokens and records of a text, computed by the native engine at build time. */
export interface Prepared {
  readonly model: Loaded;
  readonly tokens: readonly number[];
  readonly records: readonly StepRecord[];
}

/** The state before a link or the user changes it. */
export function initialState(text: string, position: number, layer: number): ScopeState {
  return { ...initialValues(STATE_FIELDS), version: 1, whatIf: PLAIN, text, position, reach: position, layer };
}

/** The snapshot before the engine is ready; with the prepared records if they belong to the state's text. */
export function firstSnapshot(
  state: ScopeState,
  { model, tokens, records }: Prepared,
  complaints: readonly Complaint[] | null,
  isPrepared: boolean,
): Snapshot {
  return {
    state,
    model,
    up: false,
    inPage: false,
    progress: { loaded: 0, total: null },
    typed: false,
    uncut: false,
    editing: false,
    linked: complaints !== null ? state : null,
    tokens: isPrepared ? tokens : [],
    continuation: '',
    beyond: '',
    plain: { ...EMPTY_RUN, records: isPrepared ? records : [] },
    comparison: null,
    refused: null,
    survey: null,
    tried: [],
    sweeping: null,
    revealed: null,
    playing: false,
    stepped: null,
    held: false,
    fault: null,
    complaints: complaints ?? [],
  };
}
