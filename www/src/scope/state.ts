// All that the views draw, as one immutable object. `ScopeState` has the user's choices, which a link can carry; a
// `Snapshot` adds the engine's results so far. Nothing is computed here.

import type { Progress } from '../engine/fetch-files';
import type { Fault, Loaded, RunName, TextSet } from '../engine/messages';
import type { ModelIdentity } from '../engine/model-identity';
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

/** A fault that is shown until the user dismisses it, or does something that makes it old. */
export type ShownFault = {
  /** A cancelled or restarted job is repeated, and is no fault for the user. */
  readonly kind: Exclude<Fault['kind'], 'cancelled' | 'restarted'>;
  readonly message: string;
} & (
  | { readonly during: 'load'; readonly recovered: false }
  /** `recovered`: the text runs again in a new engine. */
  | { readonly during: 'run'; readonly recovered: boolean }
);

/** The engine that runs the shown model. */
export type EngineState =
  /** The first model is being loaded; until the model is ready, records may be those made at build time. */
  | { readonly is: 'loading'; readonly progress: Progress }
  /** A model is ready. */
  | ({ readonly is: 'running' } & ReadyEngine)
  /** The engine has crashed; the new one does not have the text yet. */
  | ({ readonly is: 'restarting' } & ReadyEngine)
  /** No model is loaded or loading: the user has to open the files of the state's model. */
  | { readonly is: 'empty' }
  /** No model could be loaded. */
  | ({ readonly is: 'failed'; readonly during: 'load' } & Failure)
  /** The engine has crashed twice without finishing a job; it gets the text again with the next request. */
  | ({ readonly is: 'failed'; readonly during: 'run' } & Failure & ReadyEngine);

interface ReadyEngine {
  /** True if the engine runs in the page's own thread, because the browser refused a worker. */
  readonly inPage: boolean;
  /** Progress of loading another model, or the same one again; null if none is loading. */
  readonly next: Progress | null;
}

interface Failure extends Pick<ShownFault, 'kind'> {
  readonly sentence: string;
}

/**
 * The state's text as tokens. While the engine has not tokenized a new text, the tokens, the continuation and the text
 * beyond the context are those of the text before.
 */
export type Text = TextSet &
  (
    | { readonly is: 'waiting'; readonly link: PendingLink }
    /** Waiting, and the text was typed: the playhead follows the text's end. */
    | { readonly is: 'typed' }
    /** The tokens were made at build time; the engine has not tokenized the text yet. */
    | { readonly is: 'prepared'; readonly link: PendingLink }
    | { readonly is: 'tokenized' }
  );

/** The state that a link asked for, until its fields are checked against the model and its text; null without a link. */
export type PendingLink = ScopeState | null;

/** A field of a link that was ignored or changed. */
export interface Complaint {
  /** The field's name in the link. */
  readonly field: string;
  /** The link's value, shortened. */
  readonly found: string;
  readonly problem: ValueProblem | 'version' | 'unknown' | 'end' | 'vocabulary' | 'model';
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

/** The changed run: what the engine has answered to the state's what-if. */
export type ChangedRun =
  /** This model does not support the what-if; the engine's sentence says why. */
  { readonly is: 'refused'; readonly sentence: string } | ({ readonly is: 'compared' } & Comparison);

/** The changed run, compared with the plain run. */
export interface Comparison {
  readonly whatIf: WhatIf;
  /** The what-if's settings as the engine applies them to this model. */
  readonly plan: ResolvedWhatIf;
  readonly run: Run;
  /** One entry per position from 0, as far as both runs are computed and the next token is the same. */
  readonly steps: readonly Compared[];
  readonly progress: ComparisonProgress;
  /** The last answer to `continue`; may belong to another text, temperature or seed, so views compare. */
  readonly continued: Continued | null;
}

/** How far the changed run is. */
export type ComparisonProgress =
  /** The changed run has not reached the position of the plain run yet. */
  | { readonly is: 'first' }
  /** The changed run had reached that position; since then, the plain run has gone on or has another text. */
  | { readonly is: 'behind' }
  /** The changed run has reached the position of the plain run; `loss` is the loss over all steps. */
  | { readonly is: 'level'; readonly loss: Loss };

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
  /** The loaded model's files, if the user opened them; null for the shipped model. */
  readonly opened: ModelIdentity | null;
  readonly engine: EngineState;
  readonly text: Text;
  /** True if the user's last action was typing. */
  readonly editing: boolean;
  readonly plain: Run;
  /** Null without a what-if, or until the engine has answered it. */
  readonly changed: ChangedRun | null;
  /** The last survey of published models. */
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
  /** True if playback and animation are paused while the user looks at something; a step by hand can be held, too. */
  readonly held: boolean;
  /** The last fault, which may be over: `engine` says what the engine does now. */
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
  /** Null if no model is loading any more. */
  | { readonly news: 'progress'; readonly progress: Progress | null }
  | {
      readonly news: 'model';
      readonly model: Loaded;
      readonly opened: ModelIdentity | null;
      readonly inPage: boolean;
    }
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
  /** The engine has lost the text, because another scope's request has crashed it. */
  | { readonly news: 'restarting' }
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

/**
 * The snapshot before the engine is ready. If the prepared records belong to the state's text, the snapshot has the
 * records up to `position` or `reach`, whichever is later: the engine does not run later tokens.
 */
export function firstSnapshot(
  state: ScopeState,
  { model, tokens, records }: Prepared,
  complaints: readonly Complaint[] | null,
  isPrepared: boolean,
): Snapshot {
  const reached = Math.max(state.position, state.reach);
  return {
    state,
    model,
    opened: null,
    engine: { is: 'loading', progress: { loaded: 0, total: null } },
    text: {
      is: isPrepared ? 'prepared' : 'waiting',
      link: complaints !== null ? state : null,
      tokens: isPrepared ? tokens : [],
      continuation: '',
      beyond: '',
    },
    editing: false,
    plain: { ...EMPTY_RUN, records: isPrepared ? records.slice(0, reached + 1) : [] },
    changed: null,
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
