// What is shown, as one immutable object. `ScopeState` holds the user's choices, all of which a link can carry; a
// `Snapshot` adds the engine's results so far. Nothing is computed here.

import type { DetailArrays } from '../engine/detail';
import type { Progress } from '../engine/engine-pool';
import type { Fault, Loaded, TextSet } from '../engine/messages';
import type { Compared, Distribution, ExpertLoad, Loss, ResolvedWhatIf, StepRecord, Survey } from '../engine/types';
import type { CacheSetting, WhatIf } from './what-if';
import { PLAIN } from './what-if';

/** The views: the roll, and what opens beside it; each can also stand alone. */
export const VIEWS = [
  'roll',
  'router',
  'next',
  'flow',
  'attention',
  'cache',
  'grid',
  'whatif',
  'cachelab',
  'models',
] as const;
export type ViewId = (typeof VIEWS)[number];

/** `auto` follows the person's system. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const LANGUAGES = ['en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How fast one may play, in times the speed at which a step is shown. */
export const SPEEDS = [0.5, 1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** Whether a step is shown at once, or only once a person has guessed what it gives. */
export const REVEALS = ['always', 'click'] as const;
export type Reveal = (typeof REVEALS)[number];

/** The order of a grid's experts: as they are, or by how many tokens chose them. */
export const SORTS = ['expert', 'load'] as const;
export type Sort = (typeof SORTS)[number];

/** Whether a grid shows the chosen layer, or all of them, small. */
export const SPANS = ['one', 'all'] as const;
export type Span = (typeof SPANS)[number];

/** What stands around a view, each of which can be left out. */
export const PARTS = ['name', 'text', 'controls', 'scrubber', 'sentence', 'legend', 'prose', 'tables'] as const;
export type Part = (typeof PARTS)[number];

/** Bits of a value in a published model's cache. */
export const CACHE_BITS = [16, 8] as const;
export type CacheBits = (typeof CACHE_BITS)[number];

/** Bits of its weights; 0: they are elsewhere, and all of the memory is the cache's. */
export const WEIGHT_BITS = [16, 8, 4, 0] as const;
export type WeightBits = (typeof WEIGHT_BITS)[number];

/** Of the published models: tokens of a user, users at once, and memory in 10^9 bytes. */
export const MOST_CONTEXT = 10_000_000;
export const MOST_USERS = 1_000_000;
export const MOST_MEMORY = 1_000_000;
/** Characters of a `config.json`. */
export const MOST_CONFIG = 20_000;

export const MOST_TEMPERATURE = 2;
export const MOST_SEED = 0xffff_ffff;

/** What a person chose. Serialisable (`address.ts`); the version changes when a field changes its meaning. */
export interface ScopeState {
  readonly version: 1;
  /** The text as typed. */
  readonly text: string;
  /** Tokens appended to it by id: clicked or generated ones may not survive re-tokenising. */
  readonly appended: readonly number[];
  /** The playhead: a position in the tokens, or `END`. */
  readonly position: number;
  /** How far the text has been run: a position, never before the playhead, or `END`. */
  readonly reach: number;
  /** The decoder layer that is looked at; clamped to the model's. */
  readonly layer: number;
  /** The expert of that layer that is looked at. */
  readonly expert: number | null;
  /** How far the playhead's step is shown: an index into `stagesOf`, or `END`, all of it. */
  readonly stage: number;
  readonly view: ViewId;
  /** The attention head that is looked at; clamped to the model's. */
  readonly head: number;
  readonly sort: Sort;
  readonly span: Span;
  readonly reveal: Reveal;
  /** The parts that are left out. */
  readonly hidden: readonly Part[];
  /** Whether it plays as soon as the model is up; not where less motion is preferred. */
  readonly autoplay: boolean;
  /** What is switched off or changed in the model. */
  readonly whatIf: WhatIf;
  /** How the next token is chosen: 0 takes the most probable. */
  readonly temperature: number;
  readonly seed: number;
  readonly speed: Speed;
  readonly theme: Theme;
  readonly language: Language;
  /** The published model that is looked at: a preset's id, `page` or `own`. */
  readonly published: string;
  /** Tokens of each user of a published model. */
  readonly context: number;
  /** Its users at once. */
  readonly users: number;
  /** Bytes of its memory, in 10^9. */
  readonly memory: number;
  readonly bits: CacheBits;
  readonly weights: WeightBits;
  /** The text of a `config.json` of a person's own; empty where there is none. */
  readonly config: string;
}

/** The last one, whichever it will be; clamped when their number is known. */
export const END = Number.MAX_SAFE_INTEGER;

/** A fault, and what a person can do about it. */
export interface ShownFault extends Fault {
  /** What broke: bringing a model, or running one. */
  readonly during: 'load' | 'run';
  /** Whether the text runs again in a fresh engine. */
  readonly recovered: boolean;
}

/** Something in a link that could not be taken as it was. */
export interface Complaint {
  /** The field's name in the link. */
  readonly field: string;
  /** What the link has, cut short. */
  readonly found: string;
  readonly problem: 'version' | 'unknown' | 'unreadable' | 'range' | 'end' | 'length' | 'vocabulary';
  /** What is shown instead. */
  readonly used: string;
}

/** The rest of a step. */
export interface StepDetail extends DetailArrays {
  readonly position: number;
}

/** The run with a what-if, beside the plain one. */
export interface Comparison {
  readonly whatIf: WhatIf;
  /** What it comes to. */
  readonly plan: ResolvedWhatIf;
  /** Of the first tokens, as far as both runs have come. */
  readonly steps: readonly Compared[];
  /** Over those steps; null until all that are wanted have come. */
  readonly loss: Loss | null;
  /** Of the position shown last; views check which. */
  readonly detail: StepDetail | null;
}

/** What a way to keep the latent cache costs, in bytes and in bits: a what-if that changes nothing else, run on the text. */
export interface Tried {
  readonly setting: CacheSetting;
  /** A token, over all layers. */
  readonly bytes: number;
  readonly loss: Loss;
}

/** All that the views draw from. */
export interface Snapshot {
  readonly state: ScopeState;
  /** The model that is up; before that the shipped one, as it was when the site was built. */
  readonly model: Loaded;
  /** Whether the engine is up; before it the records can be those that were made when the site was built. */
  readonly up: boolean;
  /** Whether the engine runs in the page's own thread, since no worker may start. */
  readonly inPage: boolean;
  /** While a model is brought. */
  readonly progress: Progress | null;
  /** Whether the text was typed and its tokens are not known yet. */
  readonly typed: boolean;
  /** Whether the tokens are not all those of the state’s text, until the engine has cut it. */
  readonly uncut: boolean;
  /** Whether the last thing that a person did was to type. */
  readonly editing: boolean;
  /** What a link asked for, until it is held against the model and its text. */
  readonly linked: ScopeState | null;
  /** The ids of the text's tokens, the appended ones last; also those beyond the context. */
  readonly tokens: readonly number[];
  /** The appended tokens as text. */
  readonly continuation: string;
  /** The text that the context has no room for. */
  readonly beyond: string;
  /** Of the first tokens, as far as the model has been run. */
  readonly records: readonly StepRecord[];
  /** Of the position shown last; views check which. */
  readonly detail: StepDetail | null;
  /** What follows the position shown last, at a temperature; views check which. */
  readonly distribution: Distribution | null;
  /** How the tokens up to the position shown last were spread over the experts; views check which. */
  readonly expertLoad: ExpertLoad | null;
  /** Null where nothing is changed, or it is not known yet what that comes to. */
  readonly comparison: Comparison | null;
  /** Why the model cannot have the what-if: the engine's sentence. */
  readonly refused: string | null;
  /** Published models, as they were asked for last. */
  readonly survey: Survey | null;
  /** What was tried with the cache on this text, each once, the last tried last. */
  readonly tried: readonly Tried[];
  /** How many of the usual ways to keep the cache are still to be tried; null where none is being tried. */
  readonly sweeping: number | null;
  /** Whether the playhead came to its place by a step forward, which is shown as it happens. */
  readonly stepped: boolean;
  /** The position whose step was guessed and shown, where a step is shown only then. */
  readonly revealed: number | null;
  /** Whether the playhead goes on by itself. */
  readonly playing: boolean;
  /** Whether that, and a step's movement, waits: somebody looks closely. */
  readonly held: boolean;
  readonly fault: ShownFault | null;
  readonly complaints: readonly Complaint[];
}

/** What a view asks for. */
export type Intent =
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'example'; readonly text: string; readonly position: number }
  | { readonly do: 'seek'; readonly position: number }
  | { readonly do: 'step'; readonly by: 1 | -1 }
  /** A step that playing makes. */
  | { readonly do: 'advance' }
  | { readonly do: 'stage'; readonly by: 1 | -1 }
  /** Looks at a layer, and at one of its experts. */
  | { readonly do: 'look'; readonly layer: number; readonly expert?: number | null }
  | { readonly do: 'view'; readonly view: ViewId }
  /** Looks at an attention head. */
  | { readonly do: 'head'; readonly head: number }
  /** Orders a grid, and says how much of the model it shows. */
  | { readonly do: 'arrange'; readonly sort?: Sort; readonly span?: Span }
  /** Changes the model; what is not said stays. */
  | { readonly do: 'change'; readonly whatIf: Partial<WhatIf> }
  /** Tries the usual ways to keep the cache, one after another; the what-if stays. */
  | { readonly do: 'sweep' }
  /** Shows the step that was to be guessed. */
  | { readonly do: 'reveal' }
  /** Says when steps are shown. */
  | { readonly do: 'guess'; readonly reveal: Reveal }
  | { readonly do: 'theme'; readonly theme: Theme }
  /** Looks at a published model, and says what is asked of all. */
  | ({ readonly do: 'survey' } & Partial<SurveyFields>)
  | { readonly do: 'play'; readonly on: boolean }
  | { readonly do: 'hold'; readonly on: boolean }
  | { readonly do: 'speed'; readonly speed: Speed }
  /** Goes on with a token after the playhead, instead of what the text says there. */
  | { readonly do: 'append'; readonly token: number }
  /** Lets the model choose a token after the last. */
  | { readonly do: 'generate' }
  | { readonly do: 'sample'; readonly temperature?: number; readonly seed?: number }
  | { readonly do: 'open'; readonly files: ModelFiles }
  | { readonly do: 'retry' }
  /** Takes a state from a link or from the browser's history. */
  | { readonly do: 'go'; readonly state: ScopeState; readonly complaints: readonly Complaint[] }
  | { readonly do: 'dismiss' };

