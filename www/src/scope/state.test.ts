import { expect, test } from 'vitest';
import { MODEL, recordsOf } from '../testing/snapshots';
import { firstSnapshot, initialState } from './state';
import { END } from './values';

/** The number of prepared records, of 6, that are shown before the engine is ready. */
function shown(position: number, reach: number): number {
  const state = { ...initialState('some text', position, 4), reach };
  const prepared = { model: MODEL, tokens: [0, 1, 2, 3, 4, 5, 6, 7], records: recordsOf(6) };
  return firstSnapshot(state, prepared, null, true).plain.records.length;
}

test('before the engine is ready, only tokens that the state runs have records', () => {
  expect(shown(2, 2)).toBe(3);
  expect(shown(2, 4)).toBe(5);
  expect(shown(0, 0)).toBe(1);
  // Beyond the prepared records.
  expect(shown(5, 5)).toBe(6);
  expect(shown(7, 7)).toBe(6);
  expect(shown(END, END)).toBe(6);
});
