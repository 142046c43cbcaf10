// Texts of exports and of the share dialog in a language. They are loaded with the code that shows them.

import { enShare } from './en/share';

export type ShareWords = typeof enShare;

/** The texts of a language; English if there are none. */
export function shareWords(language: string): ShareWords {
  return LANGUAGES[language] ?? enShare;
}

const LANGUAGES: Readonly<Record<string, ShareWords>> = { en: enShare };
