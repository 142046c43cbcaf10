// The next snapshot, as a pure function of the snapshot and news from the engine.

import type { Loaded } from '../engine/messages';
import type { ModelIdentity } from '../engine/model-identity';
import { isSameModel, quotedName } from '../engine/model-identity';
import type { StepRecord } from '../engine/types';
import { waiting } from './edit-text';
import { afterFault, loading, notLoading, restarting, running } from './engine-state';
import { knownIds, outOfRangeComplaints } from './link-check';
import { movePlayhead } from './playhead';
import { hasModel, isModelMissing, pendingLink } from './select';
import { clampSelection, knownStage } from './selection';
import { sharedTokens } from './shared-tokens';
import type { ChangedRun, Comparison, ComparisonProgress, Complaint, News, Run, Snapshot, Text, Tried } from './state';
import { EMPTY_RUN } from './state';
import { END } from './values';
import { cacheSettingOf, sameCacheSetting } from './what-if';

type NewsOf<N extends News['news']> = Extract<News, { readonly news: N }>;

/** The snapshot after news from the engine. */
export function reduceNews(snapshot: Snapshot, news: News): Snapshot {
  const { state } = snapshot;
  switch (news.news) {
    case 'progress':
      return {
        ...snapshot,
        engine: news.progress ? loading(snapshot.engine, news.progress) : notLoading(snapshot.engine),
      };
    case 'model':
      return {
        ...withModel(snapshot, news),
        engine: { is: 'running', inPage: news.inPage, next: null },
        fault: null,
      };
    case 'text': {
      const { tokens } = news.text;
      const shared = sharedTokens(snapshot.text.tokens, tokens);
      const same = shared === tokens.length && shared === snapshot.text.tokens.length;
      const plain = same ? snapshot.plain : cutRun(snapshot.plain, shared);
      const changed = same ? snapshot.changed : cutChanged(snapshot.changed, shared);
      const tried = same ? snapshot.tried : [];
      // After typing, the playhead moves to the end if it was there, or if its token or one before it has changed.
      const position = snapshot.text.is === 'typed' && shared <= state.position ? END : state.position;
      // An answer revealed in the unchanged part of the text stays revealed.
      const revealed = snapshot.revealed !== null && snapshot.revealed < shared ? snapshot.revealed : null;
      const text: Text = { is: 'tokenized', ...news.text };
      const set = { ...snapshot, engine: running(snapshot.engine), text, plain, changed, tried, revealed };
      const placed = {
        ...movePlayhead(set, position),
        complaints: [...snapshot.complaints, ...outOfRangeComplaints(set, pendingLink(snapshot))],
      };
      const stage = knownStage(snapshot.model, state.stage);
      return { ...placed, state: { ...placed.state, ...clampSelection(snapshot.model, state), stage } };
    }
    case 'record': {
      // A cancelled run may still deliver a record; a run from the start delivers known records again.
      const { record } = news;
      const { plain, text } = snapshot;
      const fits = record.position <= plain.records.length && record.token === text.tokens[record.position];
      return fits ? { ...snapshot, plain: withRecords(plain, [record]) } : snapshot;
    }
    case 'rest':
      if (news.run === 'plain') return { ...snapshot, plain: withRest(snapshot.plain, news) };
      return withComparison(snapshot, comparison => ({ ...comparison, run: withRest(comparison.run, news) }));
    case 'refused':
      return { ...snapshot, changed: { is: 'refused', sentence: news.sentence } };
    case 'compared':
      return addCompared(snapshot, news);
    case 'loss': {
      const { loss } = news;
      return addTried(withComparison(snapshot, each => ({ ...each, progress: { is: 'level', loss } })));
    }
    case 'continued':
      return withComparison(snapshot, comparison => ({ ...comparison, continued: news.continued }));
    case 'survey':
      return { ...snapshot, survey: news.survey };
    case 'tried':
      return { ...snapshot, tried: withTried(snapshot.tried, news.tried) };
    case 'sweeping':
      return { ...snapshot, sweeping: news.left };
    case 'fault':
      return {
        ...snapshot,
        engine: afterFault(snapshot.engine, news.fault),
        fault: news.fault,
        playing: false,
        sweeping: null,
      };
    case 'restarting':
      return { ...snapshot, engine: restarting(snapshot.engine) };
  }
}

/** The snapshot with a change of its comparison; the same snapshot if there is none. */
function withComparison(snapshot: Snapshot, next: (comparison: Comparison) => Comparison): Snapshot {
  const { changed } = snapshot;
  return changed?.is === 'compared' ? { ...snapshot, changed: { ...next(changed), is: 'compared' } } : snapshot;
}

/** Adds steps of the changed run; steps that do not follow the last one belong to a cancelled run. */
function addCompared(snapshot: Snapshot, { whatIf, plan, compared }: NewsOf<'compared'>): Snapshot {
  const { changed } = snapshot;
  const known = changed?.is === 'compared' && changed.whatIf === whatIf ? changed : null;
  const steps = known?.steps ?? [];
  if (steps.length !== compared[0]?.record.position) return snapshot;
  const records = compared.map(({ record }) => record);
  const run = withRecords(known?.run ?? EMPTY_RUN, records);
  const progress = known ? behind(known.progress) : ({ is: 'first' } as const);
  const all = [...steps, ...compared];
  const continued = known?.continued ?? null;
  return { ...snapshot, changed: { is: 'compared', whatIf, plan, run, steps: all, progress, continued } };
}

