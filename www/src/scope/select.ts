// Questions about a snapshot that several views ask. Pure, without model mathematics.

import type { DetailName } from '../engine/detail';
import { detailShapes } from '../engine/detail';
import type { SurveyQuestion } from '../engine/client';
import type { Compared, Distribution, ExpertLoad, Route, StepRecord } from '../engine/types';
import type { Comparison, Snapshot, StepDetail, Tried } from './state';
import { isPlain } from './what-if';

/** Number of the text's tokens that fit into the model's context. */
export function tokenCount(snapshot: Snapshot): number {
  return Math.min(snapshot.tokens.length, snapshot.model.info.max_position_embeddings);
}

/** The shown position: the requested one, or the last one with a record until the model has run that far. */
export function shownPosition({ state, records }: Snapshot): number {
  return Math.max(0, Math.min(state.position, records.length - 1));
}

/** True if the model has run the playhead's token, so that its record exists. */
export function isArrived({ records, state }: Snapshot): boolean {
  return state.position < records.length;
}

/** The shown record; undefined if there is none, or while `reveal=click` hides it. */
export function shownRecord(snapshot: Snapshot): StepRecord | undefined {
  return isHidden(snapshot) ? undefined : snapshot.records[shownPosition(snapshot)];
}

/** True if the model is still running towards the requested position. */
export function running(snapshot: Snapshot): boolean {
  return snapshot.records.length < tokenCount(snapshot) && snapshot.records.length <= snapshot.state.position;
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
  return snapshot.records[position]?.routes.find(route => route.layer === layer);
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
  const { detail, expertLoad } = snapshot;
  return isHere(detail, snapshot) && isHere(expertLoad, snapshot) && hasDistribution(snapshot);
}

/** True if no changed run is needed, or if it is complete up to the last position of the plain run. */
export function isCompared(snapshot: Snapshot): boolean {
  const { state, comparison, refused } = snapshot;
  if (isPlain(state.whatIf) || refused !== null) return true;
  if (comparison?.whatIf !== state.whatIf || comparison.loss === null) return false;
  return isHere(comparison.detail, snapshot) && comparison.steps.length > runTo(snapshot);
}

/** True if the state has a what-if that the engine has not answered yet. */
export function isAwaited({ state, comparison, refused }: Snapshot): boolean {
  return comparison === null && refused === null && !isPlain(state.whatIf);
}

/** The last position to run. */
export function runTo(snapshot: Snapshot): number {
  return Math.min(snapshot.state.reach, tokenCount(snapshot) - 1);
}

/** Router logits of routed layer `row` (from 0), of the same run as `routeNow`; undefined until they are computed. */
export function logitsNow(snapshot: Snapshot, row: number): Float32Array | undefined {
  if (!isChanged(snapshot)) return part(snapshot, 'router_logits', row);
  const detail = shownComparison(snapshot)?.detail ?? null;
  if (!detail || !isHere(detail, snapshot) || isHidden(snapshot)) return undefined;
  const { n_routed_experts: experts } = snapshot.model.info;
  return detail.router_logits.subarray(row * experts, (row + 1) * experts);
}

/** A layer's route of the shown token; of the changed run if the what-if changes anything. */
export function routeNow(snapshot: Snapshot, layer: number): Route | undefined {
  const at = shownPosition(snapshot);
  if (!isChanged(snapshot)) return routeAt(snapshot, at, layer);
  return comparedAt(snapshot, at)?.record.routes.find(route => route.layer === layer);
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

/** The comparison of both runs at a position; undefined until it is computed, or while the step is hidden. */
export function comparedAt(snapshot: Snapshot, position: number): Compared | undefined {
  if (position === shownPosition(snapshot) && isHidden(snapshot)) return undefined;
  return shownComparison(snapshot)?.steps[position];
}

/** True if the distribution belongs to the shown position and the chosen temperature. */
export function hasDistribution(snapshot: Snapshot): boolean {
  const { distribution, state } = snapshot;
  return isHere(distribution, snapshot) && distribution?.temperature === Math.fround(state.temperature);
}

/** The detail of the shown position; undefined until it is computed, or while the step is hidden. */
export function shownDetail(snapshot: Snapshot): StepDetail | undefined {
  const { detail } = snapshot;
  return detail && isHere(detail, snapshot) && !isHidden(snapshot) ? detail : undefined;
}

/** A part of the shown detail, for example `queries` of a layer and a head; undefined until it is computed. */
export function part(snapshot: Snapshot, name: DetailName, ...at: readonly number[]): Float32Array | undefined {
  const detail = shownDetail(snapshot);
  if (!detail) return undefined;
  const shape: readonly number[] = detailShapes(snapshot.model.info, detail.position)[name];
  const size = shape.slice(at.length).reduce((all, each) => all * each, 1);
  const first = at.reduce((before, index, axis) => before * (shape[axis] ?? 1) + index, 0) * size;
  return detail[name].subarray(first, first + size);
}

/** The expert load up to the shown position; undefined until it is computed, or while the step is hidden. */
export function shownExpertLoad(snapshot: Snapshot): ExpertLoad | undefined {
  const { expertLoad } = snapshot;
  return expertLoad && isHere(expertLoad, snapshot) && !isHidden(snapshot) ? expertLoad : undefined;
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
  const { distribution } = snapshot;
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
