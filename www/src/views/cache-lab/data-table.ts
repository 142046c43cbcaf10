// Data tables of the cache lab: the settings that were tried, with the number of tokens in each loss, and the bytes of
// the caches that were not run.

import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { upToDate } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { PLAIN, sameCacheSetting } from '../../scope/what-if';
import type { Words } from '../../text/words';
import { box, number, table } from '../shared/data-table';
import type { Point } from './plan';
import { groupsOf, pointsOf } from './plan';

/**
 * Settings that were tried on fewer tokens than now, except the unchanged latent: every later run measures its loss
 * again. Call this only while no answer is hidden; otherwise every setting would count as older.
 */
export function olderOf(snapshot: Snapshot): Snapshot['tried'] {
  const now = upToDate(snapshot);
  return snapshot.tried.filter(tried => !now.includes(tried) && !sameCacheSetting(tried.setting, PLAIN));
}

export function dataTable(snapshot: Snapshot, words: Words): TemplateResult {
  const { cacheLab, f } = words;
  const { heads, ticksHeads } = cacheLab;
  const points = pointsOf(snapshot, words);
  const older: Pick<Point, 'name' | 'bytes' | 'loss'>[] = olderOf(snapshot).map(({ setting, bytes, loss }) => ({
    name: cacheLab.kept(setting.latent_rank, setting.cache_format),
    bytes,
    loss,
  }));
  const rows = [
    ...points.map(point => ({ ...point, here: point.own })),
    ...older.map(point => ({ ...point, here: false })),
  ];
  return box(cacheLab.numbers, [
    table(
      'tried',
      cacheLab.caption,
      [
        { text: heads.way },
        { text: heads.bytes, number: true },
        { text: heads.loss, number: true },
        { text: heads.cost, number: true },
        { text: heads.error, number: true },
        { text: heads.noise, number: true },
        { text: heads.count, number: true },
      ],
      rows.map(
        ({ name, bytes, loss, here }) => html`
          <tr class=${here ? 'here' : ''}>
            <th scope="row">${name}</th>
            ${number(bytes, f.whole)} ${number(loss.changed, f.exact)} ${number(loss.cost, f.exact)}
            ${number(loss.cost_error, f.exact)} ${number(loss.plain_error, f.exact)} ${number(loss.tokens, f.whole)}
          </tr>
        `,
      ),
    ),
    table(
      'groups',
      cacheLab.ticksCaption,
      [{ text: ticksHeads.way }, { text: ticksHeads.values, number: true }, { text: ticksHeads.bytes, number: true }],
      groupsOf(snapshot).map(
        ({ groups, isPlain, values, bytes }) => html`
          <tr>
            <th scope="row">${cacheLab.groups(groups, isPlain)}</th>
            ${number(values, f.whole)} ${number(bytes, f.whole)}
          </tr>
        `,
      ),
    ),
  ]);
}
