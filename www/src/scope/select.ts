// Questions about a snapshot that several views ask. Pure, without model mathematics.

import type { SurveyQuestion } from '../engine/client';
import type { RunName } from '../engine/messages';
import type {
  Compared,
  DetailName,
  Distribution,
  ExpertLoad,
  ModelInfo,
  Route,
  StepDetail,
  StepRecord,
} from '../engine/types';
import type { Comparison, Continued, Run, Snapshot, Tried } from './state';
import { isPlain } from './what-if';

/** Number of the text's tokens that fit into the model's context. */
export function tokenCount(snapshot: Snapshot): number {
  return Math.min(snapshot.tokens.length, snapshot.model.info.max_position_embeddings);
}

/** The run whose numbers are shown; the plain run until the changed run is complete for the first time. */
export function shownRunName(snapshot: Snapshot): RunName {
  const changed = shownComparison(snapshot);
  return changed?.complete && !changed.plan.neutral && snapshot.state.shown !== 'plain' ? 'changed' : 'plain';
}

/** The results of the run that is shown. */
export function shownRun(snapshot: Snapshot): Run {
  return (shownRunName(snapshot) === 'changed' ? snapshot.comparison?.run : undefined) ?? snapshot.plain;
}

/** The dimensions of the model as the shown run uses them. */
export function shownInfo(snapshot: Snapshot): ModelInfo {
  const { info } = snapshot.model;
  if (shownRunName(snapshot) === 'plain' || !snapshot.comparison) return info;
  const { num_experts_per_tok, topk_group } = snapshot.comparison.plan;
  const { cache_values: own } = info;
  const { rank, mixture } = snapshot.state.whatIf;
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
  const isOnlyShared = shownRunName(snapshot) === 'changed' && snapshot.state.whatIf.mixture === 'only_shared';
  return isOnlyShared ? 0 : shownInfo(snapshot).num_experts_per_tok;
}

/** Bytes that one layer of the shown run stores per token in the latent cache. */
export function latentBytes(snapshot: Snapshot): number {
  const { cache_values, cache_value_bytes, num_hidden_layers } = snapshot.model.info;
  return shownRunName(snapshot) === 'changed' && snapshot.comparison
    ? snapshot.comparison.plan.latent_bytes / num_hidden_layers
    : cache_values.latent * cache_value_bytes;
}

/** The shown position: the requested one, or the last one with a record until the shown run has come that far. */
export function shownPosition(snapshot: Snapshot): number {
  return Math.max(0, Math.min(snapshot.state.position, shownRun(snapshot).records.length - 1));
}

/** True if the shown run has the playhead's record. */
export function isArrived(snapshot: Snapshot): boolean {
  return snapshot.state.position < shownRun(snapshot).records.length;
}

/** The shown record; undefined if there is none, or while `reveal=click` hides it. */
export function shownRecord(snapshot: Snapshot): StepRecord | undefined {
  return isHidden(snapshot) ? undefined : shownRun(snapshot).records[shownPosition(snapshot)];
}

/** True if a run that the state asks for is still on its way to the requested position. */
export function running(snapshot: Snapshot): boolean {
  const { length } = shownRun(snapshot).records;
  return length < tokenCount(snapshot) && length <= snapshot.state.position;
}

/** Label of the token at a position. */
export function label(snapshot: Snapshot, position: number): string {
  const token = snapshot.tokens[position];
  return token === undefined ? '' : labelOf(snapshot, token);
}

/** Label of a token id. */
export function labelOf({ model }: Snapshot, token: number): string {
  return model.vocabulary[token] ?? '';
}

/** A layer's route at a position; undefined without a record, in a dense layer, or while `reveal=click` hides it. */
export function routeAt(snapshot: Snapshot, position: number, layer: number): Route | undefined {
  if (position === shownPosition(snapshot) && isHidden(snapshot)) return undefined;
  return shownRun(snapshot).records[position]?.routes.find(route => route.layer === layer);
}

