// Tokens and experts of a layer as a picture; the data table has the numbers. Tokens that did not choose the selected
// expert are dim, and tokens after the playhead are pale.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import { routeAt, shownRun } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { hatching } from '../shared/hatching';
import { labels } from '../shared/labels';
import type { Placed } from '../shared/score-marks';
import { LEVELS } from '../shared/score-marks';
import { cellsOf } from './cells';
import type { Plan } from './plan';

/** Opacity of scores (`cut`) and hatching in ruled-out groups, and of the marks of past, dim and later tokens. */
const STRENGTH = {
  cut: 0.18,
  hatch: 0.55,
  when: {
    past: { tint: 1, note: 1 },
    dim: { tint: 0.3, note: 0.2 },
    later: { tint: 0.3, note: 0.5 },
  },
};
type When = keyof typeof STRENGTH.when;

/** The routes of a layer's tokens in sight. */
function placedIn(snapshot: Snapshot, { layer, first, end }: Plan): Placed[] {
  const placed: Placed[] = [];
  for (let position = first; position < end; position++) {
    const route = routeAt(snapshot, position, layer);
    if (route) placed.push({ position, route });
  }
  return placed;
}

/** True if a token did not choose the selected expert. */
function isDim({ route }: Placed, expert: number | null): boolean {
  return expert !== null && !route.experts.includes(expert);
}

/** The cells alone, without labels and rules. */
export function cells(snapshot: Snapshot, plan: Plan, expert: number | null): TemplateResult<2> {
  const placed = placedIn(snapshot, plan);
  const past = placed.filter(({ position }) => position <= plan.at);
  const bins: Record<When, Placed[]> = {
    past: past.filter(each => !isDim(each, expert)),
    dim: past.filter(each => isDim(each, expert)),
    later: placed.filter(({ position }) => position > plan.at),
  };
  return svg`
    ${hatching}
    <g data-layer=${plan.layer}>
      ${lanes(shownRun(snapshot).records.length, plan)}
      ${(['past', 'dim', 'later'] as const).map(when => (bins[when].length > 0 ? bin(when, bins[when], plan) : nothing))}
    </g>`;
}

function bin(when: When, placed: readonly Placed[], plan: Plan): TemplateResult<2> {
  const { kept, cut, notes, hatch } = cellsOf(placed, plan);
  const { tint, note } = STRENGTH.when[when];
  const shade = (kind: string, strength: number) => (path: string, index: number) =>
    path === ''
      ? nothing
      : svg`<path class=${kind} data-level=${index + 1} fill-opacity=${((index + 1) / LEVELS) * strength} d=${path} />`;
  return svg`
    <g data-when=${when}>
      <path class="hatch" data-term="cut group" fill="url(#hatch)" fill-opacity=${STRENGTH.hatch * tint} d=${hatch} />
      <g data-term="score router">${kept.map(shade('score', tint))} ${cut.map(shade('cutscore', STRENGTH.cut * tint))}</g>
      <path class="note" data-term="share expert" opacity=${note} d=${notes} />
    </g>`;
}

/** Grey rectangles in place of the groups of experts, for tokens that were not run yet. */
function lanes(ran: number, { left, right, rows, top, grouped, order, column, first, end }: Plan): unknown {
  const from = left + Math.max(0, Math.min(end, ran) - first) * column;
  if (from >= right) return nothing;
  const lane = (y: number, height: number): TemplateResult<2> =>
    svg`<rect class="fill" x=${from} y=${y} width=${right - from} height=${height} />`;
  return grouped
    ? rows.groups.map(group => lane(top + rows.top(group), rows.groupHeight))
    : lane(top, order.length * rows.pitch);
}

/** The tokens' labels, lines beside the playhead's column, and lines along the selected expert's row. */
export function heads(snapshot: Snapshot, plan: Plan, expert: number | null): TemplateResult<2> {
  const { at, column, foot, top } = plan;
  const isIn = (position: number): boolean =>
    position <= at && routeAt(snapshot, position, plan.layer)?.experts.includes(expert ?? -1) === true;
  const start = plan.x(at);
  return svg`
    ${labels(snapshot, plan, isIn)}
    <path class="rule" data-playhead=${at} d="M${start} ${top - 4}V${foot + 4}M${start + column} ${top - 4}V${foot + 4}" />
    ${expert === null ? nothing : rowRules(plan, expert)}`;
}

/** Lines above and below the row of the selected expert. */
function rowRules(plan: Plan, expert: number): TemplateResult<2> {
  const y = plan.y(expert);
  return svg`<path class="rule" d="M${plan.left} ${y}H${plan.right}M${plan.left} ${y + plan.rows.pitch}H${plan.right}" />`;
}
