// English texts of the cache view.

import { format } from '../format';

const f = format('en');

export const enCache = {
  label: 'What is kept',
  title: (layer: number): string => `Cache of layer ${layer}`,
  prose:
    'Each layer keeps a [latent] of every token and one [RoPE key|ropeKey] for all its heads. ' +
    'The grey box is the same [expanded]: a key and a value for each head. ' +
    'The dashed line is [plain multi-head attention|plainMha] with as many heads: arithmetic, not run. ' +
    'Area is values kept.',
  picture: 'A column a token, one scale: the latent, what it would be expanded, and plain multi-head attention',
  names: { latent: 'latent, kept', plainMha: 'plain MHA, not run', expanded: 'expanded' },
  times: (ratio: number): string => `${f.ratio(ratio)}×`,
  smallerThanExpanded: 'smaller than expanded',
  smallerThanPlain: 'smaller than plain MHA, not run',
  kept: (tokens: number, layers: number): string =>
    `kept of ${f.whole(tokens)} ${tokens === 1 ? 'token' : 'tokens'}, all ${f.whole(layers)} layers`,
  guess: (token: string, layer: number, bytes: number): string =>
    `Expanded, layer ${layer} would keep ${f.whole(bytes)} bytes of ${token}. How many does it keep?`,

  tables: 'The three schemes in figures',
  here: (layers: number): string => `This model: values a token a layer, bytes by now in all ${f.whole(layers)} layers`,
  deepseek: 'DeepSeek-V3: values a token a layer, from its config.json',
  heads: {
    scheme: 'scheme',
    values: 'values',
    now: 'bytes by now',
    ratio: 'times the latent',
    latentBytes: 'bytes kept',
    expandedBytes: 'bytes expanded',
  },
  schemes: { latent: 'latent, kept', expanded: 'expanded', plain_mha: 'plain MHA' },
  formula: {
    latent: (cKv: number, rope: number): string => `c_KV ${f.whole(cKv)} + RoPE key ${f.whole(rope)}`,
    expanded: (heads: number, nope: number, rope: number, value: number): string =>
      `${f.whole(heads)} heads × (${nope} + ${rope} + ${value})`,
    plainMha: (heads: number, key: number, value: number): string =>
      `${f.whole(heads)} heads × (${key} + ${value}); arithmetic, not run`,
  },

  value: (bytes: number, values: number, kept: number): string =>
    `A value is ${f.whole(bytes)} bytes here: of a token each layer keeps ${f.whole(values)} × ${f.whole(bytes)} = ${f.whole(kept)}.`,

  cell: (token: string | null, layer: number): string =>
    token === null ? `A cell of layer ${layer}` : `The cell of ${token} in layer ${layer}`,
  cellSays: 'All that later tokens can read of it. Click another column to see its cell.',
  /** The vectors, by what a test knows them by. */
  vectors: {
    c_kv: 'c_KV',
    rope_key: 'RoPE key',
    key: 'key, rebuilt',
    value: 'value, rebuilt',
    query: 'query',
    absorbed: 'absorbed query',
  },

  where: 'Where did K and V go?',
  head: 'head',
  chooseHead: 'Attention head',
  headOf: (head: number): string => `head ${head}`,
  rebuiltSays: (heads: number, nope: number, rope: number, value: number, expanded: number): string =>
    'Both can be rebuilt from the latent: the up-projections W_UK and W_UV make each head’s key and value of it, and the ' +
    `RoPE key is repeated. That is ${nope + rope} + ${value} values a head, and ${f.whole(expanded)} for ${f.whole(heads)} heads.`,
  absorbedSays:
    'Nothing needs them. Multiplying W_UK into the query, once a step, gives the same products, and the absorbed query ' +
    'meets the latents as they are kept:',
  /** The query on the rebuilt key, and what the absorbed query is. */
  products: 'q · k = q̃ · c_KV + q_R · k_R',
  absorption: 'q̃ = W_UK transposed times q_C',
  valuesSay:
    'Values the same: a head sums latents by their weights, and W_UV is applied once, to the sum. ' +
    'This page rebuilds keys and values beside it only to compare:',
  onItself: (head: number): string => `Head ${head} gives the token’s own cell a weight of`,
  fromLatent: 'from the latent',
  fromExpanded: 'from the rebuilt key',
  apart: (layer: number): string => `Over all heads and tokens of layer ${layer} the two ways are apart by at most`,
  inWeights: 'in the weights',
  inOutputs: 'in the heads’ outputs',

  numbers: 'The cache in numbers',
  floats: 'The floats in numbers',
  bytesCaption: (layers: number): string => `What the cache holds after each token, all ${f.whole(layers)} layers`,
};
