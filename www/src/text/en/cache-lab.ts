// English texts of the cache lab.

import { format } from '../format';

const f = format('en');

const bits = (value: number): string => `${f.hundredths(value)} bits`;
/** +0.42, −0.42: of a difference. */
const signed = (value: number): string => (value < 0 ? f.hundredths(value) : `+${f.hundredths(value)}`);
const settings = (count: number): string => (count === 1 ? '1 setting' : `${f.whole(count)} settings`);

/** How a cache is kept, in short. */
function kept(rank: number | null, numbers: string): string {
  if (rank === null) return numbers;
  return numbers === 'f32' ? `rank ${f.whole(rank)}` : `rank ${f.whole(rank)}, ${numbers}`;
}

export const enCacheLab = {
  label: 'Cache lab',
  title: 'Cache lab: bytes against bits',
  prose:
    'Each point is a way to keep the [latent] [cache]: across, the bytes a token takes in all layers; up, the [loss] it ' +
    'leaves on this text. Lower is better, and so is further left.',
  guess: (token: string): string =>
    `Guess first: how much worse does the model foresee the text up to what follows ${token}, if its cache keeps 4 bits a value?`,
  measuring: 'Running the text …',
  nothing: 'No token to foresee yet: go on in the text.',
  plain: (loss: number, error: number, count: number): string =>
    count > 1
      ? `As it is, the model’s loss is ${bits(loss)} a token, sure to ±${f.hundredths(error)} (standard error), n = ${f.whole(count)}.`
      : `As it is, the model’s loss is ${bits(loss)}, n = 1.`,
  bars: 'A point’s bar is how sure its distance from the model’s own loss is (standard error of the differences, token by token).',
  older: (count: number): string =>
    count === 1
      ? '1 setting was tried on fewer tokens of this text, and is not drawn.'
      : `${settings(count)} were tried on fewer tokens of this text, and are not drawn.`,
  sweep: 'Try the usual settings',
  swept: 'The usual settings are tried',
  sweeping: (left: number): string => `Trying ${settings(left)} …`,
  other: 'The what-if changes more than the cache, so it is no point here.',
  only: 'Change only the cache',
  controls: 'A setting of your own',

  picture: 'Bytes a token against loss: each way to keep the cache is a point; up and down lead from point to point',
  across: 'bytes a token in all layers, logarithmic',
  up: 'loss, bits a token',
  point: (name: string, bytes: number, loss: number, cost: number): string =>
    `${name}: ${f.whole(bytes)} bytes, loss ${f.hundredths(loss)}, ${signed(cost)}`,
  kept,
  whole: 'latent, f32',
  expanded: 'expanded, f32',
  expandedSays: (difference: number): string =>
    `The expanded cache is not another model: at this step the attention outputs that both caches give differ by at most ${f.scientific(difference)}, over all layers. So its point has the latent’s loss.`,
  expandedWaits: 'The expanded cache has the latent’s point in height: both give the same up to rounding.',
  groups: (groups: number): string => (groups === 1 ? 'MQA' : `GQA-${groups}`),
  notRun: 'not run: this model was not trained so',
  bytes: (value: number): string => (value < 100_000 ? f.whole(value) : f.compact(value)),

  work: 'The price of absorption',
  workSays:
    'Multiply-adds of one layer’s attention for one token, against the tokens of context it reads; both axes logarithmic. ' +
    'The naive way reads the expanded cache. The absorbed way reads the latent one as it is; without that, all keys and ' +
    'values would have to be rebuilt from it at each step.',
  workPicture: (context: number): string =>
    `Multiply-adds a token against context, three ways; marked at ${f.whole(context)}`,
  context: 'tokens of context',
  adds: 'multiply-adds',
  ways: { naive: 'naive', absorbed: 'absorbed', rebuilt: 'rebuilt' },
  waysOf: {
    naive: 'naive, expanded cache',
    absorbed: 'absorbed, latent cache',
    rebuilt: 'rebuilt, latent cache',
  },
  workHeads: {
    way: 'way',
    fixed: 'once',
    perToken: 'for each token of context',
    here: (context: number): string => `at a context of ${f.whole(context)}`,
    deepseek: 'DeepSeek-V3, for each',
  },
  same: 'In this model naive and absorbed cost exactly the same: twice its latent is as wide as a head’s key and value together.',
  times: (ratio: number): string =>
    `For each token of context, absorbed costs ${f.hundredths(ratio)} times the multiply-adds of naive in this model.`,
  deepseek: (ratio: number, smaller: number): string =>
    `In DeepSeek-V3 absorbed costs ${f.hundredths(ratio)} times naive for each token of context, over a cache that is ${f.ratio(smaller)} times smaller (from its config.json).`,

  numbers: 'The lab in numbers',
  caption: 'Ways to keep the cache, tried on this text',
  heads: {
    way: 'way',
    bytes: 'bytes a token',
    loss: 'loss',
    cost: 'cost',
    error: '± of the cost',
    noise: '± of the text',
    count: 'n',
  },
  ticksCaption: 'Not run: this model was not trained so',
  ticksHeads: { way: 'way', values: 'values a layer', bytes: 'bytes a token' },
  workCaption: 'Multiply-adds of one layer’s attention for one token',
};
