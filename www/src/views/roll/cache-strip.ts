// The cache strip of a layer: each token's latent in two tones, to the scale of the expanded cache.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import { latentBytes, shownInfo } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import type { Stave } from '../shared/geometry';
import { EXPANDED_HEIGHT } from '../shared/geometry';
import { inSight } from '../shared/layout';
import type { RollLayout } from './roll-layout';

/** The heights of the strip's two tones. */
export function tones({ snapshot }: RollLayout): { readonly cKv: number; readonly ropeKey: number } {
  const { c_kv, rope_key, expanded } = shownInfo(snapshot).cache_values;
  const scale = EXPANDED_HEIGHT / expanded;
  return { cKv: c_kv * scale, ropeKey: rope_key * scale };
}

/** The strip of the tokens before the playhead; a hairline for tokens that are not cached yet. */
export function keptStrip(stave: Stave, layout: RollLayout): TemplateResult<2> {
  const { columns, record } = layout;
  const { cKv, ropeKey } = tones(layout);
  const before = inSight(columns).filter(position => position < columns.at);
  const cells = (y: number, height: number): string =>
    before
      .map(position => `M${columns.x(position) + 0.5} ${y}h${columns.width - 1}v${height}h${1 - columns.width}z`)
      .join('');
  const start = record ? columns.endOf(columns.at) : columns.left;
  return svg`
    ${start < columns.right ? svg`<path class="line" d="M${start} ${stave.strip + 0.5}H${columns.right}" />` : nothing}
    ${
      record
        ? svg`
            <path class="ckv" data-strip=${stave.layer} d=${cells(stave.strip, cKv)} />
            <path class="rope" data-strip=${stave.layer} d=${cells(stave.strip + cKv, ropeKey)} />`
        : nothing
    }`;
}

/** The strip of the playhead’s token, in the opened column, from x = 0. The selected layer’s strip says its bytes. */
export function grownStrip(stave: Stave, layout: RollLayout): TemplateResult<2> {
  const { columns, snapshot, words } = layout;
  const { cKv, ropeKey } = tones(layout);
  const width = columns.width - 1;
  return svg`
    <g data-motion="grow" data-layer=${stave.layer}>
      <rect class="ckv" x="0.5" y=${stave.strip} width=${width} height=${cKv} />
      <rect class="rope" x="0.5" y=${stave.strip + cKv} width=${width} height=${ropeKey} />
    </g>
    ${
      stave.layer === chosenLayer(snapshot)
        ? svg`
            <text class="grew" data-motion="mark" data-layer=${stave.layer} x=${columns.width + 6} y=${stave.strip + 7}
              >${words.routing.grew(latentBytes(snapshot))}</text>`
        : nothing
    }`;
}

/** The bottom of a strip, where the attention ticks start. */
export function stripFoot(stave: Stave, layout: RollLayout): number {
  const { cKv, ropeKey } = tones(layout);
  return stave.strip + cKv + ropeKey;
}
