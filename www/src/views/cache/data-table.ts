// Data tables of the cache view: bytes in the cache after each token, and the shown vectors value by value.

import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { label, shownPosition, shownRecord, shownRun } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { box, number, table, valuesTable } from '../shared/data-table';
import type { Vector } from '../shared/vector-strip';

export function bytesTable(snapshot: Snapshot, words: Words): TemplateResult {
  const { f, cacheView, routing } = words;
  const at = shownPosition(snapshot);
  const here = shownRecord(snapshot);
  const known = [...shownRun(snapshot).records.slice(0, at), ...(here ? [here] : [])];
  const heads = [
    { text: routing.position, number: true },
    { text: routing.token },
    { text: cacheView.heads.latentBytes, number: true },
    { text: cacheView.heads.expandedBytes, number: true },
  ];
  const rows = known.map(
    ({ position, cache }) =>
      html`<tr class=${position === at ? 'here' : ''} data-position=${position}>
        <th scope="row" class="number">${f.whole(position)}</th>
        <td>${quoted(label(snapshot, position))}</td>
        ${number(cache.latent, f.whole)} ${number(cache.expanded, f.whole)}
      </tr>`,
  );
  return box(cacheView.numbers, [
    table('bytes', cacheView.bytesCaption(snapshot.model.info.num_hidden_layers), heads, rows),
  ]);
}

export function floatsTable(vectors: readonly Vector[], width: number, words: Words): TemplateResult {
  return box(
    words.cacheView.floats,
    vectors.map(vector => valuesTable(vector, width, words)),
  );
}
