// The flow in numbers: the vectors that are looked at, value by value, and the layer's operations with all that came of them.
// May import: lit, operations, strip, scope (select, state), text.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { label, labelOf } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { columnsIn } from '../strip';
import type { Step, Vector } from './operations';
import { followsOf, readsOf } from './operations';

/** The vectors of one operation. */
export function vectorTwin({ vectors, name }: Step, width: number, words: Words): TemplateResult {
  const columns = columnsIn(width);
  return box(
    words.flow.vectorNumbers(name),
    vectors.map(vector => values(vector, columns, words)),
  );
}

/** The whole layer. */
export function twin(snapshot: Snapshot, layer: number, steps: readonly Step[], words: Words): TemplateResult {
  const isDone = (kind: Step['kind']): boolean => steps.some(step => step.kind === kind && step.done);
  return box(words.flow.numbers(layer), [
    operations(layer, steps, words),
    isDone('choose') ? experts(steps, words) : nothing,
    isDone('attend') ? reads(snapshot, layer, words) : nothing,
    isDone('logits') ? next(snapshot, words) : nothing,
  ]);
}

function values({ name, values }: Vector, columns: number, { flow }: Words): TemplateResult {
  const { length } = values;
  const wide = Math.min(columns, length);
  const rows = Array.from({ length: Math.ceil(length / columns) }, (_, row) => row * columns);
  return table(
    name,
    flow.captions.vector(flow.vectors[name], length, wide),
    [flow.heads.from, ...Array.from({ length: wide }, (_, column) => `+${column}`)],
    rows.map(
      first =>
        html`<tr>
          <th scope="row" class="number">${first}</th>
          ${Array.from(
            { length: Math.min(columns, length - first) },
            (_, column) =>
              html`<td class="number" data-value=${values[first + column] ?? NaN}>
                ${flow.exact(values[first + column] ?? NaN)}
              </td>`,
          )}
        </tr>`,
    ),
  );
}

function operations(layer: number, steps: readonly Step[], { flow }: Words): TemplateResult {
  return table(
    'operations',
    flow.captions.operations(layer),
    [flow.heads.operation, flow.heads.shape, flow.heads.norm],
    steps.map(
      ({ id, name, shape, norm }) =>
        html`<tr data-row=${id}>
          <th scope="row">${name}</th>
          <td>${shape}</td>
          ${number(norm, flow)}
        </tr>`,
    ),
  );
}

function experts(steps: readonly Step[], { flow }: Words): TemplateResult {
  return table(
    'experts',
    flow.captions.experts,
    [flow.heads.expert, flow.heads.weight, flow.heads.part, flow.heads.norm],
    steps
      .filter(({ place }) => place === 'expert')
      .map(
        ({ name, weight, part, norm }) =>
          html`<tr>
            <th scope="row">${name}</th>
            ${number(weight, flow)}${number(part, flow)}${number(norm, flow)}
          </tr>`,
      ),
  );
}

function reads(snapshot: Snapshot, layer: number, { flow }: Words): TemplateResult {
  return table(
    'reads',
    flow.captions.reads,
    [flow.heads.head, flow.heads.token, flow.heads.attention],
    readsOf(snapshot, layer).map(
      ({ head, position, weight }) =>
        html`<tr>
          <th scope="row" class="number">${head}</th>
          <td>${quoted(label(snapshot, position))}</td>
          ${number(weight, flow)}
        </tr>`,
    ),
  );
}

function next(snapshot: Snapshot, { f, flow }: Words): TemplateResult {
  return table(
    'next',
    flow.captions.next,
    [flow.heads.token, flow.heads.logit, flow.heads.probability],
    followsOf(snapshot).map(
      ({ token, logit, probability }) =>
        html`<tr>
          <th scope="row">${quoted(labelOf(snapshot, token))}</th>
          ${number(logit, flow)}
          <td class="number" data-value=${probability}>${f.percent(probability)}</td>
        </tr>`,
    ),
  );
}

/** A number in its cell; empty where there is none. */
function number(value: number | undefined, { exact }: Words['flow']): TemplateResult {
  return html`<td class="number" data-value=${value ?? nothing}>${value === undefined ? nothing : exact(value)}</td>`;
}

function box(name: string, tables: readonly (TemplateResult | typeof nothing)[]): TemplateResult {
  return html`<div class="twin" tabindex="0" role="group" aria-label=${name}>${tables}</div>`;
}

function table(
  name: string,
  caption: string,
  heads: readonly string[],
  body: readonly TemplateResult[],
): TemplateResult {
  return html`
    <table data-table=${name}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head, index) => html`<th scope="col" class=${index === 0 ? '' : 'number'}>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  `;
}

export const twinStyle = css`
  summary {
    width: max-content;
    max-width: 100%;
    font-size: 11px;
    line-height: 24px;
    color: var(--moe-ink2);
  }
  .twin {
    display: flex;
    flex-wrap: wrap;
    gap: 24px 48px;
    align-items: flex-start;
    max-width: 100%;
    padding: 8px 0 24px;
    overflow-x: auto;
  }
  caption {
    padding-bottom: 4px;
    font-weight: 650;
  }
  .twin th,
  .twin td {
    padding: 0 16px 0 0;
    border-bottom: 1px solid var(--moe-line);
    white-space: nowrap;
  }
  .twin th {
    color: var(--moe-ink2);
  }
  .twin .number {
    text-align: end;
  }
`;
