// The tokens that the selected head reads most. A bar and a number show the weight from the latent cache, a tick shows
// the weight from the expanded cache.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import { label, shownPosition } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import type { HeadWeights } from './weights';
import { ranked } from './weights';

/** Maximum number of rows. */
export const MOST_ROWS = 12;
/** Number of most-read tokens that the sentence names. */
const NAMED = 3;
const HEIGHT = 20;
/** Space in px above and below a bar. */
const INSET = 5;

/** A sentence on the tokens with the largest weights. */
export function sentence(snapshot: Snapshot, head: number, { read }: HeadWeights, { attention }: Words): string {
  const at = shownPosition(snapshot);
  const fact = (position: number) => ({
    token: quoted(label(snapshot, position)),
    position,
    weight: read[position] ?? NaN,
  });
  const most = ranked(read).slice(0, NAMED);
  const unless = (position: number) => (most.includes(position) ? null : fact(position));
  return attention.headReads({ head, most: most.map(fact), first: unless(0), itself: unless(at) });
}

/** The table of bars; it has no rows until the weights are computed. */
export function ranking(
  snapshot: Snapshot,
  head: number,
  weights: HeadWeights | undefined,
  bar: number,
  words: Words,
): TemplateResult {
  const { attention } = words;
  const at = shownPosition(snapshot);
  const positions = weights ? ranked(weights.read).slice(0, MOST_ROWS) : [];
  return html`
    <table class="ranking">
      <caption>
        ${attention.one(head)}
      </caption>
      <thead>
        <tr>
          <th scope="col"><div class="token">${attention.column.token}</div></th>
          <th scope="col" class="number">${attention.column.number}</th>
          <th scope="col">
            <span class="hidden">${attention.column.bar}</span>
            <svg width=${bar + 2} height="1" aria-hidden="true"></svg>
          </th>
          <th scope="col" class="number">${attention.column.weight}</th>
        </tr>
      </thead>
      <tbody>
        ${weights ? positions.map(position => line(snapshot, position, weights, bar, position === at, words)) : nothing}
      </tbody>
    </table>
  `;
}

function line(
  snapshot: Snapshot,
  position: number,
  { read, other }: HeadWeights,
  bar: number,
  isHere: boolean,
  { f }: Words,
): TemplateResult {
  const [weight, second] = [read[position] ?? NaN, other[position] ?? NaN];
  return html`
    <tr class=${isHere ? 'here' : ''} data-position=${position} data-weight=${weight} data-other=${second}>
      <th scope="row"><div class="token">${quoted(label(snapshot, position))}</div></th>
      <td class="number quiet">${f.whole(position + 1)}</td>
      <td>
        <svg width=${bar + 2} height=${HEIGHT} aria-hidden="true">
          ${svg`<path class="line" d="M0.5 0V${HEIGHT}" />
            <rect class="ckv" data-term="attention latent" x="1" y=${INSET} width=${bar * weight} height=${HEIGHT - 2 * INSET} />
            <path class="tick" data-term="expanded" d="M${1 + bar * second} 2V${HEIGHT - 2}" />`}
        </svg>
      </td>
      <td class="number">${f.exact(weight)}</td>
    </tr>
  `;
}

/** Explains what the bar and the tick mean. */
export function key({ attention }: Words): TemplateResult {
  return html`
    <p class="key small">
      <span data-term="cache latent">
        <svg width="16" height="12" aria-hidden="true"><rect class="ckv" y="2" width="16" height="8" /></svg>
        ${attention.key.latent}
      </span>
      <span data-term="expanded">
        <svg width="4" height="12" aria-hidden="true"><path class="tick" d="M2 0V12" /></svg>
        ${attention.key.expanded}
      </span>
    </p>
  `;
}
