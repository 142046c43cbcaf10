// English texts of the bar that says what is changed, and which run is shown.

import type { WhatIf } from '../../scope/what-if';
import { format } from '../format';
import { costPerToken } from './cost';
import type { Place } from '../../scope/values';

const f = format('en');

/** “expert 3 of layer 2”, “experts 1 and 3 of layer 2, expert 5 of layer 4”. */
function places(all: readonly Place[]): string {
  const layers = [...new Set(all.map(({ layer }) => layer))].sort((a, b) => a - b);
  const named = layers.map(layer => {
    const experts = all
      .filter(place => place.layer === layer)
      .map(({ expert }) => expert)
      .sort((a, b) => a - b);
    return `${experts.length === 1 ? 'expert' : 'experts'} ${f.list(experts)} of layer ${layer}`;
  });
  return named.join(', ');
}

const MIXTURES = { all: '', only_shared: 'only the shared experts run', without_shared: 'without the shared experts' };

export const enChangeBar = {
  label: 'What is changed',
  /** The changes in words, in the order of the what-if panel; `width` is the width of the latent. */
  changes: (whatIf: WhatIf, width: number): string => {
    const {
      experts_off: off,
      experts_forced: forced,
      mixture,
      num_experts_per_tok: chosen,
      topk_group: groups,
      selection_bias: bias,
      bias_shifts: shifts,
      latent_rank: rank,
      cache_format: format,
    } = whatIf;
    return [
      off.length > 0 ? `${places(off)} off` : '',
      forced.length > 0 ? `${places(forced)} forced` : '',
      MIXTURES[mixture],
      chosen === null ? '' : `${f.whole(chosen)} ${chosen === 1 ? 'expert' : 'experts'} per token`,
      groups === null ? '' : `${f.whole(groups)} ${groups === 1 ? 'group' : 'groups'} kept`,
      bias ? '' : 'no selection bias',
      ...shifts.map(shift => `selection bias of ${places([shift])} ${f.signedHundredths(shift.by)}`),
      rank === null ? '' : `${f.whole(rank)} of ${f.whole(width)} directions of the latent stored`,
      format === 'f32' ? '' : `cache in ${format}`,
    ]
      .filter(change => change !== '')
      .join(', ');
  },
  changed: 'Changed run:',
  plain: 'Plain run, without:',
  running: 'Running the text with:',
  neutral: 'Without effect on the model:',
  /** The cost per token, from two tokens on with its standard error; `of`: number of tokens that can be predicted. */
  cost: (cost: number, error: number, tokens: number, of: number): string => {
    if (tokens === 0) return '';
    const spread = tokens > 1 ? ` ± ${f.hundredths(error)}` : '';
    return `costs ${costPerToken(cost, spread)} (${f.whole(tokens)}\u00a0of\u00a0${f.whole(of)}\u00a0predictions)`;
  },
  without: 'Show without',
  with: 'Show with',
  undo: 'Undo all',
  /** The shown run in an export. */
  run: (changes: string, isChanged: boolean): string =>
    isChanged ? `changed run: ${changes}` : `plain run, without: ${changes}`,
};
