import { describe, expect, test } from 'vitest';
import { MODEL, modelOf } from '../testing/snapshots';
import { blankDetail, detailShapes } from './detail';

describe('the arrays of a detail', () => {
  test('have the model’s shapes, with one attention weight per token up to the position', () => {
    const shapes = detailShapes(MODEL.info, 3);
    expect(shapes).toMatchObject({
      router_logits: [4, 16],
      attention: [5, 8, 4],
      other_attention: [5, 8, 4],
      latents: [5, 32],
      rope_keys: [5, 16],
      logits: [2048],
      stream: [6, 128],
      queries: [5, 8, 48],
      absorbed_queries: [5, 8, 32],
      values: [5, 8, 32],
      expert_outputs: [4, 4, 128],
      expert_norms: [4, 5],
      stream_norms: [5, 5],
      final_input: [128],
    });
    expect(Object.keys(shapes)).toHaveLength(25);
  });

  test('have as many values as their shapes say, all zero at first', () => {
    const arrays = blankDetail(MODEL.info, 3);
    expect(arrays.attention).toEqual(new Float32Array(5 * 8 * 4));
    expect(arrays.expert_outputs).toHaveLength(4 * 4 * 128);
    expect(Object.keys(arrays)).toEqual(Object.keys(detailShapes(MODEL.info, 3)));
  });

  test('for the chosen experts grow with their number', () => {
    expect(detailShapes({ ...MODEL.info, num_experts_per_tok: 6 }, 0)).toMatchObject({
      expert_outputs: [4, 6, 128],
      parts: [4, 7],
    });
  });

  test('have no router logits if the model has no routed layers', () => {
    const { info } = modelOf({ first_k_dense_replace: 5 });
    expect(blankDetail(info, 0).router_logits).toHaveLength(0);
  });
});
