// The next snapshot, as a pure function of the snapshot and news from the engine.

import type { Loaded } from '../engine/messages';
import type { StepRecord } from '../engine/types';
import { knownIds, outOfRangeComplaints } from './link-check';
import { movePlayhead } from './playhead';
import { clampSelection, knownStage } from './selection';
import { sharedTokens } from './shared-tokens';
import type { Comparison, News, Run, Snapshot, Tried } from './state';
import { EMPTY_RUN } from './state';
import { END } from './values';
import { cacheSettingOf, sameCacheSetting } from './what-if';

/** The snapshot after news from the engine. */
export function reduceNews(snapshot: Snapshot, news: News): Snapshot {
  const { state } = snapshot;
  switch (news.news) {
    case 'progress':
      return { ...snapshot, progress: news.progress };
    case 'model':
      return { ...(snapshot.up ? replaceModel : setFirstModel)(snapshot, news.model), inPage: news.inPage };
    case 'text': {
      const { linked } = snapshot;
      const { tokens, continuation, beyond } = news.text;
      const shared = sharedTokens(snapshot.tokens, tokens);
      const same = shared === tokens.length && shared === snapshot.tokens.length;
      const plain = same ? snapshot.plain : cutRun(snapshot.plain, shared);
      const comparison = same ? snapshot.comparison : cutComparison(snapshot.comparison, shared);
      const tried = same ? snapshot.tried : [];
      // After typing, the playhead moves to the end if it was there, or if its token or one before it has changed.
      const position = snapshot.typed && shared <= state.position ? END : state.position;
      // An answer revealed in the unchanged part of the text stays revealed.
      const revealed = snapshot.revealed !== null && snapshot.revealed < shared ? snapshot.revealed : null;
      const set = {
        ...snapshot,
        typed: false,
        linked: null,
        uncut: false,
        tokens,
        continuation,
        beyond,
        plain,
        comparison,
        tried,
        revealed,
      };
      const placed = {
        ...movePlayhead(set, position),
        complaints: [...snapshot.complaints, ...outOfRangeComplaints(set, linked)],
      };
      const stage = knownStage(snapshot.model, state.stage);
      return { ...placed, state: { ...placed.state, ...clampSelection(snapshot.model, state), stage } };
    }
    case 'record': {
      // A cancelled run may still deliver a record; a run from the start delivers known records again.
      const { record } = news;
      const { plain, tokens } = snapshot;
      const fits = record.position <= plain.records.length && record.token === tokens[record.position];
      return fits ? { ...snapshot, plain: withRecords(plain, [record]) } : snapshot;
    }
    case 'rest': {
      const { plain, comparison } = snapshot;
      if (news.run === 'plain') return { ...snapshot, plain: withRest(plain, news) };
      return comparison
        ? { ...snapshot, comparison: { ...comparison, run: withRest(comparison.run, news) } }
        : snapshot;
    }
    case 'refused':
      return { ...snapshot, refused: news.sentence, comparison: null };
    case 'compared': {
      const { whatIf, plan, compared } = news;
      const known = snapshot.comparison?.whatIf === whatIf ? snapshot.comparison : null;
      const steps = known?.steps ?? [];
      if (steps.length !== compared[0]?.record.position) return snapshot;
      const records = compared.map(({ record }) => record);
      const run = withRecords(known?.run ?? EMPTY_RUN, records);
      const { complete = false, continued = null } = known ?? {};
      const comparison = { whatIf, plan, run, steps: [...steps, ...compared], loss: null, complete, continued };
      return { ...snapshot, refused: null, comparison };
    }
    case 'loss':
      return snapshot.comparison
        ? addTried({ ...snapshot, comparison: { ...snapshot.comparison, loss: news.loss, complete: true } })
        : snapshot;
    case 'continued':
      return snapshot.comparison
        ? { ...snapshot, comparison: { ...snapshot.comparison, continued: news.continued } }
        : snapshot;
    case 'survey':
      return { ...snapshot, survey: news.survey };
    case 'tried':
      return { ...snapshot, tried: withTried(snapshot.tried, news.tried) };
    case 'sweeping':
      return { ...snapshot, sweeping: news.left };
    case 'fault':
      return { ...snapshot, fault: news.fault, progress: null, playing: false, sweeping: null };
  }
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
    // The distribution says where the text's next token is in it.
    distribution: null,
    expertLoad: expertLoad && expertLoad.position < shared ? expertLoad : null,
  };
}

/** What remains of a comparison if only the first `shared` tokens stay the same. */
function cutComparison(comparison: Comparison | null, shared: number): Comparison | null {
  // Principal directions are computed from the whole text, so no record stays.
  if (comparison?.whatIf.latent_rank !== null) return null;
  // The last shared token may have another next token, and so another loss.
  const steps = comparison.steps.slice(0, Math.max(0, shared - 1));
  return { ...comparison, run: cutRun(comparison.run, shared), steps, loss: null };
}

/** When the changed run is complete: adds its cache setting to the tried ones, if only the cache is changed. */
function addTried(snapshot: Snapshot): Snapshot {
  const { comparison, model } = snapshot;
  const setting = comparison ? cacheSettingOf(comparison.whatIf) : undefined;
  if (!comparison?.loss || !setting) return snapshot;
  const latent_rank = setting.latent_rank === model.info.kv_lora_rank ? null : setting.latent_rank;
  const tried = { setting: { ...setting, latent_rank }, bytes: comparison.plan.latent_bytes, loss: comparison.loss };
  return { ...snapshot, tried: withTried(snapshot.tried, tried) };
}

function withTried(all: readonly Tried[], tried: Tried): Tried[] {
  return [...all.filter(({ setting }) => !sameCacheSetting(setting, tried.setting)), tried];
}

/** The first model is loaded. Records made at build time stay until the engine has computed the same ones. */
function setFirstModel(snapshot: Snapshot, model: Loaded): Snapshot {
  const { appended, complaints } = knownIds(model, snapshot.state.appended);
  return {
    ...snapshot,
    state: { ...snapshot.state, appended },
    model,
    up: true,
    progress: null,
    fault: null,
    complaints: [...snapshot.complaints, ...complaints],
  };
}

/** Another model tokenizes the text again: token ids differ between models, so appended tokens become text. */
function replaceModel(snapshot: Snapshot, model: Loaded): Snapshot {
  const { state, continuation } = snapshot;
  const looked = clampSelection(model, state);
  const text = state.text + continuation;
  return {
    ...snapshot,
    state: { ...state, ...looked, text, appended: [] },
    model,
    progress: null,
    tokens: [],
    continuation: '',
    beyond: '',
    plain: EMPTY_RUN,
    comparison: null,
    refused: null,
    survey: null,
    tried: [],
    playing: false,
    fault: null,
  };
}
