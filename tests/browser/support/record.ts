// The recorded run that the page's unit tests read (`www/src/testing/record.json`), computed by the native engine.

import { join } from 'node:path';
import type { Detail, Native } from './native';
import { inspect, PROJECT } from './native';

export const RECORD = join(PROJECT, 'www/src/testing/record.json');

const TEXT = 'The fox, "red"';
const AT = 2;
const TEMPERATURE = 0.5;
const SETTINGS = { experts_off: [{ layer: 2, expert: 3 }], num_experts_per_tok: 3 };

/** The text of `record.json`, with one line per record, so that a diff is readable. */
export function record(): string {
  const native = inspect(TEXT, { details: true, loads: true, temperature: TEMPERATURE, whatIf: SETTINGS });
  const changed = native.what_if;
  const members = {
    about: 'made from the native engine by tests/browser/record.spec.ts; do not edit',
    text: TEXT,
    position: AT,
    ids: native.ids,
    labels: labelsOf(native),
    info: native.info,
    selection_biases: native.selection_biases,
    records: native.records.slice(0, AT + 1),
    detail: shown(native.details?.[AT]),
    distribution: native.distributions?.[AT],
    load: native.loads?.[AT],
    plan: changed?.plan,
    compared: changed?.compared.slice(0, AT + 1),
    loss: changed?.loss,
    changed_detail: shown(changed?.details?.[AT]),
  };
  const lines = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}: ${lined(value)}`);
  return `{\n  ${lines.join(',\n  ')}\n}\n`;
}

function lined(value: unknown): string {
  if (!Array.isArray(value) || typeof value[0] !== 'object') return JSON.stringify(value);
  return `[\n    ${value.map(each => JSON.stringify(each)).join(',\n    ')}\n  ]`;
}

/** The arrays of a detail that the page's tables show. */
const SHOWN = [
  'router_logits',
  'attention',
  'attention_differences',
  'other_attention',
  'expert_norms',
  'parts',
  'stream_norms',
];

/** All arrays of a detail. Arrays that no table shows are left empty. */
function shown(detail: Detail | undefined): Record<string, unknown> {
  const arrays = Object.entries(detail ?? {}).filter(([name]) => name !== 'position');
  return Object.fromEntries(arrays.map(([name, values]) => [name, SHOWN.includes(name) ? values : []]));
}

function labelsOf({ ids, records, labels }: Native): Record<number, string | undefined> {
  const named = new Set([...ids, ...records.slice(0, AT + 1).flatMap(({ next }) => next.tokens)]);
  return Object.fromEntries([...named].map(id => [id, labels.get(id)]));
}
