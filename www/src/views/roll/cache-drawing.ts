// The box below the lowest layer shows the size of the expanded cache, at the scale of the cache strips. The strip at
// the top of the box is the latent, which is all that is really stored.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import { shownInfo } from '../../scope/select';
import { EXPANDED_HEIGHT } from '../shared/geometry';
import { inSight } from '../shared/layout';
import { tones } from './cache-strip';
import type { RollLayout } from './roll-layout';

export function cacheDrawing(layout: RollLayout): TemplateResult<2> | typeof nothing {
  const { columns, picture, record, snapshot, words } = layout;
  if (!record) return nothing;
  const { cache_values: values, cache_value_bytes: bytes } = snapshot.model.info;
  const top = picture.foot - EXPANDED_HEIGHT;
  const { cKv, ropeKey } = tones(layout);
  const water = top + cKv + ropeKey;
  const lowest = picture.staves.at(-1)?.layer ?? 0;
  const end = columns.x(columns.at) + (layout.done(lowest, 'cache') ? columns.width : 0);
  const between = inSight(columns)
    .filter(position => position < columns.at)
    .map(position => `M${columns.endOf(position)} ${water + 6}V${picture.foot}`)
    .join('');
  return svg`
    <path class="line" d=${between} />
    <path class="expanded" data-scheme="expanded"
      d="M${columns.left + 0.5} ${water}V${picture.foot - 0.5}H${end - 0.5}V${water}" />
    ${say(layout, top)}
    ${columns.phone ? nothing : svg`<text class="end" x=${columns.left - 8} y=${picture.foot - 4}>${words.cache.expanded}</text>`}
    <text x=${end + 6} y=${picture.foot - 18}>${words.cache.not(values.expanded * bytes)}</text>
    <text x=${end + 6} y=${picture.foot - 4}>${words.cache.ifExpanded}</text>`;
}

/** The explanation of the box, inside the box or right of the playhead; a long or a short text, as room allows. */
function say({ columns, snapshot, words }: RollLayout, top: number): TemplateResult<2> | typeof nothing {
  const { cache_values: values, num_attention_heads: heads } = shownInfo(snapshot);
  const long = [
    words.cache.box(heads, values.expanded / heads, values.expanded),
    words.cache.strip(values.c_kv, values.rope_key, values.latent),
  ];
  const ways = [
    { width: 540, lines: long },
    { width: 160, lines: [words.cache.boxShort(values.expanded), words.cache.stripShort(values.latent)] },
  ];
  const places = [
    { x: columns.left, room: columns.x(columns.at) - columns.left },
    { x: columns.endOf(columns.at), room: columns.right - columns.endOf(columns.at) },
  ];
  for (const { width, lines } of ways) {
    const place = places.find(({ room }) => room > width + 8);
    if (!place) continue;
    return svg`
      <rect class="paper" x=${place.x + 4} y=${top + 24} width=${width} height="40" />
      ${lines.map((line, index) => {
        return svg`<text class="say" x=${place.x + 12} y=${top + 40 + 18 * index}>${line}</text>`;
      })}`;
  }
  return nothing;
}
