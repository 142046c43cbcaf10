import { describe, expect, test } from 'vitest';
import type { TokenLabel } from '../scope/token-label';
import { named, quoted, tokenText } from './token';

const textOf = (text: string): TokenLabel => ({ text, isBytes: false, characters: '' });
const bytesOf = (text: string, characters = ''): TokenLabel => ({ text, isBytes: true, characters });

describe('a token’s label', () => {
  test('one leading space is removed and reported separately', () => {
    expect(tokenText(textOf(' fox'))).toEqual({ text: 'fox', space: true });
    expect(tokenText(textOf('fox'))).toEqual({ text: 'fox', space: false });
    expect(tokenText(textOf('  fox'))).toEqual({ text: '␣fox', space: true });
  });

  test('a token of blanks shows each blank, or the number of blanks if there are more than 3', () => {
    expect(tokenText(textOf(' '))).toEqual({ text: '␣', space: false });
    expect(tokenText(textOf('   '))).toEqual({ text: '␣␣␣', space: false });
    expect(tokenText(textOf('        '))).toEqual({ text: '␣×8', space: false });
    expect(tokenText(textOf(''))).toEqual({ text: '', space: false });
  });

  test('newlines and tabs are shown as signs', () => {
    expect(tokenText(textOf('\n')).text).toBe('⏎');
    expect(tokenText(textOf('\r\n')).text).toBe('⏎');
    expect(tokenText(textOf('\r\n\n')).text).toBe('⏎⏎');
    expect(tokenText(textOf('\t')).text).toBe('⇥');
    expect(tokenText(textOf(' \n'))).toEqual({ text: '␣⏎', space: false });
  });

  test('blanks inside a token stay; blanks at its end are shown as signs', () => {
    expect(tokenText(textOf('a b')).text).toBe('a b');
    expect(tokenText(textOf('a  ')).text).toBe('a␣␣');
  });

  test('is put in quotation marks for a sentence', () => {
    expect(quoted(textOf(' was'))).toBe('“was”');
    expect(quoted(textOf('\n'))).toBe('“⏎”');
  });

  test('of bytes has no quotation marks, so that it differs from digits, and names their character', () => {
    expect(tokenText(bytesOf('0x82'))).toEqual({ text: '0x82', space: false });
    expect(quoted(bytesOf('0x82'))).toBe('0x82');
    expect(quoted(bytesOf('0xF0', '😀'))).toBe('0xF0 (“😀”)');
    expect(quoted(textOf('82'))).toBe('“82”');
    expect(quoted(bytesOf('0x20 0xE2', ' €'))).toBe('0x20 0xE2 (“€”)');
  });

  test('in a file is the text itself, or the bytes with their character', () => {
    expect(named(textOf(' was'))).toBe(' was');
    expect(named(bytesOf('0x82'))).toBe('0x82');
    expect(named(bytesOf('0xF0', '😀'))).toBe('0xF0 (😀)');
  });
});
