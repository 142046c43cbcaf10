// A plain table, written as CSV or JSON, with the engine's exact numbers.

import type { Origin } from '../origin';
import { single } from './number';

/** Type of a column; `single` and `double` are float32 and float64. */
export type Kind = 'whole' | 'single' | 'double' | 'text' | 'flag';
export type Cell = number | string | boolean | null | undefined;

export interface Table {
  /** One sentence that describes the rows. */
  readonly about: string;
  readonly columns: readonly (readonly [name: string, kind: Kind])[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * Writes CSV by RFC 4180 after comment lines with the origin. A column for the origin would repeat its long link in
 * every row. Comments begin with `#`, the default of the W3C tabular data model; `read_csv(..., comment='#')` skips
 * them. Cells with `#` are quoted, so that readers do not take them for comments.
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

/** A cell of CSV; empty for a missing value. */
function written(cell: Cell, kind: Kind): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'number' && kind === 'single' ? single(cell) : String(cell);
}

function literal(cell: Cell, kind: Kind): string {
  if (cell === null || cell === undefined) return 'null';
  if (typeof cell !== 'number') return JSON.stringify(cell);
  // JSON cannot express infinity.
  if (!Number.isFinite(cell)) return JSON.stringify(String(cell));
  return written(cell, kind);
}

function quoted(cell: string): string {
  return /[",\r\n#]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
