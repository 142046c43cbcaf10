// English texts of the attention view.

import { format } from '../format';

const f = format('en');

/** A token and its attention weight. */
export interface ReadFacts {
  readonly token: string;
  readonly position: number;
  readonly weight: number;
}

export interface HeadFacts {
  readonly head: number;
  /** The tokens with the most weight, in descending order. */
  readonly most: readonly ReadFacts[];
  /** The text’s first token, and below it the shown token itself; each is null if it is in `most`. */
  readonly first: ReadFacts | null;
  readonly itself: ReadFacts | null;
}

const nth = (position: number): string => `token ${f.whole(position + 1)}`;
const which = ({ token, position }: ReadFacts): string => `${token} (${nth(position)})`;
const read = (facts: ReadFacts): string => `${which(facts)}, ${f.exact(facts.weight)}`;

export const enAttention = {
  label: 'Which tokens each head reads',
  title: (token: string | null, layer: number): string =>
    token === null ? `Attention in layer ${layer}` : `Attention of ${token} in layer ${layer}`,
  prose: (heads: number, start: boolean): string =>
    (heads === 1
      ? 'The [head] gives every token so far an [attention] weight: the area of a square. It reads the [cache], one ' +
        '[latent] per token. '
      : 'Each [head] gives every token so far its own [attention] weight: the area of a square. All heads read the same ' +
        '[cache], one [latent] per token. ') +
    'The key projection is [folded into the query|absorbed], so no key is rebuilt. The [expanded] cache gives the same ' +
    'weights up to rounding.' +
    (start ? ' Every text starts with a [marker|bos] that the tokenizer adds.' : ''),

  /** The range of tokens that have a column. */
  window: (first: number, end: number, count: number): string =>
    `Tokens ${f.whole(first + 1)}–${f.whole(end)} of ${f.whole(count)} are shown` +
    (first > 0 ? '; the first column adds up the weights of all earlier tokens.' : '.'),
  before: (count: number): string => (count === 1 ? '1' : `1–${f.whole(count)}`),
  soFar: (count: number, heads: number): string =>
    `${heads === 1 ? '1 head' : `${f.whole(heads)} heads`}, ${count === 1 ? '1 token' : `${f.whole(count)} tokens`} so far.`,

  heads: 'Heads: the up and down arrow keys select one',
  head: (head: number): string => `head ${head}`,
  headAlone: (head: number): string => `Head ${head}`,
  option: (head: number, { token, position, weight }: ReadFacts): string =>
    `Head ${head} gives ${token} (${nth(position)}) the most weight: ${f.exact(weight)}`,
  chip: (token: string, position: number, head: number, weight: number): string =>
    `${token}, ${nth(position)}, head ${head}: ${f.exact(weight)}`,

  one: (head: number): string => `Head ${head}, largest weight first`,
  headReads: ({ head, most, first, itself }: HeadFacts): string => {
    const [best, ...others] = most;
    if (!best) return '';
    if (others.length === 0)
      return `Head ${head} gives all its weight to the only token so far, ${best.token}: ${f.exact(best.weight)}.`;
    const then = `Head ${head} gives ${which(best)} the most weight, ${f.exact(best.weight)}; then ${others.map(read).join('; ')}.`;
    const rest = [
      ...(first ? [`the first token ${f.exact(first.weight)}`] : []),
      ...(itself ? [`${itself.token} itself ${f.exact(itself.weight)}`] : []),
    ];
    return rest.length > 0 ? `${then} It gives ${f.list(rest)}.` : then;
  },
  best: (shown: number, of: number): string =>
    `The ${f.whole(shown)} largest of ${f.whole(of)} weights; the table below has all.`,
  key: { latent: 'from the latent cache', expanded: 'from the expanded cache' },
  column: { token: 'token', number: 'number', bar: 'weight as a bar', weight: 'weight' },
  same: (weights: number, outputs: number): string =>
    weights === 0 && outputs === 0
      ? 'Computed from both caches, all weights of this layer and its heads’ outputs are exactly the same.'
      : `Computed from both caches, no weight of this layer differs by more than ${f.scientific(weights)}, and no value of its ` +
        `heads’ outputs by more than ${f.scientific(outputs)}.`,

  question: (token: string, layer: number, head: number): string =>
    `Which token does head ${head} of layer ${layer} give the most weight for ${token}?`,

  numbers: (layer: number): string => `All heads in numbers, layer ${layer}`,
  captions: {
    heads: (token: string, layer: number): string => `What each head reads for ${token} in layer ${layer}`,
    head: (head: number): string => `Head ${head} with both caches`,
    differences: (layer: number): string => `Largest differences between the caches in layer ${layer}`,
  },
  position: 'position',
  latent: 'latent cache',
  expanded: 'expanded cache',
  ofWeights: 'of the weights',
  ofOutputs: 'of the heads’ outputs',
};
