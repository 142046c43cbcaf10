import { expect, test } from 'vitest';
import { firstDifference } from './continuations';

test('the first difference is the first token that is not the same, or missing', () => {
  expect(firstDifference([1, 2, 3], [1, 2, 3])).toBe(-1);
  expect(firstDifference([1, 2, 3], [1, 4, 3])).toBe(1);
  expect(firstDifference([1, 2], [1, 2, 3])).toBe(2);
  expect(firstDifference([], [])).toBe(-1);
});
