import { describe, expect, test } from 'vitest';
import { isDone, stagesOf } from './stages';

const SHAPE = { num_hidden_layers: 2, first_k_dense_replace: 1, n_group: 4, topk_group: 2 };

describe('the stages of a step', () => {
  test('a dense layer has 3 stages, a routed layer 5; the last stage is the next token', () => {
    expect(stagesOf(SHAPE)).toEqual([
      { layer: 0, operation: 'cache' },
      { layer: 0, operation: 'attend' },
      { layer: 0, operation: 'dense' },
      { layer: 1, operation: 'cache' },
      { layer: 1, operation: 'attend' },
      { layer: 1, operation: 'score' },
      { layer: 1, operation: 'cut' },
      { layer: 1, operation: 'choose' },
      { layer: null, operation: 'next' },
    ]);
  });

  test('a model of one dense and four routed layers has 24 stages', () => {
    expect(stagesOf({ ...SHAPE, num_hidden_layers: 5 })).toHaveLength(3 + 4 * 5 + 1);
  });

  test('a model that keeps all groups has no stage that rules groups out', () => {
    const operations = stagesOf({ ...SHAPE, topk_group: 4 }).map(({ operation }) => operation);
    expect(operations).not.toContain('cut');
    expect(operations).toHaveLength(8);
  });

  test('a model without routed layers has only stages of dense layers', () => {
    const stages = stagesOf({ ...SHAPE, first_k_dense_replace: 3 });
    expect(stages).toHaveLength(2 * 3 + 1);
    expect(stages.map(({ operation }) => operation)).not.toContain('score');
  });

  test('an operation is done from its stage on', () => {
    const stages = stagesOf(SHAPE);
    expect(isDone(stages, 4, 1, 'score')).toBe(false);
    expect(isDone(stages, 5, 1, 'score')).toBe(true);
    expect(isDone(stages, 8, null, 'next')).toBe(true);
    expect(isDone(stages, 7, null, 'next')).toBe(false);
  });

  test('an operation that the layer does not have is never done', () => {
    expect(isDone(stagesOf(SHAPE), 8, 0, 'score')).toBe(false);
  });
});
