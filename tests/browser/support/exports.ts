// Exports of an element in a host page, and the tables read back from them.

import type { Page } from '@playwright/test';
import { host } from './element';

/** Opens a host page with one element that has these fields as attributes. */
export async function element(page: Page, fields: Readonly<Record<string, string | number>>): Promise<void> {
  const written = Object.entries(fields).map(
    ([name, value]) => ` ${name}="${String(value).replaceAll('"', '&quot;')}"`,
  );
  await host(page, `<moe-scope${written.join('')}></moe-scope>`);
}

/** The export of the page's first element, as text. */
export function exported(page: Page, format: string): Promise<string> {
  return page.evaluate(async format => {
    await customElements.whenDefined('moe-scope');
    const scope = document.querySelector('moe-scope') as unknown as { export(format: string): Promise<string> };
    return scope.export(format);
  }, format);
}

export interface Csv {
  readonly comments: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Parses comment lines (`#`) and the CSV table below them (RFC 4180). */
export function parseCsv(text: string): Csv {
  const comments = /^(?:#[^\r\n]*\r\n)*/u.exec(text)?.[0] ?? '';
  const records: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  cell.lastIndex = comments.length;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Error('this is no CSV');
    records.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] !== ',' && cell.lastIndex < text.length) records.push([]);
  }
  const [header = [], ...rows] = records;
  return { comments: comments.split('\r\n').slice(0, -1), header, rows };
}
