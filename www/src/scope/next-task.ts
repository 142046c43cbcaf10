// What the engine is asked next: a pure function of the snapshot, of what the engine has, and of the job. Each task is
// one request, except that a what-if and its run are requested together: the engine need not wait for the page.

import type { SurveyQuestion } from '../engine/client';
import type { RunName } from '../engine/messages';
import type { ResolvedWhatIf } from '../engine/types';
import type { EngineWork } from './intents';
import {
  hasDistribution,
  hasSurvey,
  isCompared,
  isMeasured,
  isModelMissing,
  predictedCount,
  questionOf,
  runTo,
  shownComparison,
  shownRun,
  shownRunName,
} from './select';
import type { ScopeState, Snapshot } from './state';
import type { CacheSetting, WhatIf } from './what-if';
import { commonCacheSettings, isPlain, PLAIN, sameCacheSetting } from './what-if';

/** What an engine has of a scope. A new engine, or one that has crashed, has nothing. */
export interface EngineContents {
  /** The text that the engine has; null if it has no text, or while it takes in a new one. */
  readonly text: Pick<ScopeState, 'text' | 'appended'> | null;
  /** The what-if that the engine has; null before the first one, and after a cache setting was tried. */
  readonly whatIf: WhatIf | null;
  /** Number of records computed by this engine; later ones in the snapshot were made at build time. */
  readonly recorded: number;
  /** Cache settings that the model does not support. */
  readonly unsupported: readonly CacheSetting[];
}

export const EMPTY_ENGINE: EngineContents = { text: null, whatIf: null, recorded: 0, unsupported: [] };

/** What a job leads to; every job first computes what it needs for that. */
export type Job = Exclude<EngineWork, 'nothing' | 'state, after the job' | 'model'>;

/** A request to the engine. */
export type Task =
  /** Replaces the text, and gives its tokens. */
  | ({ readonly ask: 'text' } & Pick<ScopeState, 'text' | 'appended'>)
  /** Runs the model, with records of these positions. */
  | { readonly ask: 'records'; readonly from: number; readonly to: number }
  | { readonly ask: 'detail'; readonly run: RunName; readonly position: number }
  | { readonly ask: 'distribution'; readonly run: RunName; readonly position: number; readonly temperature: number }
  | { readonly ask: 'expert load'; readonly run: RunName; readonly position: number }
  /** Runs the model with the what-if, and compares these positions. Without a `plan`, the what-if is set first. */
  | {
      readonly ask: 'comparison';
      readonly whatIf: WhatIf;
      readonly plan: ResolvedWhatIf | null;
      readonly from: number;
      readonly to: number;
    }
  /** Sets the what-if of the changed run again, after a cache setting was tried; the results are known. */
  | { readonly ask: 'what-if again'; readonly whatIf: WhatIf; readonly to: number }
  /** Tries a cache setting. `left`: number of settings that are still to be tried; null for a single setting. */
  | {
      readonly ask: 'cache setting';
      readonly setting: CacheSetting;
      readonly from: number;
      readonly to: number;
      readonly left: number | null;
    }
  /** Lets a run choose a token after the last one, with records from a position; the job ends with it. */
  | {
      readonly ask: 'token';
      readonly run: RunName;
      readonly temperature: number;
      readonly seed: number;
      readonly from: number;
    }
  /** Lets both runs continue the text; the job ends with it. */
  | { readonly ask: 'continuations'; readonly temperature: number; readonly seed: number };

/** The next request of a job; null if the job is done, or if the state belongs to another model than the engine's. */
export function nextTask(snapshot: Snapshot, engine: EngineContents, job: Job): Task | null {
  if (isModelMissing(snapshot)) return null;
  const first = textTask(snapshot, engine);
  if (first) return first;
  switch (job) {
    case 'state':
      return stateTask(snapshot, engine);
    case 'token':
      return tokenTask(snapshot, engine);
    case 'cache settings':
      return stateTask(snapshot, engine) ?? sweepTask(snapshot, engine);
    case 'continuations':
      return stateTask(snapshot, engine) ?? continuationsTask(snapshot, engine);
  }
}

/** Settings of the next survey of published models; null if no survey is missing. A survey needs no text and no job. */
export function nextQuestion(snapshot: Snapshot): SurveyQuestion | null {
  return hasSurvey(snapshot) ? null : questionOf(snapshot);
}

/** True if the next task is already being performed: a run to the same position, from an earlier one. */
export function isUnderWay(running: Task | null, next: Task | null): boolean {
  return running?.ask === 'records' && next?.ask === 'records' && running.to === next.to;
}

