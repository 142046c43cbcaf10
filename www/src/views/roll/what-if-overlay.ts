// Choices that a what-if changes, drawn over the changed run. An expert chosen only without the change is a ring; an
// expert chosen only with the change is a disc in a ring. A line crosses the row of an expert that is off.

import type { TemplateResult } from 'lit';
import { css, nothing, svg } from 'lit';
import type { ChangedRoute } from '../../scope/select';
import { changedRoutesAt, expertsOff, shownRunName } from '../../scope/select';
import type { Stave } from '../shared/geometry';
import { inSight } from '../shared/layout';
import type { RollLayout } from './roll-layout';

/** Extra radius in px of a ring around a disc. */
const RING = 2;

/** True if the changed run is shown, so that its choices are compared with those of the plain run. */
export function isCompared({ snapshot }: RollLayout): boolean {
  return shownRunName(snapshot) === 'changed';
}

export function overlay(layout: RollLayout): TemplateResult<2> | typeof nothing {
  if (!isCompared(layout)) return nothing;
  const routed = layout.picture.staves.filter(({ dense }) => !dense);
  return svg`${routed.map(
    stave => svg`<g data-layer=${stave.layer} transform="translate(0 ${stave.top})">
    ${off(stave, layout)} ${inSight(layout.columns).map(position => marks(stave, position, layout))}</g>`,
  )}`;
}

/**
 * The experts that are off: a line through their rows, and their numbers. In the playhead's column the line ends before
 * the numbers of the chosen experts.
 */
function off({ layer }: Stave, { columns, picture, snapshot, words }: RollLayout): TemplateResult<2>[] {
  const { rows } = picture;
  return expertsOff(snapshot)
    .filter(place => place.layer === layer && place.expert < snapshot.model.info.n_routed_experts)
    .map(({ expert }) => {
      const y = rows.y(expert) + rows.pitch / 2;
      const here = columns.x(columns.at);
      return svg`
        <path class="rule" data-off=${expert}
          d="M${columns.left} ${y}H${here + columns.width}M${here + columns.width + columns.open} ${y}H${columns.right}" />
        <rect class="solid" x=${columns.left - 48} y=${y - 8} width="44" height="16" />
        <text class="number" x=${columns.left - 26} y=${y + 4}>${words.roll.off(expert)}</text>`;
    });
}

/** One token's experts in a layer: those chosen only without the change, and those chosen only with it. */
function marks(
  stave: Stave,
  position: number,
  { columns, picture, snapshot }: RollLayout,
): TemplateResult<2> | typeof nothing {
  const { rows } = picture;
  const change = changedRoutesAt(snapshot, position).find(({ layer }) => layer === stave.layer);
  if (!change) return nothing;
  const { plain, changed } = change;
  const x = columns.x(position) + columns.width / 2;
  const radius = (route: ChangedRoute['plain'], expert: number): number =>
    rows.pitch * Math.sqrt(route?.shares[route.experts.indexOf(expert)] ?? 0);
  const middle = (expert: number): number => rows.y(expert) + rows.pitch / 2;
  return svg`
    ${change.left.map(
      expert => svg`<circle class="only-without" data-position=${position} data-expert=${expert}
        cx=${x} cy=${middle(expert)} r=${radius(plain, expert)} />`,
    )}
    ${change.entered.map(
      expert => svg`
        <circle class="only-with" data-position=${position} data-expert=${expert}
          cx=${x} cy=${middle(expert)} r=${radius(changed, expert)} />
        <circle class="around" cx=${x} cy=${middle(expert)} r=${radius(changed, expert) + RING} />`,
    )}`;
}

export const overlayStyle = css`
  .staves > .overlay {
    pointer-events: none;
  }
  :host([compared]) .closed .note,
  :host([compared]) .opened .note {
    opacity: 0.45;
  }
  .only-without {
    fill: var(--moe-bg);
    stroke: var(--moe-note);
    stroke-width: 1.5;
  }
  .only-with {
    fill: var(--moe-note);
  }
  .around {
    fill: none;
    stroke: var(--moe-note);
    stroke-width: 1.5;
  }
`;
