// English texts of the grid view.

import type { ChanceLoad } from '../../engine/types';
import { format } from '../format';

const f = format('en');

/** Maximum number of tokens in a sentence; the table has all. */
const LISTED = 12;
/** Maximum number of experts in a sentence. */
const NAMED = 6;

const tokens = (count: number): string => (count === 1 ? '1 token' : `${f.whole(count)} tokens`);

/** A mean and its standard deviation. */
const spread = ({ max_violation: mean, max_violation_deviation: deviation }: ChanceLoad): string =>
  `${f.hundredths(mean)} ± ${f.hundredths(deviation)}`;

export const enGrid = {
  label: 'Which experts each token chose',
  title: (token: string | null, layer: number) =>
    token === null ? `Experts of layer ${layer}` : `Experts of layer ${layer}, up to ${token}`,
  titleOfAll: (token: string | null) =>
    token === null ? 'Experts of all layers' : `Experts of all layers, up to ${token}`,
  prose: (grouped: boolean, fullScore: number, all: boolean): string =>
    `Columns are tokens, rows are ${grouped ? '[experts|expert] in their [groups|group]' : '[experts|expert]'}. ` +
    `Blue shows the [router]’s [score], with the strongest blue from ${fullScore} on; a disc marks a chosen expert, and its area is the [share]` +
    (grouped ? '; hatched groups are [ruled out|cut]. ' : '. ') +
    'Bars show the [load] of each expert against the [uniform] line; [MaxVio|maxVio] says how uneven the load is, and the ' +
    'dashed line how uneven it is [by chance|chance]. ' +
    (all ? 'Click a layer to open it.' : 'The triangle counts which experts are chosen [together].'),
  /** Shown while the step's answer is hidden. */
  withAnswer: 'Loads and pairs include this token, so they appear with the answer.',
  expertAlone: (expert: number): string => `Expert ${expert}`,
  hundredths: f.hundredths,

  sort: { label: 'Order', expert: 'by number', load: 'by load' },
  span: { label: 'Show', one: 'one layer', all: 'all layers' },

  soFar: (count: number, chosen: number, of: number): string =>
    `${tokens(count)} so far, each choosing ${chosen} of ${of} experts.`,
  window: (first: number, end: number, count: number): string =>
    `Tokens ${f.whole(first + 1)}–${f.whole(end)} of ${f.whole(count)} are shown.`,

  experts: 'Experts: the up and down arrow keys select one, Enter explains its choice',
  option: (expert: number, count: number, of: number, relative: number): string =>
    `Expert ${expert}: chosen by ${f.whole(count)} of ${tokens(of)}, relative load ${f.exact(relative)}`,
  /** Column heads of the load's numbers (`count`, `relative`). */
  count: 'tokens',
  relative: '× uniform',
  uniform: (value: number): string => `uniform ${f.upToHundredths(value)}`,
  sum: (count: number, chosen: number, sum: number): string => `${f.whole(count)} × ${chosen} = ${f.whole(sum)}`,
  violation: (value: number): string => `MaxVio ${f.exact(value)}`,
  violationMeans: (value: number, experts: readonly number[], relative: number): string => {
    if (value === 0) return ': all experts were chosen equally often.';
    const times = `${f.exact(relative)} times the uniform load. A MaxVio of 0 means balanced.`;
    if (experts.length === 1) return `: the most loaded expert, ${f.list(experts)}, has ${times}`;
    if (experts.length > NAMED) return `: the ${f.whole(experts.length)} most loaded experts each have ${times}`;
    return `: the most loaded experts, ${f.list(experts)}, each have ${times}`;
  },

  /** `count`: the number of tokens so far. */
  chance: (count: number, chance: ChanceLoad): string =>
    `By chance alone, ${tokens(count)} ${count === 1 ? 'gives' : 'give'} a MaxVio of ${spread(chance)} (dashed line).`,

  chosenBy: (expert: number, count: number, of: number, by: readonly string[]): string => {
    const listed = by.length > LISTED ? [...by.slice(0, LISTED), `${f.whole(by.length - LISTED)} more`] : by;
    const end = listed.length > 0 ? `: ${f.list(listed)}.` : '.';
    return `Expert ${expert}: chosen by ${f.whole(count)} of ${tokens(of)}${end}`;
  },
  chooseOne: 'Select an expert by its number to see which tokens chose it.',
  everyToken: 'Clear selection',

  together: 'Chosen together',
  togetherNote: (count: number): string => `Counted over ${tokens(count)} so far.`,
  limited: (shown: number, of: number): string =>
    `Shown are the ${f.whole(shown)} of ${f.whole(of)} experts that were chosen at least once.`,
  pairs: 'Pairs of experts: arrow keys go through them',
  pair: (one: number, other: number, count: number, of: number): string =>
    `Experts ${one} and ${other}: chosen together for ${f.whole(count)} of ${tokens(of)}.`,
  noPairs: 'No two experts were chosen by the same token.',

  open: (layer: number): string => `Open layer ${layer}`,
  openLoaded: (layer: number, violation: number): string => `Open layer ${layer}, MaxVio ${f.exact(violation)}`,

  numbers: (layer: number): string => `The grid in numbers, layer ${layer}`,
  numbersOfAll: 'The loads in numbers, all layers',
  loadCaption: (
    layer: number,
    count: number,
    uniform: number,
    violation: number,
    chance: ChanceLoad | undefined,
  ): string =>
    `Load in layer ${layer}, ${tokens(count)} so far: uniform ${f.exact(uniform)}, MaxVio ${f.exact(violation)}` +
    (chance ? ` (by chance ${spread(chance)})` : ''),
  tokensCaption: (layer: number): string => `What each token chose in layer ${layer}`,
  pairsCaption: (layer: number): string => `Chosen together in layer ${layer}`,
  expert: 'expert',
  otherExpert: 'and expert',
  group: 'group',
  togetherHead: 'tokens',
};
