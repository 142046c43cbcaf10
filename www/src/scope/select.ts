// Questions about a snapshot that several views ask. Pure, without model mathematics.

import type { SurveyQuestion } from '../engine/client';
import type { Progress } from '../engine/fetch-files';
import type { Loaded, RunName } from '../engine/messages';
import { isSameModel } from '../engine/model-identity';
import type {
  CacheBytes,
  Compared,
  DetailName,
  Distribution,
  ExpertLoad,
  Loss,
  ModelInfo,
  NextTokens,
  Route,
  RouteChange,
  StepDetail,
  StepRecord,
} from '../engine/types';
import type { Operation, Stage } from './stages';
import { indexOfStage, isDone, stagesOf } from './stages';
import type { Comparison, Continued, PendingLink, Run, Snapshot, Tried } from './state';
import type { TokenLabel } from './token-label';
import { charactersAt } from './token-label';
import { isPlain } from './what-if';
import type { Place } from './values';

/** True if the state belongs to a model that is not the loaded one. No number may then be shown. */
export function isModelMissing({ state, opened }: Pick<Snapshot, 'state' | 'opened'>): boolean {
  return !isSameModel(state.opened, opened);
}

/** True if a model is loaded, even if its engine has crashed; until then, records may be those made at build time. */
export function hasModel({ engine }: Snapshot): boolean {
  return 'next' in engine;
}

/** Progress of loading a model; null if none is loading. */
export function loadProgress({ engine }: Snapshot): Progress | null {
  if (engine.is === 'loading') return engine.progress;
  return 'next' in engine ? engine.next : null;
}

/** True if the engine runs in the page's own thread. */
export function isInPage({ engine }: Snapshot): boolean {
  return 'inPage' in engine && engine.inPage;
}

/** True if the tokens belong to the state's text. */
export function hasTokens({ text }: Snapshot): boolean {
  return text.is === 'prepared' || text.is === 'tokenized';
}

/** The state that a link asked for, until its fields are checked; null if no link waits. */
export function pendingLink({ text }: Snapshot): PendingLink {
  return 'link' in text ? text.link : null;
}

/** Number of the text's tokens that fit into the model's context. */
export function tokenCount(snapshot: Snapshot): number {
  return Math.min(snapshot.text.tokens.length, snapshot.model.info.max_position_embeddings);
}

/** The changed run, if its numbers are shown: not until it is complete for the first time. */
function shownChange(snapshot: Snapshot): Comparison | undefined {
  const changed = shownComparison(snapshot);
  const isShown = changed && isComplete(changed) && !changed.plan.neutral && snapshot.state.shown !== 'plain';
  return isShown ? changed : undefined;
}

/** The run whose numbers are shown; the plain run until the changed run is complete for the first time. */
export function shownRunName(snapshot: Snapshot): RunName {
  return shownChange(snapshot) ? 'changed' : 'plain';
}

/** The experts that are off in the shown run. */
export function expertsOff(snapshot: Snapshot): readonly Place[] {
  return shownRunName(snapshot) === 'changed' ? snapshot.state.whatIf.experts_off : [];
}

/** True if an expert is off in the shown run. */
export function isOff(snapshot: Snapshot, layer: number, expert: number): boolean {
  return expertsOff(snapshot).some(place => place.layer === layer && place.expert === expert);
}

/** The results of the run that is shown. */
export function shownRun(snapshot: Snapshot): Run {
  return shownChange(snapshot)?.run ?? snapshot.plain;
}

/** The dimensions of the model as the shown run uses them. */
export function shownInfo(snapshot: Snapshot): ModelInfo {
  const { info } = snapshot.model;
  const change = shownChange(snapshot);
  if (!change) return info;
  const { num_experts_per_tok, topk_group } = change.plan;
  const { cache_values: own } = info;
  const { latent_rank: rank, mixture } = change.whatIf;
  const c_kv = rank ?? own.c_kv;
  return {
    ...info,
    num_experts_per_tok,
    topk_group,
    n_shared_experts: mixture === 'without_shared' ? 0 : info.n_shared_experts,
    cache_values: { ...own, c_kv, latent: c_kv + own.rope_key },
  };
}

/** Number of routed experts that run per token in the shown run. */
export function chosenCount(snapshot: Snapshot): number {
  return shownChange(snapshot)?.whatIf.mixture === 'only_shared' ? 0 : shownInfo(snapshot).num_experts_per_tok;
}

