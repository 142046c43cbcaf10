// Inputs: radio buttons, and a slider with its value beside it.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';

export function radios<T extends string>(
  name: string,
  key: string,
  choices: readonly T[],
  value: T,
  labels: Readonly<Record<T, string>>,
  take: (value: T) => void,
): TemplateResult {
  return html`
    <fieldset>
      <legend>${name}</legend>
      ${choices.map(
        each => html`
          <label class="check">
            <input
              type="radio"
              name=${key}
              value=${each}
              .checked=${each === value}
              @change=${() => {
                take(each);
              }}
            />
            ${labels[each]}
          </label>
        `,
      )}
    </fieldset>
  `;
}

export interface Range {
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

export function range(
  name: string,
  output: string,
  { value, least, most, step }: Range,
  take: (value: number) => void,
): TemplateResult {
  return html`
    <label class="range">
      <span class="what">${name}</span>
      <input
        type="range"
        min=${least}
        max=${most}
        step=${step}
        .value=${String(value)}
        @input=${(event: Event) => {
          take(Number((event.currentTarget as HTMLInputElement).value));
        }}
      />
      <output>${output}</output>
    </label>
  `;
}

/** `.row` puts other controls into one line, like the radio buttons of a fieldset. */
export const fieldStyle = css`
  fieldset,
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 16px;
    margin: 0;
    padding: 4px 0;
    border: 0;
    color: var(--moe-ink2);
  }
  legend {
    float: left;
    padding: 0;
    line-height: 32px;
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    color: var(--moe-ink);
  }
  .range {
    display: grid;
    grid-template-columns: 176px minmax(96px, 1fr) 136px;
    gap: 0 12px;
    align-items: center;
    min-height: 32px;
  }
  .range output {
    color: var(--moe-ink2);
  }
  .narrow .range {
    grid-template-columns: 1fr;
    padding-bottom: 8px;
  }
`;
