// Prints the engine's numbers with the fewest digits that read back as the same value.

/** Significant digits that are enough to restore every float32. */
const MOST_DIGITS = 9;

/** The shortest decimal number that rounds to this float32. */
export function single(value: number): string {
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
