// The table twin of a routing grid: what its marks say, in numbers. For the playhead's token every expert and group; for
// each token in sight the chosen experts and their weights. May import: lit, geometry, marks, scope (select), text.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import type { Route } from '../engine/types';
import { label, routeAt } from '../scope/select';
import type { Snapshot } from '../scope/state';
import { quoted } from '../text/token';
import type { Words } from '../text/words';
import type { Columns, Rows } from './geometry';
import { isKept } from './marks';

/** A route and the position that it belongs to. */
export interface Placed {
  readonly position: number;
  readonly route: Route;
}

export interface Tabled {
  readonly words: Words;
  readonly snapshot: Snapshot;
  readonly layer: number;
  readonly columns: Columns;
  readonly stave: Rows;
  /** The routes in sight. */
  readonly routes: readonly Placed[];
}

export function routingTables({ words: all, snapshot, layer, columns, stave, routes }: Tabled): TemplateResult {
  const words = all.routing;
  const { f } = all;
  const here = routeAt(snapshot, columns.at, layer);
  const token = quoted(label(snapshot, columns.at));
  return html`
    <div class="twin" tabindex="0" role="group" aria-label=${words.numbersOf(layer)}>
      <div class="tables">
        ${
          here
            ? html`
                <table data-table="token">
                  <caption>
                    ${words.tokenCaption(token, layer)}
                  </caption>
                  <thead>
                    <tr>
                      <th scope="col" class="number">${words.expert}</th>
                      <th scope="col" class="number">${words.score}</th>
                      <th scope="col" class="number">${words.choiceScore}</th>
                      <th scope="col" class="number">${words.weight}</th>
                      <th scope="col" class="number">${words.share}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${here.scores.map((score, expert) => {
                      const rank = here.experts.indexOf(expert);
                      const kept = isKept(here, expert, stave);
                      return html`
                        <tr class=${rank >= 0 ? 'chosen' : kept ? 'kept' : 'cut'}>
                          <th scope="row" class="number">${expert}</th>
                          <td class="number">${f.exact(score)}</td>
                          <td class="number choice">${f.exact(here.choice_scores[expert] ?? NaN)}</td>
                          <td class="number">${rank >= 0 ? f.exact(here.weights[rank] ?? NaN) : ''}</td>
                          <td class="number">${rank >= 0 ? f.exact(here.shares[rank] ?? NaN) : ''}</td>
                        </tr>
                      `;
                    })}
                  </tbody>
                </table>
                <table data-table="groups">
                  <caption>
                    ${words.group}
                  </caption>
                  <thead>
                    <tr>
                      <th scope="col">${words.group}</th>
                      <th scope="col" class="number">${words.groupScore}</th>
                      <th scope="col">${words.kept}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${here.group_scores.map(
                      (score, group) => html`
                        <tr>
                          <th scope="row">${words.range(group * stave.perGroup, (group + 1) * stave.perGroup - 1)}</th>
                          <td class="number">${f.exact(score)}</td>
                          <td>${here.kept_groups.includes(group) ? words.kept : words.cut}</td>
                        </tr>
                      `,
                    )}
                  </tbody>
                </table>
              `
            : nothing
        }
        <table data-table="tokens">
          <caption>
            ${words.tokensCaption(layer)}
          </caption>
          <thead>
            <tr>
              <th scope="col" class="number">${words.position}</th>
              <th scope="col">${words.token}</th>
              <th scope="col">${words.chosenWeights}</th>
            </tr>
          </thead>
          <tbody>
            ${routes.map(
              ({ position, route }) => html`
                <tr class=${position === columns.at ? 'chosen' : ''}>
                  <th scope="row" class="number">${f.whole(position)}</th>
                  <td>${quoted(label(snapshot, position))}</td>
                  <td>${route.experts.map((expert, rank) => `${expert} (${f.exact(route.weights[rank] ?? NaN)})`).join(', ')}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    </div>
  `;
}

export const tableStyle = css`
  .twin {
    padding: 0 0 24px;
    max-width: var(--right, 100%);
    overflow-x: auto;
  }
  .tables {
    display: flex;
    flex-wrap: wrap;
    gap: 24px 48px;
    align-items: flex-start;
  }
  caption {
    font-weight: 650;
    padding-bottom: 4px;
  }
  th,
  td {
    padding: 0 16px 0 0;
    line-height: 20px;
    border-bottom: 1px solid var(--moe-line);
    white-space: nowrap;
  }
  th {
    color: var(--moe-ink2);
  }
  tr.chosen th,
  tr.chosen td {
    font-weight: 650;
    color: var(--moe-ink);
  }
  tr.cut td.choice {
    text-decoration: line-through;
  }
`;
