/** Number of tokens at the start that two texts have in common. */
export function sharedTokens(one: readonly number[], other: readonly number[]): number {
  const changed = other.findIndex((token, position) => token !== one[position]);
  return changed < 0 ? other.length : changed;
}
