// The cache of one layer: one column per token, three caching schemes on one scale. The latent, in two tones, is drawn
// over the pale expanded cache; plain multi-head attention is a dashed outline, because it was not run.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import { isHidden, isReached, shownInfo, shownRun } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import { labels } from '../shared/labels';
import type { Plan } from './plan';

export function picture(snapshot: Snapshot, plan: Plan, layer: number, words: Words): TemplateResult<2> {
  const { at, column, top, first, heights, right } = plan;
  const hidden = isHidden(snapshot);
  const isEmpty = shownRun(snapshot).records.length === 0;
  const end = isEmpty ? first : isReached(snapshot, layer, 'cache') ? at + 1 : at;
  const start = plan.x(at);
  return svg`
    ${labels(snapshot, plan)}
    ${end > first ? schemes(plan, end, hidden) : nothing}
    ${plan.x(end) < right ? svg`<path class="line" d="M${plan.x(end)} ${top + 0.5}H${right}" />` : nothing}
    ${
      isEmpty
        ? nothing
        : svg`<path class="rule" data-playhead=${at}
            d="M${start} ${top - 4}V${top + heights.expanded + 4}M${start + column} ${top - 4}V${top + heights.expanded + 4}" />`
    }
    ${end > first && !hidden ? names(snapshot, plan, words) : nothing} ${end > first && !plan.named ? inside(plan, end, words) : nothing}`;
}

/** The three schemes for the tokens in sight before `end`; without the latent while a question asks for its size. */
function schemes(plan: Plan, end: number, hidden: boolean): TemplateResult<2> {
  const { top, column, first, heights } = plan;
  const { cKv, ropeKey, latent, expanded, plainMha } = heights;
  const to = plan.x(end);
  const tokens = Array.from({ length: end - first }, (_, index) => first + index);
  const cells = (y: number, height: number): string =>
    tokens.map(position => `M${plan.x(position) + 0.5} ${y}h${column - 1}v${height}h${1 - column}z`).join('');
  const between = tokens.slice(1).map(position => `M${plan.x(position)} ${top + latent}V${top + expanded}`);
  const outline = (height: number): string => `M0.5 ${top}V${top + height - 0.5}H${to - 0.5}V${top}`;
  return svg`
    <rect class="fill ghost" data-term="expanded" x="0" y=${top} width=${to} height=${expanded} />
    <path class="line" d=${between.join('')} />
    <path class="expanded" data-term="expanded" data-scheme="expanded" data-height=${expanded} d=${outline(expanded)} />
    <path class="plain" data-term="plainMha" data-scheme="plain_mha" data-height=${plainMha} d=${outline(plainMha)} />
    ${
      hidden
        ? nothing
        : svg`
    <path class="ckv" data-term="latent" data-scheme="c_kv" data-height=${cKv} data-tokens="${first} ${end}"
      d=${cells(top, cKv)} />
    <path class="rope" data-term="ropeKey" data-scheme="rope_key" data-height=${ropeKey} d=${cells(top + cKv, ropeKey)} />`
    }`;
}

/** The schemes' names inside the boxes, if there is no room beside the boxes. */
function inside(plan: Plan, end: number, { cacheView: words }: Words): TemplateResult<2> {
  const width = plan.x(end);
  const name = (y: number, text: string): TemplateResult<2> =>
    svg`<svg width=${width} height=${plan.height}><text class="say" x="4" y=${y}>${text}</text></svg>`;
  return svg`${name(plan.names.plainMha, words.names.plainMha)} ${name(plan.names.expanded, words.names.expanded)}`;
}

/** The schemes' values beside the boxes, with the schemes' names if there is room. */
function names(snapshot: Snapshot, plan: Plan, { f, cacheView }: Words): TemplateResult<2> {
  const { latent, expanded, plain_mha } = shownInfo(snapshot).cache_values;
  const x = plan.right + 8;
  const name = (y: number, values: number, text: string): TemplateResult<2> =>
    svg`<text class="strong" x=${x} y=${y}>${f.whole(values)}${plan.named ? svg`<tspan class="result" dx="6">${text}</tspan>` : nothing}</text>`;
  return svg`
    ${name(plan.names.latent, latent, cacheView.names.latent)}
    ${name(plan.names.plainMha, plain_mha, cacheView.names.plainMha)}
    ${name(plan.names.expanded, expanded, cacheView.names.expanded)}`;
}
