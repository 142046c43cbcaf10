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

/** A reason why a file is not a lesson. */
export type Problem =
  /** The file is too long, or has no front matter, no step or too many steps. */
  | { readonly is: 'length'; readonly found: number; readonly most: number }
  | { readonly is: 'front matter'; readonly line: number; readonly found: string }
  | { readonly is: 'open'; readonly line: number; readonly what: 'front matter' | 'block' }
  | { readonly is: 'no steps' }
  | { readonly is: 'too many steps'; readonly found: number; readonly most: number }
  /** A line of a block is not `name: value`. */
  | { readonly is: 'line'; readonly line: number; readonly found: string }
  | { readonly is: 'quotes'; readonly line: number; readonly field: string; readonly found: string }
  | { readonly is: 'unknown'; readonly line: number; readonly field: string; readonly expected: readonly string[] }
  | { readonly is: 'twice'; readonly line: number; readonly field: string }
  | { readonly is: 'missing'; readonly line: number; readonly field: string }
  | {
      readonly is: 'value';
      readonly line: number;
      readonly field: string;
      readonly found: string;
      readonly expected: string;
    }
  /** A step without its block `step`, without text, or with too much of it. */
  | { readonly is: 'no block'; readonly line: number; readonly title: string }
  | { readonly is: 'no text'; readonly line: number; readonly part: Part }
  | {
      readonly is: 'words';
      readonly line: number;
      readonly part: Part;
      readonly found: number;
      readonly most: number;
    }
  /** A question without what is shown after its answer, or the other way round. */
  | { readonly is: 'no after'; readonly line: number }
  | { readonly is: 'no question'; readonly line: number }
  | { readonly is: 'placeholder'; readonly line: number; readonly found: string }
  | { readonly is: 'address'; readonly line: number; readonly found: string }
  | { readonly is: 'row'; readonly line: number; readonly found: number; readonly expected: number }
  | { readonly is: 'outside'; readonly line: number; readonly found: string };

/** The step's text, or the text after the answer. */
export type Part = 'text' | 'after';
