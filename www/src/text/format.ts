// Formats numbers for a language.

export interface Format {
  /** 2,560 */
  readonly whole: (value: number) => string;
  /** 2.5M */
  readonly compact: (value: number) => string;
  /** 0.8412, −0.8412: with a minus sign instead of a hyphen */
  readonly exact: (value: number) => string;
  /** 0.84, −0.84 */
  readonly hundredths: (value: number) => string;
  /** 6.0e−8: rounded up, because the number is shown as an upper bound; 0 for zero */
  readonly scientific: (value: number) => string;
  /** 34.12% */
  readonly percent: (value: number) => string;
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
  /** 9, 10 and 14 */
  readonly list: (values: readonly (number | string)[]) => string;
}

export function format(language: string): Format {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const counted = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 2 });
  const exact = new Intl.NumberFormat(language, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const wholePercent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const hundredths = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const scientific = new Intl.NumberFormat(language, {
    notation: 'scientific',
    roundingMode: 'ceil',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const list = new Intl.ListFormat(language, { style: 'long', type: 'conjunction' });
  return {
    whole: value => whole.format(value),
    compact: value => compact.format(value),
    exact: value => minus(exact.format(value)),
    hundredths: value => minus(hundredths.format(value)),
    scientific: value => (value === 0 ? whole.format(0) : minus(scientific.format(value)).replace('E', 'e')),
    percent: value => percent.format(value),
    wholePercent: value => (value < 0.005 ? `<${wholePercent.format(0.01)}` : wholePercent.format(value)),
    ratio: value => tenths.format(value),
    kilobytes: bytes => tenths.format(bytes / 1e3),
    megabytes: bytes => tenths.format(bytes / 1e6),
    counted: value => counted.format(value),
    bytes: bytes => {
      const size = UNITS.findLast(({ bytes: least }) => bytes >= least);
      return size ? `${hundredths.format(bytes / size.bytes)} ${size.name}` : `${whole.format(bytes)} B`;
    },
    // Removes the comma that English lists have before "and".
    list: values => list.format(values.map(String)).replace(/, and /u, ' and '),
  };
}

/** Units from the kilobyte, each 1,000 times the unit before it. */
const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'].map((name, index) => ({ name, bytes: 1000 ** (index + 1) }));

/** Replaces hyphens by minus signs, which are as wide as a plus. */
function minus(text: string): string {
  return text.replaceAll('-', '−');
}
