// The texts of the page, by language.

import { en } from './en/index';

export type Words = typeof en;

/** The texts in a language, or in English if there are no texts in that language. */
export function words(language: string): Words {
  return LANGUAGES[language] ?? en;
}

const LANGUAGES: Readonly<Record<string, Words>> = { en };
