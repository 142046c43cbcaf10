import { describe, expect, test } from 'vitest';
import type { Origin } from '../origin';
import type { Table } from './table';
import { csv, json } from './table';

const ORIGIN: Origin = {
  version: '1.2.3',
  permalink: 'https://somewhere/#v=1',
  model: { name: 'a model', sha256: null },
  lines: ['moescope 1.2.3', 'link: https://somewhere/#v=1'],
  members: { moescope: 1, version: '1.2.3' },
};

const TABLE: Table = {
  about: 'A row for each case.',
  columns: [
    ['whole', 'whole'],
    ['single', 'single'],
    ['double', 'double'],
    ['text', 'text'],
    ['flag', 'flag'],
  ],
  rows: [
    [1, Math.fround(0.1), 0.1, ' fox', true],
    [null, Math.fround(1 / 3), 1 / 3, 'say "no"', false],
    [undefined, -Infinity, null, 'a,b\r\n#1', null],
  ],
};

/** The cells of a CSV file, parsed by RFC 4180. */
function parsed(text: string): string[][] {
  const lines: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '\r\n') lines.push([]);
  }
  return lines.slice(0, -1);
}

describe('CSV', () => {
  test('starts with comment lines, a header and the line of the first row', () => {
    expect(csv(TABLE, ORIGIN).split('\r\n').slice(0, 5)).toEqual([
      '# A row for each case.',
      '# moescope 1.2.3',
      '# link: https://somewhere/#v=1',
      'whole,single,double,text,flag',
      '1,0.1,0.1, fox,true',
    ]);
  });

  test('float32 and float64 values are written with the fewest digits that restore them', () => {
    const [row] = parsed(csv({ ...TABLE, rows: TABLE.rows.slice(1, 2) }, ORIGIN)).slice(-1);
    expect(row).toEqual(['', '0.33333334', '0.3333333333333333', 'say "no"', 'false']);
  });

  test('cells with quotes, commas, line ends or # are quoted, and read back unchanged', () => {
    const text = csv(TABLE, ORIGIN);
    expect(text).toContain('"say ""no"""');
    expect(parsed(text).slice(-1)).toEqual([['', '-Infinity', '', 'a,b\r\n#1', '']]);
  });

  test('a cell with # at the start of a row is quoted, since otherwise readers would skip the row as a comment', () => {
    const text = csv({ ...TABLE, columns: [['text', 'text']], rows: [['#1']] }, ORIGIN);
    expect(text.endsWith('text\r\n"#1"\r\n')).toBe(true);
  });

  test('a table without rows still has its header', () => {
    expect(csv({ ...TABLE, rows: [] }, ORIGIN).endsWith('whole,single,double,text,flag\r\n')).toBe(true);
  });

  test('a short row is filled with empty cells', () => {
    expect(csv({ ...TABLE, rows: [[7]] }, ORIGIN).endsWith('\r\n7,,,,\r\n')).toBe(true);
  });
});

describe('JSON', () => {
  test('has the origin’s members, the columns and the rows', () => {
    expect(JSON.parse(json(TABLE, ORIGIN))).toEqual({
      moescope: 1,
      version: '1.2.3',
      about: 'A row for each case.',
      columns: ['whole', 'single', 'double', 'text', 'flag'],
      rows: [
        [1, 0.1, 0.1, ' fox', true],
        [null, 0.33333334, 1 / 3, 'say "no"', false],
        [null, '-Infinity', null, 'a,b\r\n#1', null],
      ],
    });
  });

  test('has one row per line', () => {
    expect(json(TABLE, ORIGIN)).toContain('\n    [1,0.1,0.1," fox",true],\n    [null,');
  });

  test('a table without rows is an empty list', () => {
    expect(JSON.parse(json({ ...TABLE, rows: [] }, ORIGIN))).toMatchObject({ rows: [] });
  });
});
