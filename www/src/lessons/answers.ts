// The answer to a question, computed from the snapshot, and its choices. Pure.

import { label, lossOf, nextLabel, shownComparison, shownRun } from '../scope/select';
import type { Snapshot } from '../scope/state';
import type { LessonWords } from './words';
import { quoted } from '../text/token';
import { groupNames, groupsOf, mostRead } from './phrases';
import type { QuantityName } from './quantities';
import { bothOf, quantity, weightsRead } from './quantities';
import type { Change, ChoiceName, Question } from './questions';
import { isWithin } from './questions';
import { isReady, recordIn, routeIn } from './results';

/** Maximum number of tokens to choose from. */
const NEXT_TOKENS = 4;
const READ_TOKENS = 6;

/** One of the choices; `value` is a group, an expert, a position or a token id. */
export interface Choice {
  readonly value: number;
  readonly name: string;
  /** On its button, after buttons with longer names; the same as the name if undefined. */
  readonly short?: string;
}

/** What a reader answered: the value of a choice, a number, or a change. */
export type Given = number | Change;

/** The answer: for a choice the values that are right, otherwise the right number or change. */
export type Answer =
  | { readonly kind: 'choice'; readonly right: readonly number[]; readonly name: string }
  | { readonly kind: 'number'; readonly right: number; readonly name: string }
  | { readonly kind: 'change'; readonly right: Change; readonly name: string };

/** The choices of a question; empty while they are not computed, and for a number. */
export function choicesOf(question: Question, snapshot: Snapshot, words: LessonWords): readonly Choice[] {
  if (question.kind !== 'choice' || !isReady(snapshot)) return [];
  const { of } = question;
  const { info } = snapshot.model;
  const count = (length: number): number[] => Array.from({ length }, (_, index) => index);
  switch (of) {
    case 'group ruled-out':
    case 'group best': {
      const groups = count(info.n_group);
      const names = groupNames(snapshot, groups, words);
      return groups.map(value => {
        const short = names[value] ?? '';
        return { value, name: words.group(short), ...(value > 0 ? { short } : {}) };
      });
    }
    case 'expert chosen':
    case 'expert largest-share':
      return count(info.n_routed_experts).map(value => ({ value, name: words.f.whole(value) }));
    case 'token next': {
      const tokens = recordIn(snapshot, shownRun(snapshot))?.next.tokens ?? [];
      // In the order of their ids, which says nothing about their probabilities.
      const some = tokens.slice(0, NEXT_TOKENS).toSorted((a, b) => a - b);
      return some.map(value => ({ value, name: quoted(nextLabel(snapshot, value)) }));
    }
    case 'token most-read': {
      const weights = weightsRead(snapshot) ?? [];
      const most = [...weights.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0)).slice(0, READ_TOKENS);
      const places = most.sort((a, b) => a - b);
      return places.map(value => ({ value, name: words.tokenAt(quoted(label(snapshot, value)), value) }));
    }
  }
}

/** The answer; undefined while it is not computed, or if the shown state has none. */
export function answerTo(question: Question, snapshot: Snapshot, words: LessonWords): Answer | undefined {
  if (!isReady(snapshot)) return undefined;
  switch (question.kind) {
    case 'choice': {
      const right = rightChoices(question.of, snapshot);
      const names = choicesOf(question, snapshot, words).filter(({ value }) => right?.includes(value));
      if (!right || right.length === 0 || names.length < right.length) return undefined;
      return { kind: 'choice', right, name: words.f.list(names.map(({ name }) => name)) };
    }
    case 'number': {
      const { unit, value } = quantity(question.of);
      const number = value(snapshot);
      if (number === undefined || !Number.isFinite(number)) return undefined;
      // A reader writes a percentage as a number of per cent.
      return { kind: 'number', right: unit === 'percent' ? number * 100 : number, name: words.write(number, unit) };
    }
    case 'change': {
      const right = changeOf(question.of, snapshot, words);
      return right && { kind: 'change', right, name: words.changed[right] };
    }
  }
}

/** The right choices; undefined while they are not computed. */
function rightChoices(of: ChoiceName, snapshot: Snapshot): readonly number[] | undefined {
  const run = shownRun(snapshot);
  const route = routeIn(snapshot, run);
  switch (of) {
    case 'group ruled-out':
      return groupsOf(snapshot, false);
    case 'group best': {
      const scores = route?.group_scores ?? [];
      return scores.length > 0 ? [scores.indexOf(Math.max(...scores))] : undefined;
    }
    case 'expert chosen':
      return route?.experts;
    case 'expert largest-share': {
      const expert = route?.experts[0];
      return expert === undefined ? undefined : [expert];
    }
    case 'token next': {
      const token = recordIn(snapshot, run)?.next.tokens[0];
      return token === undefined ? undefined : [token];
    }
    case 'token most-read': {
      const position = mostRead(snapshot);
      return position === undefined ? undefined : [position];
    }
  }
}

/** How a number changes; the same if the difference is written as 0, or if a loss differs by less than its error. */
function changeOf(name: QuantityName, snapshot: Snapshot, words: LessonWords): Change | undefined {
  const both = bothOf(snapshot, name);
  if (!both) return undefined;
  const { unit } = quantity(name);
  const difference = both.changed - both.plain;
  const error = name === 'loss' ? lossOf(shownComparison(snapshot))?.cost_error : 0;
  if (Math.abs(difference) < (error ?? 0)) return 'same';
  if (words.write(Math.abs(difference), unit) === words.write(0, unit)) return 'same';
  return difference > 0 ? 'higher' : 'lower';
}

/** True if what a reader answered is right. */
export function isRight(given: Given, question: Question, answer: Answer): boolean {
  if (answer.kind === 'choice') return answer.right.some(value => value === given);
  if (answer.kind === 'change') return given === answer.right;
  return question.kind === 'number' && typeof given === 'number' && isWithin(given, answer.right, question.tolerance);
}