/** What of the state is of the published models. */
export type SurveyFields = Pick<
  ScopeState,
  'published' | 'context' | 'users' | 'memory' | 'bits' | 'weights' | 'config'
>;

/** A model's three files from a disk. */
export interface ModelFiles {
  readonly config: Blob;
  readonly checkpoint: Blob;
  readonly tokenizer: Blob;
}

/** What the engine says. */
export type News =
  | { readonly news: 'progress'; readonly progress: Progress }
  | { readonly news: 'model'; readonly model: Loaded; readonly inPage: boolean }
  | { readonly news: 'text'; readonly text: TextSet }
  | { readonly news: 'record'; readonly record: StepRecord }
  | { readonly news: 'detail'; readonly detail: StepDetail }
  | { readonly news: 'distribution'; readonly distribution: Distribution }
  | { readonly news: 'expert load'; readonly expertLoad: ExpertLoad }
  | { readonly news: 'refused'; readonly sentence: string }
  | {
      readonly news: 'compared';
      readonly whatIf: WhatIf;
      readonly plan: ResolvedWhatIf;
      readonly compared: readonly Compared[];
    }
  | { readonly news: 'loss'; readonly loss: Loss }
  | { readonly news: 'changed detail'; readonly detail: StepDetail }
  | { readonly news: 'survey'; readonly survey: Survey }
  | { readonly news: 'tried'; readonly tried: Tried }
  | { readonly news: 'sweeping'; readonly left: number | null }
  | { readonly news: 'fault'; readonly fault: ShownFault };

