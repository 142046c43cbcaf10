// All requests of views, hosts and playback: one entry per intent. It has the intent's payload, what the intent does to
// playback, what it asks of the engine, and its handler, a pure function.

import { applyState } from './apply-state';
import { clamp } from './clamp';
import type { ViewId } from './fields';
import { LEAST_SIZE, MOST_SEED, MOST_SIZE, MOST_TEMPERATURE } from './fields';
import { appendToken, replaceText } from './edit-text';
import { loading } from './engine-state';
import { currentPosition, lastPosition, movePlayhead, stopRun } from './playhead';
import { shownPosition } from './select';
import { adjacentStage, clampSelection } from './selection';
import type { Complaint, ModelFiles, ScopeState, Snapshot, SurveyFields } from './state';
import { clampSurvey } from './survey-fields';
import { END } from './values';
import type { WhatIf } from './what-if';
import { isPlain } from './what-if';

/** What the scope does after an intent. */
export type EngineWork =
  /** Nothing: a running job stays. */
  | 'nothing'
  /** Computes what the state needs. A running job is cancelled, except a run to the same position. */
  | 'state'
  /** Computes what the state needs, unless a job is running, which then does it at its end. */
  | 'state, after the job'
  /** Computes what the state needs, and then lets the model choose a token. */
  | 'token'
  /** Computes what the state needs, and then tries the common cache settings. */
  | 'cache settings'
  /** Computes what the state needs, and then lets both runs continue the text. */
  | 'continuations'
  /** Loads a model. */
  | 'model';

export interface IntentEntry<P> {
  /**
   * `stops`: playback stops, and a hold is released; `stays`: playback and hold stay; `goes on`: playback goes on, and
   * a hold is released.
   */
  readonly playback: 'stops' | 'stays' | 'goes on';
  /** True if the playhead moves forward by one token, which is animated. */
  readonly isStep?: (payload: P) => boolean;
  /** The snapshot's `editing`; by default, every intent ends it. */
  readonly editing?: 'starts' | 'stays';
  readonly asks: EngineWork;
  /** The next snapshot. Playback and `editing` are set already. */
  readonly reduce: (snapshot: Snapshot, payload: P) => Snapshot;
}

/** An entry with its payload's type. */
function intent<P = unknown>(entry: IntentEntry<P>): IntentEntry<P> {
  return entry;
}

const isAlways = (): boolean => true;

/** A handler that sets fields of the state. */
function setting<P>(fields: (snapshot: Snapshot, payload: P) => Partial<ScopeState>): IntentEntry<P>['reduce'] {
  return (snapshot, payload) => ({ ...snapshot, state: { ...snapshot.state, ...fields(snapshot, payload) } });
}

const unchanged = (snapshot: Snapshot): Snapshot => snapshot;

/** Loading of a model starts: the last fault is removed. */
const load = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  engine: loading(snapshot.engine, { loaded: 0, total: null }),
  fault: null,
});

