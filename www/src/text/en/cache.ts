// English texts of the cache view.

import { format } from '../format';

const f = format('en');

export const enCache = {
  label: 'What the cache stores',
  title: (layer: number): string => `Cache of layer ${layer}`,
  prose:
    'Each layer stores one [latent] per token and one [RoPE key|ropeKey] for all its heads. ' +
    'The grey box is the same token [expanded]: a key and a value for each head. ' +
    'The dashed line is [plain multi-head attention|plainMha] with as many heads: calculated, not run. ' +
    'The area is the number of stored values.',
  picture: 'One column per token, to one scale: the latent, the same token expanded, and plain multi-head attention',
  names: { latent: 'latent, stored', plainMha: 'plain MHA, not run', expanded: 'expanded' },
  times: (ratio: number): string => `${f.ratio(ratio)}×`,
  smallerThanExpanded: 'smaller than expanded keys and values',
  smallerThanPlain: 'smaller than plain MHA, not run',
  /** `last`: the number of layers that have stored the last token. */
  kept: (tokens: number, layers: number, last: number): string =>
    `stored for ${f.whole(tokens)} ${tokens === 1 ? 'token' : 'tokens'}, ` +
    (last === layers
      ? `all ${f.whole(layers)} layers`
      : `the last one in ${f.whole(last)} of ${f.whole(layers)} layers`),
  guess: (token: string, layer: number, bytes: number): string =>
    `In an expanded cache, layer ${layer} would store ${f.whole(bytes)} bytes for ${token}. ` +
    'How many bytes does it store in the latent cache?',

  tables: 'The three schemes in numbers',
  here: (layers: number): string =>
    `This model: values per token and layer, bytes so far in all ${f.whole(layers)} layers`,
  deepseek: 'DeepSeek-V3: values per token and layer, from its config.json',
  heads: {
    scheme: 'scheme',
    values: 'values',
    now: 'bytes so far',
    ratio: '× the latent',
    latentBytes: 'bytes stored',
    expandedBytes: 'bytes if expanded',
  },
  schemes: { latent: 'latent, stored', expanded: 'expanded', plain_mha: 'plain MHA' },
  formula: {
    latent: (cKv: number, rope: number): string => `c_KV ${f.whole(cKv)} + RoPE key ${f.whole(rope)}`,
    expanded: (heads: number, nope: number, rope: number, value: number): string =>
      `${f.whole(heads)} heads × (${nope} + ${rope} + ${value})`,
    plainMha: (heads: number, key: number, value: number): string =>
      `${f.whole(heads)} heads × (${key} + ${value}); calculated, not run`,
  },

  /** With a what-if: the values that a layer stores per token, and their bytes. */
  changedValue: (values: number, bytes: number): string =>
    `With your change, each layer stores ${f.whole(values)} values in ${f.whole(bytes)} bytes per token.`,
  value: (bytes: number, values: number, kept: number): string =>
    `A value takes ${f.whole(bytes)} bytes here, so each layer stores ${f.whole(values)} × ${f.whole(bytes)} = ${f.whole(kept)} bytes per token.`,

  cell: (token: string | null, layer: number): string =>
    token === null ? `A cell of layer ${layer}` : `The cell of ${token} in layer ${layer}`,
  cellDescription: 'Later tokens can read only these values. Click another column to see its cell.',
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
  rebuiltDescription: (heads: number, nope: number, rope: number, value: number, expanded: number): string =>
    'Both can be rebuilt from the latent: W_UK and W_UV turn it into each head’s key and value, and the RoPE key is appended ' +
    `to each key. That is ${nope + rope} + ${value} values per head, and ${f.whole(expanded)} for ${heads === 1 ? '1 head' : `${f.whole(heads)} heads`}.`,
  absorbedDescription:
    'But attention does not need them. Multiplying W_UK into the query, once per step, gives the same products; the ' +
    'absorbed query is multiplied with the latents as they are stored:',
  /** The equations as text: the query times the rebuilt key, and the definition of the absorbed query. */
  products: 'q · k = q̃ · c_KV + q_R · k_R',
  absorption: 'q̃ = W_UK transposed times q_C',
  valuesDescription:
    'The same holds for values: a head adds up the latents, each times its attention weight, and applies W_UV once, to the sum. ' +
    'This page rebuilds keys and values only to compare:',
  onItself: (head: number): string => `Head ${head} gives the token’s own cell a weight of`,
  fromLatent: 'from the latent',
  fromExpanded: 'from the rebuilt key',
  apart: (layer: number): string => `Over all heads and tokens of layer ${layer} the two ways differ by at most`,
  inWeights: 'in the weights',
  inOutputs: 'in the heads’ outputs',

  numbers: 'The cache in numbers',
  floats: 'The vectors in numbers',
  bytesCaption: (layers: number): string => `Bytes in the cache after each token, all ${f.whole(layers)} layers`,
};
