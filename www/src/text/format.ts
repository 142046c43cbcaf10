// Formats numbers for a language. Every number on the page is formatted here.

export interface Format {
  /** 2,560 */
  readonly whole: (value: number) => string;
  /** 2.5M */
  readonly compact: (value: number) => string;
  /** 0.8412, −0.8412: with a minus sign instead of a hyphen */
  readonly exact: (value: number) => string;
  /** 0.84, −0.84 */
  readonly hundredths: (value: number) => string;
  /** +0.8412, −0.8412, 0.0000 */
  readonly signedExact: (value: number) => string;
  /** +0.84, −0.84, 0.00 */
  readonly signedHundredths: (value: number) => string;
  /** 0.84, 0.8, 1 */
  readonly upToHundredths: (value: number) => string;
  /** 0.8412, 0.8, 1 */
  readonly upToExact: (value: number) => string;
  /** 6.0e−8: rounded up, because the number is shown as an upper bound; 0 for zero */
  readonly scientific: (value: number) => string;
  /** 34.12% */
  readonly percent: (value: number) => string;
  /** 34.1%, 99%; two decimals below 1% */
  readonly tenthsPercent: (value: number) => string;
  /** 34%; <1% below half a per cent */
  readonly wholePercent: (value: number) => string;
  /** 13.3 */
  readonly ratio: (value: number) => string;
  /** 16.3 for 16,300 bytes */
  readonly kilobytes: (bytes: number) => string;
  /** 2.9 for 2,900,000 bytes */
  readonly megabytes: (bytes: number) => string;
  /** 671.03B, 2.53M */
  readonly counted: (value: number) => string;
  /** 9.21 GB (1 GB is 10^9 bytes), 480 B */
  readonly bytes: (bytes: number) => string;
  /** 4–7; 4 if both are the same */
  readonly range: (first: number, last: number) => string;
  /** 9, 10 and 14 */
  readonly list: (values: readonly (number | string)[]) => string;
}

export function format(language: string): Format {
  const whole = numbers(language, { maximumFractionDigits: 0 });
  const compact = numbers(language, { notation: 'compact', maximumFractionDigits: 1 });
  const counted = numbers(language, { notation: 'compact', maximumFractionDigits: 2 });
  const exact = numbers(language, decimals(4));
  const signedExact = numbers(language, { ...decimals(4), ...SIGNED });
  const tenths = numbers(language, decimals(1));
  const percent = numbers(language, { style: 'percent', ...decimals(2) });
  const wholePercent = numbers(language, { style: 'percent', maximumFractionDigits: 0 });
  const hundredths = numbers(language, decimals(2));
  const signedHundredths = numbers(language, { ...decimals(2), ...SIGNED });
  const upToHundredths = numbers(language, { maximumFractionDigits: 2 });
  const upToExact = numbers(language, { maximumFractionDigits: 4 });
  const tenthsPercent = numbers(language, { style: 'percent', maximumFractionDigits: 1 });
  const scientific = numbers(language, { notation: 'scientific', roundingMode: 'ceil', ...decimals(1) });
  const list = new Intl.ListFormat(language, { style: 'long', type: 'conjunction' });
  return {
    whole,
    compact,
    exact,
    signedExact,
    hundredths,
    signedHundredths,
    upToHundredths,
    upToExact,
    scientific: value => (value === 0 ? whole(0) : scientific(value).replace('E', 'e')),
    percent,
    tenthsPercent: value => (value < 0.01 ? percent(value) : tenthsPercent(value)),
    wholePercent: value => (value < 0.005 ? `<${wholePercent(0.01)}` : wholePercent(value)),
    ratio: tenths,
    kilobytes: bytes => tenths(bytes / 1e3),
    megabytes: bytes => tenths(bytes / 1e6),
    counted,
    bytes: bytes => {
      const size = UNITS.findLast(({ bytes: least }) => bytes >= least);
      return size ? `${hundredths(bytes / size.bytes)} ${size.name}` : `${whole(bytes)} B`;
    },
    range: (first, last) => (first === last ? `${first}` : `${first}–${last}`),
    // Removes the comma that English lists have before "and".
    list: values => list.format(values.map(String)).replace(/, and /u, ' and '),
  };
}

/** A plus before positive numbers; none before a number that is rounded to zero. */
const SIGNED = { signDisplay: 'exceptZero' } as const;

function decimals(count: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: count, maximumFractionDigits: count };
}

/** Formats numbers with a minus sign, which is as wide as a plus. A number that is rounded to zero has no sign. */
function numbers(language: string, options: Intl.NumberFormatOptions): (value: number) => string {
  const format = new Intl.NumberFormat(language, { signDisplay: 'negative', ...options });
  return value => format.format(value).replaceAll('-', '−');
}

/** Units from the kilobyte, each 1,000 times the unit before it. */
const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'].map((name, index) => ({ name, bytes: 1000 ** (index + 1) }));
