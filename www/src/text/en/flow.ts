// English texts of the flow view.

import type { ModelInfo } from '../../engine/types';
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
  cut: 'rules out groups',
  choose: 'chooses and runs experts',
  next: 'next token',
};

const weighed = (norm: number, weight: number): string => `norm ${exact(norm)} × ${exact(weight)}`;

export const enFlow = {
  exact,
  label: 'One step, stage by stage',
  title: (token: string | null, layer: number): string =>
    token === null ? `One step through layer ${layer}` : `${token} through layer ${layer}`,
  prose: (dense: boolean, shared: boolean): string =>
    'Read from bottom to top. Branches read the [residual stream|stream], compute something, and add it back. ' +
    'The first branch stores a [latent] in the [cache] and [reads|attention] the earlier tokens. ' +
    (dense
      ? 'The second branch is one network: this layer is dense. '
      : `In the second branch the [router] chooses [experts|expert]${shared ? ', and the [shared] expert runs too' : ''}; a disc shows an expert’s share, a bar its [part of the sum|part]. `) +
    'A [norm] is the length of a vector; each branch first [normalises|normalise] what it reads.',

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
    `Operations of layer ${layer}: the up and down arrow keys go through them, Enter on an expert explains its choice`,
  /** The operations, from the bottom to the top: name, shape and explanation. */
  operations: {
    in: {
      name: 'stream in',
      shape: (hidden: number): string => to(hidden),
      description: 'The residual stream as it enters the layer.',
    },
    attentionNorm: {
      name: 'normalise',
      shape: (hidden: number): string => to(hidden),
      description: 'The normalised stream: the input of attention.',
    },
    latent: {
      name: 'compress',
      shape: (hidden: number, latent: number, rope: number): string =>
        `${to(hidden)} → ${f.whole(latent)} + ${f.whole(rope)}`,
      description: 'The compressed token: the latent c_KV, normalised, and the RoPE key, rotated by its position.',
    },
    cache: {
      name: 'write the cache',
      shape: (latent: number, rope: number, bytes: number): string =>
        `${f.whole(latent)} + ${f.whole(rope)} → ${f.whole(bytes)} B`,
      description: 'The layer stores this for the token; later tokens can read only this.',
    },
    attend: {
      name: 'attend',
      shape: (heads: number, value: number): string => `${f.whole(heads)} × ${f.whole(value)}`,
      description: 'The outputs of all heads, one head after another; each is a weighted sum over the tokens so far.',
    },
    attentionOut: {
      name: 'attention adds',
      shape: (from: number, hidden: number): string => to(from, hidden),
      description: 'The heads’ outputs, projected to the stream’s width and added to it.',
    },
    between: {
      name: 'stream',
      shape: (hidden: number): string => to(hidden),
      description: 'The stream after attention has added its output.',
    },
    ffnNorm: {
      name: 'normalise',
      shape: (hidden: number): string => to(hidden),
      description: 'The normalised stream: the input of the second branch.',
    },
    dense: {
      name: 'dense network',
      shape: (hidden: number, inner: number): string => to(hidden, inner, hidden),
      description: 'The output of the layer’s only network, added to the stream.',
    },
    score: {
      name: 'score experts',
      shape: (hidden: number, experts: number): string => to(hidden, experts),
      description: 'One router logit per expert, from expert 0 on, and the score computed from each logit.',
    },
    cut: {
      name: 'keep groups',
      shape: (kept: number, groups: number): string => `${f.whole(kept)} of ${f.whole(groups)}`,
      description: 'One score per group, from group 0 on. The groups with the best scores are kept.',
    },
    choose: {
      name: 'choose',
      shape: (chosen: number, experts: number): string => `${f.whole(chosen)} of ${f.whole(experts)}`,
      description: 'The weights of the chosen experts, the largest first.',
    },
    expert: {
      name: 'expert',
      shape: (hidden: number, inner: number): string => to(hidden, inner, hidden),
      description: 'A chosen expert’s output, before weighting.',
    },
    shared: {
      name: 'shared expert',
      shape: (hidden: number, inner: number): string => to(hidden, inner, hidden),
      description: 'The shared expert’s output: it runs for every token and is not weighted.',
    },
    sum: {
      name: 'weight and add',
      shape: (outputs: number, hidden: number): string =>
        `${f.whole(outputs)} × ${f.whole(hidden)} → ${f.whole(hidden)}`,
      description: 'The experts’ outputs, weighted and added up; the sum is added to the stream.',
    },
    out: {
      name: 'stream out',
      shape: (hidden: number): string => to(hidden),
      description: 'The stream as it goes to the next layer or, after the last layer, to the output.',
    },
    finalNorm: {
      name: 'normalise',
      shape: (hidden: number): string => to(hidden),
      description: 'The normalised stream after the last layer; the logits are computed from it.',
    },
    logits: {
      name: 'logits',
      shape: (hidden: number, vocabulary: number): string => to(hidden, vocabulary),
      description: 'One logit per vocabulary token; shown are those of the most probable next tokens.',
    },
  },
  expert: (expert: number): string => `expert ${expert}`,
  norm: (value: number): string => `norm ${exact(value)}`,
  /** A chosen expert: the norm of its output, times its weight. */
  weighed,
  /** The same product in an accessible name. */
  weighedByWeight: (norm: number, weight: number): string => `${weighed(norm, weight)} (the expert’s weight)`,
  part: (value: number): string => `part ${exact(value)}`,
  plus: 'added',
  groups: (kept: readonly number[]): string => (kept.length === 1 ? `group ${f.list(kept)}` : `groups ${f.list(kept)}`),
  experts: (experts: readonly number[]): string => f.list(experts),
  /** For an operation after the shown stage. */
  notYet: 'not computed yet',

  /** Names of the vectors of the operations. */
  vectors: {
    stream: 'stream',
    normed: 'normalised',
    latent: 'c_KV',
    ropeKey: 'RoPE key',
    heads: 'heads’ outputs',
    adds: 'added to the stream',
    logits: 'logits',
    scores: 'scores',
    groups: 'group scores',
    weights: 'weights',
    output: 'output',
  },
  box: (operation: string): string => `Vector: ${operation}`,
  reads: 'Which token each head reads most:',
  /** How each head's query is made. Its rotated part comes from `c_Q`; the key's comes straight from the stream. */
  query: ({
    hidden_size: hidden,
    q_lora_rank: rank,
    num_attention_heads: heads,
    qk_nope_head_dim: plain,
    qk_rope_head_dim: rotated,
  }: ModelInfo): string => {
    const [from, width] = [f.whole(hidden), `${f.whole(heads)} × (${f.whole(plain)} + ${f.whole(rotated)})`];
    const made =
      rank === undefined
        ? `The queries: ${from} → ${width}.`
        : `The queries: ${from} → c_Q ${f.whole(rank)} → ${width}.`;
    return `${made} The last ${f.whole(rotated)} values of each head’s query are rotated by the token’s position.`;
  },
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
    next: 'next token',
  },

  vectorNumbers: (operation: string): string => `This vector in numbers: ${operation}`,
  numbers: (layer: number): string => `The layer in numbers, layer ${layer}`,
  captions: {
    operations: (layer: number): string => `Operations of layer ${layer}, in the order in which they run`,
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
