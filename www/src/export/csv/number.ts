// Prints the engine's numbers with the fewest decimals that read back as the same value.

/** Digits that give every float32 back. */
const MOST_DIGITS = 9;

/** A float32: the shortest decimals that round to it. */
export function single(value: number): string {
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
