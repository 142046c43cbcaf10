// The kinds of question. A lesson says only what is asked; `answers.ts` computes the answer. Pure.

import type { Need } from './needs';
import type { QuantityName } from './quantities';
import { isOfRun, quantity } from './quantities';

/** The questions with one of several answers, by what is chosen. */
export const CHOICES = {
  'group ruled-out': 'one of the groups that are ruled out in the shown layer',
  'group best': 'the group with the best score in the shown layer',
  'expert chosen': 'one of the experts that the shown layer chooses',
  'expert largest-share': 'the chosen expert with the largest share in the shown layer',
  'token next': 'the most probable next token, of the four most probable ones',
  'token most-read': 'the token that the shown head of the shown layer reads most, of the six that it reads most',
} as const;

export type ChoiceName = keyof typeof CHOICES;

export type Question =
  | { readonly kind: 'choice'; readonly of: ChoiceName }
  /** A number; an answer is right if it differs by at most `tolerance`. */
  | { readonly kind: 'number'; readonly of: QuantityName; readonly tolerance: Tolerance }
  /** Whether a number of the changed run is higher or lower than in the plain run, or the same. */
  | { readonly kind: 'change'; readonly of: QuantityName };

export interface Tolerance {
  readonly amount: number;
  /** True if the amount is a part of the right number. */
  readonly isRelative: boolean;
}

export const EXACT: Tolerance = { amount: 0, isRelative: false };

/** Where a number of the changed run is, compared with the plain run. */
export const CHANGES = ['higher', 'lower', 'same'] as const;
export type Change = (typeof CHANGES)[number];

/** What the model must have for a question. */
export function needsOfQuestion(question: Question): readonly Need[] {
  if (question.kind !== 'choice') return quantity(question.of).needs;
  if (question.of.startsWith('group')) return ['groups'];
  return question.of.startsWith('expert') ? ['experts'] : [];
}

/** True if the number of the question is between what is accepted. */
export function isWithin(given: number, right: number, { amount, isRelative }: Tolerance): boolean {
  const most = isRelative ? amount * Math.abs(right) : amount;
  // Decimal fractions such as 10.7 are not exact.
  return Math.abs(given - right) <= most + 1e-9 * Math.max(1, Math.abs(right));
}

/** A number as a reader writes it: `1,920`, `10.7×`, `53 %`, `192 bytes`; null if it is none. */
export function readNumber(text: string): number | null {
  const [, digits = ''] =
    /^\s*([+-]?\d{1,3}(?:[ ,\u00a0\u202f]\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?)\D{0,12}$/u.exec(text) ?? [];
  return digits === '' ? null : Number(digits.replace(/[ ,\u00a0\u202f]/gu, ''));
}

/** True if a question `number` can ask for it: a reader can write it as a number. */
export function canAskNumber(name: QuantityName): boolean {
  return !['size', 'tiny'].includes(quantity(name).unit);
}

/** True if a question `change` can ask for it: it can differ between the runs. */
export const canAskChange = isOfRun;
