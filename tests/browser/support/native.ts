// The results of the native engine, with which the page is compared. `inspect` prints each float32 in its shortest
// decimal form. `float` turns this form back into the float32, which is the value that the page gets from wasm.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  Compared,
  Distribution,
  ExpertLoad,
  Loss,
  ModelInfo,
  ResolvedWhatIf,
  Question,
  Record as StepRecord,
  Route,
  Survey,
  SurveyedModel,
} from '../../../www/pkg/moescope';

export type { Distribution, ExpertLoad, ModelInfo, Question, Route, StepRecord, Survey, SurveyedModel };

export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
/** Environment variable with the path of the compiled `inspect`; `native-setup.ts` sets it. */
export const INSPECT = 'MOESCOPE_INSPECT';
export const SHIPPED = 'www/public/model';
/** Environment variable with the path of a folder in which all processes of a test run store outputs of `inspect`. */
export const RESULTS = 'MOESCOPE_NATIVE_RESULTS';

export interface Native {
  readonly ids: readonly number[];
  /** The label of each token. */
  readonly tokens: readonly string[];
  readonly greedy: readonly number[];
  /** (tokens, vocabulary) */
  readonly logits: readonly (readonly number[])[];
  /** One record per position. */
  readonly records: readonly StepRecord[];
  /** One detail per position, if asked for. */
  readonly details?: readonly Detail[];
  /** The next tokens after each position at the temperature that was asked for, if any. */
  readonly distributions?: readonly Distribution[];
  /** The expert load up to each position, if asked for. */
  readonly loads?: readonly ExpertLoad[];
  /** The changed run, if a what-if was given. */
  readonly what_if?: Changed;
  readonly info: ModelInfo;
  /** Rows: layers with routed experts; columns: experts. Empty if the model has no biases. */
  readonly selection_biases: readonly (readonly number[])[];
  /** Labels by token id: those of `ids`, and those of the next tokens in all records. */
  readonly labels: ReadonlyMap<number, string>;
}

/** A what-if as the engine applies it to the model, the comparison at each position, and the loss of both runs. */
export interface Changed {
  readonly plan: ResolvedWhatIf;
  readonly compared: readonly Compared[];
  readonly loss: Loss;
  /** Ids of the tokens that the changed run adds to the text, always the most probable one. */
  readonly greedy: readonly number[];
  readonly details?: readonly Detail[];
  readonly distributions?: readonly Distribution[];
  readonly loads?: readonly ExpertLoad[];
}

/** The arrays of one step. A field without a comment has the shape of the field above it. */
export interface Detail {
  /** (layers with routed experts, experts) */
  readonly router_logits: readonly (readonly number[])[];
  /** (layers, heads, tokens up to this one) */
  readonly attention: readonly (readonly (readonly number[])[])[];
  /** (layers) */
  readonly attention_differences: readonly number[];
  /** (layers, kv_lora_rank) */
  readonly latents: readonly (readonly number[])[];
  /** (layers, qk_rope_head_dim) */
  readonly rope_keys: readonly (readonly number[])[];
  /** (layers + 1, hidden) */
  readonly stream: readonly (readonly number[])[];
  /** (layers, hidden) */
  readonly attention_inputs: readonly (readonly number[])[];
  readonly attention_outputs: readonly (readonly number[])[];
  readonly attended: readonly (readonly number[])[];
  readonly ffn_inputs: readonly (readonly number[])[];
  readonly ffn_outputs: readonly (readonly number[])[];
  /** (layers, heads, qk_nope_head_dim + qk_rope_head_dim) */
  readonly queries: readonly (readonly (readonly number[])[])[];
  /** (layers, heads, kv_lora_rank) */
  readonly absorbed_queries: readonly (readonly (readonly number[])[])[];
  /** (layers, heads, qk_nope_head_dim + qk_rope_head_dim) */
  readonly keys: readonly (readonly (readonly number[])[])[];
  /** (layers, heads, v_head_dim) */
  readonly values: readonly (readonly (readonly number[])[])[];
  readonly head_outputs: readonly (readonly (readonly number[])[])[];
  /** Attention weights from the cache that the session does not read. (layers, heads, tokens up to this one) */
  readonly other_attention: readonly (readonly (readonly number[])[])[];
  /** (layers) Largest difference between `attention` and `other_attention`. */
  readonly weight_differences: readonly number[];
  /** (layers with routed experts, chosen, hidden) */
  readonly expert_outputs: readonly (readonly (readonly number[])[])[];
  /** (layers with routed experts, hidden) */
  readonly shared_outputs: readonly (readonly number[])[];
  /** (layers with routed experts, chosen + 1) */
  readonly expert_norms: readonly (readonly number[])[];
  readonly parts: readonly (readonly number[])[];
  /** (layers, 5) */
  readonly stream_norms: readonly (readonly number[])[];
  /** (hidden) */
  readonly final_input: readonly number[];
  /** (vocabulary) */
  readonly logits: readonly number[];
}

