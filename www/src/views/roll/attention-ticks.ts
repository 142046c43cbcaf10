// Attention weights in the roll, while a layer attends: below the layer's cache strip, each token that is read has
// one tick per head. A tick's length is proportional to the weight.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import { part, shownStage } from '../../scope/select';
import type { Stave } from '../shared/geometry';
import { inSight } from '../shared/layout';
import { stripFoot } from './cache-strip';
import type { RollLayout } from './roll-layout';

/** Length of a tick of weight 1, in px. */
const TICK = 10;

/** The ticks of all layers while a step is animated, or else only the ticks of the shown stage's layer. */
export function ticks(layout: RollLayout, moving: boolean): TemplateResult<2> {
  const stage = shownStage(layout.snapshot);
  const still = (stave: Stave): boolean => stage?.operation === 'attend' && stage.layer === stave.layer;
  return svg`${layout.picture.staves.map(stave =>
    moving || still(stave)
      ? svg`<path class=${still(stave) ? 'ticks still' : 'ticks'} data-motion="attend" data-layer=${stave.layer}
          d=${path(stave, layout)} />`
      : nothing,
  )}`;
}

function path(stave: Stave, layout: RollLayout): string {
  const { columns, snapshot } = layout;
  const weights = part(snapshot, 'attention', stave.layer);
  if (!weights) return '';
  const heads = snapshot.model.info.num_attention_heads;
  const tokens = weights.length / heads;
  const width = (columns.width - 1) / heads;
  const y = stripFoot(stave, layout);
  return inSight(columns)
    .filter(position => position <= columns.at)
    .flatMap(position =>
      Array.from({ length: heads }, (_, head) => {
        const weight = weights[head * tokens + position] ?? 0;
        return `M${columns.x(position) + 0.5 + head * width} ${y}h${width}v${weight * TICK}h${-width}z`;
      }),
    )
    .join('');
}
