// The texts of exports and of the share dialog, by language. They are loaded with the code that shows them.

import { enShare } from './en/share';

export type ShareWords = typeof enShare;

/** The texts in a language, or in English if there are no texts in that language. */
export function shareWords(language: string): ShareWords {
  return LANGUAGES[language] ?? enShare;
}

const LANGUAGES: Readonly<Record<string, ShareWords>> = { en: enShare };