interface Asked {
  readonly model?: string;
  readonly greedy?: number;
  readonly details?: boolean;
  readonly temperature?: number;
  readonly loads?: boolean;
  /** Settings of the engine's `WhatIf`. */
  readonly whatIf?: object;
}

/** The output of `inspect` for a text, or for token ids. */
export function inspect(prompt: string | readonly number[], asked: Asked = {}): Native {
  const { status, stdout, stderr } = run(prompt, asked);
  if (status !== 0) throw new Error(stderr);
  const native = JSON.parse(stdout) as Omit<Native, 'labels'>;
  const named = [...native.ids, ...native.records.flatMap(({ next }) => next.tokens)];
  return { ...native, labels: labelled(named, asked.model, native.info.max_position_embeddings) };
}

const LABELS = new Map<string, Map<number, string>>();

/** The labels of token ids. Runs `inspect` only on ids without a stored label, as a text of these tokens. */
function labelled(ids: readonly number[], model = SHIPPED, context: number): ReadonlyMap<number, string> {
  const known = LABELS.get(model) ?? new Map<number, string>();
  LABELS.set(model, known);
  const unknown = [...new Set(ids)].filter(id => !known.has(id));
  for (let first = 0; first < unknown.length; first += context) {
    const some = unknown.slice(first, first + context);
    const { stdout } = run(some, { model });
    (JSON.parse(stdout) as Native).tokens.forEach((label, index) => known.set(some[index] ?? -1, label));
  }
  return known;
}

/** The sentence with which `inspect` refuses a model. */
export function refusal(model: string): string {
  const { status, stderr } = run('', { model });
  if (status === 0) throw new Error(`inspect opened ${model}`);
  return stderr.trim().replace(/^inspect: /u, '');
}

/** The float32 nearest to a number; of a printed number, this is the engine's own value. */
export const float = Math.fround;

/** The survey of published models that `inspect` prints for these settings. */
export function survey(question: Question, model = SHIPPED): Survey {
  const { status, stdout, stderr } = print([model, '--survey', JSON.stringify(question)], model);
  if (status !== 0) throw new Error(stderr);
  // `inspect` prints unknown values as `null`; in the page these fields are missing.
  return JSON.parse(stdout, (_, value: unknown) => value ?? undefined) as Survey;
}

function run(prompt: string | readonly number[], asked: Asked): Printed {
  const { model = SHIPPED, greedy = 0, details = false, loads = false, temperature, whatIf } = asked;
  const wanted = typeof prompt === 'string' ? ['--text', prompt] : ['--ids', prompt.join(',')];
  const rest = [
    ...(details ? ['--details'] : []),
    ...(loads ? ['--loads'] : []),
    ...(whatIf ? ['--what-if', JSON.stringify(whatIf)] : []),
    ...(temperature === undefined ? [] : ['--distributions', String(temperature)]),
  ];
  const args = [model, ...wanted, '--greedy', String(greedy), '--records', '--info', ...rest];
  return print(args, model);
}

interface Printed {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The output of `inspect`. Outputs for the shipped model are stored, because all test processes ask for the same. */
function print(args: readonly string[], model: string): Printed {
  const results = process.env[RESULTS];
  const stored =
    results && model === SHIPPED
      ? join(results, `${createHash('sha256').update(JSON.stringify(args)).digest('hex')}.json`)
      : null;
  if (stored && existsSync(stored)) return { status: 0, stdout: readFileSync(stored, 'utf8'), stderr: '' };
  const program = process.env[INSPECT];
  if (!program) throw new Error('inspect was not compiled');
  const printed = spawnSync(program, args, { cwd: PROJECT, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (stored && printed.status === 0) {
    // Another process may read the file at any time, so the file gets its final name only when it is complete.
    const part = `${stored}.${process.pid}`;
    writeFileSync(part, printed.stdout);
    renameSync(part, stored);
  }
  return printed;
}