/** What was made of a text when the site was built, by the native engine. */
export interface Prepared {
  readonly model: Loaded;
  readonly tokens: readonly number[];
  readonly records: readonly StepRecord[];
}

/** A first state, before a link or a person says more. */
export function initialState(text: string, position: number, layer: number): ScopeState {
  return {
    version: 1,
    text,
    appended: [],
    position,
    reach: position,
    layer,
    expert: null,
    stage: END,
    view: 'roll',
    head: 0,
    sort: 'expert',
    span: 'one',
    reveal: 'always',
    hidden: [],
    autoplay: false,
    whatIf: PLAIN,
    temperature: 0,
    seed: 1,
    speed: 1,
    theme: 'auto',
    language: 'en',
    published: 'deepseek-v3',
    context: 131_072,
    users: 8,
    memory: 1000,
    bits: 16,
    weights: 8,
    config: '',
  };
}

/** The snapshot before the engine is up; with what was prepared for the state's text, if it was. */
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
    records: isPrepared ? records : [],
    detail: null,
    distribution: null,
    expertLoad: null,
    comparison: null,
    refused: null,
    survey: null,
    tried: [],
    sweeping: null,
    revealed: null,
    playing: false,
    stepped: false,
    held: false,
    fault: null,
    complaints: complaints ?? [],
  };
}
