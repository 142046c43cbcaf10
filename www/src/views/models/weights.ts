// The selected model's weights as a square of equal cells, one colour per component; routed experts that are not chosen
// are pale. A table has the exact figures per component.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { SurveyedModel, Weighed } from '../../engine/types';
import type { Words } from '../../text/words';
import { number, table } from '../shared/data-table';
import type { SquarePlan } from './plan';

export function square(plan: SquarePlan, weights: Weighed, { models }: Words): TemplateResult {
  const { active, total } = weights;
  return html`
    <svg
      class="square"
      width=${plan.width}
      height=${plan.height}
      role="img"
      aria-label=${models.squarePicture(active, total)}
      data-unit=${plan.unit}
      data-columns=${plan.columns}
      data-cell=${plan.cell}
    >
      ${plan.stretches.map(
        ({ component, active, weights, path }) =>
          svg`<path class=${kindOf(component, active)} data-component=${component} data-active=${String(active)}
            data-value=${weights} d=${path} />`,
      )}
      <path class="gridlines" d=${plan.grid} />
    </svg>
  `;
}

function kindOf(component: string, active: boolean): string {
  return component === 'routed_experts' && !active ? 'part idle' : `part ${component}`;
}

export function weightsTable(weights: Weighed, { f, models }: Words): TemplateResult {
  const swatch = (kind: string): TemplateResult =>
    html`<svg class="swatch" width="12" height="12" aria-hidden="true">
      <rect class=${kind} width="12" height="12" />
    </svg>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${models.squareTable}>
    ${table(
      'weights',
      models.squareTable,
      [{ text: models.component }, { text: models.total, number: true }, { text: models.active, number: true }],
      [
        ...weights.parts.map(({ component, total, active }) =>
          total === 0
            ? nothing
            : html`<tr data-component=${component}>
                <th scope="row">${swatch(kindOf(component, true))}${models.components[component]}</th>
                ${number(total, f.whole)}
                ${component === 'embedding' ? html`<td class="number">${models.oneRow}</td>` : number(active, f.whole)}
              </tr>`,
        ),
        html`<tr class="here" data-component="sum">
          <th scope="row">${models.sum}</th>
          ${number(weights.total, f.whole)} ${number(weights.active, f.whole)}
        </tr>`,
      ],
    )}
    ${hasIdle(weights) ? html`<p class="small quiet">${swatch('part idle')}${models.idle}</p>` : nothing}
  </div>`;
}

/** True if a token does not use all experts. */
function hasIdle({ parts }: Weighed): boolean {
  return parts.some(part => part.component === 'routed_experts' && part.total > part.active);
}

/** Sentences on the weights. */
export function weightsDescription(
  { weights, published_total, published_active, origin }: SurveyedModel,
  words: Words,
): TemplateResult {
  const { models } = words;
  const sentences = [
    ...(weights ? [models.squareDescription(weights.active, weights.total)] : [models.weightsUnknown]),
    ...(weights && weights.active_with_embedding > weights.active
      ? [models.embeddingDescription(weights.active_with_embedding)]
      : []),
    ...(origin === 'preset' ? [models.publishedDescription(published_total, published_active)] : []),
  ];
  return html`
    <p class="description">${sentences.join(' ')}</p>
    ${
      weights
        ? html`<p class="description small">${models.squareOrder(hasIdle(weights))}</p>
            <p class="description small">${models.notCounted}</p>`
        : nothing
    }
  `;
}
