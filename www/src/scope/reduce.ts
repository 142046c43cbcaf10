// The next snapshot, as a pure function of the snapshot and an intent, or of the snapshot and news from the engine.

import type { Loaded } from '../engine/messages';
import type { ModelIdentity } from '../engine/model-identity';
import { isSameModel, quotedName } from '../engine/model-identity';
import type { StepRecord } from '../engine/types';
import { clamp } from './clamp';
import { isModelMissing, shownPosition, tokenCount } from './select';
import type { Stage } from './stages';
import { indexOfStage, stageAt, stagesOf, writeStage } from './stages';
import type { Comparison, Complaint, Intent, News, Run, ScopeState, Snapshot, SurveyFields, Tried } from './state';
import { EMPTY_RUN } from './state';
import { wellFormed } from './well-formed';
import { cacheSettingOf, isPlain, sameCacheSetting, sameChange } from './what-if';
import { MOST_CONFIG, MOST_CONTEXT, MOST_MEMORY, MOST_SEED, MOST_TEMPERATURE, MOST_USERS } from './fields';
import { END } from './values';

type Selection = Pick<ScopeState, 'layer' | 'expert' | 'head'>;

/** Intents that neither stop playback nor release a hold. */
const QUIET: readonly Intent['do'][] = [
  'hold',
  'look',
  'head',
  'arrange',
  'change',
  'show run',
  'sweep',
  'continue',
  'reveal',
  'guess',
  'play',
  'sample',
  'speed',
  'theme',
  'view',
  'survey',
  'dismiss',
];

/** How an intent moves the playhead forward by one token; null if it does not. */
function stepBy(intent: Intent): Snapshot['stepped'] {
  if (intent.do === 'advance') return 'by playing';
  const forward = intent.do === 'append' || intent.do === 'generate' || (intent.do === 'step' && intent.by > 0);
  return forward ? 'by hand' : null;
}

/** The snapshot after a view's intent. Results of the engine arrive later, as news. */
export function reduceIntent(before: Snapshot, intent: Intent): Snapshot {
  const editing = intent.do === 'type' || (before.editing && intent.do === 'hold');
  const stepped = stepBy(intent);
  const stopped = { ...before, editing, stepped, playing: before.playing && intent.do === 'advance', held: false };
  const snapshot = QUIET.includes(intent.do) ? { ...before, editing } : stopped;
  const { state } = snapshot;
  switch (intent.do) {
    case 'type': {
      const position = state.position >= lastPosition(snapshot) ? END : state.position;
      return { ...replaceText(snapshot, intent.text, position), typed: true };
    }
    case 'example':
      return replaceText(snapshot, intent.text, intent.position);
    case 'seek':
      return movePlayhead(stopRun(snapshot), intent.position);
    case 'step':
      // A step forward counts from the requested position; a step back counts from the shown one and stops the run.
      return intent.by > 0
        ? movePlayhead(snapshot, state.position + 1)
        : movePlayhead(stopRun(snapshot), currentPosition(snapshot) - 1);
    case 'advance':
      return movePlayhead(snapshot, state.position + 1);
    case 'stage':
      return { ...snapshot, state: { ...state, stage: adjacentStage(snapshot, intent.by) } };
    case 'whole step':
      return { ...snapshot, state: { ...state, stage: null } };
    case 'look': {
      const { layer, expert } = clampSelection(snapshot, {
        ...state,
        layer: intent.layer,
        expert: intent.expert ?? null,
      });
      if (layer === state.layer && expert === state.expert) return snapshot;
      return { ...snapshot, state: { ...state, layer, expert } };
    }
    case 'view':
      return { ...snapshot, state: { ...state, view: intent.view } };
    case 'head':
      return { ...snapshot, state: { ...state, ...clampSelection(snapshot, { ...state, head: intent.head }) } };
    case 'arrange':
      return { ...snapshot, state: { ...state, sort: intent.sort ?? state.sort, span: intent.span ?? state.span } };
    case 'show run':
      return { ...snapshot, state: { ...state, shown: intent.shown } };
    case 'change': {
      const whatIf = { ...state.whatIf, ...intent.whatIf };
      const shown = isPlain(whatIf) ? 'auto' : state.shown;
      return { ...snapshot, comparison: null, refused: null, state: { ...state, whatIf, shown } };
    }
    case 'sweep':
    case 'continue':
      return snapshot;
    case 'reveal':
      return { ...snapshot, revealed: shownPosition(snapshot) };
    case 'guess':
      return { ...snapshot, revealed: null, state: { ...state, reveal: intent.reveal } };
    case 'survey':
      return { ...snapshot, state: { ...state, ...clampSurvey(state, intent) } };
    case 'theme':
      return { ...snapshot, state: { ...state, theme: intent.theme } };
    case 'play': {
      // Playing at the end of the text starts again at the first token.
      const again = intent.on && state.position >= lastPosition(snapshot);
      return { ...(again ? movePlayhead(snapshot, 0) : snapshot), playing: intent.on, held: false };
    }
    case 'hold':
      return snapshot.held === intent.on ? snapshot : { ...snapshot, held: intent.on };
    case 'speed':
      return { ...snapshot, state: { ...state, speed: intent.speed } };
    case 'append':
      return appendToken(snapshot, intent.token);
    case 'sample': {
      const temperature = clamp(intent.temperature ?? state.temperature, 0, MOST_TEMPERATURE);
      const seed = clamp(Math.floor(intent.seed ?? state.seed), 0, MOST_SEED);
      return { ...snapshot, state: { ...state, temperature, seed } };
    }
    case 'go':
      return applyState(snapshot, intent.state, intent.complaints);
    case 'dismiss':
      return { ...snapshot, fault: null, complaints: [] };
    case 'open':
    case 'retry':
      return { ...snapshot, fault: null, progress: { loaded: 0, total: null } };
    case 'generate':
      return movePlayhead(snapshot, END);
  }
}

