// Labels of tokens, with a sign in place of each invisible character.

export interface TokenText {
  /** The text without a leading space. */
  readonly text: string;
  /** True if a space was removed, which means that the token begins a word. */
  readonly space: boolean;
}

/**
 * Removes one leading space and reports it in `space`, unless the label is all blanks. Then shows newlines, tabs, and
 * spaces at the start or the end as signs.
 */
export function tokenText(label: string): TokenText {
  const space = label.length > 1 && label.startsWith(' ') && !/^\s+$/u.test(label);
  const text = (space ? label.slice(1) : label)
    .replace(/\r\n|\n|\r/gu, '⏎')
    .replace(/\t/gu, '⇥')
    .replace(/^ +| +$/gu, blanks);
  return { text, space };
}

/** The label in quotation marks, for a sentence or a table. */
export function quoted(label: string): string {
  return `“${tokenText(label).text}”`;
}

function blanks(run: string): string {
  return run.length > 3 ? `␣×${run.length}` : '␣'.repeat(run.length);
}
