// Data tables of the attention view: the weights of every head, the selected head's weights from both caches, and the
// largest differences between the caches.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { label, shownPosition } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { box, number, table } from '../shared/data-table';
import { differencesOf, weightsOf } from './weights';

export function dataTable(snapshot: Snapshot, layer: number, head: number, words: Words): TemplateResult {
  return box(words.attention.numbers(layer), [
    heads(snapshot, layer, words),
    one(snapshot, layer, head, words),
    differences(snapshot, layer, words),
  ]);
}

/** A heading for a column of numbers. */
const numbers = (text: string) => ({ text, number: true });

function heads(snapshot: Snapshot, layer: number, words: Words): TemplateResult | typeof nothing {
  const { attention } = words;
  const at = shownPosition(snapshot);
  const count = snapshot.model.info.num_attention_heads;
  const all = Array.from({ length: count }, (_, head) => weightsOf(snapshot, layer, head)?.read ?? []);
  if (!weightsOf(snapshot, layer, 0)) return nothing;
  return table(
    'heads',
    attention.captions.heads(quoted(label(snapshot, at)), layer),
    [
      numbers(attention.position),
      { text: attention.column.token },
      ...all.map((_, head) => numbers(attention.head(head))),
    ],
    Array.from({ length: at + 1 }, (_, position) =>
      row(
        snapshot,
        position,
        all.map(weights => weights[position] ?? NaN),
        words,
      ),
    ),
  );
}

function one(snapshot: Snapshot, layer: number, head: number, words: Words): TemplateResult | typeof nothing {
  const { attention } = words;
  const weights = weightsOf(snapshot, layer, head);
  if (!weights) return nothing;
  const { read, other } = weights;
  return table(
    'head',
    attention.captions.head(head),
    [
      numbers(attention.position),
      { text: attention.column.token },
      numbers(attention.latent),
      numbers(attention.expanded),
    ],
    Array.from(read, (weight, position) => row(snapshot, position, [weight, other[position] ?? NaN], words)),
  );
}

function row(snapshot: Snapshot, position: number, values: readonly number[], { f }: Words): TemplateResult {
  return html`
    <tr class=${position === shownPosition(snapshot) ? 'here' : ''}>
      <th scope="row" class="number">${f.whole(position)}</th>
      <td>${quoted(label(snapshot, position))}</td>
      ${values.map(value => number(value, f.exact))}
    </tr>
  `;
}

function differences(snapshot: Snapshot, layer: number, { attention, f }: Words): TemplateResult | typeof nothing {
  const most = differencesOf(snapshot, layer);
  if (!most) return nothing;
  return table(
    'differences',
    attention.captions.differences(layer),
    [numbers(attention.ofWeights), numbers(attention.ofOutputs)],
    [
      html`<tr>
        ${number(most.weights, f.scientific)}${number(most.outputs, f.scientific)}
      </tr>`,
    ],
  );
}
