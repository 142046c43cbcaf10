// The grid in numbers: what each expert's load is, what each token chose, and which experts were chosen together.
// May import: lit, plan, scope (select, state), geometry, layout, text, engine's types.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import type { LayerLoad } from '../../engine/types';
import { label, routeAt } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { rows } from '../geometry';
import { positionAndCount, shapeOf } from '../layout';
import { layerLoad } from './plan';

/** All about one layer. */
export function twin(snapshot: Snapshot, layer: number, words: Words): TemplateResult {
  const load = layerLoad(snapshot, layer);
  return box(
    words.grid.numbers(layer),
    html`${load ? loads(snapshot, load, words) : nothing}${tokens(snapshot, layer, words)}${
      load ? pairs(load, words) : nothing
    }`,
  );
}

/** The loads of all layers. */
export function twinOfAll(snapshot: Snapshot, layers: readonly number[], words: Words): TemplateResult {
  return box(
    words.grid.numbersOfAll,
    html`${layers.map(layer => {
      const load = layerLoad(snapshot, layer);
      return load ? loads(snapshot, load, words) : nothing;
    })}`,
  );
}

function box(name: string, tables: TemplateResult): TemplateResult {
  return html`<div class="twin" tabindex="0" role="group" aria-label=${name}>${tables}</div>`;
}

function loads(snapshot: Snapshot, load: LayerLoad, { f, grid }: Words): TemplateResult {
  const { groupOf } = rows(shapeOf(snapshot), 1);
  const { at } = positionAndCount(snapshot);
  return table(
    'load',
    grid.loadCaption(load.layer, at + 1, load.uniform, load.max_violation),
    [grid.expert, grid.group, grid.count, grid.relative],
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
    [routing.position, routing.token, routing.chosenWeights],
    snapshot.records.map((_, position) => {
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
    [grid.expert, grid.otherExpert, grid.togetherHead],
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

function table(
  name: string,
  caption: string,
  heads: readonly string[],
  body: readonly (TemplateResult | typeof nothing)[],
): TemplateResult {
  return html`
    <table data-table=${name}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map(head => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  `;
}

export const twinStyle = css`
  .twin {
    display: flex;
    flex-wrap: wrap;
    gap: 24px 48px;
    align-items: flex-start;
    max-width: 100%;
    padding: 8px 0 24px;
    overflow-x: auto;
  }
  caption {
    max-width: 280px;
    padding-bottom: 4px;
    font-weight: 650;
  }
  .twin th,
  .twin td {
    padding: 0 16px 0 0;
    border-bottom: 1px solid var(--moe-line);
    white-space: nowrap;
  }
  .twin th {
    color: var(--moe-ink2);
  }
  .twin .number {
    text-align: end;
  }
  .twin tr.here > * {
    color: var(--moe-ink);
    font-weight: 650;
  }
`;
