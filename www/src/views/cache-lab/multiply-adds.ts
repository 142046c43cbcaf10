// Multiply-adds per token against context length for three ways to compute attention, as lines and in figures.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { AttentionWork, Work } from '../../engine/types';
import { shownPosition } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import { logarithmic } from '../shared/axis';
import { number, table } from '../shared/data-table';

const WAYS = ['naive', 'absorbed', 'rebuilt'] as const satisfies readonly (keyof AttentionWork)[];
type Way = (typeof WAYS)[number];

const MARGIN = { left: 56, right: 76, top: 28, foot: 44 };
const HEIGHT = 160;
/** Number of segments of a line. */
const STEPS = 64;
const LINE = 14;

const at = ({ fixed, per_token }: Work, context: number): number => fixed + per_token * context;

/** The number of tokens that the playhead's token reads, including itself. */
function contextOf(snapshot: Snapshot): number {
  return shownPosition(snapshot) + 1;
}

export function workPicture(snapshot: Snapshot, width: number, { cacheLab: words }: Words): TemplateResult {
  const { attention_work: work, max_position_embeddings: most } = snapshot.model.info;
  const context = contextOf(snapshot);
  const longest = Math.max(2, most);
  const across = logarithmic([1, longest], [1]);
  const up = logarithmic(
    WAYS.flatMap(way => [at(work[way], 1), at(work[way], longest)]),
    [1],
  );
  const [left, right, foot] = [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right), MARGIN.top + HEIGHT];
  const x = (tokens: number): number => left + (Math.log(tokens) / Math.log(longest)) * (right - left);
  const y = (adds: number): number => foot - up.part(adds) * HEIGHT;
  const contexts = Array.from({ length: STEPS + 1 }, (_, step) => longest ** (step / STEPS));
  const line = (way: Way): string =>
    contexts.map((tokens, index) => `${index === 0 ? 'M' : 'L'}${x(tokens)} ${y(at(work[way], tokens))}`).join('');
  const names = spread(WAYS.map(way => ({ way, y: y(at(work[way], longest)) })));
  return html`
    <svg
      class="work"
      width=${width}
      height=${foot + MARGIN.foot}
      role="img"
      aria-label=${words.workPicture(context)}
      data-foot=${foot}
      data-tall=${HEIGHT}
      data-least=${up.least}
      data-most=${up.most}
    >
      <text x="0" y="12">${words.adds}</text>
      ${up.ticks.map(
        tick => svg`<path class="line" d="M${left} ${y(tick)}H${right}" />
          <text class="end" x=${left - 8} y=${y(tick) + 4}>${words.bytes(tick)}</text>`,
      )}
      <path class="axis" d="M${left} ${foot + 0.5}H${right}" />
      ${[...across.ticks.filter(tick => tick < longest / 2), longest].map(
        tick => svg`<path class="axis" d="M${x(tick)} ${foot}v4" />
          <text class="middle" x=${x(tick)} y=${foot + 18}>${words.bytes(tick)}</text>`,
      )}
      <text class="end" x=${right} y=${foot + 36}>${words.context}</text>
      ${WAYS.map(way => svg`<path class="way ${way}" data-way=${way} d=${line(way)} />`)}
      <path class="rule" data-context=${context} d="M${x(context)} ${MARGIN.top}V${foot}" />
      ${WAYS.map(
        way => svg`<circle class="at ${way}" data-way=${way} data-adds=${at(work[way], context)}
          cx=${x(context)} cy=${y(at(work[way], context))} r=${way === 'naive' ? 6 : 3} />`,
      )}
      ${names.map(name => svg`<text x=${right + 8} y=${name.y + 4}>${words.ways[name.way]}</text>`)}
    </svg>
  `;
}

/** The names of the lines from top to bottom, each at least `LINE` px below the previous name. */
function spread(names: readonly { readonly way: Way; readonly y: number }[]): { way: Way; y: number }[] {
  const placed: { way: Way; y: number }[] = [];
  for (const { way, y } of names.toSorted((a, b) => a.y - b.y)) {
    placed.push({ way, y: Math.max(y, (placed.at(-1)?.y ?? -LINE) + LINE) });
  }
  return placed;
}

/** Sentences with the ratio of multiply-adds, absorbed to naive, for this model and for DeepSeek-V3. */
export function workDescription(snapshot: Snapshot, { cacheLab: words }: Words): TemplateResult {
  const { info } = snapshot.model;
  const { attention_work: work, deepseek_v3_attention_work: v3, deepseek_v3_cache_values: kept } = info;
  const { naive, absorbed } = work;
  const widths = {
    latent: info.kv_lora_rank,
    rope: info.qk_rope_head_dim,
    nope: info.qk_nope_head_dim,
    value: info.v_head_dim,
  };
  const same = naive.fixed === absorbed.fixed && naive.per_token === absorbed.per_token;
  return html`
    <p class="description" data-description="here">
      ${same ? words.same({ ...widths, sum: absorbed.per_token / info.num_attention_heads }) : words.times(absorbed.per_token / naive.per_token)}
    </p>
    <p class="description" data-description="deepseek">
      ${words.deepseek(v3.absorbed.per_token / v3.naive.per_token, kept.expanded / kept.latent)}
    </p>
  `;
}

export function workTable(snapshot: Snapshot, { cacheLab: words, f }: Words): TemplateResult {
  const { attention_work: work, deepseek_v3_attention_work: v3 } = snapshot.model.info;
  const context = contextOf(snapshot);
  return table(
    'work',
    words.workCaption,
    [
      { text: words.workHeads.way },
      { text: words.workHeads.here(context), number: true },
      { text: words.workHeads.fixed, number: true },
      { text: words.workHeads.perToken, number: true },
      { text: words.workHeads.deepseek, number: true },
    ],
    WAYS.map(
      way => html`
        <tr data-way=${way} data-term=${way === 'rebuilt' ? nothing : way === 'naive' ? 'expanded' : 'absorbed'}>
          <th scope="row">${words.waysOf[way]}</th>
          ${number(at(work[way], context), f.whole)} ${number(work[way].fixed, f.whole)}
          ${number(work[way].per_token, f.whole)} ${number(v3[way].per_token, f.whole)}
        </tr>
      `,
    ),
  );
}
