// Bytes that each model caches per token: one bar per model on one scale. The selected model is marked; a click
// selects a model.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { SurveyedModel } from '../../engine/types';
import type { Words } from '../../text/words';
import type { Bar, BarsPlan } from './plan';

export function bars(
  plan: BarsPlan,
  chosen: SurveyedModel | undefined,
  words: Words,
  choose: (id: string) => void,
): TemplateResult {
  return html`
    <svg class="bars" width=${plan.width} height=${plan.height} role="img" aria-label=${words.models.barsPicture}>
      ${plan.bars.map(bar => drawn(bar, plan, bar.model.id === chosen?.id, words, choose))}
    </svg>
  `;
}

function drawn(
  bar: Bar,
  plan: BarsPlan,
  isChosen: boolean,
  { f, models }: Words,
  choose: (id: string) => void,
): TemplateResult<2> {
  const { model, y, long, short, more } = bar;
  const known = model.schemes.length > 0;
  const { row, left, narrow, width } = plan;
  const top = narrow ? y + 20 : y + 4;
  const height = narrow ? 8 : 12;
  const baseline = top + (narrow ? 8 : 10);
  let x = left;
  const segments = bar.parts.map(part => {
    const from = x;
    x += part.width;
    return svg`<rect class=${part.kind} data-part=${part.kind} x=${from} y=${top} width=${part.width} height=${height} />`;
  });
  const end = x + more;
  const amount = known ? f.whole(long) : models.unknown;
  return svg`
    <g class="bar ${isChosen ? 'chosen' : ''}" data-model=${model.id} data-long=${known ? long : nothing}
      data-short=${known ? short : nothing}
      @click=${() => {
        choose(model.id);
      }}>
      <title>${known ? models.bar(model, long, short) : models.barUnknown(model)}</title>
      <rect class="hit" x="0" y=${y} width=${width} height=${row} />
      ${isChosen ? svg`<rect class="solid" x="0" y=${y + 2} width="4" height=${row - 4} />` : nothing}
      <svg class="clip" x=${isChosen || !narrow ? 8 : 0} y=${y} width=${Math.max(0, (narrow ? width : left) - 16)} height="20">
        <text x="0" y="14">${models.barName(model, narrow)}</text>
      </svg>
      ${segments}
      ${more > 0 ? svg`<rect class="more" x=${x + 0.5} y=${top + 0.5} width=${Math.max(0, more - 1)} height=${height - 1} />` : nothing}
      <text class="figure" x=${end + 8} y=${baseline}>${amount}</text>
    </g>`;
}