/** Bytes that one layer of the shown run stores per token in the latent cache. */
export function latentBytes(snapshot: Snapshot): number {
  const { cache_values, cache_value_bytes, num_hidden_layers } = snapshot.model.info;
  const change = shownChange(snapshot);
  return change ? change.plan.latent_bytes / num_hidden_layers : cache_values.latent * cache_value_bytes;
}

/** The shown position: the requested one, or the last one with a record until the shown run has come that far. */
export function shownPosition(snapshot: Snapshot): number {
  return Math.max(0, Math.min(snapshot.state.position, shownRun(snapshot).records.length - 1));
}

/** True if the shown run has the playhead's record. */
export function isArrived(snapshot: Snapshot): boolean {
  return snapshot.state.position < shownRun(snapshot).records.length;
}

/** Index of the shown stage; the last one if the finished step is shown. */
export function stageIndex({ state, model }: Snapshot): number {
  return indexOfStage(stagesOf(model.info), state.stage);
}

/** The shown stage; undefined if the finished step is shown. */
export function shownStage({ state, model }: Snapshot): Stage | undefined {
  const stages = stagesOf(model.info);
  const index = indexOfStage(stages, state.stage);
  return index < stages.length - 1 ? stages[index] : undefined;
}

/** True if the shown stage, or an earlier stage, contains this operation of the shown step. */
export function isReached(snapshot: Snapshot, layer: number | null, operation: Operation): boolean {
  return isDone(stagesOf(snapshot.model.info), stageIndex(snapshot), layer, operation);
}

/** True if the shown stage is after all operations of a layer, so that the layer's output is in the stream. */
export function isLayerDone(snapshot: Snapshot, layer: number): boolean {
  const isDense = layer < snapshot.model.info.first_k_dense_replace;
  return isReached(snapshot, layer, isDense ? 'dense' : 'choose');
}

/** The part of a record that is computed up to the shown stage. */
export interface ShownRecord extends Pick<StepRecord, 'position' | 'token'> {
  /** The routes of the layers that have chosen their experts. */
  readonly routes: readonly Route[];
  /** Number of bytes in the caches. Of the shown token, only layers that have stored it count. */
  readonly cache: CacheBytes;
  /** Undefined before the last stage. */
  readonly next: NextTokens | undefined;
}

/** The shown record up to the shown stage; undefined until it is computed, or while `reveal=click` hides it. */
export function shownRecord(snapshot: Snapshot): ShownRecord | undefined {
  const record = isHidden(snapshot) ? undefined : shownRun(snapshot).records[shownPosition(snapshot)];
  if (!record || !shownStage(snapshot)) return record;
  const { position, token, routes, cache } = record;
  const whole = (position + 1) * snapshot.model.info.num_hidden_layers;
  const soFar = (bytes: number): number => (bytes / whole) * cachedCells(snapshot);
  return {
    position,
    token,
    routes: routes.filter(({ layer }) => isReached(snapshot, layer, 'choose')),
    cache: { latent: soFar(cache.latent), expanded: soFar(cache.expanded) },
    next: undefined,
  };
}

/** Number of latents, one per token and layer, that are stored at the shown stage. */
export function cachedCells(snapshot: Snapshot): number {
  const layers = snapshot.model.info.num_hidden_layers;
  const stored = Array.from({ length: layers }, (_, layer) => layer).filter(layer =>
    isReached(snapshot, layer, 'cache'),
  );
  return shownPosition(snapshot) * layers + stored.length;
}

/** Bytes that plain multi-head attention with the same heads would have stored at the shown stage. */
export function plainMhaBytes(snapshot: Snapshot): number {
  const { cache_values: values, cache_value_bytes: bytes } = snapshot.model.info;
  return values.plain_mha * bytes * cachedCells(snapshot);
}

/** True if a run that the state asks for is still on its way to the requested position. */
export function running(snapshot: Snapshot): boolean {
  const { length } = shownRun(snapshot).records;
  return length < tokenCount(snapshot) && length <= snapshot.state.position;
}

/** Label of the token at a position. */
export function label({ model, text }: Snapshot, position: number): TokenLabel {
  return labelIn(model, text.tokens, position);
}

/** Label of a token that follows the shown position, in the text or as a possible next token. */
export function nextLabel(snapshot: Snapshot, token: number): TokenLabel {
  const { model, text } = snapshot;
  const { tokens } = text;
  const next = shownPosition(snapshot) + 1;
  return labelIn(model, tokens[next] === token ? tokens : [...tokens.slice(0, next), token], next);
}

