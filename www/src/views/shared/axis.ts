// Axes with round ticks. Logarithmic: ticks at multiples of each power of ten, by default 1, 2 and 5. Linear: ticks at
// a distance of 1, 2 or 5 times a power of ten. Pure.

export interface Axis {
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly number[];
  /** The position of a value on the axis: 0 at the start, 1 at the end. */
  readonly part: (value: number) => number;
}

const STEPS = [1, 2, 5] as const;

/** A logarithmic axis that contains the values, all above 0; its ticks are `steps` times each power of ten. */
export function logarithmic(values: readonly number[], steps: readonly number[] = STEPS): Axis {
  const [first, last] = [Math.min(...values), Math.max(...values)];
  const powers = range(Math.floor(Math.log10(first)) - 1, Math.ceil(Math.log10(last)) + 1);
  const all = powers.flatMap(power => steps.map(step => step * 10 ** power));
  const least = all.findLast(tick => tick <= first) ?? first;
  const most = all.find(tick => tick >= last && tick > least) ?? last;
  return {
    least,
    most,
    ticks: all.filter(tick => tick >= least && tick <= most),
    part: value => Math.log(value / least) / Math.log(most / least),
  };
}

/** A linear axis that contains the values, with about `ticks` ticks; its length is at least `span`. */
export function linear(values: readonly number[], ticks: number, span: number): Axis {
  const spare = Math.max(0, span - (Math.max(...values) - Math.min(...values))) / 2;
  const [first, last] = [Math.min(...values) - spare, Math.max(...values) + spare];
  const rough = (last - first) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find(each => each * power >= rough) ?? 10);
  const [from, to] = [Math.floor(first / step), Math.max(Math.ceil(last / step), Math.floor(first / step) + 1)];
  const [least, most] = [from * step, to * step];
  return {
    least,
    most,
    ticks: range(from, to).map(index => index * step),
    part: value => (value - least) / (most - least),
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
