// English texts of the router view.

import { format } from '../format';

const f = format('en');

const { exact } = f;
const groupOf = (first: number, last: number): string =>
  first === last ? `the group of expert ${first}` : `the group of experts ${first}–${last}`;

/** The number of groups that are kept, and whether this group is one of them. */
const fate = (kept: boolean, of: { readonly kept: number; readonly all: number }): string =>
  `The best ${of.kept === 1 ? `of ${of.all} groups is` : `${of.kept} of ${of.all} groups are`} kept; this one is ` +
  (kept ? 'kept.' : 'ruled out, with all its experts.');

export const enRouter = {
  exact,
  signed: f.signedExact,
  factor: (value: number): string => String(value),

  label: 'Router',
  title: (token: string | null, layer: number): string =>
    token === null ? `Layer ${layer}` : `${token} in layer ${layer}`,
  sentence: (experts: number, groups: { readonly kept: number; readonly of: number } | null, chosen: number): string =>
    groups
      ? `The router scores ${experts} experts, keeps the best ${groups.kept === 1 ? '' : `${groups.kept} `}of ${groups.of} groups, ` +
        `and chooses the best ${chosen === 1 ? 'expert' : `${chosen} experts`} in ${groups.kept === 1 ? 'it' : 'them'}.`
      : `The router scores ${experts} experts and chooses the best ${chosen === 1 ? 'one' : chosen}.`,
  grid: (token: string, layer: number): string =>
    `Router of ${token} in layer ${layer}; arrow keys go through its numbers`,

  expert: 'expert',
  /** The columns: head and explanation. */
  columns: {
    logit: {
      head: 'logit',
      means: 'The dot product of the token’s normalised stream and the router’s row for the expert',
    },
    score: { head: 'score', means: 'The router’s rating of the expert, from 0 to 1; the bar has this length' },
    bias: { head: '+ bias', means: 'Added only when choosing, to even out the load; not used when mixing outputs' },
    choice: { head: 'choice', means: 'Choice score: score + bias, used only to choose' },
    group: {
      head: 'group score',
      means: 'The sum of the group’s two best choice scores: the groups with the highest group scores are kept',
    },
    chosen: { head: 'chosen', means: 'The chosen experts; the area of the disc is the share' },
    share: { head: 'share', means: 'A chosen expert’s score divided by the sum of all chosen experts’ scores' },
    weight: { head: 'weight', means: 'The share times a factor of the model; it multiplies the expert’s output' },
  },
  /** Replaces `columns.group` if a group's score is its best score. */
  groupBest: { head: 'group best', means: 'The group’s best score: the groups with the highest scores are kept' },
  /** Replaces `columns.share` if the model does not normalise the scores. */
  sharePlain: { head: 'share', means: 'A chosen expert’s score, which this model does not normalise' },
  kept: 'kept',
  cut: 'ruled out',
  /** In place of a derivation whose number the shown stage has not computed. */
  later: 'A later stage of the step computes this.',
  chosen: 'chosen',

  /** Texts of the explanation below the table: the name of the explained cell, and its derivation. */
  heading: (expert: number, column: string): string => `Expert ${expert}: ${column}`,
  groupHeading: (first: number, last: number, column: string): string =>
    `Experts ${first === last ? first : `${first}–${last}`}: ${column}`,
  names: {
    logit: 'logit',
    score: 'score',
    bias: 'bias',
    choice: 'choice score',
    group: 'group score',
    groupBest: 'best score of the group',
    chosen: 'chosen or not',
    share: 'share',
    weight: 'weight',
  },
  description: {
    logit: (expert: number, width: number): string =>
      `The dot product of x, the token’s normalised stream (${f.whole(width)} numbers), and w, the router’s row for expert ${expert}.`,
    sigmoid: 'The sigmoid σ maps the logit to a value between 0 and 1, for each expert separately.',
    softmax: (experts: number): string =>
      `The softmax turns the logits of all ${experts} experts into scores that sum to 1.`,
    bias: 'Adjusted in training so that experts get similar numbers of tokens. It decides who is chosen, never how outputs are mixed.',
    choice: 'Score plus bias. Used only to choose.',
    groupSum: (kept: boolean, of: { readonly kept: number; readonly all: number }): string =>
      `The sum of the group’s two best choice scores. ${fate(kept, of)}`,
    groupBest: (kept: boolean, of: { readonly kept: number; readonly all: number }): string =>
      `The best score of the group. ${fate(kept, of)}`,
    /** The only chosen expert, or the one with the lowest choice score. */
    isLastChosen: (count: number): string =>
      count === 1
        ? 'Chosen: its choice score is the best in the kept groups.'
        : `Chosen: its choice score is the lowest of the ${count} best in the kept groups.`,
    isChosen: (count: number): string =>
      `Chosen: its choice score is one of the ${count} best in the kept groups. Compared with the lowest of them:`,
    isNotChosen: (count: number): string =>
      count === 1
        ? 'Not chosen: one expert of the kept groups has a better choice score. Compared with it:'
        : `Not chosen: ${count} experts of the kept groups have better choice scores. Compared with the lowest of them:`,
    /** `behind`: the distance to the kept group with the lowest score. */
    isCut: (first: number, last: number, behind: number): string =>
      `Not chosen, whatever its score: ${groupOf(first, last)} was ruled out. Its group score is ${exact(behind)} below that of the last kept group:`,
    noShare: (expert: number): string => `Expert ${expert} was not chosen: it does not run and has no part in the sum.`,
    share: (count: number): string =>
      `Its score (without the bias) divided by the sum of the ${count} chosen experts’ scores. Shares sum to 1.`,
    sharePlain: 'The share is the score itself: this model does not normalise the scores of the chosen experts.',
    weight: 'The share times the model’s routed_scaling_factor. The expert’s output is multiplied by this weight.',
  },
};