/** True if the context has room for a token after this position. */
export function hasRoomAfter({ model }: Snapshot, position: number): boolean {
  return position + 1 < model.info.max_position_embeddings;
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
  const { state, comparison, refused } = snapshot;
  if (isPlain(state.whatIf) || refused !== null) return true;
  if (comparison?.whatIf !== state.whatIf || comparison.loss === null) return false;
  return comparison.steps.length > runTo(snapshot);
}

/** True if the state has a what-if that the engine has not answered yet. */
export function isAwaited({ state, comparison, refused }: Snapshot): boolean {
  return comparison === null && refused === null && !isPlain(state.whatIf);
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
export function shownComparison({ state, comparison }: Snapshot): Comparison | undefined {
  return comparison?.whatIf === state.whatIf && !isPlain(state.whatIf) ? comparison : undefined;
}

/** How both runs continue the text; undefined until the engine was asked for this text, temperature and seed. */
export function shownContinuations(snapshot: Snapshot): Continued | undefined {
  const { state, tokens } = snapshot;
  const continued = shownComparison(snapshot)?.continued;
  const isSame = continued?.tokens === tokens && continued.temperature === state.temperature;
  return isSame && continued.seed === state.seed ? continued : undefined;
}

/** The comparison of both runs at a position; undefined until it is computed, or while the step is hidden. */
export function comparedAt(snapshot: Snapshot, position: number): Compared | undefined {
  if (position === shownPosition(snapshot) && isHidden(snapshot)) return undefined;
  return shownComparison(snapshot)?.steps[position];
}

/** True if the distribution belongs to the shown position and the chosen temperature. */
export function hasDistribution(snapshot: Snapshot): boolean {
  const { distribution } = shownRun(snapshot);
  return isHere(distribution, snapshot) && distribution?.temperature === Math.fround(snapshot.state.temperature);
}

/** The detail of the shown position; undefined until it is computed, or while the step is hidden. */
export function shownDetail(snapshot: Snapshot): StepDetail | undefined {
  const { detail } = shownRun(snapshot);
  return detail && isHere(detail, snapshot) && !isHidden(snapshot) ? detail : undefined;
}

/** A part of the shown detail, for example `queries` of a layer and a head; undefined until it is computed. */
export function part(snapshot: Snapshot, name: DetailName, ...at: readonly number[]): Float32Array | undefined {
  const detail = shownDetail(snapshot);
  if (!detail) return undefined;
  const { shape, values } = detail[name];
  const size = shape.slice(at.length).reduce((all, each) => all * each, 1);
  const first = at.reduce((before, index, axis) => before * (shape[axis] ?? 1) + index, 0) * size;
  return values.subarray(first, first + size);
}

/**
 * The expert load up to the shown position; undefined until it is computed, or while the step is hidden. Layers in which
 * no expert was chosen have no relative load and are left out.
 */
export function shownExpertLoad(snapshot: Snapshot): ExpertLoad | undefined {
  const { expertLoad } = shownRun(snapshot);
  if (!expertLoad || !isHere(expertLoad, snapshot) || isHidden(snapshot)) return undefined;
  const { layers } = expertLoad;
  const isUsed = ({ uniform }: ExpertLoad['layers'][number]): boolean => uniform > 0;
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

/** The next token's distribution at the chosen temperature; undefined until computed, or while the step is hidden. */
export function shownDistribution(snapshot: Snapshot): Distribution | undefined {
  const { distribution } = shownRun(snapshot);
  return distribution && hasDistribution(snapshot) && !isHidden(snapshot) ? distribution : undefined;
}

/** The state's question to the survey; null if the published models are not shown. */
export function questionOf({ state }: Snapshot): SurveyQuestion | null {
  if (state.view !== 'models') return null;
  const { context, users, memory, bits, weights, config } = state;
  return { context, users, memory, bits, weights, config };
}

/** True if the survey in the snapshot answers the state's question. */
export function hasSurvey(snapshot: Snapshot): boolean {
  const asked = questionOf(snapshot);
  const answered = snapshot.survey?.question;
  if (!asked || !answered) return false;
  return (Object.keys(asked) as (keyof SurveyQuestion)[]).every(name => asked[name] === answered[name]);
}
