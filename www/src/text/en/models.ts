// English texts of the view of published models.

import type { Component, SchemeName, SurveyedModel } from '../../engine/types';
import type { ScopeState } from '../../scope/state';
import { format } from '../format';

const f = format('en');

/** The shown name of a model; the page's model and a pasted config.json have a fixed one. */
const nameOf = ({ origin, name }: SurveyedModel): string =>
  origin === 'page' ? 'this page’s model' : origin === 'own' ? 'your config.json' : name;

const tokens = (count: number): string => (count === 1 ? '1 token' : `${f.whole(count)} tokens`);
const users = (count: number): string => (count === 1 ? '1 user' : `${f.whole(count)} users`);

export const enModels = {
  label: 'Real models',
  title: 'Real models in numbers',
  prose:
    'For every token of every user, a model stores values in its [cache]. A model with latent attention stores one ' +
    '[latent] and one [RoPE key|ropeKey] per layer; other models store a key and a value for each key-value head. ' +
    'The numbers are calculated from the published dimensions; none of the published models runs in this page.',
  name: nameOf,

  controls: 'Settings',
  model: 'model',
  context: 'context, tokens',
  users: 'users at once',
  memory: 'memory, GB',
  bits: 'cache',
  weights: 'weights',
  bitsOf: (bits: ScopeState['bits']): string => `${bits} bits per value`,
  weightsOf: (bits: ScopeState['weights']): string => (bits === 0 ? 'not in this memory' : `${bits} bits each`),
  tokensOf: tokens,
  usersOf: users,
  memoryOf: (gigabytes: number): string => `${f.whole(gigabytes)} GB`,
  groups: { presets: 'published', others: 'others' },
  paste: 'Use your own config.json',
  pasteHint: 'Paste the config.json of a model from Hugging Face. It is stored only in this page and its link.',
  pasteLabel: 'Text of a config.json',
  pasteClear: 'Clear',
  /** The name of a config.json that was refused, in the list of models. */
  ownRefused: 'your config.json, not read',
  refused: (sentence: string): string => `Your model cannot be read: ${sentence}.`,
  missing: (id: string, shown: string): string =>
    id === 'own' ? `No config.json is given; ${shown} is shown.` : `There is no model “${id}” here; ${shown} is shown.`,

  unknown: 'unknown',
  figures: {
    token: (bits: number, within: number | undefined): string =>
      `stored per token, ${bits} bits per value` +
      (within === undefined ? '' : `; ${f.whole(within)} B while the token is inside every window`),
    user: (context: number): string => `stored for ${tokens(context)}, one user`,
    fit: (memory: number, weights: number): string =>
      weights === 0
        ? `fit in ${f.whole(memory)} GB, all of it for caches`
        : `fit in ${f.whole(memory)} GB beside ${weights}-bit weights`,
    users,
  },

  cache: (context: number, count: number): string => `The caches of ${users(count)}, ${tokens(context)} each`,
  cacheUnknown: 'The cache size of this model is not known: this page’s list of models has no figure for it.',
  cachePicture: 'Bytes of all users’ caches under each scheme, to one scale, and the memory left for them',
  room: (bytes: number): string => `left for caches: ${f.bytes(bytes)}`,
  roomUnknown: 'The memory left beside the weights is not known.',
  noRoom: (weights: number, memory: number): string =>
    `The weights alone, ${f.bytes(weights)}, are more than ${f.whole(memory)} GB.`,
  weightsTake: (weights: number, memory: number, room: number): string =>
    `The weights take ${f.bytes(weights)} of ${f.whole(memory)} GB; ${f.bytes(room)} is left for caches. ` +
    'Nothing else is counted: no activations, no fragmentation.',
  cachesAlone: (memory: number): string => `All ${f.whole(memory)} GB are counted as memory for caches.`,
  windowed: (layers: number, of: number, window: number): string =>
    `${layers} of its ${of} layers store only the last ${f.whole(window)} tokens and are counted that way.`,
  indexed: (bytes: number): string =>
    `Its sparse-attention indexers store another ${f.whole(bytes)} bytes per token, whatever the precision of the cache; these bytes are counted.`,
  /** The same numbers in the other views: the page's model runs with another precision, and in a short context. */
  inPage: (bits: number, bytes: number, context: number): string =>
    `In this page, the model’s cache has ${bits} bits per value, ${f.whole(bytes)} bytes per token, and a text has at most ${f.whole(context)} tokens.`,
  indexUnknown:
    'Its layers share sparse-attention indexers in groups; the bytes that the indexers store are not known and not counted.',
  schemes: {
    published: 'as published',
    expanded: 'expanded',
    plain_mha: 'plain MHA',
  } satisfies Record<SchemeName, string>,
  schemeNote: {
    published: '',
    expanded: 'calculated, not run',
    plain_mha: 'calculated, not run',
  } satisfies Record<SchemeName, string>,
  heads: {
    scheme: 'scheme',
    values: 'values per layer',
    token: 'bytes per token',
    user: 'bytes, one user',
    all: 'bytes, all users',
    fit: 'users that fit',
  },
  schemesTable: 'The schemes in numbers',

  square: (unit: number): string => `Weights: one square is ${f.counted(unit)}`,
  squarePicture: (active: number, total: number): string =>
    `${f.counted(active)} of ${f.counted(total)} weights are used per token, drawn as a square of equal cells`,
  squareDescription: (active: number, total: number): string =>
    `${f.counted(active)} of ${f.counted(total)} weights (${f.wholePercent(active / total)}) are used per token.`,
  squareTable: 'Weights by component',
  embeddingDescription: (active: number): string =>
    `The embedding table is not counted as used, because a token reads only one row of it. With the whole table, a token uses ${f.counted(active)} weights.`,
  publishedDescription: (total: string | undefined, active: string | undefined): string =>
    total === undefined && active === undefined
      ? 'Its makers’ own figures could not be checked in a primary source, so they are not shown.'
      : `Its makers state ${total ?? 'unknown'} in total and ${active ?? 'unknown'} per token.`,
  weightsUnknown: 'Its weights are not counted: some of their dimensions are not known.',
  notCounted:
    'Not counted: selection biases, biases of key-value heads and of experts, norms of queries and keys, attention ' +
    'sinks, vision, layers for multi-token prediction.',
  component: 'component',
  total: 'all',
  active: 'used per token',
  sum: 'sum',
  /** What a token uses of the embedding table. */
  oneRow: 'one row',
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
  /** How to read the square without its colours. */
  squareOrder: (hasIdle: boolean): string =>
    'From the top left, row by row: the weights that a token uses, in the order of the table; then the embedding' +
    (hasIdle ? '; then the experts that are not chosen.' : '.'),

  bars: (bits: number): string => `Bytes per token, ${bits} bits per value`,
  barsPicture: 'Bytes that each model stores per token, to one scale; the chosen model is marked',
  barsDescription:
    'Solid: bytes for each further token of a long context. ' +
    'Dashed: bytes that a token adds in layers with a window, only until the text is as long as the window. ' +
    'Asterisk: some fields could not be checked in a primary source.',
  /** The name of a model at its bar, with an asterisk if fields were not checked. A narrow view omits brackets. */
  barName: (model: SurveyedModel, narrow: boolean): string => {
    const name = narrow ? nameOf(model).replace(/ \(.*\)$/u, '') : nameOf(model);
    return model.unverified.length > 0 ? `${name} *` : name;
  },
  bar: (model: SurveyedModel, long: number, short: number): string =>
    `${nameOf(model)}: ${f.whole(long)} bytes per token` +
    (short > long ? `, ${f.whole(short)} within its window` : ''),
  barUnknown: (model: SurveyedModel): string => `${nameOf(model)}: unknown`,

  of: (name: string): string => `About ${name}`,
  source: 'Source',
  pageSource: 'The config.json of the model that runs in this page.',
  ownSource: 'The text that you pasted.',
  unverified: (fields: readonly string[]): string => `Not checked in a primary source: ${fields.join(', ')}.`,

  facts: 'Often misread',
  saved: {
    claim: 'DeepSeek-V2 “reduces the KV cache by 93.3%”',
    description: (six: number, equal: number, v2: number, v2AtSix: number, baseline: number): string =>
      `Calculated here from the two models’ shapes: with 16 bits per value for both, DeepSeek-V2 stores ${f.whole(v2)} bytes per ` +
      `token and DeepSeek-67B ${f.whole(baseline)}: ${f.percent(equal)} less, the effect of latent attention. With the report’s ` +
      `6 bits per value for DeepSeek-V2 alone, it is ${f.whole(v2AtSix)} bytes, ${f.percent(six)} less. So 93.3% seems to include ` +
      'quantisation; this is an inference of this page, not a statement of the report.',
    source: 'DeepSeek-V2 technical report, section 3.2.3 (“6 bits on average”); both config.json files.',
  },
  misread: {
    claim: 'num_key_value_heads: 128 in DeepSeek-V3’s config.json',
    description: (right: number, wrong: number): string =>
      'It is not the size of the cache. Storing 128 keys and 128 values of width 128 per layer would take ' +
      `${f.whole(wrong)} bytes per token, ${f.ratio(wrong / right)} times the ${f.whole(right)} that are stored.`,
    source: 'DeepSeek-V3 config.json; inference/model.py (attn_impl = "absorb").',
  },
  size: {
    claim: 'DeepSeek-V3 has 671B parameters, and its download 685B',
    description: (total: number): string =>
      `The shapes of the main model add up to ${f.counted(total)}. The download also has 14B for multi-token prediction, copies of ` +
      'shared weights included.',
    source: 'DeepSeek-V3 README; technical report, section 4.2.',
  },
  used: {
    claim: 'A token uses “37B” or “36.7B” of DeepSeek-V3’s parameters',
    description: (active: number, withEmbedding: number): string =>
      `The shapes give ${f.counted(active)} with the head and without the embedding table, which is what this page shows ` +
      `everywhere, and ${f.counted(withEmbedding)} with both. DeepSeek states 37B in the report, and 36.7B in README_WEIGHTS.md, there ` +
      'with 0.9B for each of the two; the shapes do not give 36.7B.',
    source: 'DeepSeek-V3 technical report, section 4.2; README_WEIGHTS.md; config.json.',
  },
  cost: {
    claim: 'DeepSeek-V3 was trained for $5.576M',
    description:
      'That is 2.788M H800 GPU hours at an assumed rent of $2 per hour. Earlier research and ablations are expressly ' +
      'excluded.',
    source: 'DeepSeek-V3 technical report, table 1.',
  },
  speed: {
    claim: 'How much faster DeepSeek-V3 generates',
    description:
      'The report has two figures: generation is more than twice as fast as DeepSeek-V2 end to end, and multi-token ' +
      'prediction gives 1.8 times the tokens per second.',
    source: 'DeepSeek-V3 technical report, sections 5.4.3 and 6.',
  },

  numbers: 'All models in numbers',
  table: 'All models',
  columns: {
    model: 'model',
    attention: 'attention',
    layers: 'layers',
    windowed: 'layers with a window',
    values: 'values per token and layer',
    token: 'bytes per token',
    long: 'bytes per token beyond the window',
    user: 'bytes, one user',
    fit: 'users that fit',
    total: 'weights',
    active: 'used per token',
    published: 'published',
    unverified: 'not checked',
    source: 'source',
  },
  publishedShort: (total: string | undefined, active: string | undefined): string =>
    `${total ?? 'unknown'} / ${active ?? 'unknown'}`,
};
