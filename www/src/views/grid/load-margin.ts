// The expert load beside the grid: how many tokens so far chose each expert, in numbers and as bars. A line marks the
// uniform load, with which all experts would be chosen equally often; a dashed line marks the largest load by chance.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import type { ChanceLoad, LayerLoad } from '../../engine/types';
import type { Words } from '../../text/words';
import type { Plan } from './plan';

/** The relative load of a full bar; if the largest relative load is higher, its bar is full. */
const FULL = 4;

/** The length of a bar for a relative load. */
function barLength({ margin }: Plan, load: LayerLoad, relative: number): number {
  return (margin.bar * relative) / Math.max(FULL, ...load.relative);
}

/** The bars, the line of the uniform load and the line of chance, for a large or a small picture. */
export function bars(plan: Plan, load: LayerLoad, chance: ChanceLoad | undefined): TemplateResult<2> {
  const { foot, margin, rows, top } = plan;
  const inset = rows.pitch > 8 ? 4 : rows.pitch > 2 ? 0.5 : 0;
  const height = rows.pitch - 2 * inset;
  const drawn = load.relative.map((relative, expert) => {
    const length = barLength(plan, load, relative);
    return length > 0 ? `M${margin.left} ${plan.y(expert) + inset}h${length}v${height}h${-length}z` : '';
  });
  const uniform = margin.left + barLength(plan, load, 1);
  const above = top - (top > 0 ? 4 : 0);
  return svg`
    <path class="line" d="M${margin.left - 0.5} ${top}V${foot}" />
    <path class="note bars" data-term="load" d=${drawn.join('')} />
    <path class="rule" data-term="uniform" d="M${uniform} ${above}V${foot}" />
    ${
      chance
        ? svg`<path class="chance" data-term="chance"
            d="M${margin.left + Math.min(margin.bar, barLength(plan, load, 1 + chance.max_violation))} ${above}V${foot}" />`
        : nothing
    }`;
}

/** The load margin of the large picture: the bars, and the texts above and below them. */
export function axisBox(
  plan: Plan,
  load: LayerLoad | undefined,
  chance: ChanceLoad | undefined,
  chosen: { readonly tokens: number; readonly each: number },
  words: Words,
): TemplateResult<2> {
  const { foot, margin, numbered, order, top } = plan;
  const texts = words.grid;
  const heads = numbered
    ? svg`
        <text class="end" x=${margin.count} y=${top - 8}>${texts.count}</text>
        <text class="end" x=${margin.relative} y=${top - 8}>${texts.relative}</text>`
    : nothing;
  if (!load) return svg`${heads}`;
  const sum = order.reduce((all, expert) => all + (load.counts[expert] ?? 0), 0);
  return svg`
    ${bars(plan, load, chance)}
    ${heads}
    <text data-term="uniform" data-uniform=${load.uniform} x=${margin.left} y=${top - 24}
      >${texts.uniform(load.uniform)}</text>
    <path class="line" d="M${margin.left} ${foot + 4.5}H${margin.relative}" />
    <text class="end strong" data-sum=${sum} data-term="load" x=${margin.count} y=${foot + 19}
      >${texts.sum(chosen.tokens, chosen.each, sum)}</text>`;
}
