// The playhead's column: scores are bars, and each group shows the numbers of its chosen experts. The column is a list
// box with all experts of all layers and one tab stop; the selected expert is marked. Drawn from x = 0.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import type { StagedRoute } from '../../scope/select';
import { shownInfo, shownStage } from '../../scope/select';
import { expertFacts } from '../shared/expert-facts';
import type { Stave } from '../shared/geometry';
import { barsWidth } from '../shared/geometry';
import { hatching } from '../shared/hatching';
import { grownStrip } from './cache-strip';
import type { RollLayout } from './roll-layout';
import { routeHere } from './roll-layout';

/** Opacity of marks in groups that were ruled out. */
const CUT = { bar: 0.35, hatch: 0.8 };
/** Number of characters that fit beside the bars. */
const SAID = 11;

/** The id of an expert's option. */
export function optionId(layer: number, expert: number): string {
  return `expert-${layer}-${expert}`;
}

export function opened(layout: RollLayout): TemplateResult<2> | typeof nothing {
  const { columns, picture, record } = layout;
  if (!record) return nothing;
  const width = columns.width + columns.open;
  const middle = columns.width / 2;
  return svg`
    ${hatching}
    <g class="marks">${picture.staves.map(
      stave => svg`
        ${stave.dense ? nothing : routed(stave, layout)}
        ${layout.done(stave.layer, 'cache') ? grownStrip(stave, layout) : nothing}`,
    )}</g>
    <path class="rule" aria-hidden="true" d="M-0.5 0V${picture.foot}M${width + 0.5} 0V${picture.foot}" />
    <path class="solid" aria-hidden="true" d="M${middle - 5} ${picture.foot + 11}l5-8 5 8z" />
    ${cursor(layout)}`;
}

function routed(stave: Stave, layout: RollLayout): TemplateResult<2> {
  const { columns, picture, snapshot, words } = layout;
  const { rows } = picture;
  const { layer } = stave;
  const route = routeHere(layout, layer);
  const experts = Array.from({ length: snapshot.model.info.n_routed_experts }, (_, expert) => expert);
  const cut = (group: number): boolean => route?.kept_groups?.includes(group) === false;
  return svg`
    <g data-opened=${layer} transform="translate(0 ${stave.top})">
      <g role="group" aria-label=${words.routing.layer(layer)}>
        ${experts.map(expert => {
          const looked = layer === snapshot.state.layer && expert === snapshot.state.expert;
          return svg`
            <g role="option" id=${optionId(layer, expert)} data-expert=${expert} aria-selected=${looked}
              aria-label=${words.roll.expert(expertFacts(snapshot, layer, expert, rows.groupOf(expert), route))}>
              <rect class="reach" y=${rows.y(expert)} width=${barsWidth(columns)} height=${rows.pitch} />
            </g>`;
        })}
      </g>
      ${
        route
          ? svg`
              <g aria-hidden="true" data-motion="score" data-layer=${layer}>
                <path class="score" data-bars="kept" d=${bars(route, layout, expert => !cut(rows.groupOf(expert)))} />
                <path class="cutscore" data-bars="cut" fill-opacity=${CUT.bar}
                  d=${bars(route, layout, expert => cut(rows.groupOf(expert)))} />
              </g>`
          : nothing
      }
      ${
        route?.kept_groups
          ? svg`
              <g aria-hidden="true" data-motion="cut" data-layer=${layer}>
                ${rows.groups.filter(cut).map(group => hatched(group, layout))}
              </g>`
          : nothing
      }
      ${route?.experts ? chosen(layer, route.experts, route.shares ?? [], cut, layout) : nothing}
    </g>
    ${
      shownInfo(snapshot).n_shared_experts > 0 && !route?.experts
        ? svg`<path class="line" aria-hidden="true" d="M0 ${stave.line + 1}h${columns.width + columns.open}" />`
        : nothing
    }`;
}

/** The discs of the chosen experts, and their numbers in each kept group. */
function chosen(
  layer: number,
  experts: readonly number[],
  shares: readonly number[],
  cut: (group: number) => boolean,
  layout: RollLayout,
): TemplateResult<2> {
  const { columns, picture } = layout;
  const { rows } = picture;
  return svg`
    <g aria-hidden="true" data-motion="choose" data-layer=${layer}>
      ${experts.map(
        (expert, rank) => svg`
          <circle class="note" data-expert=${expert} cx=${columns.width / 2}
            cy=${rows.y(expert) + rows.pitch / 2} r=${rows.pitch * Math.sqrt(shares[rank] ?? 0)} />`,
      )}
    </g>
    <g aria-hidden="true" data-motion="say" data-layer=${layer}>
      ${rows.groups.filter(group => !cut(group)).map(group => groupLabel(group, experts, layout))}
    </g>`;
}

/** The scores of the experts that `of` accepts, as bars. */
function bars(route: StagedRoute, { columns, picture }: RollLayout, of: (expert: number) => boolean): string {
  const { rows } = picture;
  const height = rows.pitch - 1;
  return route.scores
    .map((score, expert) => {
      const width = score * barsWidth(columns);
      return of(expert) ? `M1 ${rows.y(expert) + 0.5}h${width}v${height}h${-width}z` : '';
    })
    .join('');
}

function hatched(group: number, { columns, picture, words }: RollLayout): TemplateResult<2> {
  const { rows } = picture;
  const edge = columns.width + columns.open - 8;
  const y = rows.top(group) + rows.groupHeight / 2;
  return svg`
    <rect class="hatch" fill="url(#hatch)" fill-opacity=${CUT.hatch} data-group=${group} y=${rows.top(group)}
      width=${columns.width + columns.open} height=${rows.groupHeight} />
    <rect class="paper" x=${edge - 50} y=${y - 8} width="54" height=${Math.min(16, rows.groupHeight)} />
    <text class="end" data-group-words=${group} x=${edge} y=${y + 4}>${words.routing.cut}</text>`;
}

/** The numbers of a group's chosen experts, or only their count if there is no room. */
function groupLabel(
  group: number,
  experts: readonly number[],
  { columns, picture, words }: RollLayout,
): TemplateResult<2> {
  const { rows } = picture;
  const members = experts.filter(expert => rows.groupOf(expert) === group).sort((a, b) => a - b);
  const list = members.join(' ');
  const text = list.length > SAID ? words.routing.count(members.length) : list;
  return svg`
    <text class=${members.length > 0 ? 'strong end' : 'end'} data-group-words=${group} x=${columns.width + columns.open - 8}
      y=${rows.top(group) + rows.groupHeight / 2 + 4}>${text || words.routing.none}</text>`;
}

/** A triangle left of the column that marks the shown stage, at the height of the stage's layer. */
function cursor({ picture, snapshot }: RollLayout): TemplateResult<2> | typeof nothing {
  const stage = shownStage(snapshot);
  const stave = picture.staves.find(({ layer }) => layer === stage?.layer);
  if (!stage || !stave) return nothing;
  const y = stage.operation === 'cache' || stage.operation === 'attend' ? stave.strip + 3 : stave.line - 16;
  return svg`<path class="solid" aria-hidden="true" data-cursor d="M-9 ${y - 4}l8 4-8 4z" />`;
}
