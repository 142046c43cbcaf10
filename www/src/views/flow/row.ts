// The row of one operation: name and shape on the left, results on the right.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { Words } from '../../text/words';
import type { Step } from './operations';

/** Size in px of the bar for an expert's part of the sum; `zero` px are left of 0, for negative parts. */
const BAR = { width: 56, height: 8, zero: 14 };

/** The part whose bar is full: 1, or more if a part is larger or too negative for the room left of 0. */
export function fullPart(steps: readonly Step[]): number {
  const below = (BAR.width - BAR.zero) / BAR.zero;
  return steps.reduce((most, { part = 0 }) => Math.max(most, part, -part * below), 1);
}

/** True if a row takes two lines in a narrow view. */
export function hasTwoLines({ place }: Step): boolean {
  return place === 'expert';
}

export const optionId = (id: string): string => `step-${id}`;

/** `most` is the part whose bar is full. */
export function row(step: Step, active: boolean, most: number, { flow }: Words): TemplateResult {
  const { id, kind, place, stage, done, name, shape, term, norm, result, expert, weight, share, part } = step;
  return html`
    <div
      role="option"
      id=${optionId(id)}
      class="step ${place} ${done ? 'done' : ''} ${expert === undefined ? '' : 'opens'}"
      aria-selected=${active}
      aria-label=${labelOf(step, flow)}
      data-step=${id}
      data-kind=${kind}
      data-term=${term}
      data-done=${done}
      data-expert=${expert ?? nothing}
      data-norm=${norm ?? nothing}
      data-part=${part ?? nothing}
      data-weight=${weight ?? nothing}
      data-share=${share ?? nothing}
    >
      <span class="what"
        ><span class="name" data-motion=${expert === undefined ? nothing : stage}>${name}</span>
        <span class="shape">${shape}</span></span
      >
      <span class="came" data-motion=${done ? (stage ?? '') : nothing}>
        ${result === undefined ? nothing : html`<span class="result">${result}</span>`}
        ${part === undefined ? nothing : html`<span class="part" data-term="part" data-value=${part}>${bar(part, most, kind)}<span>${flow.part(part)}</span></span>`}
        ${norm === undefined ? nothing : html`<span class="norm" data-term="norm" data-value=${norm}>${weight === undefined ? flow.norm(norm) : flow.weighed(norm, weight)}</span>`}
      </span>
    </div>
  `;
}

/** The accessible name of an operation: the texts of its row in the row's order, and a note if it is not done yet. */
function labelOf({ name, shape, later, norm, result, weight, part }: Step, flow: Words['flow']): string {
  const came = [
    result,
    part === undefined ? undefined : flow.part(part),
    norm === undefined ? undefined : weight === undefined ? flow.norm(norm) : flow.weighedByWeight(norm, weight),
    later ? flow.notYet : undefined,
  ];
  return [name, shape, ...came].filter(each => each !== undefined).join(', ');
}

function bar(part: number, most: number, kind: Step['kind']): TemplateResult {
  const { zero } = BAR;
  const length = (Math.abs(part) / most) * (BAR.width - zero);
  return html`<svg class="bar" viewBox="0 0 ${BAR.width} ${BAR.height}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class=${kind === 'shared' ? 'shared' : 'weighed'} x=${part < 0 ? zero - length : zero} width=${length}
      height=${BAR.height} /><path class="zero" d="M${zero} -2v${BAR.height + 4}" />`}
  </svg>`;
}