/** The label of the token at a position. A byte token shows the character that it forms with its neighbours. */
export function labelIn({ vocabulary, byteTokens }: Loaded, tokens: readonly number[], position: number): TokenLabel {
  const bytesAt = (at: number) => byteTokens.get(tokens[at] ?? -1);
  const isBytes = bytesAt(position) !== undefined;
  const text = vocabulary[tokens[position] ?? -1] ?? '';
  return { text, isBytes, characters: isBytes ? charactersAt(bytesAt, position) : '' };
}

/** A route up to the shown stage: first only the scores, then also the kept groups, then also the chosen experts. */
export type StagedRoute = Pick<Route, 'layer' | 'scores' | 'choice_scores'> & Partial<Route>;

/** A layer's route at a position; undefined if it is not computed, is hidden, or belongs to a later stage. */
export function routeAt(snapshot: Snapshot, position: number, layer: number): Route | undefined {
  if (position === shownPosition(snapshot) && !isReached(snapshot, layer, 'choose')) return undefined;
  return computedRoute(snapshot, position, layer);
}

/** A layer's route at a position, up to the shown stage; undefined before the stage that computes the scores. */
export function stagedRouteAt(snapshot: Snapshot, position: number, layer: number): StagedRoute | undefined {
  const route = computedRoute(snapshot, position, layer);
  if (!route || position !== shownPosition(snapshot) || isReached(snapshot, layer, 'choose')) return route;
  if (!isReached(snapshot, layer, 'score')) return undefined;
  const { scores, choice_scores, group_scores, kept_groups } = route;
  const groups = isReached(snapshot, layer, 'cut') ? { group_scores, kept_groups } : {};
  return { layer, scores, choice_scores, ...groups };
}

/** A layer's route at a position; undefined without a record, in a dense layer, or while `reveal=click` hides it. */
function computedRoute(snapshot: Snapshot, position: number, layer: number): Route | undefined {
  if (position === shownPosition(snapshot) && isHidden(snapshot)) return undefined;
  return shownRun(snapshot).records[position]?.routes.find(route => route.layer === layer);
}

/** True if the context has room for a token after this position. */
export function hasRoomAfter({ model }: Snapshot, position: number): boolean {
  return position + 1 < model.info.max_position_embeddings;
}

/** True if the model can append a token to the text. */
export function mayGenerate(snapshot: Snapshot): boolean {
  const { length } = snapshot.text.tokens;
  return hasModel(snapshot) && length > 0 && hasRoomAfter(snapshot, length - 1);
}

/** True if a result belongs to the shown position. */
function isHere(part: { readonly position: number } | null, snapshot: Snapshot): boolean {
  return part?.position === shownPosition(snapshot);
}

/** True if the shown step has its detail, its distribution and its expert load. */
export function isWhole(snapshot: Snapshot): boolean {
  const { detail, expertLoad } = shownRun(snapshot);
  return isHere(detail, snapshot) && isHere(expertLoad, snapshot) && hasDistribution(snapshot);
}

/** True if no changed run is needed, or if it is complete up to the last position of the plain run. */
export function isCompared(snapshot: Snapshot): boolean {
  if (isPlain(snapshot.state.whatIf) || refusal(snapshot) !== null) return true;
  const comparison = shownComparison(snapshot);
  return comparison?.progress.is === 'level' && comparison.steps.length > runTo(snapshot);
}

/** True if the state has a what-if that the engine has not answered yet. */
export function isAwaited({ state, changed }: Snapshot): boolean {
  return changed === null && !isPlain(state.whatIf);
}

/** The engine's sentence about a what-if that this model does not support; null if none is refused. */
export function refusal({ changed }: Snapshot): string | null {
  return changed?.is === 'refused' ? changed.sentence : null;
}

/** The last position to run. */
export function runTo(snapshot: Snapshot): number {
  return Math.min(snapshot.state.reach, tokenCount(snapshot) - 1);
}

/** True if the engine has answered that the state's what-if changes something. */
export function isChanged(snapshot: Snapshot): boolean {
  return shownComparison(snapshot)?.plan.neutral === false;
}

/** Number of tokens in a loss that is up to date. The model predicts a token at the position before that token. */
export function predictedCount(snapshot: Snapshot): number {
  const run = Math.max(0, Math.min(runTo(snapshot) + 1, tokenCount(snapshot) - 1));
  return Math.max(run, ...snapshot.tried.map(({ loss }) => loss.tokens));
}

/** Tried cache settings whose loss is up to date; none while `reveal=click` hides the step. */
export function upToDate(snapshot: Snapshot): readonly Tried[] {
  const tokens = predictedCount(snapshot);
  if (isHidden(snapshot) || tokens === 0) return [];
  return snapshot.tried.filter(({ loss }) => loss.tokens === tokens);
}

