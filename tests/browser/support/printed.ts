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

/** Like `exact`, always with a sign, such as +0.0312 or −0.0187. */
export const signed = (value: number): string => (value < 0 ? exact(value) : `+${exact(value)}`);

/** A number, rounded to float32, with `digits` digits after the decimal point. */
export function fixed(value: number, digits: number): string {
  const [whole = '', rest = ''] = Math.abs(float(value)).toFixed(digits).split('.');
  return `${float(value) < 0 ? '−' : ''}${grouped(Number(whole))}.${rest}`;
}

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

/** A token's label as the page draws it, in quotation marks. */
export const quoted = (label: string): string => `“${drawn(label)}”`;

/** The part of the page's sentence that names the experts that a layer used at a position. */
export function usedExperts({ records }: Pick<Native, 'records'>, position: number, layer: number): string {
  const route = must(records[position]?.routes.find(route => route.layer === layer));
  const experts = route.experts.toSorted((one, other) => one - other);
  return `layer ${layer} used experts ${experts.slice(0, -1).join(', ')} and ${experts.at(-1)}`;
}

/** The texts of the cells in a table's body, by row. */
export async function rowsOf(table: Locator): Promise<string[][]> {
  // A table that was just unfolded is drawn in the next frame.
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
