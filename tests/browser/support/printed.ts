// Numbers and tokens formatted as the page shows them, from the native engine's results.

import type { Locator } from '@playwright/test';
import type { Native } from './native';
import { float } from './native';
import { grouped } from './scope';

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the native engine has no such thing');
  return value;
}

/** A number, rounded to float32, with four digits after the decimal point, such as 1,073.1011 or −0.8412. */
export function exact(value: number): string {
  return fixed(value, 4);
}

/** Like `exact`, with a sign unless it is rounded to zero, such as +0.0312, −0.0187 or 0.0000. */
export const signed = (value: number): string =>
  exact(value).startsWith('−') || exact(value) === exact(0) ? exact(value) : `+${exact(value)}`;

/** A number, rounded to float32, with `digits` digits after the decimal point; no sign if it is rounded to zero. */
export function fixed(value: number, digits: number): string {
  const size = Math.abs(float(value)).toFixed(digits);
  const [whole = '', rest = ''] = size.split('.');
  return `${float(value) < 0 && Number(size) > 0 ? '−' : ''}${grouped(Number(whole))}.${rest}`;
}

const HUNDREDTHS = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A float64 with two digits after the decimal point, without a sign if it is rounded to zero. */
export function two(value: number): string {
  const text = HUNDREDTHS.format(value);
  return text.replace('-', Number(text) === 0 ? '' : '−');
}

/** Like `two`, with a plus before positive numbers: +0.42, −0.42, 0.00. */
export const signedTwo = (value: number): string =>
  value < 0 || two(value) === '0.00' ? two(value) : `+${two(value)}`;

/** A positive number with two significant digits, rounded up, such as 6.0e−8; 0 becomes “0”. */
export function scientific(value: number): string {
  if (float(value) === 0) return '0';
  const [digits = '', exponent = ''] = float(value).toExponential(60).split('e');
  const [whole, rest] = [Number(digits.replace('.', '').slice(0, 2)), digits.replace('.', '').slice(2)];
  const up = /[1-9]/u.test(rest) ? whole + 1 : whole;
  const carried = up === 100;
  const power = Number(exponent) + (carried ? 1 : 0);
  return `${carried ? '1.0' : (up / 10).toFixed(1)}e${String(power).replace('-', '−')}`;
}

export const percent = (value: number): string => `${(float(value) * 100).toFixed(2)}%`;

/** The text with single spaces, like the texts that are read from the DOM. */
export const spaced = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** A token's label as the page draws it: without the space before a word; other white space becomes visible signs. */
export function drawn(label: string): string {
  const word = /^ .*\S/su.test(label) ? label.slice(1) : label;
  const blanks = (run: string): string => (run.length > 3 ? `␣×${run.length}` : '␣'.repeat(run.length));
  return word
    .replaceAll(/\r?\n|\r/gu, '⏎')
    .replaceAll('\t', '⇥')
    .replace(/^ +| +$/gu, blanks);
}

/** A token's label as the page draws it: text in quotation marks, bytes without, followed by their character. */
export function quoted(label: string, character = ''): string {
  if (!isBytes(label)) return `“${drawn(label)}”`;
  return character === '' ? label : `${label} (“${character}”)`;
}

/** True if a label has the bytes of a token that is not whole characters. The shipped model has no such text. */
export const isBytes = (label: string): boolean => /^0x[\dA-F]{2}( 0x[\dA-F]{2})*$/u.test(label);

/** The characters that contain bytes of the token at a position (default: the last): tries every window of bytes. */
export function characterAt(labels: readonly string[], position = labels.length - 1): string {
  if (!isBytes(labels[position] ?? '')) return '';
  const bytes = labels.map(label => (isBytes(label) ? label.split(' ').map(Number) : [...Buffer.from(label)]));
  const start = bytes.slice(0, position).flat().length;
  const end = start + (bytes[position]?.length ?? 0);
  const all = Buffer.from(bytes.flat());
  const windows = [2, 3, 4].flatMap(length =>
    Array.from({ length: end - start + length - 1 }, (_, index) => start - length + 1 + index)
      .filter(from => from >= 0 && from + length <= all.length)
      .map(from => ({ from, text: all.toString('utf8', from, from + length) })),
  );
  const found = windows.filter(({ text }) => [...text].length === 1 && text !== '\uFFFD');
  return found
    .sort((one, other) => one.from - other.from)
    .map(({ text }) => text)
    .join('');
}

/** The part of the page's sentence that names the experts that a layer used at a position. */
export function usedExperts({ records }: Pick<Native, 'records'>, position: number, layer: number): string {
  const route = must(records[position]?.routes.find(route => route.layer === layer));
  const experts = route.experts.toSorted((one, other) => one - other);
  return `layer ${layer} ran ${experts.length} of its ${route.scores.length} experts (${experts.join(', ')})`;
}

/** The texts of the cells in a table's body, by row. */
export async function rowsOf(table: Locator): Promise<string[][]> {
  // A table that was just unfolded is drawn in the next animation frame.
  await table.waitFor({ state: 'attached' });
  // One string is transferred from the browser faster than many values.
  const rows = await table
    .locator('tbody tr')
    .evaluateAll(rows =>
      JSON.stringify(
        rows.map(row => [...row.children].map(cell => (cell.textContent ?? '').replace(/\s+/gu, ' ').trim())),
      ),
    );
  return JSON.parse(rows) as string[][];
}

/** The exact values of elements, from their attribute `data-value`. */
export async function valuesOf(all: Locator): Promise<number[]> {
  await all.first().waitFor({ state: 'attached' });
  const values = await all.evaluateAll(each => JSON.stringify(each.map(one => one.getAttribute('data-value'))));
  return (JSON.parse(values) as (string | null)[]).map(Number);
}
