// The grid in numbers: each expert's load, each token's choice, and the experts that were chosen together.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { LayerLoad } from '../../engine/types';
import { label, routeAt, shownRun } from '../../scope/select';
import { shapeOf } from '../../scope/shape';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { box, table } from '../shared/data-table';
import { rows } from '../shared/geometry';
import { positionAndCount } from '../shared/layout';
import { chanceLoad, layerLoad } from './plan';

/** The tables of one layer. */
export function dataTable(snapshot: Snapshot, layer: number, words: Words): TemplateResult {
  const load = layerLoad(snapshot, layer);
  return box(words.grid.numbers(layer), [
    load ? loads(snapshot, load, words) : nothing,
    tokens(snapshot, layer, words),
    load ? pairs(load, words) : nothing,
  ]);
}

/** The loads of all layers. */
export function dataTableOfAll(snapshot: Snapshot, layers: readonly number[], words: Words): TemplateResult {
  return box(
    words.grid.numbersOfAll,
    layers.map(layer => {
      const load = layerLoad(snapshot, layer);
      return load ? loads(snapshot, load, words) : nothing;
    }),
  );
}

function loads(snapshot: Snapshot, load: LayerLoad, { f, grid }: Words): TemplateResult {
  const { groupOf } = rows(shapeOf(snapshot), 1);
  const { at } = positionAndCount(snapshot);
  return table(
    'load',
    grid.loadCaption(load.layer, at + 1, load.uniform, load.max_violation, chanceLoad(snapshot)),
    [grid.expert, grid.group, grid.count, grid.relative].map(text => ({ text, number: true })),
    load.counts.map(
      (count, expert) => html`
        <tr>
          <th scope="row" class="number">${expert}</th>
          <td class="number">${groupOf(expert)}</td>
          <td class="number">${f.whole(count)}</td>
          <td class="number">${f.exact(load.relative[expert] ?? NaN)}</td>
        </tr>
      `,
    ),
  );
}

function tokens(snapshot: Snapshot, layer: number, { f, grid, routing }: Words): TemplateResult {
  const { at } = positionAndCount(snapshot);
  return table(
    'tokens',
    grid.tokensCaption(layer),
    [{ text: routing.position, number: true }, { text: routing.token }, { text: routing.chosenWeights }],
    shownRun(snapshot).records.map((_, position) => {
      const route = routeAt(snapshot, position, layer);
      if (!route) return nothing;
      const chosen = route.experts.map((expert, rank) => `${expert} (${f.exact(route.weights[rank] ?? NaN)})`);
      return html`
        <tr class=${position === at ? 'here' : ''} data-position=${position}>
          <th scope="row" class="number">${f.whole(position)}</th>
          <td>${quoted(label(snapshot, position))}</td>
          <td>${chosen.join(', ')}</td>
        </tr>
      `;
    }),
  );
}

function pairs(load: LayerLoad, { f, grid }: Words): TemplateResult {
  const found = load.together.flatMap((row, one) =>
    row.flatMap((count, other) => (other > one && count > 0 ? [{ one, other, count }] : [])),
  );
  return table(
    'pairs',
    grid.pairsCaption(load.layer),
    [grid.expert, grid.otherExpert, grid.togetherHead].map(text => ({ text, number: true })),
    found.map(
      ({ one, other, count }) => html`
        <tr>
          <th scope="row" class="number">${one}</th>
          <td class="number">${other}</td>
          <td class="number">${f.whole(count)}</td>
        </tr>
      `,
    ),
  );
}
