// Models for the tests: the shipped model with one broken file, and a generated model with other dimensions. The native
// engine reads a model from a folder; the page gets the same files.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT, SHIPPED } from './native';
import type { ModelShape } from './truth';

export interface ModelFiles {
  readonly 'config.json': Buffer;
  readonly 'model.safetensors': Buffer;
  readonly 'tokenizer.json': Buffer;
}

export type FileName = keyof ModelFiles;

export function shipped(): ModelFiles {
  const read = (name: FileName): Buffer => readFileSync(join(PROJECT, SHIPPED, name));
  return {
    'config.json': read('config.json'),
    'model.safetensors': read('model.safetensors'),
    'tokenizer.json': read('tokenizer.json'),
  };
}

/** Writes a model into a new folder, and returns the folder's path. */
export function write(files: ModelFiles): string {
  const folder = mkdtempSync(join(tmpdir(), 'moescope-'));
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes as Buffer);
  return folder;
}

/** The files in the form in which Playwright's `setInputFiles` takes them. */
export function chosen(files: ModelFiles): { name: string; mimeType: string; buffer: Buffer }[] {
  return Object.entries(files).map(([name, buffer]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: buffer as Buffer,
  }));
}

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;

function header(file: Buffer): { header: Header; data: Buffer } {
  const length = Number(file.readBigUInt64LE());
  const text = file.subarray(8, 8 + length).toString();
  return { header: JSON.parse(text) as Header, data: file.subarray(8 + length) };
}

