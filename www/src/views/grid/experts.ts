// A list box over the large picture: one tab stop, one option per expert with its numbers.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import type { LayerLoad } from '../../engine/types';
import type { Words } from '../../text/words';
import type { Plan } from './plan';

export interface Options {
  readonly plan: Plan;
  readonly load: LayerLoad | undefined;
  readonly tokens: number;
  /** The selected expert. */
  readonly expert: number | null;
  readonly words: Words;
}

/** The id of an expert's option. */
export function optionId(expert: number): string {
  return `expert-${expert}`;
}

export function options(all: Options): TemplateResult<2> {
  const { plan } = all;
  return svg`
    ${plan.numbered ? svg`<g aria-hidden="true">${plan.order.map(expert => numbers(expert, all))}</g>` : nothing}
    ${plan.order.map(expert => option(expert, all))} ${ranges(all)}`;
}

/** Draws an expert's number and load. The list option of the expert covers the row; its label contains both. */
function numbers(expert: number, { plan, load, expert: looked, words }: Options): TemplateResult<2> {
  const { rows, margin, left } = plan;
  const selected = expert === looked;
  const baseline = plan.y(expert) + rows.pitch / 2 + 4;
  const count = load?.counts[expert];
  const relative = load?.relative[expert];
  return svg`
    <g data-numbers=${expert}>
      ${selected ? svg`<rect class="solid" x="0" y=${baseline - 12} width=${left - 4} height="16" />` : nothing}
      <text class="end ${selected ? 'inverted' : ''}" x=${left - 8} y=${baseline}>${expert}</text>
      ${
        count !== undefined && relative !== undefined
          ? svg`
              <text class="end ${count > 0 ? 'strong' : ''}" x=${margin.count} y=${baseline}>${words.f.whole(count)}</text>
              <text class="end" x=${margin.relative} y=${baseline}>${words.grid.hundredths(relative)}</text>`
          : nothing
      }
    </g>`;
}

function option(expert: number, { plan, load, tokens, expert: looked, words }: Options): TemplateResult<2> {
  const count = load?.counts[expert];
  const relative = load?.relative[expert];
  const known = count !== undefined && relative !== undefined;
  const texts = words.grid;
  return svg`
    <g role="option" id=${optionId(expert)} data-expert=${expert} aria-selected=${expert === looked}
      data-count=${count ?? nothing} data-relative=${relative ?? nothing}
      aria-label=${known ? texts.option(expert, count, tokens, relative) : texts.expertAlone(expert)}>
      <rect class="reach" y=${plan.y(expert)} width=${plan.width} height=${plan.rows.pitch} />
    </g>`;
}

/** If rows are too low for numbers: the range of experts per group, and the number of the selected expert. */
function ranges({ plan, words, expert }: Options): unknown {
  const { grouped, left, numbered, rows, top } = plan;
  if (numbered) return nothing;
  const here = (looked: number): TemplateResult<2> => {
    const middle = plan.y(looked) + rows.pitch / 2;
    return svg`
      <rect class="solid" aria-hidden="true" x=${left - 34} y=${middle - 8} width="30" height="16" />
      <text class="end inverted" aria-hidden="true" x=${left - 8} y=${middle + 4}>${looked}</text>`;
  };
  const range = (group: number): TemplateResult<2> => {
    const first = group * rows.perGroup;
    return svg`<text class="end" aria-hidden="true" x=${left - 8} y=${top + rows.top(group) + rows.groupHeight / 2 + 4}
      >${words.routing.range(first, first + rows.perGroup - 1)}</text>`;
  };
  return svg`
    ${grouped && rows.groupHeight >= 12 ? rows.groups.map(range) : nothing}
    ${expert === null ? nothing : here(expert)}`;
}
