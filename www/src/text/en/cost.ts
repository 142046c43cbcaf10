import { format } from '../format';

const f = format('en');

/**
 * A mean cost in words, for example “0.20 ± 0.07 bits per token more” with the spread “ ± 0.07”. A cost that rounds to
 * zero is neither more nor less.
 */
export function costPerToken(cost: number, spread = ''): string {
  const size = f.hundredths(Math.abs(cost));
  const side = size === f.hundredths(0) ? '' : cost < 0 ? ' less' : ' more';
  return `${size}${spread} bits per token${side}`;
}
