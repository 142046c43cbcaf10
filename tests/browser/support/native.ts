// What the native engine computes: the truth that the page is held to. It prints each float32 in its shortest decimal
// form; `float` gives its exact value, as wasm hands it to JavaScript.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Record as StepRecord, Route } from '../../../www/pkg/moescope';

export type { Route, StepRecord };

export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
/** The variable that holds the path of the compiled `inspect`; the set-up fills it. */
export const INSPECT = 'MOESCOPE_INSPECT';
export const SHIPPED = 'www/public/model';

export interface Native {
  readonly ids: readonly number[];
  /** How each token is shown alone. */
  readonly tokens: readonly string[];
  readonly greedy: readonly number[];
  /** A row a position. */
  readonly logits: readonly (readonly number[])[];
  readonly records: readonly StepRecord[];
}

/** What `inspect` prints for a text, or for token ids. */
export function inspect(prompt: string | readonly number[], { model = SHIPPED, greedy = 0 } = {}): Native {
  const { status, stdout, stderr } = run(prompt, model, greedy);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Native;
}

/** The sentence with which `inspect` refuses a model. */
export function refusal(model: string): string {
  const { status, stderr } = run('', model, 0);
  if (status === 0) throw new Error(`inspect opened ${model}`);
  return stderr.trim().replace(/^inspect: /u, '');
}

/** The float32 that a decimal stands for. */
export const float = Math.fround;

function run(prompt: string | readonly number[], model: string, greedy: number) {
  const wanted = typeof prompt === 'string' ? ['--text', prompt] : ['--ids', prompt.join(',')];
  const program = process.env[INSPECT];
  if (!program) throw new Error('inspect was not compiled');
  const args = [model, ...wanted, '--greedy', String(greedy), '--records'];
  return spawnSync(program, args, { cwd: PROJECT, encoding: 'utf8', maxBuffer: 2 ** 30 });
}
