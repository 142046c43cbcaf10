// The parts of a lesson, as they are read from its Markdown file. A lesson contains no answer and no number of a run.

import type { Mark } from './marks';
import type { Need } from './needs';
import type { PhraseName } from './phrases';
import type { Question } from './questions';

/** Maximum number of words of a step's text, and of the text after its answer. Words of tables do not count. */
export const MOST_WORDS = 60;
/** Maximum length of a lesson's file, characters. */
export const MOST_LENGTH = 100_000;

/** Fields of a link, by their names, with their values as a link has them. */
export type StateFields = readonly (readonly [name: string, value: string])[];

export interface Lesson {
  /** Its name in links. */
  readonly id: string;
  /** A question. */
  readonly title: string;
  readonly minutes: number;
  readonly language: string;
  /** What the model must have, beyond what the steps show. */
  readonly needs: readonly Need[];
  readonly steps: readonly Step[];
}

export interface Step {
  readonly title: string;
  /** The state that the step shows: fields of the whole lesson, replaced by those of the step. */
  readonly state: StateFields;
  readonly marks: readonly Mark[];
  readonly text: readonly Block[];
  /** The question, and what is shown after its answer; null if the step asks nothing. */
  readonly asked: Asked | null;
}

export interface Asked {
  readonly question: Question;
  /** The state that shows the answer: the step's fields, replaced by those of its block `after`. */
  readonly state: StateFields;
  readonly marks: readonly Mark[];
  readonly text: readonly Block[];
}

/** A paragraph, or a table whose first row is its head. */
export type Block =
  | { readonly kind: 'paragraph'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Piece[])[])[] };

/** A piece of text in one style. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly strong: boolean }
  /** A value of the run or the model. */
  | { readonly kind: 'value'; readonly name: PhraseName; readonly strong: boolean }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };
