// English texts of the attention view.

import { format } from '../format';

const f = format('en');

/** A token that is read, and how much. */
export interface ReadFacts {
  readonly token: string;
  readonly position: number;
  readonly weight: number;
}

export interface HeadFacts {
  readonly head: number;
  /** The tokens that it reads most, the most read first. */
  readonly most: readonly ReadFacts[];
  /** How much it reads of the text’s first token and of the token itself, where they are none of those. */
  readonly first: ReadFacts | null;
  readonly itself: ReadFacts | null;
}

const nth = (position: number): string => `token ${f.whole(position + 1)}`;
const which = ({ token, position }: ReadFacts): string => `${token} (no. ${f.whole(position + 1)})`;
const read = (facts: ReadFacts): string => `${which(facts)}, ${f.exact(facts.weight)}`;

export const enAttention = {
  label: 'Which tokens each head reads',
  title: (token: string | null, layer: number): string =>
    token === null ? `What layer ${layer} reads` : `${token} reads in layer ${layer}`,
  prose: (heads: number, start: boolean): string =>
    (heads === 1
      ? 'The [head] weighs every token so far; a square’s area is its [attention] weight. '
      : 'Each [head] weighs every token so far for itself; a square’s area is its [attention] weight. ') +
    'All read one [cache]: a [latent] for each token. The query [absorbs|absorbed] the key projection, so that no keys are ' +
    'rebuilt; from the [expanded] cache come the same weights, to rounding.' +
    (start ? ' Before every text stands a [start mark|bos].' : ''),

  /** Which tokens have a column. */
  window: (first: number, end: number, count: number): string =>
    `Tokens ${f.whole(first + 1)}–${f.whole(end)} of ${f.whole(count)} are shown` +
    (first > 0 ? ', and, in one column, all before.' : '.'),
  before: (count: number): string => (count === 1 ? '1' : `1–${f.whole(count)}`),
  soFar: (count: number, heads: number): string =>
    `${heads === 1 ? '1 head' : `${f.whole(heads)} heads`}, ${count === 1 ? '1 token' : `${f.whole(count)} tokens`} so far.`,

  heads: 'Heads: up and down choose one',
  head: (head: number): string => `head ${head}`,
  headAlone: (head: number): string => `Head ${head}`,
  option: (head: number, { token, position, weight }: ReadFacts): string =>
    `Head ${head} reads ${token}, ${nth(position)}, most: ${f.exact(weight)}`,
  chip: (token: string, position: number, head: number, weight: number): string =>
    `${token}, ${nth(position)}, head ${head}: ${f.exact(weight)}`,

  one: (head: number): string => `Head ${head}, most read first`,
  said: ({ head, most, first, itself }: HeadFacts): string => {
    const [best, ...others] = most;
    if (!best) return '';
    if (others.length === 0) return `Head ${head} reads the only token so far, ${best.token}: ${f.exact(best.weight)}.`;
    const then = `Head ${head} reads ${which(best)} most: ${f.exact(best.weight)}; then ${others.map(read).join('; ')}.`;
    const rest = [
      ...(first ? [`the first token ${f.exact(first.weight)}`] : []),
      ...(itself ? [`${itself.token} itself ${f.exact(itself.weight)}`] : []),
    ];
    return rest.length > 0 ? `${then} It reads ${f.list(rest)}.` : then;
  },
  best: (shown: number, of: number): string =>
    `The ${f.whole(shown)} most read of ${f.whole(of)}; the table below has all.`,
  key: { latent: 'from the latent cache', expanded: 'from the expanded cache' },
  column: { token: 'token', number: 'no.', bar: 'weight as a bar', weight: 'weight' },
  same: (weights: number, outputs: number): string =>
    weights === 0 && outputs === 0
      ? 'Computed over both caches, all weights of this layer and its heads’ outputs are exactly the same.'
      : `Computed over both caches, no weight of this layer differs by more than ${f.scientific(weights)}, and no value of its ` +
        `heads’ outputs by more than ${f.scientific(outputs)}.`,

  question: (token: string, layer: number, head: number): string =>
    `Which token does head ${head} of layer ${layer} read most for ${token}?`,

  numbers: (layer: number): string => `All heads in numbers, layer ${layer}`,
  captions: {
    heads: (token: string, layer: number): string => `What each head reads for ${token} in layer ${layer}`,
    head: (head: number): string => `Head ${head} over both caches`,
    differences: (layer: number): string => `Largest differences between the caches in layer ${layer}`,
  },
  position: 'position',
  latent: 'latent cache',
  expanded: 'expanded cache',
  ofWeights: 'of the weights',
  ofOutputs: 'of the heads’ outputs',
};
