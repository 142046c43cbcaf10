// The table twin of a routing grid: what its marks say, in numbers. For the playhead's token every expert and group;
// for each token in sight the chosen experts and their weights. May import: lit, geometry, marks, scope (select), text.

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
  const here = routeAt(snapshot, columns.at, layer);
  return html`
    <div class="twin" tabindex="0" role="group" aria-label=${words.numbersOf(layer)}>
      ${here ? html`${ofExperts(here, stave)}${ofGroups(here, stave)}` : nothing}${ofTokens()}
    </div>
  `;

  function ofExperts(route: Route, stave: Rows): TemplateResult {
    const { expert, score, choiceScore, weight, share } = words;
    const token = quoted(label(snapshot, columns.at));
    const heads = [expert, score, choiceScore, weight, share].map(text => ({ text, number: true }));
    const row = (score: number, expert: number): TemplateResult => {
      const rank = route.experts.indexOf(expert);
      const chosen = (values: readonly number[]): string => (rank < 0 ? '' : exact(values[rank]));
      return html`
        <tr class=${rank >= 0 ? 'chosen' : isKept(route, expert, stave) ? 'kept' : 'cut'}>
          <th scope="row" class="number">${expert}</th>
          <td class="number">${exact(score)}</td>
          <td class="number choice">${exact(route.choice_scores[expert])}</td>
          <td class="number">${chosen(route.weights)}</td>
          <td class="number">${chosen(route.shares)}</td>
        </tr>
      `;
    };
    return table('experts', words.tokenCaption(token, layer), heads, route.scores.map(row));
  }

  function ofGroups(route: Route, { perGroup }: Rows): TemplateResult {
    const heads = [{ text: words.group }, { text: words.groupScore, number: true }, { text: words.kept }];
    const row = (score: number, group: number): TemplateResult => html`
      <tr>
        <th scope="row">${words.range(group * perGroup, (group + 1) * perGroup - 1)}</th>
        <td class="number">${exact(score)}</td>
        <td>${route.kept_groups.includes(group) ? words.kept : words.cut}</td>
      </tr>
    `;
    return table('groups', words.groupsCaption, heads, route.group_scores.map(row));
  }

  function ofTokens(): TemplateResult {
    const heads = [{ text: words.position, number: true }, { text: words.token }, { text: words.chosenWeights }];
    const row = ({ position, route }: Placed): TemplateResult => html`
      <tr class=${position === columns.at ? 'chosen' : ''}>
        <th scope="row" class="number">${all.f.whole(position)}</th>
        <td>${quoted(label(snapshot, position))}</td>
        <td>${route.experts.map((expert, rank) => `${expert} (${exact(route.weights[rank])})`).join(', ')}</td>
      </tr>
    `;
    return table('tokens', words.tokensCaption(layer), heads, routes.map(row));
  }

  function exact(value: number | undefined): string {
    return all.f.exact(value ?? NaN);
  }
}

interface Head {
  readonly text: string;
  readonly number?: boolean;
}

function table(name: string, caption: string, heads: readonly Head[], body: readonly TemplateResult[]): TemplateResult {
  return html`
    <table data-table=${name}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map(({ text, number }) => html`<th scope="col" class=${number ? 'number' : ''}>${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  `;
}

export const tableStyle = css`
  .twin {
    padding: 0 0 24px;
    max-width: var(--right, 100%);
    overflow-x: auto;
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
