// Texts of lessons in a language. They are loaded with the lesson bar.

import { enLessons } from './en/words';

export type LessonWords = typeof enLessons;

/** The texts of a language; English if there are none. */
export function lessonWords(language: string): LessonWords {
  return LANGUAGES[language] ?? enLessons;
}

const LANGUAGES: Readonly<Record<string, LessonWords>> = { en: enLessons };