/** The snapshot after news from the engine. */
export function reduceNews(snapshot: Snapshot, news: News): Snapshot {
  const { state } = snapshot;
  switch (news.news) {
    case 'progress':
      return { ...snapshot, progress: news.progress };
    case 'model':
      return { ...withModel(snapshot, news), inPage: news.inPage };
    case 'text': {
      const { linked } = snapshot;
      const { tokens, continuation, beyond } = news.text;
      const changed = tokens.findIndex((token, position) => token !== snapshot.tokens[position]);
      const shared = changed < 0 ? tokens.length : changed;
      const same = changed < 0 && tokens.length === snapshot.tokens.length;
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
      return { ...placed, state: { ...placed.state, ...clampSelection(set, state), stage } };
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

type ModelNews = Extract<News, { readonly news: 'model' }>;

/** A model is loaded: the one that the state names, or another one, which the user has opened. */
function withModel(snapshot: Snapshot, { model, opened }: ModelNews): Snapshot {
  const { state, up } = snapshot;
  const isNamed = isSameModel(state.opened, opened);
  const isFirst = !up || (isNamed && isModelMissing(snapshot));
  // The ids of appended tokens belong to the model that the state names.
  if (isNamed && isFirst) return setFirstModel({ ...(up ? withoutResults(snapshot) : snapshot), opened }, model);
  const complaints = isModelMissing(snapshot) && state.opened ? [otherModel(state.opened, opened)] : [];
  const replaced = replaceModel({ ...snapshot, up: true, opened, state: { ...state, opened } }, model);
  return { ...replaced, complaints: [...replaced.complaints, ...complaints] };
}

/** The link names a model, and the user has opened another one. */
function otherModel(named: ModelIdentity, opened: ModelIdentity | null): Complaint {
  return { field: 'opened', found: quotedName(named), problem: 'model', used: opened ? quotedName(opened) : '' };
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

/** The ids before the first id outside the model's vocabulary, and a complaint about that first id. */
function knownIds({ info }: Loaded, ids: readonly number[]): { appended: readonly number[]; complaints: Complaint[] } {
  const unknown = ids.findIndex(token => token >= info.vocab_size);
  if (unknown < 0) return { appended: ids, complaints: [] };
  const found = String(ids[unknown]);
  const used = String(info.vocab_size - 1);
  return { appended: ids.slice(0, unknown), complaints: [{ field: 'ids', found, problem: 'vocabulary', used }] };
}

/** Another model tokenizes the text again: token ids differ between models, so appended tokens become text. */
function replaceModel(snapshot: Snapshot, model: Loaded): Snapshot {
  const { state, continuation } = snapshot;
  const looked = clampSelection({ ...snapshot, model }, state);
  const text = state.text + continuation;
  return {
    ...withoutResults(snapshot),
    state: { ...state, ...looked, text, appended: [] },
    model,
    progress: null,
    playing: false,
    fault: null,
  };
}

/** The snapshot without the results of its model. */
function withoutResults(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    tokens: [],
    continuation: '',
    beyond: '',
    plain: EMPTY_RUN,
    comparison: null,
    refused: null,
    survey: null,
    tried: [],
  };
}

/** The survey's fields with `asked` applied, numbers clamped to their ranges. */
function clampSurvey(state: ScopeState, asked: Partial<SurveyFields>): SurveyFields {
  const { published, context, users, memory, bits, weights, config } = { ...state, ...asked };
  const whole = (value: number, least: number, most: number, before: number): number =>
    Number.isFinite(value) ? clamp(Math.round(value), least, most) : before;
  return {
    published,
    context: whole(context, 1, MOST_CONTEXT, state.context),
    users: whole(users, 0, MOST_USERS, state.users),
    memory: whole(memory, 1, MOST_MEMORY, state.memory),
    bits,
    weights,
    config: wellFormed(config.slice(0, MOST_CONFIG)),
  };
}

/** Fields of the link that are out of range for this text or model, unless the user has changed them since. */
function outOfRangeComplaints(snapshot: Snapshot, linked: ScopeState | null): Complaint[] {
  const { state, model } = snapshot;
  if (!linked) return [];
  const most = {
    token: tokenCount(snapshot) - 1,
    ran: tokenCount(snapshot) - 1,
    layer: model.info.num_hidden_layers - 1,
    expert: model.info.n_routed_experts - 1,
    head: model.info.num_attention_heads - 1,
  };
  const limited = ({ position, reach, layer, expert, head }: ScopeState): typeof most => ({
    token: position,
    ran: reach > position ? reach : END,
    layer,
    expert: expert ?? 0,
    head,
  });
  const [first, now] = [limited(linked), limited(state)];
  const numbers = (Object.keys(most) as (keyof typeof most)[])
    .filter(field => [first, now].every(each => each[field] !== END && each[field] > most[field]))
    .map((field): Complaint => ({
      field,
      found: String(first[field]),
      problem: field === 'token' || field === 'ran' ? 'end' : 'range',
      used: String(most[field]),
    }));
  return [...numbers, ...stageComplaints(model, linked, state)];
}

/** A complaint about a stage that the model does not have. */
function stageComplaints({ info }: Loaded, { stage: asked }: ScopeState, { stage }: ScopeState): Complaint[] {
  const stages = stagesOf(info);
  const last = stages.length - 1;
  if (asked === null || asked === END || stage !== asked) return [];
  if (typeof asked === 'number') {
    const used = String(last);
    return asked > last ? [{ field: 'stage', found: String(asked), problem: 'range', used }] : [];
  }
  const isKnown = stages.some(({ layer, operation }) => layer === asked.layer && operation === asked.operation);
  return isKnown ? [] : [{ field: 'stage', found: writeStage(asked), problem: 'range', used: '' }];
}

/** Applies a state from a link, a message or the browser's history to the loaded model. */
function applyState(snapshot: Snapshot, from: ScopeState, wrong: readonly Complaint[]): Snapshot {
  const { text, appended, position, whatIf } = snapshot.state;
  const isMissing = isModelMissing({ state: from, opened: snapshot.opened });
  // Ids and indices are checked when the model that they belong to is loaded.
  const ids = isMissing ? { appended: from.appended, complaints: [] } : knownIds(snapshot.model, from.appended);
  const complaints = [...wrong, ...ids.complaints];
  const same = sameChange(from.whatIf, whatIf);
  const wanted = { ...from, appended: ids.appended, whatIf: same ? whatIf : from.whatIf };
  const before = same ? snapshot : { ...snapshot, comparison: null, refused: null };
  const sameText = wanted.text === text && equal(wanted.appended, appended);
  // After typing, the playhead moves to the end of the new text unless the request names a position.
  const typed = snapshot.typed && sameText && wanted.position === position;
  const asked = { ...before, typed, linked: typed ? null : wanted, complaints, state: wanted };
  // Tokenize a new text first; the rest of the state is applied when its tokens are known.
  if (!sameText || isMissing) return { ...asked, uncut: true };
  if (snapshot.linked || snapshot.uncut) return { ...asked, state: { ...wanted, appended } };
  const placed = movePlayhead({ ...asked, linked: null, state: { ...wanted, stage: null } }, wanted.position);
  const looked = clampSelection(snapshot, wanted);
  const stage = knownStage(snapshot.model, wanted.stage);
  const state = { ...placed.state, ...looked, stage, appended };
  return { ...placed, state, complaints: [...complaints, ...outOfRangeComplaints(asked, wanted)] };
}

/** Puts a token after the playhead. Inside a text, the tokens up to the playhead are then stored by id and stay. */
function appendToken(snapshot: Snapshot, token: number): Snapshot {
  const { state, tokens, model } = snapshot;
  const next = shownPosition(snapshot) + 1;
  if (tokens[next] === token) return movePlayhead(snapshot, next);
  const onward = { ...state, position: END, reach: END, stage: null };
  if (next === tokens.length) {
    return { ...snapshot, uncut: true, state: { ...onward, appended: [...state.appended, token] } };
  }
  const appended = [...tokens.slice(model.blank.length, next), token];
  return { ...snapshot, uncut: true, state: { ...onward, text: '', appended } };
}

/** Replaces the text; faults and complaints of the last text are dropped. */
function replaceText(snapshot: Snapshot, text: string, position: number): Snapshot {
  const fault = snapshot.fault?.during === 'run' ? null : snapshot.fault;
  const state = { ...snapshot.state, text, appended: [], position, reach: position, stage: null };
  return { ...snapshot, state, typed: false, linked: null, uncut: true, fault, complaints: [] };
}

/** The position that a step back starts from: the shown one, or the requested one while a new text has no tokens. */
function currentPosition(snapshot: Snapshot): number {
  const { position } = snapshot.state;
  return snapshot.uncut && position !== END ? position : shownPosition(snapshot);
}

/** The text's last position; `END` while its tokens are unknown. */
function lastPosition(snapshot: Snapshot): number {
  return snapshot.tokens.length > 0 && !snapshot.uncut ? tokenCount(snapshot) - 1 : END;
}

/** Moves the playhead and shows the finished step. Positions are clamped only when the tokens are known. */
function movePlayhead(snapshot: Snapshot, position: number): Snapshot {
  const last = lastPosition(snapshot);
  const { state } = snapshot;
  const within = (wanted: number): number => clamp(wanted, 0, Math.max(0, last));
  const reach = within(Math.max(state.reach, position));
  return { ...snapshot, state: { ...state, position: within(position), reach, stage: null } };
}

/** Stops an unfinished run at its last record. */
function stopRun(snapshot: Snapshot): Snapshot {
  const { state, plain } = snapshot;
  return { ...snapshot, state: { ...state, reach: Math.min(state.reach, Math.max(0, plain.records.length - 1)) } };
}

/** The previous or next stage; after the last stage comes the first. */
function adjacentStage({ state, model }: Snapshot, by: 1 | -1): Stage | null {
  const stages = stagesOf(model.info);
  const now = indexOfStage(stages, state.stage);
  return stageAt(stages, by > 0 && now === stages.length - 1 ? 0 : now + by);
}

/** A requested stage by its name in this model; null for the finished step, and for a stage that the model lacks. */
function knownStage({ info }: Loaded, choice: ScopeState['stage']): Stage | null {
  const stages = stagesOf(info);
  return stageAt(stages, indexOfStage(stages, choice));
}

/** The selected layer, expert and head, clamped to the model; no expert if the layer is dense. */
function clampSelection({ model }: Snapshot, { layer, expert, head }: Selection): Selection {
  const { num_hidden_layers, num_attention_heads, n_routed_experts, first_k_dense_replace } = model.info;
  const within = clamp(layer, 0, num_hidden_layers - 1);
  const has = expert !== null && within >= first_k_dense_replace && n_routed_experts > 0;
  return {
    layer: within,
    expert: has ? clamp(expert, 0, n_routed_experts - 1) : null,
    head: clamp(head, 0, num_attention_heads - 1),
  };
}

function equal(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
