// English texts of the Start panel.

import type { ModelInfo } from '../../engine/types';
import { format } from '../format';
import { costPerToken } from './cost';

const f = format('en');

export const enStart = {
  label: 'Start',
  title: 'What you are looking at',
  /** The paragraphs have terms of the glossary in brackets. */
  experts: {
    name: 'Experts.',
    text: ({ n_routed_experts: experts, num_experts_per_tok: chosen, n_shared_experts: shared }: ModelInfo): string =>
      `Each layer has ${f.whole(experts)} small networks of its own, its [experts|expert]. Running all of them ` +
      `for every token would be ${f.whole(experts / chosen)} times the work, so a [router] scores them and runs the best ` +
      `${f.whole(chosen)}. A disc is an expert that ran; a bigger disc had a bigger [share].` +
      (shared > 0 ? ' The green line is the [shared expert|shared], which runs for every token.' : ''),
  },
  scores: {
    name: 'Scores.',
    text: ({ n_group: groups, topk_group: kept }: ModelInfo): string =>
      'The stronger the blue, the better the router thinks that the expert fits this token.' +
      (kept < groups ? ' Hatched [groups|group] were ruled out: none of their experts could be chosen.' : ''),
  },
  memory: {
    name: 'Memory.',
    text: (): string =>
      'To read earlier tokens, a model stores something for each of them, in its [cache]. Instead of keys and ' +
      'values for every head, this model stores one short [latent] per layer: the strip. The box at the bottom shows what ' +
      'that saves.',
  },
  try: 'Try this',
  hint: 'Each experiment changes the model and runs a text. A bar above the picture then says what is changed.',
  experiments: {
    expertArithmetic: {
      name: 'Remove one expert, break arithmetic',
      look:
        'Expert 10 of layer 4 is off. The model reads a question of arithmetic: look at the next tokens. ' +
        'The outlined column beside them has the tokens without the change.',
    },
    expertStory: {
      name: 'The same expert, in a story',
      look:
        'The same expert is off, and the text is a story. Does the model need this expert here? Rings would mark experts ' +
        'that change.',
    },
    oneExpert: {
      name: '1 expert per token',
      look: 'Each layer runs only its best expert, and the shared one. Count the discs, and look at the next tokens.',
    },
    onlyShared: {
      name: 'Only the shared expert',
      look: 'No layer runs a chosen expert. The shared expert alone must predict the text.',
    },
    noBias: {
      name: 'Choose without the bias',
      look:
        'The selection bias, which balances the load of the experts in training, is off. Rings mark where other experts ' +
        'are chosen.',
    },
    int4: {
      name: 'Store the cache in 4 bits',
      look: 'Each latent is rounded to 4 bits per value. The cache is smaller; look at what that does to the next tokens.',
    },
  },
  running: 'Running the text with the change …',
  cost: (cost: number, error: number): string =>
    `Measured on this text: ${costPerToken(cost)} (standard error ${f.hundredths(error)}).`,
  /** How the probability of the plain run's best next token changes; null if it is not among the listed tokens. */
  next: (token: string, plain: number, changed: number | null): string =>
    changed === null
      ? `After the text, ${token} had ${f.wholePercent(plain)}; it is no longer among the most probable tokens.`
      : `After the text, ${token} has ${f.wholePercent(changed)}; without the change it has ${f.wholePercent(plain)}.`,
  more: 'Compare the two runs, and let both continue the text',
};
