import { expect, test } from 'vitest';
import { chosenLayer, shapeOf } from '../../scope/shape';
import { modelOf, snapshotOf } from '../../testing/snapshots';
import { columns } from './geometry';
import { inSight, positionAndCount } from './layout';

test('the playhead is not after the last token that was run, and tokens beyond the context are not counted', () => {
  expect(positionAndCount(snapshotOf(12, { state: { position: 7 } }))).toEqual({ at: 7, count: 12 });
  expect(positionAndCount(snapshotOf(12, { state: { position: 7 } }, 4))).toEqual({ at: 3, count: 12 });
  expect(positionAndCount(snapshotOf(600, { state: { position: 599 } }))).toEqual({ at: 511, count: 512 });
});

test('before the tokens are known, 3.7 characters count as one token', () => {
  const unknown = snapshotOf(0, { state: { text: 'Once upon a time there was a little girl who' } });
  expect(positionAndCount(unknown)).toEqual({ at: 0, count: 12 });
  expect(positionAndCount(snapshotOf(0, { state: { text: '' } }))).toEqual({ at: 0, count: 1 });
});

test('the chosen layer is clamped to the model’s layers, and the shape has the model’s dimensions', () => {
  expect(chosenLayer(snapshotOf(12, { state: { layer: 3 } }))).toBe(3);
  expect(chosenLayer(snapshotOf(12, { state: { layer: 3 }, model: modelOf({ num_hidden_layers: 2 }) }))).toBe(1);
  expect(shapeOf(snapshotOf(12))).toMatchObject({ num_hidden_layers: 5, n_routed_experts: 16, n_group: 4 });
});

test('the positions in sight are all positions in the columns’ window', () => {
  expect(inSight(columns(360, 12, 11))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
