// Questions that several views ask of a snapshot. Pure; no model mathematics. May import: state, engine's types.

import type { Distribution, Route, StepRecord } from '../engine/types';
import type { Snapshot, StepDetail } from './state';

/** How many of the text's tokens the model's context has room for. */
export function length(snapshot: Snapshot): number {
  return Math.min(snapshot.tokens.length, snapshot.model.info.max_position_embeddings);
}

/** The position that is shown: the chosen one, or, until the model has run that far, the last that has a record. */
export function shownPosition({ state, records }: Snapshot): number {
  return Math.max(0, Math.min(state.position, records.length - 1));
}

/** The record that is shown; undefined while there is none. */
export function shownRecord(snapshot: Snapshot): StepRecord | undefined {
  return snapshot.records[shownPosition(snapshot)];
}

/** Whether the model still runs towards the chosen position. */
export function running(snapshot: Snapshot): boolean {
  return snapshot.records.length < length(snapshot) && snapshot.records.length <= snapshot.state.position;
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

/** What a layer's router chose at a position; undefined where there is no record, or the layer is dense. */
export function routeAt({ records }: Snapshot, position: number, layer: number): Route | undefined {
  return records[position]?.routes.find(route => route.layer === layer);
}

/** Whether a token after this position has room in the context. */
export function hasRoomAfter({ model }: Snapshot, position: number): boolean {
  return position + 1 < model.info.max_position_embeddings;
}

/** The detail of the position that is shown; undefined until it has come. */
export function shownDetail(snapshot: Snapshot): StepDetail | undefined {
  const { detail } = snapshot;
  return detail?.position === shownPosition(snapshot) ? detail : undefined;
}

/** What follows the position that is shown, at the chosen temperature; undefined until it has come. */
export function shownDistribution(snapshot: Snapshot): Distribution | undefined {
  const { distribution, state } = snapshot;
  const here = distribution?.position === shownPosition(snapshot);
  return here && distribution.temperature === Math.fround(state.temperature) ? distribution : undefined;
}
