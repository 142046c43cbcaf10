// Questions about a snapshot that several views ask. Pure, without model mathematics.

import type { DetailName } from '../engine/detail';
import { detailShapes } from '../engine/detail';
import type { SurveyQuestion } from '../engine/client';
import type { Compared, Distribution, ExpertLoad, Route, StepRecord } from '../engine/types';
import type { Comparison, Snapshot, StepDetail, Tried } from './state';
import { isPlain } from './what-if';

/** How many of the text's tokens the model's context has room for. */
export function tokenCount(snapshot: Snapshot): number {
  return Math.min(snapshot.tokens.length, snapshot.model.info.max_position_embeddings);
}

/** The position that is shown: the chosen one, or, until the model has run that far, the last that has a record. */
export function shownPosition({ state, records }: Snapshot): number {
  return Math.max(0, Math.min(state.position, records.length - 1));
}

/** The record that is shown; undefined while there is none, or where it is still to be guessed. */
export function shownRecord(snapshot: Snapshot): StepRecord | undefined {
  return isHidden(snapshot) ? undefined : snapshot.records[shownPosition(snapshot)];
}

/** Whether the model still runs towards the chosen position. */
export function running(snapshot: Snapshot): boolean {
  return snapshot.records.length < tokenCount(snapshot) && snapshot.records.length <= snapshot.state.position;
}

/** How the token at a position is shown alone. */
export function label(snapshot: Snapshot, position: number): string {
  const token = snapshot.tokens[position];
  return token === undefined ? '' : labelOf(snapshot, token);
}

/** How a token is shown alone. */
export function labelOf({ model }: Snapshot, token: number): string {
  return model.vocabulary[token] ?? '';
}

/**
 * What a layer's router chose at a position; undefined where there is no record, the layer is dense, or it is still to
 * be guessed.
 */
export function routeAt(snapshot: Snapshot, position: number, layer: number): Route | undefined {
  if (position === shownPosition(snapshot) && isHidden(snapshot)) return undefined;
  return snapshot.records[position]?.routes.find(route => route.layer === layer);
}

/** Whether a token after this position has room in the context. */
export function hasRoomAfter({ model }: Snapshot, position: number): boolean {
  return position + 1 < model.info.max_position_embeddings;
}

/** Whether something is of the position that is shown. */
function isHere(part: { readonly position: number } | null, snapshot: Snapshot): boolean {
  return part?.position === shownPosition(snapshot);
}

/** Whether all that belongs to a step has come: its detail, its distribution and its load. */
export function isWhole(snapshot: Snapshot): boolean {
  const { detail, expertLoad } = snapshot;
  return isHere(detail, snapshot) && isHere(expertLoad, snapshot) && hasDistribution(snapshot);
}

/** Whether the run with the what-if, if there is one to run, has come as far as the plain one is wanted. */
export function isCompared(snapshot: Snapshot): boolean {
  const { state, comparison, refused } = snapshot;
  if (isPlain(state.whatIf) || refused !== null) return true;
  if (comparison?.whatIf !== state.whatIf || comparison.loss === null) return false;
  return isHere(comparison.detail, snapshot) && comparison.steps.length > runTo(snapshot);
}

/** Whether something is changed of which the engine has said nothing yet: it does so soon. */
export function isAwaited({ state, comparison, refused }: Snapshot): boolean {
  return comparison === null && refused === null && !isPlain(state.whatIf);
}

/** The position up to which the text is run. */
export function runTo(snapshot: Snapshot): number {
  return Math.min(snapshot.state.reach, tokenCount(snapshot) - 1);
}

/** A layer's router logits of the run that `routeNow` is of; undefined until they have come. */
export function logitsNow(snapshot: Snapshot, row: number): Float32Array | undefined {
  if (!isChanged(snapshot)) return part(snapshot, 'router_logits', row);
  const detail = shownComparison(snapshot)?.detail ?? null;
  if (!detail || !isHere(detail, snapshot) || isHidden(snapshot)) return undefined;
  const { n_routed_experts: experts } = snapshot.model.info;
  return detail.router_logits.subarray(row * experts, (row + 1) * experts);
}

/** What a layer's router chooses for the shown token: with the what-if, if there is one that changes anything. */
export function routeNow(snapshot: Snapshot, layer: number): Route | undefined {
  const at = shownPosition(snapshot);
  if (!isChanged(snapshot)) return routeAt(snapshot, at, layer);
  return comparedAt(snapshot, at)?.record.routes.find(route => route.layer === layer);
}

/** Whether a what-if changes anything. */
export function isChanged(snapshot: Snapshot): boolean {
  return shownComparison(snapshot)?.plan.neutral === false;
}