/** True if the plain run's loss is known or not needed. The cache lab and the what-if view before a change need it. */
export function isMeasured(snapshot: Snapshot): boolean {
  const { state, tried } = snapshot;
  const isWanted = state.view === 'cachelab' || (state.view === 'whatif' && isPlain(state.whatIf));
  const tokens = predictedCount(snapshot);
  return !isWanted || tokens === 0 || tried.some(({ loss }) => loss.tokens === tokens);
}

/** The comparison with the changed run; undefined without a what-if, or until the engine has answered it. */
export function shownComparison({ state, changed }: Snapshot): Comparison | undefined {
  const isShown = changed?.is === 'compared' && changed.whatIf === state.whatIf && !isPlain(state.whatIf);
  return isShown ? changed : undefined;
}

/** True if the changed run has reached the position of the plain run, now or before. */
export function isComplete({ progress }: Comparison): boolean {
  return progress.is !== 'first';
}

/** The loss over the steps of both runs; null until the changed run has reached the position of the plain run. */
export function lossOf(comparison: Comparison | undefined): Loss | null {
  return comparison?.progress.is === 'level' ? comparison.progress.loss : null;
}

/** How both runs continue the text; undefined until the engine was asked for this text, temperature and seed. */
export function shownContinuations(snapshot: Snapshot): Continued | undefined {
  const { state, text } = snapshot;
  const continued = shownComparison(snapshot)?.continued;
  const isSame = continued?.tokens === text.tokens && continued.temperature === state.temperature;
  return isSame && continued.seed === state.seed ? continued : undefined;
}

/** True if the end of the shown step is hidden: by a question, or because an earlier stage is shown. */
export function isEndHidden(snapshot: Snapshot): boolean {
  return isHidden(snapshot) || shownStage(snapshot) !== undefined;
}

/** The comparison of both runs at a position; undefined until it is computed, or while the step's end is hidden. */
export function comparedAt(snapshot: Snapshot, position: number): Compared | undefined {
  if (position === shownPosition(snapshot) && isEndHidden(snapshot)) return undefined;
  return shownComparison(snapshot)?.steps[position];
}

/** The layers that chose different experts in the two runs at a position, with both routes, up to the shown stage. */
export function changedRoutesAt(snapshot: Snapshot, position: number): ChangedRoute[] {
  const isShown = position === shownPosition(snapshot);
  if (isShown && isHidden(snapshot)) return [];
  const routeOf = (record: StepRecord | undefined, layer: number): Route | undefined =>
    record?.routes.find(route => route.layer === layer);
  const compared = shownComparison(snapshot)?.steps[position];
  return (compared?.route_changes ?? [])
    .filter(({ layer }) => !isShown || isReached(snapshot, layer, 'choose'))
    .map(({ layer, left, entered }) => ({
      layer,
      left,
      entered,
      plain: routeOf(snapshot.plain.records[position], layer),
      changed: routeOf(compared?.record, layer),
    }));
}

/** The routes of one layer in both runs, and the experts that only one run chose. */
export interface ChangedRoute extends Pick<RouteChange, 'layer' | 'left' | 'entered'> {
  readonly plain: Route | undefined;
  readonly changed: Route | undefined;
}

/** True if the distribution belongs to the shown position and the chosen temperature. */
export function hasDistribution(snapshot: Snapshot): boolean {
  const { distribution } = shownRun(snapshot);
  return isHere(distribution, snapshot) && distribution?.temperature === Math.fround(snapshot.state.temperature);
}

/** True if the detail of the shown position is computed, and no question hides it. */
export function hasDetail(snapshot: Snapshot): boolean {
  return shownDetail(snapshot) !== undefined;
}

/** The detail of the shown position; undefined until it is computed, or while the step is hidden. */
function shownDetail(snapshot: Snapshot): StepDetail | undefined {
  const { detail } = shownRun(snapshot);
  return detail && isHere(detail, snapshot) && !isHidden(snapshot) ? detail : undefined;
}

/**
 * A part of the shown detail, for example `queries` of a layer and a head; undefined until it is computed, or if it
 * belongs to a later stage.
 */
export function part(snapshot: Snapshot, name: DetailName, ...at: readonly number[]): Float32Array | undefined {
  const detail = shownDetail(snapshot);
  if (!detail) return undefined;
  const rows = detail[name].shape[0] ?? 1;
  return isRowReached(snapshot, name, at[0] ?? rows - 1) ? partOf(detail[name], at) : undefined;
}