function safetensors(header: Header, data: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

function edited(change: (config: Record<string, unknown>) => void): Buffer {
  const config = JSON.parse(shipped()['config.json'].toString()) as Record<string, unknown>;
  change(config);
  return Buffer.from(JSON.stringify(config));
}

/** For each defect, by name: the file of the shipped model that is replaced, and the file's new content. */
export function broken(): Readonly<Record<string, readonly [FileName, Buffer]>> {
  const good = shipped();
  const checkpoint = good['model.safetensors'];
  const { header: tensors, data } = header(checkpoint);
  const shuffled = structuredClone(tensors);
  const [up, down] = ['model.layers.0.mlp.up_proj.weight', 'model.layers.0.mlp.down_proj.weight'].map(
    name => shuffled[name],
  );
  if (!up || !down) throw new Error('the shipped model has no such tensors');
  [up.shape, down.shape] = [down.shape, up.shape];
  return {
    'a truncated checkpoint': ['model.safetensors', checkpoint.subarray(0, checkpoint.length / 2)],
    'an empty checkpoint': ['model.safetensors', Buffer.alloc(0)],
    'a checkpoint that is JSON': ['model.safetensors', good['config.json']],
    'a checkpoint with two shapes exchanged': ['model.safetensors', safetensors(shuffled, data)],
    'an empty config': ['config.json', Buffer.alloc(0)],
    'a truncated config': ['config.json', good['config.json'].subarray(0, 100)],
    'a config that is a list': ['config.json', Buffer.from('[1, 2, 3]')],
    'a config without heads': [
      'config.json',
      edited(config => {
        config['num_attention_heads'] = 0;
      }),
    ],
    'a config that chooses more experts than there are': [
      'config.json',
      edited(config => {
        config['num_experts_per_tok'] = 99;
      }),
    ],
    'a config whose groups do not divide the experts': [
      'config.json',
      edited(config => {
        config['n_group'] = 5;
      }),
    ],
    'a config with a huge width': [
      'config.json',
      edited(config => {
        config['hidden_size'] = 1e15;
      }),
    ],
    'a config with a word instead of a number': [
      'config.json',
      edited(config => {
        config['vocab_size'] = 'many';
      }),
    ],
    'an empty tokenizer': ['tokenizer.json', Buffer.alloc(0)],
    'a tokenizer that is a web page': ['tokenizer.json', Buffer.from('<!doctype html><title>404</title>')],
    'a tokenizer without a vocabulary': ['tokenizer.json', Buffer.from('{"model":{"type":"BPE"}}')],
    'a truncated tokenizer': ['tokenizer.json', good['tokenizer.json'].subarray(0, 5000)],
  };
}

/** The dimensions of the model that `wide` generates. */
export const WIDE_SHAPE: ModelShape = {
  layers: 6,
  dense: 1,
  experts: 256,
  groups: 8,
  keptGroups: 4,
  chosen: 8,
  heads: 2,
  cKv: 8,
  ropeKey: 4,
  expanded: 24,
  plainMha: 16,
  scaling: 2.5,
  context: 64,
};

/** The `config.json` of the generated model `wide`. */
const WIDE = {
  architectures: ['DeepseekV3ForCausalLM'],
  model_type: 'deepseek_v3',
  vocab_size: 2048,
  hidden_size: 16,
  intermediate_size: 24,
  moe_intermediate_size: 4,
  num_hidden_layers: 6,
  num_attention_heads: 2,
  num_key_value_heads: 2,
  n_shared_experts: 1,
  n_routed_experts: 256,
  routed_scaling_factor: 2.5,
  kv_lora_rank: 8,
  q_lora_rank: null,
  qk_rope_head_dim: 4,
  qk_nope_head_dim: 4,
  v_head_dim: 4,
  n_group: 8,
  topk_group: 4,
  num_experts_per_tok: 8,
  first_k_dense_replace: 1,
  norm_topk_prob: true,
  scoring_func: 'sigmoid',
  topk_method: 'noaux_tc',
  hidden_act: 'silu',
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  rope_scaling: null,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  attention_bias: false,
  bos_token_id: 0,
  eos_token_id: 1,
};

/** Generates a model with 256 experts in 8 groups, 8 of them chosen, and more layers than the shipped model. */
export function wide(): ModelFiles {
  return generated(WIDE);
}

/** The dimensions of the generated model `allDense`. */
export const ALL_DENSE_SHAPE: ModelShape = { ...WIDE_SHAPE, layers: 2, dense: 2 };

/** Generates a model with two layers, both dense; its `config.json` has a larger number of dense layers than of layers. */
export function allDense(): ModelFiles {
  return generated({ ...WIDE, num_hidden_layers: 2, first_k_dense_replace: 3 });
}

/** Generates a model with random weights, which are the same in every run of the tests. */
function generated(config: typeof WIDE): ModelFiles {
  const { vocab_size: vocab, hidden_size: hidden } = config;
  const tensors: [string, number[]][] = [
    ['model.embed_tokens.weight', [vocab, hidden]],
    ['model.norm.weight', [hidden]],
  ];
  const feedForward = (prefix: string, width: number): void => {
    for (const name of ['gate_proj', 'up_proj']) tensors.push([`${prefix}.${name}.weight`, [width, hidden]]);
    tensors.push([`${prefix}.down_proj.weight`, [hidden, width]]);
  };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const prefix = `model.layers.${layer}`;
    tensors.push(
      [`${prefix}.input_layernorm.weight`, [hidden]],
      [`${prefix}.post_attention_layernorm.weight`, [hidden]],
    );
    tensors.push(
      [`${prefix}.self_attn.q_proj.weight`, [2 * 8, hidden]],
      [`${prefix}.self_attn.kv_a_proj_with_mqa.weight`, [8 + 4, hidden]],
      [`${prefix}.self_attn.kv_a_layernorm.weight`, [8]],
      [`${prefix}.self_attn.kv_b_proj.weight`, [2 * 8, 8]],
      [`${prefix}.self_attn.o_proj.weight`, [hidden, 2 * 4]],
    );
    if (layer < config.first_k_dense_replace) {
      feedForward(`${prefix}.mlp`, config.intermediate_size);
    } else {
      tensors.push([`${prefix}.mlp.gate.weight`, [256, hidden]], [`${prefix}.mlp.gate.e_score_correction_bias`, [256]]);
      for (let expert = 0; expert < 256; expert++) {
        feedForward(`${prefix}.mlp.experts.${expert}`, config.moe_intermediate_size);
      }
      feedForward(`${prefix}.mlp.shared_experts`, config.moe_intermediate_size);
    }
  }
  const parts: Buffer[] = [];
  const header: Header = {};
  let at = 0;
  let state = 1;
  for (const [name, shape] of tensors) {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    for (let index = 0; index < values.length; index++) {
      // A linear congruential generator makes the same weights in every run.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      values[index] = name.includes('norm') ? 1 : (state / 2 ** 32 - 0.5) * (name.includes('gate.weight') ? 4 : 1);
    }
    const bytes = Buffer.from(values.buffer);
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    parts.push(bytes);
  }
  return {
    'config.json': Buffer.from(JSON.stringify(config)),
    'model.safetensors': safetensors(header, Buffer.concat(parts)),
    'tokenizer.json': shipped()['tokenizer.json'],
  };
}