/** The progress when steps are added or dropped: the loss no longer covers all steps. */
function behind(progress: ComparisonProgress): ComparisonProgress {
  return progress.is === 'level' ? { is: 'behind' } : progress;
}

/** A run with records added; the first one is a known position, or the next. */
function withRecords(run: Run, records: readonly StepRecord[]): Run {
  const all = [...run.records];
  for (const record of records) all[record.position] = record;
  return { ...run, records: all };
}

/** A run with parts of a step that its record does not hold. */
function withRest(run: Run, parts: Partial<Run>): Run {
  const { detail = run.detail, distribution = run.distribution, expertLoad = run.expertLoad } = parts;
  return { ...run, detail, distribution, expertLoad };
}

/** What remains of a run if only the first `shared` tokens stay the same. */
function cutRun({ records, detail, expertLoad }: Run, shared: number): Run {
  return {
    records: records.slice(0, shared),
    detail: detail && detail.position < shared ? detail : null,
    // The distribution also contains the text's next token, which the new text may have changed.
    distribution: null,
    expertLoad: expertLoad && expertLoad.position < shared ? expertLoad : null,
  };
}

/** What remains of the changed run if only the first `shared` tokens stay the same. */
function cutChanged(changed: ChangedRun | null, shared: number): ChangedRun | null {
  if (changed?.is !== 'compared') return changed;
  // Principal directions are computed from the whole text, so no record stays.
  if (changed.whatIf.latent_rank !== null) return null;
  // The last shared token may have another next token, and so another loss.
  const steps = changed.steps.slice(0, Math.max(0, shared - 1));
  return { ...changed, run: cutRun(changed.run, shared), steps, progress: behind(changed.progress) };
}

/** When the changed run is complete: adds its cache setting to the tried ones, if only the cache is changed. */
function addTried(snapshot: Snapshot): Snapshot {
  const { changed, model } = snapshot;
  if (changed?.is !== 'compared' || changed.progress.is !== 'level') return snapshot;
  const setting = cacheSettingOf(changed.whatIf);
  if (!setting) return snapshot;
  const { loss } = changed.progress;
  const latent_rank = setting.latent_rank === model.info.kv_lora_rank ? null : setting.latent_rank;
  const tried = { setting: { ...setting, latent_rank }, bytes: changed.plan.latent_bytes, loss };
  return { ...snapshot, tried: withTried(snapshot.tried, tried) };
}

function withTried(all: readonly Tried[], tried: Tried): Tried[] {
  return [...all.filter(({ setting }) => !sameCacheSetting(setting, tried.setting)), tried];
}

/** A model has been loaded: the one that the state names, or another one, which the user has opened. */
function withModel(snapshot: Snapshot, { model, opened }: NewsOf<'model'>): Snapshot {
  const { state } = snapshot;
  const isLater = hasModel(snapshot);
  const isNamed = isSameModel(state.opened, opened);
  const isFirst = !isLater || (isNamed && isModelMissing(snapshot));
  // The ids of appended tokens belong to the model that the state names.
  if (isNamed && isFirst) return setFirstModel({ ...(isLater ? withoutResults(snapshot) : snapshot), opened }, model);
  const complaints = isModelMissing(snapshot) && state.opened ? [otherModel(state.opened, opened)] : [];
  const replaced = replaceModel({ ...snapshot, opened, state: { ...state, opened } }, model);
  return { ...replaced, complaints: [...replaced.complaints, ...complaints] };
}

/** The link names a model, and the user has opened another one. */
function otherModel(named: ModelIdentity, opened: ModelIdentity | null): Complaint {
  return { field: 'opened', found: quotedName(named), problem: 'model', used: opened ? quotedName(opened) : '' };
}

/** The first model has been loaded. Records made at build time stay until the engine has computed the same ones. */
function setFirstModel(snapshot: Snapshot, model: Loaded): Snapshot {
  const { appended, complaints } = knownIds(model, snapshot.state.appended);
  return {
    ...snapshot,
    state: { ...snapshot.state, appended },
    model,
    complaints: [...snapshot.complaints, ...complaints],
  };
}

/** Another model tokenizes the text again: token ids differ between models, so appended tokens become text. */
function replaceModel(snapshot: Snapshot, model: Loaded): Snapshot {
  const { state } = snapshot;
  const looked = clampSelection(model, state);
  const text = state.text + snapshot.text.continuation;
  return {
    ...withoutResults(snapshot),
    state: { ...state, ...looked, text, appended: [] },
    model,
    playing: false,
  };
}

/** The snapshot without the results of its model. */
function withoutResults(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    text: { ...waiting(snapshot.text), tokens: [], continuation: '', beyond: '' },
    plain: EMPTY_RUN,
    changed: null,
    survey: null,
    tried: [],
  };
}