/** The part of a row-major array at the given indices of its first axes. */
function partOf({ shape, values }: StepDetail[DetailName], at: readonly number[]): Float32Array {
  const size = shape.slice(at.length).reduce((all, each) => all * each, 1);
  const first = at.reduce((before, index, axis) => before * (shape[axis] ?? 1) + index, 0) * size;
  return values.subarray(first, first + size);
}

/** True if the shown stage has computed this row of the detail's array. There is a row per layer or per routed layer. */
function isRowReached(snapshot: Snapshot, name: DetailName, row: number): boolean {
  if (!shownStage(snapshot)) return true;
  const { first_k_dense_replace: dense } = snapshot.model.info;
  switch (name) {
    case 'stream':
      return row === 0 || isLayerDone(snapshot, row - 1);
    case 'attention_inputs':
    case 'latents':
    case 'rope_keys':
      return isReached(snapshot, row, 'cache');
    case 'queries':
    case 'absorbed_queries':
    case 'keys':
    case 'values':
    case 'attention':
    case 'other_attention':
    case 'weight_differences':
    case 'attention_differences':
    case 'head_outputs':
    case 'attention_outputs':
    case 'attended':
      return isReached(snapshot, row, 'attend');
    case 'ffn_inputs':
      return isReached(snapshot, row, row < dense ? 'dense' : 'score');
    case 'router_logits':
      return isReached(snapshot, row + dense, 'score');
    case 'expert_outputs':
    case 'shared_outputs':
    case 'expert_norms':
    case 'parts':
      return isReached(snapshot, row + dense, 'choose');
    // `normsOf` returns those norms of a layer that are computed before the layer's last stage.
    case 'stream_norms':
    case 'ffn_outputs':
      return isLayerDone(snapshot, row);
    case 'final_input':
    case 'logits':
      return false;
  }
}

/**
 * The norms of a layer's stream and of the outputs that are added to it, in the order in which they are computed: the
 * first one to five of them, up to the shown stage. Undefined until the detail is computed.
 */
export function normsOf(snapshot: Snapshot, layer: number): Float32Array | undefined {
  const detail = shownDetail(snapshot);
  if (!detail) return undefined;
  const norms = partOf(detail.stream_norms, [layer]);
  if (isLayerDone(snapshot, layer)) return norms;
  if (isReached(snapshot, layer, 'attend')) return norms.subarray(0, 3);
  return norms.subarray(0, layer === 0 || isLayerDone(snapshot, layer - 1) ? 1 : 0);
}

/**
 * The expert load up to the shown position; undefined until it is computed, or while the step is hidden. Layers in which
 * no expert was chosen have no relative load and are left out. So are layers that choose after the shown stage.
 */
export function shownExpertLoad(snapshot: Snapshot): ExpertLoad | undefined {
  const { expertLoad } = shownRun(snapshot);
  if (!expertLoad || !isHere(expertLoad, snapshot) || isHidden(snapshot)) return undefined;
  const { layers } = expertLoad;
  const isUsed = ({ layer, uniform }: ExpertLoad['layers'][number]): boolean =>
    uniform > 0 && isReached(snapshot, layer, 'choose');
  return layers.every(isUsed) ? expertLoad : { ...expertLoad, layers: layers.filter(isUsed) };
}

/** True if `reveal=click` still hides the answer of the shown step. */
export function isHidden(snapshot: Snapshot): boolean {
  return snapshot.state.reveal === 'click' && snapshot.revealed !== shownPosition(snapshot);
}

/** The selected attention head, clamped to the model. */
export function shownHead({ state, model }: Snapshot): number {
  return Math.min(state.head, model.info.num_attention_heads - 1);
}

/** The next token's distribution at the chosen temperature; undefined until computed, or while it is hidden. */
export function shownDistribution(snapshot: Snapshot): Distribution | undefined {
  const { distribution } = shownRun(snapshot);
  return distribution && hasDistribution(snapshot) && !isEndHidden(snapshot) ? distribution : undefined;
}

/** The survey's settings in the state; null if the published models are not shown. */
export function questionOf({ state }: Snapshot): SurveyQuestion | null {
  if (state.view !== 'models') return null;
  const { context, users, memory, bits, weights, config } = state;
  return { context, users, memory, bits, weights, config };
}

/** True if the survey in the snapshot was computed with the state's settings. */
export function hasSurvey(snapshot: Snapshot): boolean {
  const asked = questionOf(snapshot);
  const answered = snapshot.survey?.question;
  if (!asked || !answered) return false;
  return (Object.keys(asked) as (keyof SurveyQuestion)[]).every(name => asked[name] === answered[name]);
}
