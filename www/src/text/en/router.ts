// English texts of the router ladder.

import { format } from '../format';

const f = format('en');

const { exact } = f;
const groupOf = (first: number, last: number): string =>
  first === last ? `the group of expert ${first}` : `the group of experts ${first}–${last}`;

export const enRouter = {
  exact,
  /** +0.0123 */
  signed: (value: number): string => (value < 0 ? exact(value) : `+${exact(value)}`),
  factor: (value: number): string => String(value),

  label: 'Router',
  title: (token: string | null, layer: number): string =>
    token === null ? `Layer ${layer}` : `${token} in layer ${layer}`,
  sentence: (experts: number, groups: { readonly kept: number; readonly of: number } | null, chosen: number): string =>
    groups
      ? `The gate scores ${experts} experts, keeps ${groups.kept} of ${groups.of} groups, and chooses ${chosen}.`
      : `The gate scores ${experts} experts and chooses ${chosen}.`,
  changed: 'With the what-if: the roll’s notes are of the plain run.',
  grid: (token: string, layer: number): string =>
    `Router of ${token} in layer ${layer}; arrow keys go through its numbers`,

  expert: 'expert',
  /** The columns: what stands in their heads, and what it means. */
  columns: {
    logit: { head: 'logit', means: 'The dot product of the token’s values and the gate’s row for the expert' },
    score: { head: 'score', means: 'What the gate thinks of the expert, from 0 to 1; the bar is as long' },
    bias: { head: '+ bias', means: 'Evens out the load: added to choose, never to mix' },
    choice: { head: 'choice', means: 'Choice score: score + bias, used only to choose' },
    group: {
      head: 'group sum',
      means: 'The sum of the group’s two best choice scores: the groups with the most are kept',
    },
    chosen: { head: 'chosen', means: 'The chosen experts; the area of the disc is the share' },
    share: { head: 'share', means: 'A chosen expert’s part of the routed sum: its score, normalised' },
    weight: { head: 'weight', means: 'The share, scaled: what the expert’s output is multiplied by' },
  },
  /** Where a group is kept for its best choice score alone. */
  groupBest: { head: 'group best', means: 'The group’s best score: the groups with the most are kept' },
  /** Where the scores are not normalised. */
  sharePlain: { head: 'share', means: 'A chosen expert’s score, which this model does not normalise' },
  kept: 'kept',
  cut: 'cut',
  chosen: 'chosen',

  /** The explained cell: what it is, and where it comes from. */
  heading: (expert: number, column: string): string => `Expert ${expert}: ${column}`,
  groupHeading: (first: number, last: number, column: string): string =>
    `Experts ${first === last ? first : `${first}–${last}`}: ${column}`,
  names: {
    logit: 'logit',
    score: 'score',
    bias: 'bias',
    choice: 'choice score',
    group: 'group sum',
    groupBest: 'best score of the group',
    chosen: 'chosen or not',
    share: 'share',
    weight: 'weight',
  },
  says: {
    logit: (expert: number, width: number): string =>
      `The dot product of the token’s ${f.whole(width)} values x and the gate’s row w for expert ${expert}.`,
    sigmoid: 'The sigmoid σ brings the logit between 0 and 1, for each expert by itself.',
    softmax: (experts: number): string =>
      `The softmax makes the logits of all ${experts} experts into scores that sum to 1.`,
    bias: 'Moved in training to even out the load of the experts. It is added to choose and never to mix.',
    choice: 'The score plus the bias, to choose by. It is used for nothing else.',
    groupSum: (kept: boolean, of: { readonly kept: number; readonly all: number }): string =>
      `The two best choice scores of the group, summed. The ${of.kept} best of ${of.all} groups are kept; this one is ` +
      (kept ? 'kept.' : 'cut, with all its experts.'),
    groupBest: (kept: boolean, of: { readonly kept: number; readonly all: number }): string =>
      `The best score of the group. The ${of.kept} best of ${of.all} groups are kept; this one is ` +
      (kept ? 'kept.' : 'cut, with all its experts.'),
    isChosen: (count: number): string =>
      `Chosen: its choice score is one of the ${count} best in the kept groups. Against the least of these:`,
    isNotChosen: (count: number): string =>
      `Not chosen: ${count} experts of the kept groups have better choice scores. Against the least of these:`,
    isCut: (first: number, last: number): string =>
      `Not chosen, whatever its score: ${groupOf(first, last)} was cut. Against the least group that was kept:`,
    noShare: (expert: number): string => `Expert ${expert} was not chosen: it is not run, and has no part in the sum.`,
    share: (count: number): string =>
      `Its score, without the bias, as a part of all ${count} chosen experts’ scores. Shares sum to 1.`,
    sharePlain: 'Its score: this model does not normalise the scores of the chosen experts.',
    weight: 'The share, scaled by the model’s routed_scaling_factor. The expert’s output is multiplied by it.',
  },
};
