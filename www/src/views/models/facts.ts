// Often-quoted figures compared with the primary sources. Figures that follow from a model's dimensions are computed.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Survey } from '../../engine/types';
import type { Words } from '../../text/words';

interface Fact {
  readonly claim: string;
  readonly description: string;
  readonly source: string;
}

export function facts(survey: Survey | undefined, { models }: Words): TemplateResult {
  return html`
    <h3>${models.facts}</h3>
    <ul class="facts">
      ${survey ? factsOf(survey, models).map(fact) : nothing}
    </ul>
  `;
}

function fact({ claim, description, source }: Fact): TemplateResult {
  return html`
    <li>
      <p class="claim">${claim}</p>
      <p>${description}</p>
      <p class="small quiet">${source}</p>
    </li>
  `;
}

function factsOf({ figures, models: all }: Survey, words: Words['models']): Fact[] {
  const v3 = all.find(({ id }) => id === 'deepseek-v3')?.weights;
  return [
    {
      ...words.saved,
      description: words.saved.description(
        figures.saved_at_6_bits,
        figures.saved_at_equal_bits,
        figures.v2_bytes,
        figures.v2_bytes_at_6_bits,
        figures.baseline_bytes,
      ),
    },
    { ...words.misread, description: words.misread.description(figures.v3_bytes, figures.v3_misread_bytes) },
    ...(v3
      ? [
          { ...words.size, description: words.size.description(v3.total) },
          { ...words.used, description: words.used.description(v3.active, v3.active_with_embedding) },
        ]
      : []),
    words.cost,
    words.speed,
  ];
}
