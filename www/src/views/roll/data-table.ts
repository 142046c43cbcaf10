// The roll in numbers: all experts and groups of the selected layer for the playhead's token; the chosen experts and
// their weights for each visible token; and the sizes of the caches.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import type { StagedRoute } from '../../scope/select';
import { label, latentBytes, plainMhaBytes } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import { quoted } from '../../text/token';
import { table } from '../shared/data-table';
import type { Placed } from '../shared/score-marks';
import type { RollLayout } from './roll-layout';
import { placedIn, routeHere } from './roll-layout';
import { scrollsSideways } from '../shared/sideways';

export function dataTable(layout: RollLayout): TemplateResult {
  const { columns, picture, snapshot } = layout;
  const { f, routing: words, cache } = layout.words;
  const { rows } = picture;
  const layer = chosenLayer(snapshot);
  const here = routeHere(layout, layer);
  const placed = placedIn(layout, layer);
  return html`
    <div class="data-table" tabindex="0" role="group" aria-label=${words.numbersOf(layer)}>
      ${here ? html`${ofExperts(here)}${ofGroups(here.group_scores, here.kept_groups)}` : nothing}${placed.length > 0 ? ofTokens() : nothing}${ofCache()}
    </div>
  `;

  function ofExperts(route: StagedRoute): TemplateResult {
    const { expert, score, choiceScore, weight, share } = words;
    const token = quoted(label(snapshot, columns.at));
    const heads = [expert, score, choiceScore, share, weight].map(text => ({ text, number: true }));
    const row = (score: number, expert: number): TemplateResult => {
      const rank = route.experts?.indexOf(expert) ?? -1;
      const chosen = (values: readonly number[] = []): string => (rank < 0 ? '' : exact(values[rank]));
      const kept = route.kept_groups?.includes(rows.groupOf(expert)) ?? true;
      return html`
        <tr class=${rank >= 0 ? 'chosen' : kept ? 'kept' : 'cut'}>
          <th scope="row" class="number">${expert}</th>
          <td class="number">${exact(score)}</td>
          <td class="number choice">${exact(route.choice_scores[expert])}</td>
          <td class="number">${chosen(route.shares)}</td>
          <td class="number">${chosen(route.weights)}</td>
        </tr>
      `;
    };
    return table('experts', words.tokenCaption(token, layer), heads, route.scores.map(row));
  }

  function ofGroups(scores: readonly number[] = [], kept: readonly number[] = []): TemplateResult | typeof nothing {
    if (scores.length === 0) return nothing;
    const heads = [{ text: words.group }, { text: words.groupScore, number: true }, { text: words.kept }];
    const row = (score: number, group: number): TemplateResult => html`
      <tr>
        <th scope="row">${words.range(group * rows.perGroup, (group + 1) * rows.perGroup - 1)}</th>
        <td class="number">${exact(score)}</td>
        <td>${kept.includes(group) ? words.kept : words.cut}</td>
      </tr>
    `;
    return table('groups', words.groupsCaption, heads, scores.map(row));
  }

  function ofTokens(): TemplateResult {
    const heads = [{ text: words.position, number: true }, { text: words.token }, { text: words.chosenWeights }];
    const row = ({ position, route }: Placed): TemplateResult => html`
      <tr class=${position === columns.at ? 'chosen' : ''}>
        <th scope="row" class="number">${f.whole(position)}</th>
        <td>${quoted(label(snapshot, position))}</td>
        <td>${route.experts.map((expert, rank) => `${expert} (${exact(route.weights[rank])})`).join(', ')}</td>
      </tr>
    `;
    return table('tokens', words.tokensCaption(layer), heads, placed.map(row));
  }

  function ofCache(): TemplateResult | typeof nothing {
    const { record } = layout;
    if (!record) return nothing;
    const { cache_values: values, cache_value_bytes: bytes, num_hidden_layers: layers } = snapshot.model.info;
    const heads = [
      { text: cache.scheme },
      { text: cache.perToken, number: true },
      { text: cache.now, number: true },
      { text: cache.ratio, number: true },
    ];
    const plain = plainMhaBytes(snapshot);
    const rows = [
      { scheme: 'latent', name: cache.latent, note: '', each: latentBytes(snapshot), now: record.cache.latent },
      {
        scheme: 'expanded',
        name: cache.expandedRow,
        note: '',
        each: values.expanded * bytes,
        now: record.cache.expanded,
      },
      {
        scheme: 'plain_mha',
        name: cache.plainMha,
        note: cache.plainMhaNote,
        each: values.plain_mha * bytes,
        now: plain,
      },
    ];
    const row = ({ scheme, name, note, each, now }: (typeof rows)[number]): TemplateResult => html`
      <tr class=${scheme === 'latent' ? 'chosen' : ''} data-scheme=${scheme}>
        <th scope="row">${name}${note ? html`<span class="note">${note}</span>` : nothing}</th>
        <td class="number">${cache.bytes(each)}</td>
        <td class="number">${cache.bytes(now)}</td>
        <td class="number">${scheme === 'latent' ? '' : cache.times(now / record.cache.latent)}</td>
      </tr>
    `;
    return table('cache', cache.caption(layers), heads, rows.map(row));
  }

  function exact(value: number | undefined): string {
    return f.exact(value ?? NaN);
  }
}

export const dataTableStyle = css`
  .data-table {
    padding: 8px 0 24px;
    max-width: 100%;
    ${scrollsSideways}
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
  .note {
    display: block;
    font-size: 12px;
    line-height: 12px;
    padding-bottom: 4px;
    white-space: normal;
    max-width: 200px;
  }
  tr.cut td.choice {
    text-decoration: line-through;
  }
`;
