// Labels of tokens. If a token is not whole characters, its label is its bytes; the label also names the characters of
// the text that contain these bytes. Pure.

/** How a token is named. */
export interface TokenLabel {
  /** The token's text, or its bytes as `0xE2 0x80`; empty if there is no such token. */
  readonly text: string;
  /** True if `text` has bytes, because the token is not whole characters. */
  readonly isBytes: boolean;
  /** The characters to which the bytes belong; empty for a token without bytes, and if a character is not complete. */
  readonly characters: string;
}

/** Maximum number of bytes of a character in UTF-8. */
const LONGEST = 4;

/**
 * The characters that contain bytes of a token. `bytesAt` returns the bytes of the token at a position, or undefined if
 * the token is text or does not exist.
 */
export function charactersAt(bytesAt: (position: number) => readonly number[] | undefined, position: number): string {
  const own = bytesAt(position);
  if (!own) return '';
  // A character that has bytes of this token begins or ends fewer than `LONGEST` tokens away.
  const reach = LONGEST - 1;
  let first = position;
  while (position - first < reach && bytesAt(first - 1)) first -= 1;
  const bytes: number[] = [];
  let from = 0;
  for (let at = first; at <= position + reach; at++) {
    const more = bytesAt(at);
    if (!more) break;
    if (at === position) from = bytes.length;
    bytes.push(...more);
  }
  return characters(bytes)
    .filter(({ start, end }) => end > from && start < from + own.length)
    .map(({ text }) => text)
    .join('');
}

interface Character {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The complete characters in bytes that may start and end inside a character. */
function characters(bytes: readonly number[]): Character[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const found: Character[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = start + lengthOf(bytes[start] ?? 0);
    let text = '';
    try {
      text = end <= bytes.length ? decoder.decode(Uint8Array.from(bytes.slice(start, end))) : '';
    } catch {
      // Not a character: the next one may start at the next byte.
    }
    if (text !== '') found.push({ text, start, end });
    start = text === '' ? start + 1 : end;
  }
  return found;
}

/** The number of bytes of a character with this first byte; 1 if no character starts with it. */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
