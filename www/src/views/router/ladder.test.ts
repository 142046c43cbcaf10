import { expect, test } from 'vitest';
import { must } from '../../testing/must';
import { comparisonOf, MODEL, recordedSnapshot, RUN, WHAT_IF } from '../../testing/snapshots';
import { Ladder } from './ladder';

test('the bias of an expert is the model’s in the plain run, and the engine’s resolved bias in the changed run', () => {
  const plan = { ...RUN.plan, selection_biases: RUN.plan.selection_biases.map(layer => layer.map(() => 0.25)) };
  const biasOf = (shown: 'auto' | 'plain'): number | undefined => {
    const snapshot = recordedSnapshot({ changed: comparisonOf({ plan }), state: { whatIf: WHAT_IF, shown } });
    return must(Ladder.of(snapshot, 2)).value({ expert: 3, column: 'bias' });
  };
  expect(biasOf('auto')).toBe(0.25);
  expect(biasOf('plain')).toBe(MODEL.selectionBiases[1]?.[3]);
});
