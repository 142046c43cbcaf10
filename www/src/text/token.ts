// Labels of tokens, with a sign in place of each invisible character.

import type { TokenLabel } from '../scope/token-label';

export interface TokenText {
  /** The text without a leading space. */
  readonly text: string;
  /** True if a space was removed, which means that the token begins a word. */
  readonly space: boolean;
}

/**
 * Removes one leading space and reports it in `space`, unless the label is all blanks. Then shows newlines, tabs, and
 * spaces at the start or the end as signs. The label of bytes stays as it is.
 */
export function tokenText({ text: label, isBytes }: TokenLabel): TokenText {
  if (isBytes) return { text: label, space: false };
  const space = label.length > 1 && label.startsWith(' ') && !/^\s+$/u.test(label);
  const text = (space ? label.slice(1) : label)
    .replace(/\r\n|\n|\r/gu, '⏎')
    .replace(/\t/gu, '⇥')
    .replace(/^ +| +$/gu, blanks);
  return { text, space };
}

/**
 * The label for a sentence or a table: text in quotation marks; bytes without, followed by the characters to which they
 * belong, such as 0xF0 (“😀”).
 */
export function quoted(label: TokenLabel): string {
  const { text, isBytes, characters } = label;
  if (!isBytes) return inQuotes(label);
  return characters === '' ? text : `${text} (${inQuotes({ text: characters, isBytes: false, characters: '' })})`;
}

/** The label as a value of a table for programs: the token's own text, or its bytes, such as 0xF0 (😀). */
export function named({ text, characters }: TokenLabel): string {
  return characters === '' ? text : `${text} (${characters})`;
}

function inQuotes(label: TokenLabel): string {
  return `“${tokenText(label).text}”`;
}

function blanks(run: string): string {
  return run.length > 3 ? `␣×${run.length}` : '␣'.repeat(run.length);
}
