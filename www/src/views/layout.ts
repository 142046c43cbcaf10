// The geometry of a snapshot: its columns in a width, before and after its tokens are known.
// May import: geometry, scope (state, select), shipped.

import { length, shownPosition } from '../scope/select';
import type { Snapshot } from '../scope/state';
import { shippedShape } from '../shipped';
import type { Columns, Shape } from './geometry';
import { columns } from './geometry';

/** Characters of a token, roughly: only to reserve space until the tokenizer is there. */
const CHARACTERS = 3.7;

export function columnsOf(snapshot: Snapshot, width: number): Columns {
  const count = length(snapshot) || Math.max(1, Math.round(snapshot.state.text.length / CHARACTERS));
  return columns(width, count, shownPosition(snapshot));
}

/** The model's shape; until one is up, the shipped model's. */
export function shapeOf({ model }: Snapshot): Shape {
  return model?.info ?? shippedShape;
}

/** The layer that is chosen. */
export function chosenLayer(snapshot: Snapshot): number {
  return Math.min(snapshot.state.layer, shapeOf(snapshot).num_hidden_layers - 1);
}

/** The positions in sight. */
export function inSight({ first, end }: Columns): number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}
