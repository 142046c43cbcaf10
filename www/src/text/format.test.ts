import { describe, expect, test } from 'vitest';
import { format } from './format';

const f = format('en');

describe('numbers in English', () => {
  test('whole numbers have commas between thousands', () => {
    expect(f.whole(2560)).toBe('2,560');
    expect(f.whole(0)).toBe('0');
    expect(f.whole(1_234_567.4)).toBe('1,234,567');
  });

  test('large counts are shortened', () => {
    expect(f.compact(2_530_000)).toBe('2.5M');
    expect(f.compact(999)).toBe('999');
    expect(f.counted(671_026_419_200)).toBe('671.03B');
    expect(f.counted(2_530_000)).toBe('2.53M');
  });

  test('exact numbers have four decimals and a typographic minus', () => {
    expect(f.exact(0.84123)).toBe('0.8412');
    expect(f.exact(-0.84123)).toBe('−0.8412');
    expect(f.exact(1073.10114)).toBe('1,073.1011');
    expect(f.hundredths(-0.005)).toBe('−0.01');
    expect(f.hundredths(2)).toBe('2.00');
  });

  test('a percentage has at most one decimal, a small one two; a typed number keeps its decimals', () => {
    expect(f.tenthsPercent(0.53394)).toBe('53.4%');
    expect(f.tenthsPercent(0.99)).toBe('99%');
    expect(f.tenthsPercent(0.00412)).toBe('0.41%');
    expect(f.upToExact(0.8)).toBe('0.8');
    expect(f.upToExact(1073.10114)).toBe('1,073.1011');
  });

  test('a signed number has a plus or a minus', () => {
    expect(f.signedExact(0.0312)).toBe('+0.0312');
    expect(f.signedExact(-0.0187)).toBe('−0.0187');
    expect(f.signedHundredths(0.42)).toBe('+0.42');
    expect(f.signedHundredths(-1000.5)).toBe('−1,000.50');
  });

  test('a number that is rounded to zero has no sign', () => {
    for (const value of [-0, -1e-9, -0.000049, 0]) {
      expect(f.exact(value)).toBe('0.0000');
      expect(f.signedExact(value)).toBe('0.0000');
      expect(f.hundredths(value)).toBe('0.00');
      expect(f.signedHundredths(value)).toBe('0.00');
      expect(f.upToHundredths(value)).toBe('0');
      expect(f.ratio(value)).toBe('0.0');
      expect(f.percent(value / 100)).toBe('0.00%');
      expect(f.whole(value)).toBe('0');
      expect(f.compact(value)).toBe('0');
      expect(f.counted(value)).toBe('0');
    }
    expect(f.signedHundredths(0.004)).toBe('0.00');
    expect(f.scientific(-0)).toBe('0');
  });

  test('a number in scientific notation is rounded up', () => {
    expect(f.scientific(5.91e-8)).toBe('6.0e−8');
    expect(f.scientific(9.91e-8)).toBe('1.0e−7');
    expect(f.scientific(2e-7)).toBe('2.0e−7');
    expect(f.scientific(1.01)).toBe('1.1e0');
    expect(f.scientific(0)).toBe('0');
  });

  test('a percentage below 0.5% is shown as “<1%”, not “0%”', () => {
    expect(f.percent(0.34124)).toBe('34.12%');
    expect(f.percent(1)).toBe('100.00%');
    expect(f.wholePercent(0.3412)).toBe('34%');
    expect(f.wholePercent(0.005)).toBe('1%');
    expect(f.wholePercent(0.00499)).toBe('<1%');
    expect(f.wholePercent(0)).toBe('<1%');
  });

  test('bytes are shown in the largest unit that is not larger than the number', () => {
    expect(f.bytes(0)).toBe('0 B');
    expect(f.bytes(999)).toBe('999 B');
    expect(f.bytes(1000)).toBe('1.00 kB');
    expect(f.bytes(4_000_000)).toBe('4.00 MB');
    expect(f.bytes(9_210_000_000)).toBe('9.21 GB');
    expect(f.bytes(1.5e12)).toBe('1.50 TB');
    expect(f.bytes(2e15)).toBe('2.00 PB');
    expect(f.bytes(3e21)).toBe('3,000.00 EB');
    expect(f.kilobytes(7680)).toBe('7.7');
    expect(f.megabytes(2_920_000)).toBe('2.9');
    expect(f.ratio(640 / 48)).toBe('13.3');
  });

  test('a list has no comma before its “and”', () => {
    expect(f.list([])).toBe('');
    expect(f.list([9])).toBe('9');
    expect(f.list([9, 10])).toBe('9 and 10');
    expect(f.list([9, 10, 14])).toBe('9, 10 and 14');
    expect(f.list(['config.json', 'tokenizer.json'])).toBe('config.json and tokenizer.json');
  });
});
