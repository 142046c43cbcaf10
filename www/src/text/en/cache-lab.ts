// English texts of the cache lab.

import { format } from '../format';

const f = format('en');

const bits = (value: number): string => `${f.hundredths(value)} bits`;
/** Widths of the latent, of the RoPE key, of a head's key without RoPE, and of its value. */
interface HeadWidths {
  readonly latent: number;
  readonly rope: number;
  readonly nope: number;
  readonly value: number;
}

const settings = (count: number): string => (count === 1 ? '1 setting' : `${f.whole(count)} settings`);

/** The short name of a cache setting. */
function kept(rank: number | null, numbers: string): string {
  if (rank === null) return numbers;
  return numbers === 'f32' ? `rank ${f.whole(rank)}` : `rank ${f.whole(rank)}, ${numbers}`;
}

export const enCacheLab = {
  label: 'Cache lab',
  title: 'Cache lab: bytes against bits',
  prose:
    'Each point is one way to store the [latent] [cache]. Horizontal: bytes per token in all layers. Vertical: the [loss] ' +
    'on this text. The lower a point, the better the predictions; the further left, the smaller the cache.',
  guess: (token: string): string =>
    `Guess first: how much worse does the model predict the text, up to the token after ${token}, if its cache stores 4 bits per value?`,
  measuring: 'Running the text …',
  nothing: 'Nothing to predict yet. Step forward.',
  plain: (loss: number, error: number, count: number): string =>
    count > 1
      ? `Without a change the model’s loss is ${bits(loss)} per token (standard error ${f.hundredths(error)}, n = ${f.whole(count)}).`
      : `Without a change the model’s loss is ${bits(loss)} per token (n = 1).`,
  bars: 'Bars: standard errors of the costs. A cost is the mean difference from the loss without a change.',
  older: (count: number): string =>
    count === 1
      ? '1 setting was tried on fewer tokens of this text and is not drawn.'
      : `${settings(count)} were tried on fewer tokens of this text and are not drawn.`,
  sweep: 'Try the standard settings',
  swept: 'All standard settings have been tried',
  sweeping: (left: number): string => `Trying ${settings(left)} …`,
  other: 'The what-if changes more than the cache, so it has no point in this picture.',
  only: 'Keep only the cache change',
  controls: 'Your own setting',

  picture:
    'Loss against bytes per token: each way to store the cache is a point; the up and down arrow keys go from point to point',
  across: 'bytes per token in all layers, logarithmic',
  up: 'loss, bits per token',
  point: (name: string, bytes: number, loss: number, cost: number): string =>
    `${name}: ${f.whole(bytes)} bytes, loss ${f.hundredths(loss)}, ${f.signedHundredths(cost)}`,
  kept,
  whole: 'latent, f32',
  expanded: 'expanded, f32',
  expandedDescription: (difference: number): string =>
    `The expanded cache does not change the model: at this step the attention outputs from both caches differ by at most ${f.scientific(difference)} in any layer. So its point has the same loss as the latent cache.`,
  expandedWaits: 'The expanded cache has the same loss as the latent one: both give the same outputs up to rounding.',
  groups: (groups: number, isPlain: boolean): string =>
    isPlain ? 'plain MHA' : groups === 1 ? 'MQA' : `GQA-${groups}`,
  notRun: 'not run: the model was not trained this way',
  bytes: (value: number): string => (value < 100_000 ? f.whole(value) : f.compact(value)),

  work: 'The cost of absorption',
  workDescription:
    'Multiply-adds of one layer’s attention for one token, against the number of tokens that it reads; both axes ' +
    'logarithmic. Naive: reads the expanded cache. Absorbed: reads the latent cache as it is. Rebuilt: reads the latent ' +
    'cache and rebuilds all keys and values from it at each step.',
  workPicture: (context: number): string =>
    `Multiply-adds per token against tokens of context, three methods; marked at ${f.whole(context)}`,
  context: 'tokens of context',
  adds: 'multiply-adds',
  ways: { naive: 'naive', absorbed: 'absorbed', rebuilt: 'rebuilt' },
  waysOf: {
    naive: 'naive, expanded cache',
    absorbed: 'absorbed, latent cache',
    rebuilt: 'rebuilt, latent cache',
  },
  workHeads: {
    way: 'method',
    fixed: 'once per step',
    perToken: 'per token of context',
    here: (context: number): string => `at a context of ${f.whole(context)}`,
    deepseek: 'DeepSeek-V3, per token of context',
  },
  /** `sum`: multiply-adds of one head per token of context, the same in both methods. */
  same: ({ latent, rope, nope, value, sum }: HeadWidths & { readonly sum: number }): string =>
    'In this model, the naive and the absorbed method need the same number of multiply-adds. Absorbed, a head uses each ' +
    `latent twice, for the attention score and for the output, and the RoPE key once: 2 × ${latent} + ${rope} = ${sum} per ` +
    `token of context. Naive, it uses a key of ${nope} + ${rope} and a value of ${value}: ` +
    `${nope} + ${rope} + ${value} = ${sum}.`,
  times: (ratio: number): string =>
    `Per token of context, absorbed costs ${f.hundredths(ratio)} times the multiply-adds of naive in this model.`,
  deepseek: (ratio: number, smaller: number): string =>
    `In DeepSeek-V3, absorbed costs ${f.hundredths(ratio)} times the multiply-adds of naive per token of context, with a cache that is ${f.ratio(smaller)} times smaller (from its config.json).`,

  numbers: 'The lab in numbers',
  caption: 'Ways to store the cache, tried on this text',
  heads: {
    way: 'cache',
    bytes: 'bytes per token',
    loss: 'loss',
    cost: 'cost',
    error: 'standard error of the cost',
    noise: 'standard error of the plain loss',
    count: 'tokens',
  },
  ticksCaption: 'Cache sizes with other kinds of attention. They are not run: this model was not trained with them.',
  ticksHeads: { way: 'attention', values: 'values per layer', bytes: 'bytes per token' },
  workCaption: 'Multiply-adds of one layer’s attention for one token',
};
