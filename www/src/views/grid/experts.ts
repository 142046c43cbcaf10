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
  /** The expert that is looked at. */
  readonly expert: number | null;
  readonly words: Words;
}

/** The id of an expert's option. */
export function optionId(expert: number): string {
  return `expert-${expert}`;
}

export function options(all: Options): TemplateResult<2> {
  const { plan } = all;
  return svg`${plan.order.map(expert => option(expert, all))} ${ranges(all)}`;
}

function option(expert: number, { plan, load, tokens, expert: looked, words }: Options): TemplateResult<2> {
  const { numbered, rows, margin, left } = plan;
  const selected = expert === looked;
  const y = plan.y(expert);
  const baseline = y + rows.pitch / 2 + 4;
  const count = load?.counts[expert];
  const relative = load?.relative[expert];
  const known = count !== undefined && relative !== undefined;
  const said = words.grid;
  const numbers = (): TemplateResult<2> => svg`
    ${selected ? svg`<rect class="solid" x="0" y=${baseline - 12} width=${left - 4} height="16" />` : nothing}
    <text class="end ${selected ? 'inverted' : ''}" x=${left - 8} y=${baseline}>${expert}</text>
    ${
      known
        ? svg`
            <text class="end ${count > 0 ? 'strong' : ''}" x=${margin.count} y=${baseline}>${words.f.whole(count)}</text>
            <text class="end" x=${margin.relative} y=${baseline}>${said.hundredths(relative)}</text>`
        : nothing
    }`;
  return svg`
    <g role="option" id=${optionId(expert)} data-expert=${expert} aria-selected=${selected}
      data-count=${count ?? nothing} data-relative=${relative ?? nothing}
      aria-label=${known ? said.option(expert, count, tokens, relative) : said.expertAlone(expert)}>
      <rect class="reach" y=${y} width=${plan.width} height=${rows.pitch} />
      ${numbered ? numbers() : nothing}
    </g>`;
}

/** Where rows are too low for numbers: those of each group together. */
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
