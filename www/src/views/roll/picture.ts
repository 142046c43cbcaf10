// The roll without its opened column: texts left of the columns, scores, choices, ruled-out groups, lines of shared
// experts and dense networks, and the cache. The data table has the numbers.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { chosenCount, expertsOff, shownInfo, shownRun } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import type { Place } from '../../scope/values';
import type { Rows, Stave } from '../shared/geometry';
import { hatching } from '../shared/hatching';
import { LEVELS } from '../shared/score-marks';
import { cacheDrawing } from './cache-drawing';
import { keptStrip } from './cache-strip';
import type { Chunk } from './closed-columns';
import { chunksOf, closedCells } from './closed-columns';
import type { RollLayout } from './roll-layout';
import { placedIn } from './roll-layout';

/** Opacity of scores (`cut`) and hatching in ruled-out groups, and of marks before and after the playhead. */
const STRENGTH = {
  cut: 0.18,
  hatch: 0.55,
  when: { past: { tint: 1, note: 1 }, later: { tint: 0.3, note: 0.7 } },
};
/** Minimum height in px of a group that shows the range of its experts. */
const LEAST_TEXT = 12;

export function picture(layout: RollLayout): TemplateResult<2> {
  return svg`
    ${hatching}
    ${layout.picture.staves.map(stave => (stave.dense ? dense(stave, layout) : routed(stave, layout)))}
    ${layout.picture.staves.map(stave => cache(stave, layout))}
    ${cacheDrawing(layout)}`;
}

function routed(stave: Stave, layout: RollLayout): TemplateResult<2> {
  const { columns, snapshot } = layout;
  const { n_shared_experts: shared } = shownInfo(snapshot);
  const placed = placedIn(layout, stave.layer);
  const past = chunksOf(
    placed.filter(({ position }) => position < columns.at),
    columns.at,
  );
  const later = chunksOf(
    placed.filter(({ position }) => position > columns.at),
    columns.at,
  );
  return svg`
    <g data-layer=${stave.layer} transform="translate(0 ${stave.top})">
      ${gutter(stave, layout)} ${lanes(layout)}
      ${[chunks('past', past, layout), chunks('later', later, layout)]}
    </g>
    ${shared > 0 ? line(stave, 2, 'shared', layout) : nothing}`;
}

function chunks(when: keyof typeof STRENGTH.when, all: readonly Chunk[], { columns, picture }: RollLayout): unknown {
  const { rows } = picture;
  const { first, left, open, width } = columns;
  const start = left + (when === 'later' ? open : 0);
  return repeat(
    all,
    ({ key }) => key,
    chunk => svg`
      <g data-when=${when} transform="translate(${start + (chunk.from - first) * width} 0)">
        ${guard([width, rows.pitch, ...chunk.placed.map(({ route }) => route)], () => marks(when, chunk, width, rows))}
      </g>`,
  );
}

function marks(when: keyof typeof STRENGTH.when, chunk: Chunk, width: number, rows: Rows): TemplateResult<2> {
  const { kept, cut, notes, hatch } = closedCells(chunk, width, rows);
  const { tint, note } = STRENGTH.when[when];
  const shade = (kind: string, strength: number) => (path: string, index: number) => {
    const level = index + 1;
    return path === ''
      ? nothing
      : svg`<path class=${kind} data-level=${level} fill-opacity=${(level / LEVELS) * strength} d=${path} />`;
  };
  return svg`
    <path class="hatch" fill="url(#hatch)" fill-opacity=${STRENGTH.hatch * tint} d=${hatch} />
    ${kept.map(shade('score', tint))} ${cut.map(shade('cutscore', STRENGTH.cut * tint))}
    ${notes.map((path, rank) => svg`<path class="note" data-rank=${rank} opacity=${note} d=${path} />`)}`;
}

/** Left of the columns: each group's experts, and for the selected layer a bar and the number of chosen experts. */
function gutter({ layer }: Stave, layout: RollLayout): TemplateResult<2> {
  const { columns, picture, snapshot, words } = layout;
  const { phone, left } = columns;
  const { rows } = picture;
  const { n_routed_experts } = shownInfo(snapshot);
  const range = (group: number): TemplateResult<2> | typeof nothing => {
    const first = group * rows.perGroup;
    if (hasNumber(layout, layer, group)) return nothing;
    return svg`
      <text class="end" x=${left - 8} y=${rows.top(group) + rows.groupHeight / 2 + 4}
        >${words.routing.range(first, first + rows.perGroup - 1)}</text>`;
  };
  return svg`
    ${
      layer === chosenLayer(snapshot) && !phone
        ? svg`
            <rect class="solid" x="-12" width="4" height=${rows.height} />
            <text x="0" y="31">${words.routing.chosen(chosenCount(snapshot), n_routed_experts)}</text>`
        : nothing
    }
    ${rows.groupHeight < LEAST_TEXT ? nothing : rows.groups.map(range)}`;
}

/** True if a number over the group's range marks the selected expert or an expert that is off. */
function hasNumber({ picture, snapshot }: RollLayout, layer: number, group: number): boolean {
  const { expert } = snapshot.state;
  const isHere = (place: Place): boolean => place.layer === layer && picture.rows.groupOf(place.expert) === group;
  return expertsOff(snapshot).some(isHere) || (expert !== null && isHere({ layer: chosenLayer(snapshot), expert }));
}

/** Grey rectangles in place of the groups of experts, for tokens that were not run yet. */
function lanes({ columns, picture, snapshot }: RollLayout): TemplateResult<2>[] {
  const { groups, groupHeight, top } = picture.rows;
  const ran = Math.max(0, Math.min(shownRun(snapshot).records.length, columns.end) - columns.first);
  const from = ran === 0 ? columns.left : columns.endOf(columns.first + ran - 1);
  if (from >= columns.right) return [];
  return groups.map(
    group => svg`
      <rect class="fill" x=${from} y=${top(group)} width=${columns.right - from} height=${groupHeight} />`,
  );
}

function dense(stave: Stave, layout: RollLayout): TemplateResult<2> {
  return line(stave, 4, 'dense', layout);
}

/**
 * A line through every token that was run, paler after the playhead. In the playhead's column it appears with the
 * step's result.
 */
function line(stave: Stave, height: number, kind: 'shared' | 'dense', layout: RollLayout): TemplateResult<2> {
  const { columns, snapshot, words } = layout;
  const y = stave.line;
  const name = svg`<text class="end" x=${columns.left - 8} y=${y + height / 2 + 1}>${words.routing[kind]}</text>`;
  const ran = Math.min(shownRun(snapshot).records.length, columns.end);
  const start = columns.x(columns.at);
  const after = columns.endOf(columns.at);
  const end = ran > columns.at + 1 ? columns.endOf(ran - 1) : after;
  const reached = layout.record && layout.done(stave.layer, kind === 'dense' ? 'dense' : 'choose');
  return svg`
    ${columns.phone ? nothing : name}
    ${
      ran === 0
        ? svg`<rect class="fill" x=${columns.left} y=${y} width=${columns.right - columns.left} height=${height} />`
        : svg`
            <rect class=${kind} data-line=${stave.layer} x=${columns.left} y=${y} height=${height}
              width=${start - columns.left} />
            ${
              reached
                ? svg`<rect class=${kind} data-line=${stave.layer} data-motion=${kind === 'dense' ? 'mark' : 'say'}
                    data-layer=${stave.layer} x=${start} y=${y} height=${height} width=${after - start} />`
                : nothing
            }
            <rect class=${kind} opacity=${STRENGTH.when.later.note} x=${after} y=${y} height=${height} width=${end - after} />`
    }`;
}

/** A layer's cache strip for the tokens before the playhead, with the strip's name. */
function cache(stave: Stave, layout: RollLayout): TemplateResult<2> {
  const { columns, words } = layout;
  return svg`
    ${
      columns.phone
        ? nothing
        : svg`<text class="end" x=${columns.left - 8} y=${stave.strip + 9}>${words.routing.cache}</text>`
    }
    ${keptStrip(stave, layout)}`;
}
