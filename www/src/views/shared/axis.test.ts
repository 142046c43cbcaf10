import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { must } from '../../testing/must';
import type { Axis } from './axis';
import { linear, logarithmic } from './axis';

const SEED = 17;
const values = (min: number, max: number) =>
  fc.array(fc.double({ min, max, noNaN: true }), { minLength: 1, maxLength: 9 });

/** Checks that an axis contains the values `all`, and that its ticks are in order from its start to its end. */
function holds({ least, most, ticks, part }: Axis, all: readonly number[]): void {
  expect(least).toBeLessThanOrEqual(Math.min(...all) + 1e-9);
  expect(most).toBeGreaterThanOrEqual(Math.max(...all) - 1e-9);
  expect(most).toBeGreaterThan(least);
  expect(part(least)).toBeCloseTo(0, 9);
  expect(part(most)).toBeCloseTo(1, 9);
  expect(ticks[0]).toBeCloseTo(least, 9);
  expect(ticks.at(-1)).toBeCloseTo(most, 9);
  expect(ticks).toEqual(ticks.toSorted((one, other) => one - other));
}

describe('a logarithmic axis', () => {
  test('has ticks at 1, 2 and 5 times each power of ten', () => {
    const axis = logarithmic([192, 2560]);
    expect(axis).toMatchObject({ least: 100, most: 5000, ticks: [100, 200, 500, 1000, 2000, 5000] });
    expect(axis.part(Math.sqrt(100 * 5000))).toBeCloseTo(0.5, 12);
  });

  test('has ticks at other multiples of each power of ten if they are requested', () => {
    expect(logarithmic([192, 2560], [1]).ticks).toEqual([100, 1000, 10_000]);
  });

  test('of a single value ends at the next tick', () => {
    expect(logarithmic([100]).ticks).toEqual([100, 200]);
    expect(logarithmic([0.3]).ticks).toEqual([0.2, 0.5]);
  });

  test('ends at the largest value if that is a tick', () => {
    expect(logarithmic([192, 500])).toMatchObject({ least: 100, most: 500 });
  });

  test('contains any values above 0', () => {
    fc.assert(
      fc.property(values(1e-6, 1e9), all => {
        holds(logarithmic(all), all);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('a linear axis', () => {
  test('has about the requested number of round ticks', () => {
    expect(linear([2.1, 3.9], 5, 0.2)).toMatchObject({ least: 2, most: 4, ticks: [2, 2.5, 3, 3.5, 4] });
    expect(linear([0, 97], 5, 1).ticks).toEqual([0, 20, 40, 60, 80, 100]);
    expect(linear([2.1, 3.9], 5, 0.2).part(3)).toBe(0.5);
  });

  test('is at least as long as the requested span', () => {
    const { least, most } = linear([3], 5, 0.2);
    expect(most - least).toBeGreaterThanOrEqual(0.2);
    expect([least <= 2.9, most >= 3.1]).toEqual([true, true]);
  });

  test('contains any values, with at most 8 round ticks if 5 are requested', () => {
    fc.assert(
      fc.property(values(-1000, 1000), all => {
        const axis = linear(all, 5, 0.2);
        holds(axis, all);
        expect(axis.ticks.length).toBeLessThanOrEqual(5 + 3);
        const step = must(axis.ticks[1]) - must(axis.ticks[0]);
        const digit = step / 10 ** Math.floor(Math.log10(step) + 1e-6);
        expect([1, 2, 5].some(each => Math.abs(digit - each) < 1e-6)).toBe(true);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
