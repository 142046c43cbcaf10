import fc from 'fast-check';
import { expect, test } from 'vitest';
import { single } from './number';

test('a float32 is written with the fewest digits that restore it', () => {
  expect(single(Math.fround(0.1))).toBe('0.1');
  expect(single(Math.fround(1 / 3))).toBe('0.33333334');
  expect(single(0)).toBe('0');
  expect(single(1)).toBe('1');
  expect(single(-2.5)).toBe('-2.5');
  expect(single(16_777_216)).toBe('16777216');
  expect(single(Math.fround(1.00000012))).toBe('1.0000001');
  expect(single(Math.fround(8.5000011))).toBe('8.500001');
  // The smallest positive float32, and the largest.
  expect(single(2 ** -149)).toBe('1e-45');
  expect(single((2 - 2 ** -23) * 2 ** 127)).toBe('3.4028235e+38');
});

test('infinities are written as words', () => {
  expect(single(Infinity)).toBe('Infinity');
  expect(single(-Infinity)).toBe('-Infinity');
});

test('any finite float32 is restored from its digits; with one digit fewer, the result is another number', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), value => {
      const written = single(value);
      expect(Math.fround(Number(written)) === value).toBe(true);
      const digits = written.replace(/e.*/u, '').replace(/[-.]/gu, '').replace(/^0+/u, '').replace(/0+$/u, '').length;
      if (digits > 1) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
    }),
    { seed: 17, numRuns: 2000 },
  );
});
