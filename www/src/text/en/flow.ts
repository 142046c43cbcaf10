// English texts of the flow view.

import type { Operation } from '../../scope/stages';
import { format } from '../format';

const f = format('en');

const { exact } = f;
const to = (...widths: readonly number[]): string => widths.map(width => f.whole(width)).join(' → ');

const OPERATIONS: Readonly<Record<Operation, string>> = {
  cache: 'writes the cache',
  attend: 'attends',
  dense: 'runs its network',
  score: 'scores the experts',
  cut: 'cuts groups',
  choose: 'chooses and mixes',
  next: 'what follows',
};

const weighed = (norm: number, weight: number): string => `norm ${exact(norm)} × ${exact(weight)}`;

export const enFlow = {
  exact,
  label: 'One step, stage by stage',
  title: (token: string | null, layer: number): string =>
    token === null ? `One step through layer ${layer}` : `${token} through layer ${layer}`,
  prose: (dense: boolean, shared: boolean): string =>
    'Read it upwards: the [residual stream|stream] rises, and what leaves it comes back and is added. ' +
    'The first branch keeps a [latent] in the [cache] and [reads|attention] the earlier tokens. ' +
    (dense
      ? 'The second is one network: this layer is dense. '
      : `In the second the [router] chooses [experts|expert]${shared ? ', and the [shared] one runs, too' : ''}; a disc is its share, a bar its [part of the sum|part]. `) +
    'A [norm] is how long a vector is; what is read is [normalised|normalise] first.',

  stages: {
    label: 'Stages of the step',
    previous: 'Previous stage',
    next: 'Next stage',
    name: (layer: number | null, operation: Operation): string =>
      layer === null ? `After the last layer: ${OPERATIONS[operation]}` : `Layer ${layer} ${OPERATIONS[operation]}`,
    whole: (count: number): string => `The whole step: all ${f.whole(count)} stages`,
    where: (index: number, count: number): string => `${f.whole(index + 1)} of ${f.whole(count)}`,
  },

  diagram: (layer: number): string =>
    `Operations of layer ${layer}: up and down go through them, Enter on an expert asks why`,
  /** The operations, from the bottom to the top: their names, shapes, and what they are. */
  operations: {
    in: {
      name: 'stream in',
      shape: (hidden: number): string => to(hidden),
      says: 'The residual stream as it comes into the layer.',
    },
    attentionNorm: {
      name: 'normalise',
      shape: (hidden: number): string => to(hidden),
      says: 'The stream, normalised: what attention reads.',
    },
    latent: {
      name: 'compress',
      shape: (hidden: number, latent: number, rope: number): string =>
        `${to(hidden)} → ${f.whole(latent)} + ${f.whole(rope)}`,
      says: 'The token compressed: the latent c_KV, normalised, and the RoPE key, rotated to its position.',
    },
    cache: {
      name: 'write the cache',
      shape: (latent: number, rope: number, bytes: number): string =>
        `${f.whole(latent)} + ${f.whole(rope)} → ${f.whole(bytes)} B`,
      says: 'What the layer keeps of this token, and all that later tokens can read of it.',
    },
    attend: {
      name: 'attend',
      shape: (heads: number, value: number): string => `${f.whole(heads)} × ${f.whole(value)}`,
      says: 'What each head reads from the tokens so far: one head after another.',
    },
    attentionOut: {
      name: 'attention adds',
      shape: (from: number, hidden: number): string => to(from, hidden),
      says: 'All heads’ outputs, projected back: what attention adds to the stream.',
    },
    between: {
      name: 'stream',
      shape: (hidden: number): string => to(hidden),
      says: 'The stream with what attention has added.',
    },
    ffnNorm: {
      name: 'normalise',
      shape: (hidden: number): string => to(hidden),
      says: 'That, normalised: what the router and the networks read.',
    },
    dense: {
      name: 'dense network',
      shape: (hidden: number, inner: number): string => to(hidden, inner, hidden),
      says: 'What the layer’s one network adds to the stream.',
    },
    score: {
      name: 'score experts',
      shape: (hidden: number, experts: number): string => to(hidden, experts),
      says: 'What the router thinks of each expert, from expert 0 on: its logit, and the score made of it.',
    },
    cut: {
      name: 'keep groups',
      shape: (kept: number, groups: number): string => `${f.whole(kept)} of ${f.whole(groups)}`,
      says: 'What each group is kept for, from group 0 on.',
    },
    choose: {
      name: 'choose',
      shape: (chosen: number, experts: number): string => `${f.whole(chosen)} of ${f.whole(experts)}`,
      says: 'The weights of the chosen experts, the largest first.',
    },
    expert: {
      name: 'expert',
      shape: (hidden: number, inner: number): string => to(hidden, inner, hidden),
      says: 'A chosen expert’s output, before it is weighed.',
    },
    shared: {
      name: 'shared expert',
      shape: (hidden: number, inner: number): string => to(hidden, inner, hidden),
      says: 'The shared expert’s output: it runs for every token, and is not weighed.',
    },
    sum: {
      name: 'weigh and add',
      shape: (outputs: number, hidden: number): string =>
        `${f.whole(outputs)} × ${f.whole(hidden)} → ${f.whole(hidden)}`,
      says: 'The experts’ outputs, weighed and added: what they add to the stream.',
    },
    out: {
      name: 'stream out',
      shape: (hidden: number): string => to(hidden),
      says: 'The stream as it goes to the next layer, or, after the last, to the output.',
    },
    finalNorm: {
      name: 'normalise',
      shape: (hidden: number): string => to(hidden),
      says: 'The stream after the last layer, normalised: what the logits are made of.',
    },
    logits: {
      name: 'logits',
      shape: (hidden: number, vocabulary: number): string => to(hidden, vocabulary),
      says: 'A logit for each token of the vocabulary; here those of the most probable next tokens.',
    },
  },
  expert: (expert: number): string => `expert ${expert}`,
  norm: (value: number): string => `norm ${exact(value)}`,
  /** Of an expert that is chosen: how long its output is, and what it is multiplied by. */
  weighed,
  /** The same in a name that is read out. */
  weighedByWeight: (norm: number, weight: number): string => `${weighed(norm, weight)}, its weight`,
  part: (value: number): string => `part ${exact(value)}`,
  plus: 'added',
  groups: (kept: readonly number[]): string => (kept.length === 1 ? `group ${f.list(kept)}` : `groups ${f.list(kept)}`),
  experts: (experts: readonly number[]): string => f.list(experts),
  /** Under an operation that the step has not come to. */
  notYet: 'not done yet',

  /** The vectors of an operation. */
  vectors: {
    stream: 'stream',
    normed: 'normalised',
    latent: 'c_KV',
    ropeKey: 'RoPE key',
    heads: 'heads’ outputs',
    adds: 'adds',
    logits: 'logits',
    scores: 'scores',
    groups: 'group scores',
    weights: 'weights',
    output: 'output',
  },
  box: (operation: string): string => `Vector: ${operation}`,
  reads: 'Which token each head reads most:',
  read: (head: number, token: string, weight: number): string => `head ${head}: ${token} ${exact(weight)}`,
  most: (tokens: readonly string[]): string => `most: ${tokens.join(' ')}`,
  follows: 'The most probable next tokens:',
  follow: (token: string, logit: number, probability: number): string =>
    `${token}: logit ${exact(logit)}, ${f.percent(probability)}`,
  first: (token: string, probability: number): string => `${token} ${f.percent(probability)}`,

  closer: {
    label: 'Look closer',
    attention: 'attention',
    cache: 'cache',
    router: 'router',
    next: 'what follows',
  },

  vectorNumbers: (operation: string): string => `This vector in numbers: ${operation}`,
  numbers: (layer: number): string => `The layer in numbers, layer ${layer}`,
  captions: {
    operations: (layer: number): string => `Layer ${layer}, from the bottom to the top`,
    experts: 'The experts that ran',
    reads: 'Which token each head reads most',
    next: 'The most probable next tokens',
  },
  heads: {
    operation: 'operation',
    shape: 'shape',
    norm: 'norm',
    expert: 'expert',
    weight: 'weight',
    part: 'part of the sum',
    head: 'head',
    token: 'token',
    attention: 'attention',
    logit: 'logit',
    probability: 'probability',
  },
};
