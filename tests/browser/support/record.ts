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
    detail: part(native.details?.[AT]),
    distribution: native.distributions?.[AT],
    load: native.loads?.[AT],
    plan: changed?.plan,
    compared: changed?.compared.slice(0, AT + 1),
    loss: changed?.loss,
    changed_detail: { router_logits: changed?.details?.[AT]?.router_logits },
  };
  const lines = Object.entries(members).map(([name, value]) => `${JSON.stringify(name)}: ${lined(value)}`);
  return `{\n  ${lines.join(',\n  ')}\n}\n`;
}

function lined(value: unknown): string {
  if (!Array.isArray(value) || typeof value[0] !== 'object') return JSON.stringify(value);
  return `[\n    ${value.map(each => JSON.stringify(each)).join(',\n    ')}\n  ]`;
}

/** The arrays of a detail that the page's tables show. */
function part(detail: Detail | undefined): Partial<Detail> {
  if (!detail) return {};
  const { router_logits, attention, other_attention, attention_differences, stream_norms, expert_norms, parts } =
    detail;
  return { router_logits, attention, other_attention, attention_differences, stream_norms, expert_norms, parts };
}

function labelsOf({ ids, records, labels }: Native): Record<number, string | undefined> {
  const named = new Set([...ids, ...records.slice(0, AT + 1).flatMap(({ next }) => next.tokens)]);
  return Object.fromEntries([...named].map(id => [id, labels.get(id)]));
}
