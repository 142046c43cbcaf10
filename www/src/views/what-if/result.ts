// The effect of a change on the shown token's experts and next tokens, and on the loss of each token.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { TokenLoss } from '../../engine/types';
import { clamp } from '../../scope/clamp';
import {
  comparedAt,
  isEndHidden,
  isHidden,
  label,
  nextLabel,
  shownComparison,
  shownPosition,
} from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { box, number, table } from '../shared/data-table';
import { routedLayers } from '../shared/geometry';

/** Height of the picture of the losses, in px. */
const LOSSES = 48;

/** The effect of the change on the shown token. */
export function ofStep(snapshot: Snapshot, { whatIf: words }: Words): TemplateResult | typeof nothing {
  const at = shownPosition(snapshot);
  const compared = comparedAt(snapshot, at);
  if (!compared) return nothing;
  const layers = routedLayers(snapshot.model.info).length;
  const token = quoted(label(snapshot, at));
  return html`<p class="description" data-kl=${compared.kl_bits} data-layers=${compared.route_changes.length}>
    ${words.step(token, compared.kl_bits, compared.route_changes.length, layers)}
  </p>`;
}

/** The next tokens whose probabilities changed most. */
export function moves(snapshot: Snapshot, { f, whatIf: words }: Words): TemplateResult | typeof nothing {
  const at = shownPosition(snapshot);
  const compared = comparedAt(snapshot, at);
  // No probability differs.
  if (!compared || compared.moves.length === 0) return nothing;
  const bar = (value: number, kind: string): TemplateResult =>
    html`<svg class="bar" aria-hidden="true">${svg`<rect class=${kind} width="${value * 100}%" height="8" />`}</svg>`;
  return table(
    'moves',
    words.moves(quoted(label(snapshot, at))),
    [
      { text: words.heads.token },
      { text: words.heads.plain, number: true },
      { text: words.heads.changed, number: true },
    ],
    compared.moves.map(
      ({ token, plain, changed }) => html`
        <tr data-token=${token}>
          <th scope="row">${quoted(nextLabel(snapshot, token))}</th>
          <td class="number" data-value=${plain}>${bar(plain, 'without')}<span>${f.percent(plain)}</span></td>
          <td class="number" data-value=${changed}>${bar(changed, 'with')}<span>${f.percent(changed)}</span></td>
        </tr>
      `,
    ),
  );
}

/** The loss of each token, or of the last tokens that fit: a bar for the changed run, a line for the plain run. */
export function losses(snapshot: Snapshot, width: number, { whatIf: words }: Words): TemplateResult | typeof nothing {
  const known = knownLosses(snapshot);
  if (known.length === 0) return nothing;
  const most = Math.max(...known.map(({ loss }) => Math.max(loss.plain, loss.changed)));
  const each = clamp(Math.floor(width / known.length), 2, 12);
  const fit = Math.floor(width / each);
  const sight = known.slice(-fit);
  const at = shownPosition(snapshot);
  const height = (bits: number): number => (most > 0 ? (bits / most) * LOSSES : 0);
  // A fixed number of paths for any length of text, because every change redraws them.
  const bars = (shown: (token: Foreseen) => boolean): string =>
    sight
      .map((token, index) => {
        const tall = height(token.loss.changed);
        return shown(token) ? `M${index * each} ${LOSSES - tall}h${each - 1}v${tall}h${1 - each}z` : '';
      })
      .join('');
  const caps = sight.map(({ loss }, index) => `M${index * each - 0.5} ${LOSSES - height(loss.plain)}h${each}`).join('');
  return html`
    <h3>${words.losses}</h3>
    <p class="description">${words.lossesDescription}</p>
    <svg
      class="losses"
      width=${sight.length * each}
      height=${LOSSES + 4}
      role="img"
      aria-label=${words.lossesLabel(sight.length)}
    >
      ${svg`
        <path class="with" d=${bars(({ position }) => position !== at)} />
        <path class="with here" d=${bars(({ position }) => position === at)} />
        <path class="without" d=${caps} />`}
      <path class="line" d="M0 ${LOSSES + 0.5}H${sight.length * each}" />
    </svg>
  `;
}

interface Foreseen {
  readonly position: number;
  readonly loss: TokenLoss;
}

/** The losses of the predicted tokens, without those whose prediction is still hidden by a question. */
function knownLosses(snapshot: Snapshot): Foreseen[] {
  const steps = shownComparison(snapshot)?.steps ?? [];
  const at = shownPosition(snapshot);
  // A question also hides the losses after its step: they would say which tokens follow.
  const isHiddenLoss = (before: number): boolean =>
    (before === at && isEndHidden(snapshot)) || (before > at && isHidden(snapshot));
  return steps.flatMap(({ loss }, before) => (loss && !isHiddenLoss(before) ? [{ position: before + 1, loss }] : []));
}

export function dataTable(snapshot: Snapshot, words: Words): TemplateResult {
  const { f, routing, whatIf } = words;
  const steps = shownComparison(snapshot)?.steps ?? [];
  const heads = [
    { text: routing.position, number: true },
    { text: routing.token },
    { text: whatIf.heads.kl, number: true },
    { text: whatIf.lossHeads.plain, number: true },
    { text: whatIf.lossHeads.changed, number: true },
    { text: whatIf.heads.route },
  ];
  const rows = steps.map((_, position) => {
    const compared = comparedAt(snapshot, position);
    // The loss of a token is in the comparison at the position before the token.
    const loss = position > 0 ? comparedAt(snapshot, position - 1)?.loss : undefined;
    return html`<tr class=${position === shownPosition(snapshot) ? 'here' : ''} data-position=${position}>
      <th scope="row" class="number">${f.whole(position)}</th>
      <td>${quoted(label(snapshot, position))}</td>
      ${number(compared?.kl_bits, f.exact)} ${number(loss?.plain, f.exact)} ${number(loss?.changed, f.exact)}
      <td>${compared ? whatIf.routes(compared.route_changes) : nothing}</td>
    </tr>`;
  });
  return box(whatIf.numbers, [table('change', whatIf.caption, heads, rows)]);
}
