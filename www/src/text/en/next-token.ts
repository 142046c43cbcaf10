// English texts of the next-token view.

import { format } from '../format';

const f = format('en');

const inText = 'in the text';
const append = (token: string, isInText: boolean): string => `Go on with ${token}${isInText ? `, ${inText}` : ''}`;

export const enNext = {
  label: 'Next token',
  after: (token: string): string => `After ${token}`,
  token: 'token',
  /** The columns: at temperature 1, and at the chosen one. */
  probability: 'as the model says',
  probabilityMeans: 'The probability at temperature 1',
  number: (temperature: number): string => String(temperature),
  at: (temperature: number): string => `at ${temperature}`,
  atMeans: (temperature: number): string => `The probability at temperature ${temperature}`,
  /** Where the chosen temperature is 1. */
  same: 'at 1: the same',
  others: 'others',
  inText,
  /** Accessible names contain the words that the buttons show, in the same order. */
  append,
  appendLikely: (token: string, probability: number, inText: boolean): string =>
    append(`${token}, ${f.wholePercent(probability)}`, inText),
  hintEnd: 'Click a token to add it.',
  hintMid: 'Click a token to go on with it, instead of what the text says.',
  full: (context: number): string =>
    `The model reads ${f.whole(context)} tokens, its context. There is no room for another.`,
  /** The text's own next token, where it is not one of the most probable; its probability is that at a temperature. */
  actual: (token: string, probability: number, temperature: number, before: number): string =>
    `${token} is in the text: ${f.percent(probability)}${temperature === 1 ? '' : ` at ${temperature}`}; ` +
    (before === 1 ? 'one token is more probable.' : `${f.whole(before)} tokens are more probable.`),

  temperature: 'Temperature',
  temperatureSays: '0 always takes the most probable token, 1 chooses as the model says, above 1 is flatter.',
};
