// Limits a number to a range.

/** `value`, but at least `least` and at most `most`; `least` if the range is empty. */
export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
