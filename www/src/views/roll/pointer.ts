// Marks the hovered or selected cell: a ring around the cell, lines to its token and to its expert's number, and one
// line of numbers.

import type { TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { label, stagedRouteAt } from '../../scope/select';
import { quoted } from '../../text/token';
import { expertFacts } from '../shared/expert-facts';
import { barsWidth } from '../shared/geometry';
import type { Box } from '../shared/hover-list';
import { chipStyle } from '../shared/hover-list';
import type { RollLayout } from './roll-layout';
import type { Place } from '../../scope/values';

/** Width in px of the area left of the columns in which the experts' rows also react to the pointer. */
const GUTTER = 64;

export interface Target {
  readonly position: number;
  readonly layer: number;
  /** Null outside the experts' rows. */
  readonly expert: number | null;
}

/** The token, layer and expert at a point of the picture; null outside the columns and above the layers. */
export function targetAt({ columns, picture }: RollLayout, x: number, y: number): Target | null {
  const stave = picture.staves.findLast(({ top }) => y >= top);
  const position = columns.positionAt(x);
  if (!stave || position === undefined) return null;
  const { rows } = picture;
  const row = y - stave.top;
  const expert = stave.dense ? undefined : rows.expertAt(row);
  return { position, layer: stave.layer, expert: expert ?? null };
}

/** The expert whose row contains a point left of the columns; null if there is none. */
export function inGutter({ columns, picture }: RollLayout, x: number, y: number): Place | null {
  const stave = picture.staves.findLast(({ top }) => y >= top);
  if (!stave || stave.dense || x < columns.left - GUTTER || x >= columns.left) return null;
  const expert = picture.rows.expertAt(y - stave.top);
  return expert === undefined ? null : { layer: stave.layer, expert };
}

/**
 * The mark of a target, with its numbers in words if `hasChip`; nothing if the target has no expert or is out of sight,
 * or until its scores are computed and shown.
 */
export function pointer(
  layout: RollLayout,
  { position, layer, expert }: Target,
  hasChip: boolean,
): TemplateResult | typeof nothing {
  const { columns, picture, snapshot, words } = layout;
  const box = boxOf(layout, { position, layer, expert });
  const route = stagedRouteAt(snapshot, position, layer);
  if (!box || !route || expert === null || position < columns.first || position >= columns.end) return nothing;
  const { x, y, width, height } = box;
  const middle = y + height / 2;
  return html`
    <svg class="mark" width=${columns.right} height=${picture.height} aria-hidden="true">
      ${svg`
        <path class="rule" d="M${columns.left} ${middle}H${x}M${x + columns.width / 2} 0V${y}" />
        <rect class="ring" x=${x} y=${y - 1} width=${width} height=${height + 2} />
        <rect class="solid" x=${columns.left - 48} y=${middle - 8} width="44" height="16" />
        <text class="number" x=${columns.left - 26} y=${middle + 4}>${expert}</text>`}
    </svg>
    ${
      hasChip
        ? html`<p class="chip">
            ${words.roll.chip({
              token: quoted(label(snapshot, position)),
              layer,
              ...expertFacts(snapshot, layer, expert, picture.rows.groupOf(expert), route),
            })}
          </p>`
        : nothing
    }
  `;
}

/** The cell of a target; null outside the experts' rows. The cell in the playhead's column ends before the numbers. */
export function boxOf({ columns, picture }: RollLayout, { position, layer, expert }: Target): Box | null {
  const stave = picture.staves.find(each => each.layer === layer);
  if (!stave || expert === null) return null;
  const x = columns.x(position);
  const { rows } = picture;
  const width = position === columns.at ? barsWidth(columns) : columns.width;
  return { x, y: stave.top + rows.y(expert), width, height: rows.pitch };
}

export const pointerStyle = css`
  ${chipStyle}
  .pointer {
    position: absolute;
    inset: 0;
    z-index: 4;
    pointer-events: none;
  }
  .mark {
    position: absolute;
    inset: 0;
  }
  .ring {
    fill: none;
    stroke: var(--moe-ink);
    stroke-width: 2;
  }
  svg text.number {
    fill: var(--moe-bg);
    font-weight: 650;
    text-anchor: middle;
  }
  .chip {
    max-width: min(100vw / var(--moe-size, 1) - 32px, 640px);
  }
`;
