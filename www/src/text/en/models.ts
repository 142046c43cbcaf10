// English texts of the view of published models.

import type { Component, SchemeName, SurveyedModel } from '../../engine/types';
import type { CacheBits, WeightBits } from '../../scope/state';
import { format } from '../format';

const f = format('en');

/** The model's name: presets have theirs. */
const nameOf = ({ origin, name }: SurveyedModel): string =>
  origin === 'page' ? 'this page’s model' : origin === 'own' ? 'your config.json' : name;

const tokens = (count: number): string => (count === 1 ? '1 token' : `${f.whole(count)} tokens`);
const users = (count: number): string => (count === 1 ? '1 user' : `${f.whole(count)} users`);

export const enModels = {
  label: 'Real models',
  title: 'Real models in numbers',
  prose:
    'Of every token of every user a model keeps something in its [cache]. ' +
    'With latent attention that is one [latent] and one [RoPE key|ropeKey] a layer; else a key and a value for each key-value head. ' +
    'This is arithmetic on published shapes; none of these models runs here.',
  name: nameOf,

  controls: 'What is asked',
  model: 'model',
  context: 'context, tokens',
  users: 'users at once',
  memory: 'memory, GB',
  bits: 'cache',
  weights: 'weights',
  bitsOf: (bits: CacheBits): string => `${bits} bits a value`,
  weightsOf: (bits: WeightBits): string => (bits === 0 ? 'elsewhere' : `${bits} bits each`),
  tokensOf: tokens,
  usersOf: users,
  memoryOf: (gigabytes: number): string => `${f.whole(gigabytes)} GB`,
  groups: { presets: 'published', others: 'others' },
  paste: 'Use a config.json of your own',
  pasteHint: 'Paste the config.json of a model from Hugging Face. It stays in this page and in its link.',
  pasteLabel: 'Text of a config.json',
  pasteClear: 'Clear',
  refused: (sentence: string): string => `Your model cannot be read: ${sentence}.`,
  missing: (id: string, shown: string): string =>
    id === 'own'
      ? `There is no config.json to look at; ${shown} is shown.`
      : `“${id}” is none of these models; ${shown} is shown.`,

  unknown: 'unknown',
  figures: {
    token: (bits: number, within: number | undefined): string =>
      `kept of a token, at ${bits} bits a value` +
      (within === undefined ? '' : `; ${f.whole(within)} B while it is in all windows`),
    user: (context: number): string => `kept of ${tokens(context)}, one user`,
    fit: (memory: number, weights: number): string =>
      weights === 0
        ? `fit into ${f.whole(memory)} GB, all of it for caches`
        : `fit into ${f.whole(memory)} GB beside weights of ${weights} bits`,
    users,
  },

  cache: (context: number, count: number): string => `The caches of ${users(count)}, ${tokens(context)} each`,
  cacheUnknown: 'What this model keeps is not known: its presets entry has no figure for it.',
  cachePicture: 'Bytes of all users’ caches under each scheme, one scale, and what the memory leaves for them',
  room: (bytes: number): string => `left for caches: ${f.bytes(bytes)}`,
  roomUnknown: 'What the weights leave is not known.',
  noRoom: (weights: number, memory: number): string =>
    `The weights alone, ${f.bytes(weights)}, are more than ${f.whole(memory)} GB.`,
  weightsTake: (weights: number, memory: number, room: number): string =>
    `The weights take ${f.bytes(weights)} of ${f.whole(memory)} GB; ${f.bytes(room)} are left for caches. ` +
    'Nothing else is counted: no activations, no fragmentation.',
  cachesAlone: (memory: number): string => `All of the ${f.whole(memory)} GB are taken to be for caches.`,
  windowed: (layers: number, of: number, window: number): string =>
    `${layers} of its ${of} layers keep only the last ${f.whole(window)} tokens, and are counted so.`,
  indexed: (bytes: number): string =>
    `Its indexers keep ${f.whole(bytes)} bytes of a token at any precision of the cache; they are counted.`,
  indexUnknown: 'Its layers share indexers in groups; what those keep is not known and not counted.',
  schemes: {
    published: 'as published',
    expanded: 'expanded',
    plain_mha: 'plain MHA',
  } satisfies Record<SchemeName, string>,
  schemeNote: {
    published: '',
    expanded: 'arithmetic, not run',
    plain_mha: 'arithmetic, not run',
  } satisfies Record<SchemeName, string>,
  heads: {
    scheme: 'scheme',
    values: 'a layer, values',
    token: 'a token, bytes',
    user: 'one user, bytes',
    all: 'all users, bytes',
    fit: 'users that fit',
  },
  schemesTable: 'The schemes in figures',

  square: (unit: number): string => `Weights: one square is ${f.counted(unit)}`,
  squarePicture: (active: number, total: number): string =>
    `${f.counted(active)} of ${f.counted(total)} weights are used for a token, drawn as a square of equal cells`,
  squareSays: (active: number, total: number): string =>
    `${f.counted(active)} of ${f.counted(total)} are multiplied for a token: ${f.wholePercent(active / total)}.`,
  squareTable: 'Weights by component',
  embeddingSays: (active: number): string =>
    `Of the embedding table a token reads one row; counted as used, it makes ${f.counted(active)}.`,
  publishedSays: (total: string | undefined, active: string | undefined): string =>
    total === undefined && active === undefined
      ? 'Its makers’ own figures were not seen first-hand.'
      : `Its makers say ${total ?? 'unknown'} in all and ${active ?? 'unknown'} for a token.`,
  weightsUnknown: 'Its weights are not counted: its presets entry leaves them open.',
  notCounted:
    'Not counted: selection biases, biases of key-value heads and of experts, norms of queries and keys, attention ' +
    'sinks, vision, layers for multi-token prediction.',
  component: 'component',
  total: 'all',
  active: 'used for a token',
  sum: 'together',
  components: {
    attention: 'attention',
    routed_experts: 'routed experts',
    shared_experts: 'shared experts',
    dense_ffn: 'dense networks',
    embedding: 'embedding',
    head: 'head',
    norms_and_routers: 'norms and routers',
  } satisfies Record<Component, string>,
  idle: 'routed experts, not chosen',

  bars: (bits: number): string => `Bytes a token, at ${bits} bits a value`,
  barsPicture: 'Bytes that each model keeps of a token, on one scale; the chosen model is marked',
  barsSay:
    'Solid: what every further token of a long context costs. Dashed: what layers with a window keep besides. ' +
    'An asterisk: not every field was verified first-hand.',
  barName: (model: SurveyedModel): string => nameOf(model) + (model.unverified.length > 0 ? ' *' : ''),
  bar: (model: SurveyedModel, long: number, short: number): string =>
    `${nameOf(model)}: ${f.whole(long)} bytes a token` + (short > long ? `, ${f.whole(short)} within its window` : ''),
  barUnknown: (model: SurveyedModel): string => `${nameOf(model)}: unknown`,

  of: (name: string): string => `About ${name}`,
  source: 'Read in',
  pageSource: 'The config.json of the model that runs in this page.',
  ownSource: 'The text that you pasted.',
  unverified: (fields: readonly string[]): string => `Not verified first-hand: ${fields.join(', ')}.`,

  facts: 'Read twice',
  saved: {
    claim: 'DeepSeek-V2 “reduces the KV cache by 93.3%”',
    says: (six: number, equal: number, v2: number, v2AtSix: number, baseline: number): string =>
      `That compares 6 bits a value with 16: ${f.whole(v2AtSix)} bytes a token against DeepSeek-67B’s ${f.whole(baseline)}, ` +
      `${f.percent(six)} less. At 16 bits both it is ${f.whole(v2)} bytes, ${f.percent(equal)} less. Latent attention does the second; ` +
      'the rest is quantisation.',
    source: 'DeepSeek-V2 technical report, section 3.2.3 (“6 bits on average”); both config.json files.',
  },
  misread: {
    claim: 'num_key_value_heads: 128 in DeepSeek-V3’s config.json',
    says: (right: number, wrong: number): string =>
      `It is not the size of the cache. Who multiplies 128 keys and values of 128 gets ${f.whole(wrong)} bytes a token, ` +
      `${f.ratio(wrong / right)} times the ${f.whole(right)} that are kept.`,
    source: 'DeepSeek-V3 config.json; inference/model.py (attn_impl = "absorb").',
  },
  size: {
    claim: 'A popular article: “67.1 billion parameters”',
    says: (total: number): string => `671B, ten times as many: the shapes add up to ${f.counted(total)}.`,
    source: 'DeepSeek-V3 README; technical report, section 4.2.',
  },
  cost: {
    claim: 'The same article: trained for “$2 million”',
    says:
      '$5.576M: 2.788M hours of H800 at an assumed rent of $2 an hour. Earlier research and ablations are expressly left ' +
      'out. The 2 looks like the rent.',
    source: 'DeepSeek-V3 technical report, table 1.',
  },
  speed: {
    claim: 'The same article: “inference over 30% faster”',
    says:
      'Not found in DeepSeek’s reports. They say: generation more than twice as fast as DeepSeek-V2 from end to end, and ' +
      '1.8 times the tokens a second with multi-token prediction.',
    source: 'DeepSeek-V3 technical report, sections 5.4.3 and 6.',
  },

  numbers: 'All models in numbers',
  table: 'All models',
  columns: {
    model: 'model',
    attention: 'attention',
    layers: 'layers',
    windowed: 'with a window',
    values: 'values a token a layer',
    token: 'bytes a token',
    long: 'beyond the window',
    user: 'bytes, one user',
    fit: 'users that fit',
    total: 'weights',
    active: 'used for a token',
    published: 'published',
    unverified: 'not verified',
    source: 'source',
  },
  publishedShort: (total: string | undefined, active: string | undefined): string =>
    `${total ?? 'unknown'} / ${active ?? 'unknown'}`,
};
