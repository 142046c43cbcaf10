// A vector as a strip of cells: blue if negative, orange if positive, grey at 0; the scale is written beside the name.

import type { TemplateResult } from 'lit';
import { css, html, svg } from 'lit';
import { clamp } from '../../scope/clamp';
import type { Words } from '../../text/words';

export interface Vector {
  /** The value of `data-strip`, by which tests find the strip. */
  readonly name: string;
  /** The name that is shown. */
  readonly label: string;
  readonly values: ArrayLike<number>;
}

const MOST_CELL = 12;
/** Cells per row: `COLUMNS` if each cell gets at least `LEAST_CELL` px, else `FEW_COLUMNS`. */
const COLUMNS = 32;
const FEW_COLUMNS = 16;
const LEAST_CELL = 9;

/** Number of cells per row in a width. */
export function columnsIn(width: number): number {
  return width >= COLUMNS * LEAST_CELL ? COLUMNS : FEW_COLUMNS;
}

/** Side of a cell in px, for a strip in this width. */
export function cellIn(width: number): number {
  return clamp(Math.floor(width / columnsIn(width)), 1, MOST_CELL);
}

/** The largest absolute value, drawn in the strongest colour. */
export function scaleOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

export function strip({ name, label, values }: Vector, width: number, { strips }: Words): TemplateResult {
  const columns = columnsIn(width);
  const cell = cellIn(width);
  const scale = scaleOf(values);
  const wide = Math.min(columns, values.length) * cell;
  const high = Math.ceil(values.length / columns) * cell;
  return html`
    <div class="strip" data-strip=${name} data-scale=${scale}>
      <p class="small"><b>${label}</b> ${strips.values(values.length)}, ${strips.scale(scale)}</p>
      <svg width=${wide} height=${high} role="img" aria-label=${strips.label(label, values.length, scale)}>
        ${Array.from(values, (value, index) => square(value, index, columns, cell, scale))}
      </svg>
    </div>
  `;
}

function square(value: number, index: number, columns: number, cell: number, scale: number): TemplateResult<2> {
  const x = (index % columns) * cell;
  const y = Math.floor(index / columns) * cell;
  return svg`<rect class="fill" x=${x} y=${y} width=${cell - 1} height=${cell - 1} /><rect
    class=${value < 0 ? 'below' : 'above'} data-value=${value} fill-opacity=${scale > 0 ? Math.abs(value) / scale : 0}
    x=${x} y=${y} width=${cell - 1} height=${cell - 1} />`;
}

export const stripStyle = css`
  .strip {
    padding-bottom: 8px;
  }
  .strip p {
    color: var(--moe-ink2);
  }
  .strip b {
    font-weight: 650;
    color: var(--moe-ink);
  }
  .below {
    fill: var(--moe-below);
  }
  .above {
    fill: var(--moe-note);
  }
`;
