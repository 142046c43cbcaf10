import { expect, test } from 'vitest';
import { firstDifference } from './continuations';

test('the first difference is the first index at which tokens differ or one is missing; -1 if there is none', () => {
  expect(firstDifference([1, 2, 3], [1, 2, 3])).toBe(-1);
  expect(firstDifference([1, 2, 3], [1, 4, 3])).toBe(1);
  expect(firstDifference([1, 2], [1, 2, 3])).toBe(2);
  expect(firstDifference([], [])).toBe(-1);
});