/** Over how many tokens a loss is counted that is up to date: each is foreseen from the position before it. */
export function predictedCount(snapshot: Snapshot): number {
  const run = Math.max(0, Math.min(runTo(snapshot) + 1, tokenCount(snapshot) - 1));
  return Math.max(run, ...snapshot.tried.map(({ loss }) => loss.tokens));
}

/** What was tried with the cache over as many tokens as the text was run; none while that is still to be guessed. */
export function upToDate(snapshot: Snapshot): readonly Tried[] {
  const tokens = predictedCount(snapshot);
  if (isHidden(snapshot) || tokens === 0) return [];
  return snapshot.tried.filter(({ loss }) => loss.tokens === tokens);
}

/**
 * Whether the loss of the plain run is known where it is wanted: the cache lab starts from it, and a what-if that is
 * about to be made is told the sooner.
 */
export function isMeasured(snapshot: Snapshot): boolean {
  const { state, tried } = snapshot;
  const isWanted = state.view === 'cachelab' || (state.view === 'whatif' && isPlain(state.whatIf));
  const tokens = predictedCount(snapshot);
  return !isWanted || tokens === 0 || tried.some(({ loss }) => loss.tokens === tokens);
}

/** The run with the what-if; undefined where nothing is changed, or it is not known yet what that comes to. */
export function shownComparison({ state, comparison }: Snapshot): Comparison | undefined {
  return comparison?.whatIf === state.whatIf && !isPlain(state.whatIf) ? comparison : undefined;
}

/** What the what-if changes at a position; undefined until it has come, or where the step is still to be guessed. */
export function comparedAt(snapshot: Snapshot, position: number): Compared | undefined {
  if (position === shownPosition(snapshot) && isHidden(snapshot)) return undefined;
  return shownComparison(snapshot)?.steps[position];
}

/** Whether the distribution is of the position that is shown, and at the chosen temperature. */
export function hasDistribution(snapshot: Snapshot): boolean {
  const { distribution, state } = snapshot;
  return isHere(distribution, snapshot) && distribution?.temperature === Math.fround(state.temperature);
}

/** The detail of the position that is shown; undefined until it has come, or where it is still to be guessed. */
export function shownDetail(snapshot: Snapshot): StepDetail | undefined {
  const { detail } = snapshot;
  return detail && isHere(detail, snapshot) && !isHidden(snapshot) ? detail : undefined;
}

/** A part of the shown detail: `queries` of a layer and a head, say. Undefined until it has come. */
export function part(snapshot: Snapshot, name: DetailName, ...at: readonly number[]): Float32Array | undefined {
  const detail = shownDetail(snapshot);
  if (!detail) return undefined;
  const shape: readonly number[] = detailShapes(snapshot.model.info, detail.position)[name];
  const size = shape.slice(at.length).reduce((all, each) => all * each, 1);
  const first = at.reduce((before, index, axis) => before * (shape[axis] ?? 1) + index, 0) * size;
  return detail[name].subarray(first, first + size);
}

/** How the tokens up to the position that is shown were spread over the experts; undefined as the detail. */
export function shownExpertLoad(snapshot: Snapshot): ExpertLoad | undefined {
  const { expertLoad } = snapshot;
  return expertLoad && isHere(expertLoad, snapshot) && !isHidden(snapshot) ? expertLoad : undefined;
}

/** Whether the step that is shown is still to be guessed. */
export function isHidden(snapshot: Snapshot): boolean {
  return snapshot.state.reveal === 'click' && snapshot.revealed !== shownPosition(snapshot);
}

/** The attention head that is looked at. */
export function shownHead({ state, model }: Snapshot): number {
  return Math.min(state.head, model.info.num_attention_heads - 1);
}

/** What follows the position that is shown, at the chosen temperature; undefined as the detail. */
export function shownDistribution(snapshot: Snapshot): Distribution | undefined {
  const { distribution } = snapshot;
  return distribution && hasDistribution(snapshot) && !isHidden(snapshot) ? distribution : undefined;
}

/** What is asked of the published models; null where they are not shown. */
export function questionOf({ state }: Snapshot): SurveyQuestion | null {
  if (state.view !== 'models') return null;
  const { context, users, memory, bits, weights, config } = state;
  return { context, users, memory, bits, weights, config };
}

/** Whether the survey answers what is asked. */
export function hasSurvey(snapshot: Snapshot): boolean {
  const asked = questionOf(snapshot);
  const answered = snapshot.survey?.question;
  if (!asked || !answered) return false;
  return (Object.keys(asked) as (keyof SurveyQuestion)[]).every(name => asked[name] === answered[name]);
}
