// English texts of the next-token view.

import { format } from '../format';

const f = format('en');

const inText = 'in your text';
const append = (token: string, isInText: boolean): string => `Continue with ${token}${isInText ? `, ${inText}` : ''}`;

export const enNext = {
  label: 'Next token',
  after: (token: string): string => `After ${token}`,
  token: 'token',
  /** Column heads: at temperature 1 (`probability`), and at the chosen temperature (`at`). */
  probability: 'at temperature 1',
  probabilityMeans: 'The probability at temperature 1',
  number: (temperature: number): string => String(temperature),
  at: (temperature: number): string => `at temperature ${temperature}`,
  atMeans: (temperature: number): string => `The probability at temperature ${temperature}`,
  /** In place of the second column head, if the chosen temperature is 1. */
  same: 'temperature is 1',
  others: 'others',
  inText,
  /** Accessible names contain the words that the buttons show, in the same order. */
  append,
  appendLikely: (token: string, probability: number, inText: boolean): string =>
    append(`${token}, ${f.wholePercent(probability)}`, inText),
  hintEnd: 'Click a token to add it.',
  hintMid: 'Click a token to continue with it instead of your text.',
  full: (context: number): string => `The model reads at most ${f.whole(context)} tokens, so no token can be added.`,
  /** The text's next token if it is not among the most probable; `probability` is at `temperature`. */
  actual: (token: string, probability: number, temperature: number, before: number): string =>
    `Your text continues with ${token} (${f.percent(probability)}${temperature === 1 ? '' : ` at temperature ${temperature}`}); ` +
    (before === 1 ? '1 token was more probable.' : `${f.whole(before)} tokens were more probable.`),

  temperature: 'Temperature',
  temperatureDescription:
    '0: always the most probable token. 1: drawn with the model’s own probabilities. Above 1: more random.',
};
