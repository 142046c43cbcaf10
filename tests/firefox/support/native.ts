// The results of the native engine, with which the tests compare the page.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const SHIPPED = join(PROJECT, 'www/public/model');
const INSPECT = process.env['MOESCOPE_INSPECT'] ?? join(PROJECT, 'target/quick/examples/inspect');

interface Route {
  readonly layer: number;
  readonly scores: readonly number[];
  readonly experts: readonly number[];
}

interface StepRecord {
  readonly routes: readonly Route[];
  /** Bytes stored by all layers for all tokens so far. */
  readonly cache: { readonly latent: number; readonly expanded: number };
  /** Sorted by probability, largest first. */
  readonly next: { readonly tokens: readonly number[] };
}

export interface Native {
  readonly ids: readonly number[];
  /** The text of each token. */
  readonly tokens: readonly string[];
  readonly greedy: readonly number[];
  readonly records: readonly StepRecord[];
}

/** The output of `inspect` for a text, or for token ids. */
export function inspect(prompt: string | readonly number[], greedy = 0): Native {
  const { status, stdout, stderr, error } = run(prompt, SHIPPED, greedy);
  if (status !== 0) throw new Error(`inspect failed: ${error?.message ?? stderr}`);
  return JSON.parse(stdout) as Native;
}

/** The sentence with which `inspect` refuses a broken model. */
export function refusal(model: string): string {
  const { status, stderr } = run('', model, 0);
  if (status === 0) throw new Error(`inspect opened ${model}`);
  return stderr.trim().replace(/^inspect: /u, '');
}

function run(prompt: string | readonly number[], model: string, greedy: number) {
  const wanted = typeof prompt === 'string' ? ['--text', prompt] : ['--ids', prompt.join(',')];
  const args = [model, ...wanted, '--greedy', String(greedy), '--records'];
  return spawnSync(INSPECT, args, { encoding: 'utf8', maxBuffer: 2 ** 30 });
}

/** The shipped model's files. */
export function shipped(): Record<string, Buffer> {
  const names = ['config.json', 'model.safetensors', 'tokenizer.json'];
  return Object.fromEntries(names.map(name => [name, readFileSync(join(SHIPPED, name))]));
}

/** The page's sentence about the last layer in the step at a position. The token must not have special characters. */
export function sentence({ tokens, records }: Native, position: number): string {
  const record = records[position];
  const route = record?.routes.at(-1);
  if (!record || !route) throw new Error(`the native engine has nothing at ${position}`);
  // `cache` counts the bytes of all layers and tokens so far; each layer stores the same number of bytes per token.
  const grew = (bytes: number): string => grouped(bytes / (route.layer + 1) / (position + 1));
  const experts = [...route.experts].sort((a, b) => a - b);
  return (
    `For “${(tokens[position] ?? '').replace(/^ (?=.)/u, '')}”, layer ${route.layer} ran ` +
    `${experts.length} of its ${route.scores.length} experts (${experts.join(', ')}) and the shared one, ` +
    `and stored ${grew(record.cache.latent)} bytes; expanded into keys and values for every head they would be ` +
    `${grew(record.cache.expanded)}.`
  );
}

/** Writes 2560 as 2,560. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/gu, ',');
}
