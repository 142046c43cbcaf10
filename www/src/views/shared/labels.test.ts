import type { TemplateResult } from 'lit';
import { describe, expect, test } from 'vitest';
import { markup, textOf } from '../../testing/markup';
import { MODEL, snapshotOf } from '../../testing/snapshots';
import { labelling, labels } from './labels';

/** The labels of three tokens in columns of this width; the playhead is at the second token. */
function written(words: readonly string[], column: number): TemplateResult<2>[] {
  const snapshot = snapshotOf(3, { model: { ...MODEL, vocabulary: words } });
  const x = (position: number): number => position * column;
  const { across, top } = labelling(column);
  return labels(snapshot, { top, column, first: 0, end: 3, at: 1, across, x });
}

test('labels are horizontal over columns of 40 px or more, and rotated over narrower columns', () => {
  expect(labelling(40)).toEqual({ across: true, top: 40 });
  expect(labelling(39)).toEqual({ across: false, top: 72 });
});

describe('labels', () => {
  test('show each token in its column', () => {
    const all = written(['<|bos|>', ' fox', '\n'], 60);
    expect(all.map(textOf)).toEqual(['<|bos|>', 'fox', '⏎']);
    expect(markup(all[2])).toContain('x=120 ');
    expect(markup(all[2])).toContain('data-position=2 ');
  });

  test('are bold at the playhead and pale after the playhead', () => {
    const all = written(['a', 'b', 'c'], 60);
    expect(all.map(each => /<text class=(\w+)/u.exec(markup(each))?.[1])).toEqual(['before', 'strong', 'later']);
  });

  test('are shortened to one character per 7.5 px of their room in the column, or to 9 characters if rotated', () => {
    expect(written(['a', 'b', ' abcdefg'], 60).map(textOf)[2]).toBe('abcdefg');
    expect(written(['a', 'b', ' abcdefgh'], 60).map(textOf)[2]).toBe('abcdef…');
    expect(written(['a', 'b', ' abcdefghi'], 12).map(textOf)[2]).toBe('abcdefghi');
    expect(written(['a', 'b', ' abcdefghij'], 12).map(textOf)[2]).toBe('abcdefgh…');
  });

  test('are shortened between characters, never inside one', () => {
    expect(written(['a', 'b', '🦊🦊🦊🦊🦊🦊'], 40).map(textOf)[2]).toBe('🦊🦊🦊…');
  });
});
