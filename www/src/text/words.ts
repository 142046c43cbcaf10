// The texts of a language.

import { en } from './en/index';

export type Words = typeof en;

/** The texts of a language; English if there are none. */
export function words(language: string): Words {
  return LANGUAGES[language] ?? en;
}

const LANGUAGES: Readonly<Record<string, Words>> = { en };
