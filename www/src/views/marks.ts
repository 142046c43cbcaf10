// Marks that several views draw, as SVG: look.md names each. Pure functions of records and geometry.
// May import: lit, geometry, layout, text, engine's types.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import type { CacheValues, Route } from '../engine/types';
import type { Words } from '../text/words';
import type { Columns, Rows } from './geometry';
import { EXPANDED_HEIGHT } from './geometry';
import { inSight } from './layout';

/** The score at which a cell has the full blue: most scores of a trained gate are far below 1. */
export const FULL_SCORE = 0.5;
/** How strong the grey of a score in a cut group is. */
const CUT = { cell: 0.18, bar: 0.35 };
/** How strong hatching is, in a closed column and in the opened one. */
export const HATCH = { closed: 0.55, opened: 0.8 };
/** So many characters fit beside the bars. */
const SAID = 11;

/** A column that is not the playhead's, from x = 0. */
export function closed(route: Route, stave: Rows, width: number): TemplateResult<2> {
  return svg`
    ${route.scores.map((score, expert) => {
      const kept = isKept(route, expert, stave);
      const strength = Math.min(1, score / FULL_SCORE) * (kept ? 1 : CUT.cell);
      return svg`<rect class=${kept ? 'score' : 'cutscore'} data-expert=${expert} x="0.5" y=${stave.y(expert) + 0.5}
        width=${width - 1} height=${stave.pitch - 1} fill-opacity=${strength} />`;
    })}
    ${notes(route, stave, width)}`;
}

/** The playhead's column, from x = 0: scores as bars, and the chosen experts of each group in numbers. */
export function opened(route: Route, stave: Rows, columns: Columns, words: Words['routing']): TemplateResult<2> {
  const scale = columns.width + 26;
  const edge = columns.width + columns.open - 8;
  const say = (group: number): { readonly text: string; readonly strong: boolean } => {
    if (!route.kept_groups.includes(group)) return { text: words.cut, strong: false };
    const chosen = route.experts.filter(expert => stave.groupOf(expert) === group).sort((a, b) => a - b);
    if (chosen.length === 0) return { text: words.none, strong: false };
    const list = chosen.join(' ');
    return { text: list.length > SAID ? words.count(chosen.length) : list, strong: true };
  };
  return svg`
    ${route.scores.map((score, expert) => {
      const kept = isKept(route, expert, stave);
      return svg`
        <rect class=${kept ? 'score' : 'cutscore'} data-expert=${expert} x="1" y=${stave.y(expert) + 0.5}
          width=${score * scale} height=${stave.pitch - 1} fill-opacity=${kept ? 1 : CUT.bar} />`;
    })}
    ${stave.groups.map(group => {
      const { text, strong } = say(group);
      const y = stave.top(group) + stave.groupHeight / 2;
      const cut = svg`
        ${hatched(stave, group, 0, columns.width + columns.open, HATCH.opened)}
        <rect class="paper" x=${edge - 24} y=${y - 8} width="28" height=${Math.min(16, stave.groupHeight)} />`;
      return svg`
        ${route.kept_groups.includes(group) ? nothing : cut}
        <text class=${strong ? 'strong end' : 'end'} x=${edge} y=${y + 4}>${text}</text>`;
    })}
    ${notes(route, stave, columns.width)}`;
}

/** The chosen experts: a disc whose area is the share; a quarter share is one row high. */
function notes(route: Route, stave: Rows, width: number): TemplateResult<2>[] {
  return route.experts.map(
    (expert, rank) => svg`
      <circle class="note" data-expert=${expert} cx=${width / 2} cy=${stave.y(expert) + stave.pitch / 2}
        r=${stave.pitch * Math.sqrt(route.shares[rank] ?? 0)} />`,
  );
}

/** The latent of each token up to the playhead, in its two tones, to the scale of the expanded cache. */
export function strip(
  columns: Columns,
  values: CacheValues | undefined,
  recorded: number,
  y: number,
): TemplateResult<2> {
  if (!values || recorded === 0) {
    return svg`<path class="line" d="M${columns.left} ${y + 0.5}H${columns.right}" />`;
  }
  const scale = EXPANDED_HEIGHT / values.expanded;
  const cKv = values.c_kv * scale;
  const ropeKey = values.rope_key * scale;
  const after = columns.endOf(columns.at);
  return svg`
    ${inSight(columns)
      .filter(position => position <= columns.at)
      .map(position => {
        const x = columns.x(position) + 0.5;
        return svg`
          <g data-cached=${position}>
            <rect class="ckv" x=${x} y=${y} width=${columns.width - 1} height=${cKv} />
            <rect class="rope" x=${x} y=${y + cKv} width=${columns.width - 1} height=${ropeKey} />
          </g>`;
      })}
    ${after < columns.right ? svg`<path class="line" d="M${after} ${y + 0.5}H${columns.right}" />` : nothing}`;
}

/** The two rules of the playhead; views that stand above one another make one of them. */
export function playhead(columns: Columns, there: boolean, height: number): TemplateResult<2> | typeof nothing {
  if (!there) return nothing;
  const start = columns.x(columns.at) - 0.5;
  const end = columns.endOf(columns.at) + 0.5;
  return svg`<path class="rule" d="M${start} 0V${height}M${end} 0V${height}" />`;
}

/** Whether an expert's group was kept. */
export function isKept(route: Route, expert: number, stave: Rows): boolean {
  return route.kept_groups.includes(stave.groupOf(expert));
}

/** The hatching of a cut group. */
export function hatched(stave: Rows, group: number, x: number, width: number, strength: number): TemplateResult<2> {
  return svg`
    <rect class="hatch" fill="url(#hatch)" fill-opacity=${strength} data-group=${group} x=${x} y=${stave.top(group)}
      width=${width} height=${stave.groupHeight} />`;
}
