// The flow in numbers: the shown vectors value by value, and the layer's operations with their results.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { label, nextLabel } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { box, number, table, valuesTable } from '../shared/data-table';
import type { Step } from './operations';
import { followsOf, readsOf } from './operations';

/** The vectors of one operation. */
export function vectorTable({ vectors, name }: Step, width: number, words: Words): TemplateResult {
  return box(
    words.flow.vectorNumbers(name),
    vectors.map(({ name, values }) => valuesTable({ name, label: words.flow.vectors[name], values }, width, words)),
  );
}

/** The tables of a layer: its operations, and, from their stages on, attention, experts and next tokens. */
export function dataTable(snapshot: Snapshot, layer: number, steps: readonly Step[], words: Words): TemplateResult {
  const isDone = (kind: Step['kind']): boolean => steps.some(step => step.kind === kind && step.done);
  return box(words.flow.numbers(layer), [
    operations(layer, steps, words),
    isDone('choose') ? experts(steps, words) : nothing,
    isDone('attend') ? reads(snapshot, layer, words) : nothing,
    isDone('logits') ? next(snapshot, words) : nothing,
  ]);
}

function operations(layer: number, steps: readonly Step[], { flow }: Words): TemplateResult {
  return table(
    'operations',
    flow.captions.operations(layer),
    [{ text: flow.heads.operation }, { text: flow.heads.shape }, { text: flow.heads.norm, number: true }],
    steps.map(
      ({ id, name, shape, norm }) =>
        html`<tr data-row=${id}>
          <th scope="row">${name}</th>
          <td>${shape}</td>
          ${number(norm, flow.exact)}
        </tr>`,
    ),
  );
}

function experts(steps: readonly Step[], { flow }: Words): TemplateResult {
  return table(
    'experts',
    flow.captions.experts,
    [
      { text: flow.heads.expert },
      { text: flow.heads.weight, number: true },
      { text: flow.heads.part, number: true },
      { text: flow.heads.norm, number: true },
    ],
    steps
      .filter(({ place }) => place === 'expert')
      .map(
        ({ name, weight, part, norm }) =>
          html`<tr>
            <th scope="row">${name}</th>
            ${number(weight, flow.exact)}${number(part, flow.exact)}${number(norm, flow.exact)}
          </tr>`,
      ),
  );
}

function reads(snapshot: Snapshot, layer: number, { flow }: Words): TemplateResult {
  return table(
    'reads',
    flow.captions.reads,
    [{ text: flow.heads.head, number: true }, { text: flow.heads.token }, { text: flow.heads.attention, number: true }],
    readsOf(snapshot, layer).map(
      ({ head, position, weight }) =>
        html`<tr>
          <th scope="row" class="number">${head}</th>
          <td>${quoted(label(snapshot, position))}</td>
          ${number(weight, flow.exact)}
        </tr>`,
    ),
  );
}

function next(snapshot: Snapshot, { f, flow }: Words): TemplateResult {
  return table(
    'next',
    flow.captions.next,
    [
      { text: flow.heads.token },
      { text: flow.heads.logit, number: true },
      { text: flow.heads.probability, number: true },
    ],
    followsOf(snapshot).map(
      ({ token, logit, probability }) =>
        html`<tr>
          <th scope="row">${quoted(nextLabel(snapshot, token))}</th>
          ${number(logit, flow.exact)}
          <td class="number" data-value=${probability}>${f.percent(probability)}</td>
        </tr>`,
    ),
  );
}
