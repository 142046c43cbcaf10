import { describe, expect, test } from 'vitest';
import { charactersAt } from './token-label';

/** The characters of each token of a text whose tokens are words or bytes. */
function all(tokens: readonly (string | readonly number[])[]): string[] {
  const bytesAt = (position: number) => {
    const token = tokens[position];
    return typeof token === 'string' ? undefined : token;
  };
  return tokens.map((_, position) => charactersAt(bytesAt, position));
}

describe('the characters of a byte token', () => {
  test('are the character that the bytes of neighbouring tokens form together', () => {
    expect(all(['a', [0xf0], [0x9f], [0x98], [0x80], ' b'])).toEqual(['', '😀', '😀', '😀', '😀', '']);
    expect(all([[0xc3], [0xa9]])).toEqual(['é', 'é']);
    expect(all([[0xe2, 0x82], [0xac]])).toEqual(['€', '€']);
  });

  test('are separate for characters that follow each other', () => {
    const smile = [[0xf0], [0x9f], [0x98], [0x80]];
    const star = [[0xf0], [0x9f], [0x8c], [0x9f]];
    expect(all([...smile, ...star, ...smile])).toEqual([
      ...smile.map(() => '😀'),
      ...star.map(() => '🌟'),
      ...smile.map(() => '😀'),
    ]);
  });

  test('are all characters of which the token has bytes', () => {
    // “a€é” in two tokens: “a” and the first byte of “€”; the other bytes of “€”, and “é”.
    expect(
      all([
        [0x61, 0xe2],
        [0x82, 0xac, 0xc3, 0xa9],
      ]),
    ).toEqual(['a€', '€é']);
  });

  test('are missing while the text does not complete the character', () => {
    expect(all(['a', [0xf0], [0x9f], [0x98]])).toEqual(['', '', '', '']);
    expect(all([[0xf0], [0x9f], 'a', [0x98], [0x80]])).toEqual(['', '', '', '', '']);
    expect(all([[0xff], [0x80], [0xc3], [0xa9]])).toEqual(['', '', 'é', 'é']);
    // An overlong form of “/”, and half of a surrogate pair.
    expect(all([[0xc0], [0xaf], [0xed], [0xa0], [0x80]])).toEqual(['', '', '', '', '']);
  });
});
