// Tables that show a picture in numbers, in a box that scrolls on its own.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import type { Words } from '../../text/words';
import type { Vector } from './vector-strip';
import { columnsIn } from './vector-strip';
import { scrollsSideways } from './sideways';

export interface Head {
  readonly text: string;
  readonly number?: boolean;
}

type Part = TemplateResult | typeof nothing;

export function box(name: string, tables: readonly Part[]): TemplateResult {
  return html`<div class="data-table" tabindex="0" role="group" aria-label=${name}>${tables}</div>`;
}

/** A table with a caption; tests find it by `name`. */
export function table(name: string, caption: string, heads: readonly Head[], body: readonly Part[]): TemplateResult {
  return html`
    <table data-table=${name}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map(({ text, number }) => html`<th scope="col" class=${number ? 'number' : ''}>${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  `;
}

/** A cell with a number; empty if the number is undefined. */
export function number(value: number | undefined, format: (value: number) => string): TemplateResult {
  return html`<td class="number" data-value=${value ?? nothing}>${value === undefined ? nothing : format(value)}</td>`;
}

/** A vector's values as a table with as many columns as its strip has in this width. */
export function valuesTable({ name, label, values }: Vector, width: number, { f, strips }: Words): TemplateResult {
  const { length } = values;
  const wide = Math.min(columnsIn(width), length);
  const rows = Array.from({ length: Math.ceil(length / wide) }, (_, row) => row * wide);
  return table(
    name,
    strips.caption(label, length, wide),
    [
      { text: strips.from, number: true },
      ...Array.from({ length: wide }, (_, column) => ({ text: `+${column}`, number: true })),
    ],
    rows.map(
      first =>
        html`<tr>
          <th scope="row" class="number">${first}</th>
          ${Array.from({ length: Math.min(wide, length - first) }, (_, column) => number(values[first + column], f.exact))}
        </tr>`,
    ),
  );
}

export const dataTableStyle = css`
  summary {
    width: max-content;
    max-width: 100%;
    font-size: 12px;
    line-height: 24px;
    color: var(--moe-ink2);
  }
  .data-table {
    display: flex;
    flex-wrap: wrap;
    gap: 24px 48px;
    align-items: flex-start;
    max-width: 100%;
    padding: 8px 0 24px;
    ${scrollsSideways}
  }
  caption {
    padding-bottom: 4px;
    font-weight: 650;
  }
  .data-table th,
  .data-table td {
    padding: 0 16px 0 0;
    border-bottom: 1px solid var(--moe-line);
    white-space: nowrap;
  }
  .data-table th {
    color: var(--moe-ink2);
  }
  .data-table .number {
    text-align: end;
  }
  .data-table tr.here > * {
    color: var(--moe-ink);
    font-weight: 650;
  }
`;
