// Tells a replaced text from an edited one: an edit keeps most of the shorter text at its start and end.

/** True if a text has taken the place of another one. An empty text is never one of the two. */
export function isReplaced(before: string, after: string): boolean {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return (start + end) * 2 < shorter;
}