function textTask({ state, text: known }: Snapshot, engine: EngineContents): Task | null {
  const { text, appended } = state;
  const hasText = engine.text?.text === text && engine.text.appended === appended;
  return hasText && known.is === 'tokenized' ? null : { ask: 'text', text, appended };
}

/** Everything that the state needs: the shown run first. */
function stateTask(snapshot: Snapshot, engine: EngineContents): Task | null {
  return (
    recordsTask(snapshot, engine) ??
    (shownRunName(snapshot) === 'plain' ? restTask(snapshot, engine) : null) ??
    comparisonTask(snapshot, engine) ??
    restTask(snapshot, engine) ??
    plainLossTask(snapshot, engine)
  );
}

function recordsTask(snapshot: Snapshot, { recorded }: EngineContents): Task | null {
  const to = runTo(snapshot);
  return recorded <= to ? { ask: 'records', from: recorded, to } : null;
}

/** The parts of the shown step that its record does not hold, in the shown run. */
function restTask(snapshot: Snapshot, engine: EngineContents): Task | null {
  const run = shownRunName(snapshot);
  const { position, temperature } = snapshot.state;
  const { records, detail, expertLoad } = shownRun(snapshot);
  if (position >= records.length) return null;
  const hasAll = detail?.position === position && hasDistribution(snapshot) && expertLoad?.position === position;
  if (hasAll) return null;
  const again = run === 'changed' ? whatIfTask(snapshot, engine) : null;
  if (again) return again;
  if (detail?.position !== position) return { ask: 'detail', run, position };
  if (!hasDistribution(snapshot)) return { ask: 'distribution', run, position, temperature };
  return { ask: 'expert load', run, position };
}

/** The changed run, up to the plain run's position. */
function comparisonTask(snapshot: Snapshot, engine: EngineContents): Task | null {
  const { whatIf } = snapshot.state;
  const to = runTo(snapshot);
  if (isPlain(whatIf) || isCompared(snapshot) || to < 0) return null;
  const known = shownComparison(snapshot);
  const plan = known && engine.whatIf === whatIf ? known.plan : null;
  // If all steps are known, the last one is requested again: the answer carries the loss.
  const from = known ? Math.min(known.steps.length, to) : 0;
  return { ask: 'comparison', whatIf, plan, from, to };
}

function whatIfTask(snapshot: Snapshot, engine: EngineContents): Task | null {
  const { whatIf } = snapshot.state;
  return engine.whatIf === whatIf ? null : { ask: 'what-if again', whatIf, to: runTo(snapshot) };
}

/** The loss of the plain run. Only that loss is needed, so one position is enough. */
function plainLossTask(snapshot: Snapshot, { unsupported }: EngineContents): Task | null {
  if (isMeasured(snapshot) || hasSetting(unsupported, PLAIN)) return null;
  const to = runTo(snapshot);
  return { ask: 'cache setting', setting: cacheSetting(PLAIN), from: to, to, left: null };
}

/** The next common cache setting, except those already tried on this number of tokens. */
function sweepTask(snapshot: Snapshot, { unsupported }: EngineContents): Task | null {
  const tokens = predictedCount(snapshot);
  const tried = snapshot.tried.filter(({ loss }) => loss.tokens === tokens).map(({ setting }) => setting);
  const left = commonCacheSettings(snapshot.model.info.kv_lora_rank).filter(
    setting => !hasSetting(tried, setting) && !hasSetting(unsupported, setting),
  );
  const [setting] = left;
  return setting ? { ask: 'cache setting', setting, from: 0, to: runTo(snapshot), left: left.length } : null;
}

function tokenTask(snapshot: Snapshot, engine: EngineContents): Task {
  const run = shownRunName(snapshot);
  const { temperature, seed } = snapshot.state;
  const token: Task = { ask: 'token', run, temperature, seed, from: engine.recorded };
  if (run === 'plain') return token;
  // A token is appended after the shown one, so the changed run must first reach the end of the text.
  return recordsTask(snapshot, engine) ?? comparisonTask(snapshot, engine) ?? whatIfTask(snapshot, engine) ?? token;
}

function continuationsTask(snapshot: Snapshot, engine: EngineContents): Task | null {
  if (!shownComparison(snapshot)) return null;
  const { temperature, seed } = snapshot.state;
  return whatIfTask(snapshot, engine) ?? { ask: 'continuations', temperature, seed };
}

function cacheSetting({ latent_rank, cache_format }: CacheSetting): CacheSetting {
  return { latent_rank, cache_format };
}

function hasSetting(settings: readonly CacheSetting[], setting: CacheSetting): boolean {
  return settings.some(each => sameCacheSetting(each, setting));
}
