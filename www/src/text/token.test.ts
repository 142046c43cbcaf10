import { describe, expect, test } from 'vitest';
import { quoted, tokenText } from './token';

describe('a token’s label', () => {
  test('one leading space is removed and reported separately', () => {
    expect(tokenText(' fox')).toEqual({ text: 'fox', space: true });
    expect(tokenText('fox')).toEqual({ text: 'fox', space: false });
    expect(tokenText('  fox')).toEqual({ text: '␣fox', space: true });
  });

  test('a token of blanks shows each blank, or the number of blanks if there are more than 3', () => {
    expect(tokenText(' ')).toEqual({ text: '␣', space: false });
    expect(tokenText('   ')).toEqual({ text: '␣␣␣', space: false });
    expect(tokenText('        ')).toEqual({ text: '␣×8', space: false });
    expect(tokenText('')).toEqual({ text: '', space: false });
  });

  test('newlines and tabs are shown as signs', () => {
    expect(tokenText('\n').text).toBe('⏎');
    expect(tokenText('\r\n').text).toBe('⏎');
    expect(tokenText('\r\n\n').text).toBe('⏎⏎');
    expect(tokenText('\t').text).toBe('⇥');
    expect(tokenText(' \n')).toEqual({ text: '␣⏎', space: false });
  });

  test('blanks inside a token stay; blanks at its end are shown as signs', () => {
    expect(tokenText('a b').text).toBe('a b');
    expect(tokenText('a  ').text).toBe('a␣␣');
  });

  test('is put in quotation marks for a sentence', () => {
    expect(quoted(' was')).toBe('“was”');
    expect(quoted('\n')).toBe('“⏎”');
  });
});
