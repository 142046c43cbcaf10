// A plain table, written as CSV or JSON. Numbers are written as the engine has them.

import type { Origin } from '../origin';
import { single } from './number';

/** `single` and `double` say the width of the engine's floats. */
export type Kind = 'whole' | 'single' | 'double' | 'text' | 'flag';
export type Cell = number | string | boolean | null | undefined;

export interface Table {
  /** What its rows are, in one sentence. */
  readonly about: string;
  readonly columns: readonly (readonly [name: string, kind: Kind])[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * RFC 4180 under comment lines. Whose table it is stands in lines before the header that begin with `#`, as the W3C's
 * tabular data model has them by default: in columns of its own it would be repeated in every row, a long link in some
 * ten thousand. `read_csv(..., comment='#')` and its like skip them; a cell with a `#` is quoted.
 */
export function csv({ about, columns, rows }: Table, origin: Origin): string {
  const comments = [about, ...origin.lines].map(line => `# ${line}`);
  const header = columns.map(([name]) => name).join(',');
  const lines = rows.map(row => columns.map(([, kind], index) => quoted(written(row[index], kind))).join(','));
  return [...comments, header, ...lines].map(line => `${line}\r\n`).join('');
}

export function json({ about, columns, rows }: Table, origin: Origin): string {
  const members = [
    ...Object.entries({ ...origin.members, about }).map(([name, value]) => member(name, JSON.stringify(value))),
    member('columns', JSON.stringify(columns.map(([name]) => name))),
  ];
  const lines = rows.map(row => `[${columns.map(([, kind], index) => literal(row[index], kind)).join(',')}]`);
  const table = lines.length > 0 ? `[\n    ${lines.join(',\n    ')}\n  ]` : '[]';
  return `{\n  ${[...members, member('rows', table)].join(',\n  ')}\n}\n`;
}

function member(name: string, value: string): string {
  return `${JSON.stringify(name)}: ${value}`;
}

/** A cell as CSV has it; empty where there is nothing. */
function written(cell: Cell, kind: Kind): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'number' && kind === 'single' ? single(cell) : String(cell);
}

function literal(cell: Cell, kind: Kind): string {
  if (cell === null || cell === undefined) return 'null';
  if (typeof cell !== 'number') return JSON.stringify(cell);
  // JSON has no infinity.
  if (!Number.isFinite(cell)) return JSON.stringify(String(cell));
  return written(cell, kind);
}

function quoted(cell: string): string {
  return /[",\r\n#]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
