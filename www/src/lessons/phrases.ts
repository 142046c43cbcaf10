// The values that a lesson's text can contain, `{{name}}`: every number of `quantities.ts`, and words of the run. Pure.

import { label, lossOf, nextLabel, shownComparison, shownPosition, shownRun } from '../scope/select';
import type { Snapshot } from '../scope/state';
import type { LessonWords } from './words';
import { quoted } from '../text/token';
import type { Need } from './needs';
import type { QuantityName } from './quantities';
import { quantity, QUANTITIES, weightsRead } from './quantities';
import { isReady, recordIn, routeIn } from './results';

interface Phrase {
  readonly needs: readonly Need[];
  /** What it is, for the documentation. */
  readonly means: string;
  /** Undefined while it is not computed, or if the shown state has none. */
  readonly say: (snapshot: Snapshot, words: LessonWords) => string | undefined;
}

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** The groups that are kept, or those that are ruled out. */
export function groupsOf(snapshot: Snapshot, isKept: boolean): number[] | undefined {
  const route = routeIn(snapshot, shownRun(snapshot));
  const all = Array.from({ length: snapshot.model.info.n_group }, (_, group) => group);
  return route && all.filter(group => route.kept_groups.includes(group) === isKept);
}

/** Groups as the experts in them. */
export function groupNames(snapshot: Snapshot, groups: readonly number[], words: LessonWords): string[] {
  const { n_routed_experts, n_group } = snapshot.model.info;
  const size = n_routed_experts / Math.max(1, n_group);
  return groups.map(group => words.f.range(group * size, (group + 1) * size - 1));
}

/** The position of the token that the shown head reads most. */
export function mostRead(snapshot: Snapshot): number | undefined {
  const weights = weightsRead(snapshot);
  if (!weights || weights.length === 0) return undefined;
  return weights.indexOf(Math.max(...weights));
}

const groups =
  (isKept: boolean): Phrase['say'] =>
  (snapshot, words) => {
    const found = groupsOf(snapshot, isKept);
    return found && words.f.list(groupNames(snapshot, found, words));
  };

const WORDS = {
  token: {
    needs: [],
    means: 'the shown token, in quotation marks',
    say: snapshot => quoted(label(snapshot, shownPosition(snapshot))),
  },
  'next-token': {
    needs: [],
    means: 'the most probable next token',
    say: snapshot => {
      const token = recordIn(snapshot, shownRun(snapshot))?.next.tokens[0];
      return token === undefined ? undefined : quoted(nextLabel(snapshot, token));
    },
  },
  'chosen-experts': {
    needs: ['experts'],
    means: 'the chosen experts of the shown layer, ascending: “0, 2, 3 and 8”',
    say: (snapshot, words) => {
      const route = routeIn(snapshot, shownRun(snapshot));
      return route && words.f.list(ascending(route.experts));
    },
  },
  'top-expert': {
    needs: ['experts'],
    means: 'the chosen expert with the largest weight',
    say: (snapshot, words) => {
      const expert = routeIn(snapshot, shownRun(snapshot))?.experts[0];
      return expert === undefined ? undefined : words.f.whole(expert);
    },
  },
  'kept-experts': { needs: ['groups'], means: 'the experts of the kept groups: “0–3 and 8–11”', say: groups(true) },
  'ruled-out-experts': { needs: ['groups'], means: 'the experts of the ruled-out groups', say: groups(false) },
  'group-scores': {
    needs: ['groups'],
    means: 'the scores of all groups, from group 0',
    say: (snapshot, words) =>
      routeIn(snapshot, shownRun(snapshot))
        ?.group_scores.map(score => words.f.exact(score))
        .join(', '),
  },
  'read-token': {
    needs: [],
    means: 'the token that the shown head reads most',
    say: snapshot => {
      const position = mostRead(snapshot);
      return position === undefined ? undefined : quoted(label(snapshot, position));
    },
  },
  change: {
    needs: [],
    means: 'the change in words: “expert 10 of layer 4 off”',
    say: (snapshot, words) => {
      const { whatIf } = snapshot.state;
      const text = words.changes(whatIf, snapshot.model.info.cache_values.c_kv);
      return text === '' ? undefined : text;
    },
  },
  cost: {
    needs: [],
    means: 'what the change costs, with its standard error: “0.45 bits per token more (standard error 0.19)”',
    say: (snapshot, words) => {
      const loss = lossOf(shownComparison(snapshot));
      return loss ? words.cost(loss.cost, loss.cost_error) : undefined;
    },
  },
} as const satisfies Readonly<Record<string, Phrase>>;

export type PhraseName = keyof typeof WORDS | QuantityName;

const isWords = (name: string): name is keyof typeof WORDS => name in WORDS;

export const PHRASE_NAMES = [...Object.keys(WORDS), ...Object.keys(QUANTITIES)] as PhraseName[];

/** What a value is, for the documentation. */
export function meaningOf(name: PhraseName): string {
  return isWords(name) ? WORDS[name].means : quantity(name).means;
}

/** What the model must have for a value. */
export function needsOf(name: PhraseName): readonly Need[] {
  return isWords(name) ? WORDS[name].needs : quantity(name).needs;
}

/** A value as text; undefined while it is not computed, or if the shown state has none. */
export function say(name: PhraseName, snapshot: Snapshot, words: LessonWords): string | undefined {
  if (isWords(name)) {
    const phrase: Phrase = WORDS[name];
    return isReady(snapshot) ? phrase.say(snapshot, words) : undefined;
  }
  const { unit, value, isFixed } = quantity(name);
  const number = isFixed || isReady(snapshot) ? value(snapshot) : undefined;
  return number === undefined || Number.isNaN(number) ? undefined : words.write(number, unit);
}
