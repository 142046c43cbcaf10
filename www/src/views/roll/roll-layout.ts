// The layout of a snapshot, from which all parts of the roll are drawn.

import type { ShownRecord, StagedRoute } from '../../scope/select';
import { isReached, routeAt, shownRecord, stagedRouteAt } from '../../scope/select';
import { chosenLayer, shapeOf } from '../../scope/shape';
import type { Operation } from '../../scope/stages';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import type { Columns, Staves } from '../shared/geometry';
import {
  columns,
  denseLayers,
  isPhone,
  nextTokensWidth,
  pitchThatFits,
  routedLayers,
  showsAll,
  stavesOf,
} from '../shared/geometry';
import { inSight, positionAndCount } from '../shared/layout';
import type { Placed } from '../shared/score-marks';

export interface RollLayout {
  readonly snapshot: Snapshot;
  readonly words: Words;
  readonly columns: Columns;
  readonly picture: Staves;
  /** True if all layers are drawn; otherwise an overview and one layer. */
  readonly all: boolean;
  /** The shown token's results up to the shown stage; undefined until computed, or while a question hides them. */
  readonly record: ShownRecord | undefined;
  /** True if an operation of the playhead's step belongs to the shown stage or to an earlier stage. */
  done(layer: number | null, operation: Operation): boolean;
}

/** The layout of a snapshot in a width and a height, in px. */
export function layOutRoll(snapshot: Snapshot, words: Words, width: number, height: number): RollLayout {
  const shape = shapeOf(snapshot);
  const phone = isPhone(width);
  const all = showsAll(shape, phone);
  const layers = all ? [...routedLayers(shape), ...denseLayers(shape)] : [chosenLayer(snapshot)];
  const { at, count } = positionAndCount(snapshot);
  return {
    snapshot,
    words,
    columns: columns(width - nextTokensWidth(width), count, at, phone),
    picture: stavesOf(shape, layers, pitchThatFits(shape, height, phone)),
    all,
    record: shownRecord(snapshot),
    done: (layer, operation) => isReached(snapshot, layer, operation),
  };
}

/** A layer's routes for the tokens in sight. */
export function placedIn({ snapshot, columns }: RollLayout, layer: number): Placed[] {
  return inSight(columns).flatMap(position => {
    const route = routeAt(snapshot, position, layer);
    return route ? [{ position, route }] : [];
  });
}

/** The shown token's route in a layer, up to the shown stage; undefined before its scores, and in a dense layer. */
export function routeHere({ snapshot, record }: RollLayout, layer: number): StagedRoute | undefined {
  return record && stagedRouteAt(snapshot, record.position, layer);
}
