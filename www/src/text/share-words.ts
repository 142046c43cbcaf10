// The words of exports and of sharing, in a language: they come with what says them. May import: the languages.

import { enShare } from './en/share';

export type ShareWords = typeof enShare;

/** English, until another language is here. */
export function shareWords(language: string): ShareWords {
  return LANGUAGES[language] ?? enShare;
}

const LANGUAGES: Readonly<Record<string, ShareWords>> = { en: enShare };
