// All heads at once: one row per head, one column per token, squares whose area is the weight.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import { label } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { labels } from '../shared/labels';
import type { Plan } from './plan';
import { mostRead, sumBefore, weightsOf } from './weights';

/** If rows are too low for names, only the selected head and every eighth head have a name. */
const EVERY = 8;
/** Minimum distance in px of another name from the selected head's name. */
const APART = 16;

/** The id of a head's option. */
export function optionId(head: number): string {
  return `head-${head}`;
}

/** The labels, the background of the tokens that can be read, and the squares. */
export function squares(snapshot: Snapshot, plan: Plan, chosen: number, words: Words): TemplateResult<2> {
  const { at, column, first, end, foot, heads, pitch, top } = plan;
  const read = Math.max(0, Math.min(end, at + 1) - first) * column;
  const start = plan.x(at);
  const rows = Array.from({ length: heads }, (_, head) => head);
  const gap = pitch > 8 ? 1 : 0;
  const y = plan.y(chosen);
  return svg`
    ${labels(snapshot, plan)}
    <path class="fill" d=${rows.map(head => block(plan.left, plan.y(head), read, pitch - gap)).join('')} />
    ${
      plan.before === null
        ? nothing
        : svg`<path class="fill" d=${rows.map(head => block(plan.before ?? 0, plan.y(head), column, pitch - gap)).join('')} />
          <g transform="translate(${plan.before} ${top}) rotate(-90)"><text class="later" data-before=${first}
            x="8" y=${column / 2 + 4}>${words.attention.before(first)}</text></g>`
    }
    <path class="rule" data-playhead=${at} d="M${start} ${top - 4}V${foot + 4}M${start + column} ${top - 4}V${foot + 4}" />
    <path class="rule" d="M${plan.left} ${y - 0.5}H${plan.right}M${plan.left} ${y + pitch - 0.5}H${plan.right}" />
    ${rows.map(head => row(snapshot, plan, head))}`;
}

function row(snapshot: Snapshot, plan: Plan, head: number): TemplateResult<2> | typeof nothing {
  const weights = weightsOf(snapshot, plan.layer, head)?.read;
  if (!weights) return nothing;
  const middle = plan.y(head) + plan.pitch / 2;
  let path = '';
  for (let position = plan.first; position < Math.min(plan.end, weights.length); position++) {
    const side = plan.full * Math.sqrt(weights[position] ?? 0);
    if (side > 0) path += block(plan.x(position) + (plan.column - side) / 2, middle - side / 2, side, side);
  }
  return svg`<path class="ckv" data-row=${head} data-term="attention head" d=${path} />${together(weights, plan, middle)}`;
}

/** One square for the sum of a head's weights on all tokens before those in sight. */
function together(
  weights: Float32Array,
  { before, column, first, full }: Plan,
  middle: number,
): TemplateResult<2> | typeof nothing {
  if (before === null) return nothing;
  const sum = sumBefore(weights, first);
  const side = full * Math.sqrt(Math.min(1, sum));
  return svg`<path class="ckv" data-together=${sum} data-term="attention head"
    d=${block(before + (column - side) / 2, middle - side / 2, side, side)} />`;
}

function block(x: number, y: number, width: number, height: number): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

/** The heads as options over the picture. */
export function options(snapshot: Snapshot, plan: Plan, chosen: number, words: Words): TemplateResult<2> {
  return svg`${Array.from({ length: plan.heads }, (_, head) => option(snapshot, plan, head, head === chosen, words))}
    ${names(plan, chosen, words)}`;
}

function option(
  snapshot: Snapshot,
  plan: Plan,
  head: number,
  isChosen: boolean,
  { attention }: Words,
): TemplateResult<2> {
  const weights = weightsOf(snapshot, plan.layer, head)?.read;
  const most = weights ? mostRead(weights) : null;
  const weight = most === null ? NaN : (weights?.[most] ?? NaN);
  const name =
    most === null
      ? attention.headAlone(head)
      : attention.option(head, { token: quoted(label(snapshot, most)), position: most, weight });
  return svg`
    <g role="option" id=${optionId(head)} data-head=${head} aria-selected=${isChosen}
      data-most=${most ?? nothing} data-weight=${most === null ? nothing : weight} aria-label=${name}>
      <rect class="reach" y=${plan.y(head)} width=${plan.width} height=${plan.pitch} />
    </g>`;
}

/** The names of the rows; the selected head's name is inverted. If rows are low, only some rows have a name. */
function names(plan: Plan, chosen: number, { attention }: Words): unknown {
  const { heads, named, pitch } = plan;
  // The squares of the column of all earlier tokens can be wider than the column.
  const left = plan.before ?? plan.left;
  const isNamed = (head: number): boolean =>
    head === chosen || named || (head % EVERY === 0 && Math.abs(head - chosen) * pitch >= APART);
  return Array.from({ length: heads }, (_, head) => head)
    .filter(isNamed)
    .map(head => {
      const baseline = plan.y(head) + pitch / 2 + 4;
      const here = head === chosen;
      return svg`<g aria-hidden="true">
        ${here ? svg`<rect class="solid" x="0" y=${baseline - 12} width=${left - 4} height="16" />` : nothing}
        <text class="end ${here ? 'inverted' : ''}" x=${left - 8} y=${baseline}>${attention.head(head)}</text></g>`;
    });
}