export const INTENTS = {
  /** An edit of the text. */
  type: intent<{ readonly text: string }>({
    playback: 'stops',
    editing: 'starts',
    asks: 'state',
    reduce: (snapshot, { text }) => {
      const { position } = snapshot.state;
      return replaceText(snapshot, text, position >= lastPosition(snapshot) ? END : position, 'typed');
    },
  }),
  /** Another text in place of the old one. */
  replace: intent<{ readonly text: string; readonly position: number }>({
    playback: 'stops',
    asks: 'state',
    reduce: (snapshot, { text, position }) => replaceText(snapshot, text, position, 'waiting'),
  }),
  seek: intent<{ readonly position: number }>({
    playback: 'stops',
    asks: 'state',
    reduce: (snapshot, { position }) => movePlayhead(stopRun(snapshot), position),
  }),
  step: intent<{ readonly by: 1 | -1 }>({
    playback: 'stops',
    isStep: ({ by }) => by > 0,
    asks: 'state',
    // A step forward counts from the requested position; a step back counts from the shown one and stops the run.
    reduce: (snapshot, { by }) =>
      by > 0
        ? movePlayhead(snapshot, snapshot.state.position + 1)
        : movePlayhead(stopRun(snapshot), currentPosition(snapshot) - 1),
  }),
  /** A step made by playback. */
  advance: intent({
    playback: 'goes on',
    isStep: isAlways,
    asks: 'state',
    reduce: snapshot => movePlayhead(snapshot, snapshot.state.position + 1),
  }),
  stage: intent<{ readonly by: 1 | -1 }>({
    playback: 'stops',
    asks: 'nothing',
    reduce: setting((snapshot, { by }) => ({ stage: adjacentStage(snapshot, by) })),
  }),
  /** Shows the finished step. */
  'whole step': intent({
    playback: 'stops',
    asks: 'nothing',
    reduce: setting(() => ({ stage: null })),
  }),
  /** Selects a layer, and one of its experts. */
  look: intent<{ readonly layer: number; readonly expert?: number | null }>({
    playback: 'stays',
    asks: 'nothing',
    reduce: (snapshot, asked) => {
      const { state, model } = snapshot;
      const { head } = state;
      const { layer, expert } = clampSelection(model, { layer: asked.layer, expert: asked.expert ?? null, head });
      if (layer === state.layer && expert === state.expert) return snapshot;
      return { ...snapshot, state: { ...state, layer, expert } };
    },
  }),
  view: intent<{ readonly view: ViewId }>({
    playback: 'stays',
    asks: 'state, after the job',
    reduce: setting((_, { view }) => ({ view })),
  }),
  /** Selects an attention head. */
  head: intent<{ readonly head: number }>({
    playback: 'stays',
    asks: 'nothing',
    reduce: setting(({ state, model }, { head }) => clampSelection(model, { ...state, head })),
  }),
  /** Sets the grid's order and how many layers it shows. */
  arrange: intent<Partial<Pick<ScopeState, 'sort' | 'span'>>>({
    playback: 'stays',
    asks: 'nothing',
    reduce: setting(({ state }, { sort = state.sort, span = state.span }) => ({ sort, span })),
  }),
  /** Selects the run whose numbers are shown. */
  'show run': intent<Pick<ScopeState, 'shown'>>({
    playback: 'stays',
    asks: 'state',
    reduce: setting((_, { shown }) => ({ shown })),
  }),
  /** Changes the what-if; fields that are not given stay. */
  change: intent<{ readonly whatIf: Partial<WhatIf> }>({
    playback: 'stays',
    asks: 'state',
    reduce: (snapshot, asked) => {
      const { state } = snapshot;
      const whatIf = { ...state.whatIf, ...asked.whatIf };
      const shown = isPlain(whatIf) ? 'auto' : state.shown;
      return { ...snapshot, changed: null, state: { ...state, whatIf, shown } };
    },
  }),
  /** Tries the common cache settings one after another; the what-if stays. */
  sweep: intent({ playback: 'stays', asks: 'cache settings', reduce: unchanged }),
  /** Lets both runs continue the text, without changing it. */
  continue: intent({ playback: 'stays', asks: 'continuations', reduce: unchanged }),
  /** Shows the hidden answer of the step. */
  reveal: intent({
    playback: 'stays',
    asks: 'nothing',
    reduce: snapshot => ({ ...snapshot, revealed: shownPosition(snapshot) }),
  }),
  /** Sets when answers are shown. */
  guess: intent<Pick<ScopeState, 'reveal'>>({
    playback: 'stays',
    asks: 'nothing',
    reduce: (snapshot, { reveal }) => ({ ...snapshot, revealed: null, state: { ...snapshot.state, reveal } }),
  }),
  theme: intent<Pick<ScopeState, 'theme'>>({
    playback: 'stays',
    asks: 'nothing',
    reduce: setting((_, { theme }) => ({ theme })),
  }),
  /** Sets the size of type and pictures. */
  size: intent<Pick<ScopeState, 'size'>>({
    playback: 'stays',
    asks: 'nothing',
    reduce: setting((_, { size }) => ({ size: clamp(size, LEAST_SIZE, MOST_SIZE) })),
  }),
  /** Selects a published model, or changes the survey's settings. */
  survey: intent<Partial<SurveyFields>>({
    playback: 'stays',
    asks: 'nothing',
    reduce: setting(({ state }, asked) => clampSurvey(state, asked)),
  }),
  play: intent<{ readonly on: boolean }>({
    playback: 'stays',
    asks: 'nothing',
    reduce: (snapshot, { on }) => {
      // Playing at the end of the text starts again at the first token.
      const again = on && snapshot.state.position >= lastPosition(snapshot);
      return { ...(again ? movePlayhead(snapshot, 0) : snapshot), playing: on, held: false };
    },
  }),
  hold: intent<{ readonly on: boolean }>({
    playback: 'stays',
    editing: 'stays',
    asks: 'nothing',
    reduce: (snapshot, { on }) => (snapshot.held === on ? snapshot : { ...snapshot, held: on }),
  }),
  speed: intent<Pick<ScopeState, 'speed'>>({
    playback: 'stays',
    asks: 'nothing',
    reduce: setting((_, { speed }) => ({ speed })),
  }),
  /** Puts a token after the playhead. The rest of the text is dropped, unless it starts with this token. */
  append: intent<{ readonly token: number }>({
    playback: 'stops',
    isStep: isAlways,
    asks: 'state',
    reduce: (snapshot, { token }) => appendToken(snapshot, token),
  }),
  /** Lets the model choose a token after the last one. */
  generate: intent({
    playback: 'stops',
    isStep: isAlways,
    asks: 'token',
    reduce: snapshot => movePlayhead(snapshot, END),
  }),
  sample: intent<Partial<Pick<ScopeState, 'temperature' | 'seed'>>>({
    playback: 'stays',
    asks: 'state',
    reduce: setting(({ state }, { temperature = state.temperature, seed = state.seed }) => ({
      temperature: clamp(temperature, 0, MOST_TEMPERATURE),
      seed: clamp(Math.floor(seed), 0, MOST_SEED),
    })),
  }),
  open: intent<{ readonly files: ModelFiles }>({ playback: 'stops', asks: 'model', reduce: load }),
  retry: intent({ playback: 'stops', asks: 'model', reduce: load }),
  /** Applies a state from a link, a message or the browser's history. */
  go: intent<{ readonly state: ScopeState; readonly complaints: readonly Complaint[] }>({
    playback: 'stops',
    asks: 'state',
    reduce: (snapshot, { state, complaints }) => applyState(snapshot, state, complaints),
  }),
  /** Removes the fault and the complaints. */
  dismiss: intent({
    playback: 'stays',
    asks: 'nothing',
    reduce: snapshot => ({ ...snapshot, fault: null, complaints: [] }),
  }),
};

export type IntentName = keyof typeof INTENTS;

export type Payloads = { [K in IntentName]: (typeof INTENTS)[K] extends IntentEntry<infer P> ? P : never };

/** The intents with these names. */
export type IntentOf<K extends IntentName> = { [N in K]: { readonly do: N } & Payloads[N] }[K];

/** A request of a view. */
export type Intent = IntentOf<IntentName>;
