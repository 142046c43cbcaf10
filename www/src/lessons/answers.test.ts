import { describe, expect, test } from 'vitest';
import { EMPTY_RUN } from '../scope/state';
import { lessonWords } from './words';
import { must } from '../testing/must';
import type { Changes } from '../testing/snapshots';
import { comparisonOf, modelOf, recordedSnapshot, RUN, WHAT_IF } from '../testing/snapshots';
import type { Given } from './answers';
import { answerTo, choicesOf, isRight } from './answers';
import { PHRASE_NAMES, say } from './phrases';
import type { PhraseName } from './phrases';
import { bothOf, quantity, QUANTITY_NAMES } from './quantities';
import type { QuantityName } from './quantities';
import type { ChoiceName, Question } from './questions';
import { EXACT, readNumber } from './questions';

const words = lessonWords('en');
const choice = (of: ChoiceName): Question => ({ kind: 'choice', of });
const number = (of: QuantityName, amount = 0, isRelative = false): Question => ({
  kind: 'number',
  of,
  tolerance: { amount, isRelative },
});

const LAYER = 3;
const route = must(RUN.records[RUN.position]?.routes.find(({ layer }) => layer === LAYER));
const here = (changes: Changes = {}) =>
  recordedSnapshot({
    ...changes,
    plain: { detail: RUN.detail, distribution: RUN.distribution, ...changes.plain },
    state: { layer: LAYER, ...changes.state },
  });
/** The changed run is complete and shown. */
const changed = (changes: Changes = {}) =>
  here({ ...changes, changed: comparisonOf(), state: { whatIf: WHAT_IF, ...changes.state } });

/** The changed run with another loss. */
const withLoss = (loss: number, error: number) => ({
  ...changed(),
  changed: comparisonOf({
    progress: {
      is: 'level',
      loss: { ...RUN.loss, changed: loss, cost: loss - RUN.loss.plain, cost_error: error },
    },
  }),
});

describe('the answer to a question', () => {
  test('which group is ruled out: each group that is not kept', () => {
    const answer = answerTo(choice('group ruled-out'), here(), words);
    const right = [0, 1, 2, 3].filter(group => !route.kept_groups.includes(group));
    expect(right).toHaveLength(2);
    expect(answer).toMatchObject({ kind: 'choice', right });
    expect(answer?.name).toBe(right.map(group => `experts ${group * 4}–${group * 4 + 3}`).join(' and '));
  });

  test('which group has the best score', () => {
    const best = route.group_scores.indexOf(Math.max(...route.group_scores));
    expect(answerTo(choice('group best'), here(), words)).toMatchObject({ right: [best] });
  });

  test('which expert is chosen, and which has the largest share', () => {
    expect(answerTo(choice('expert chosen'), here(), words)).toMatchObject({ right: route.experts });
    const [first] = route.experts;
    expect(answerTo(choice('expert largest-share'), here(), words)).toMatchObject({ right: [first] });
  });

  test('which token follows', () => {
    const { next } = must(RUN.records[RUN.position]);
    expect(answerTo(choice('token next'), here(), words)).toMatchObject({ right: [next.tokens[0]] });
  });

  test('which token a head reads most', () => {
    const weights = RUN.file.detail.attention[LAYER]?.[2] ?? [];
    const most = weights.indexOf(Math.max(...weights));
    expect(answerTo(choice('token most-read'), here({ state: { head: 2 } }), words)).toMatchObject({ right: [most] });
  });

  test('a number, in the words of its unit', () => {
    expect(answerTo(number('bytes-per-layer'), here(), words)).toEqual({ kind: 'number', right: 192, name: '192' });
    expect(answerTo(number('mha-ratio'), here(), words)).toMatchObject({ right: 512 / 48, name: '10.7' });
    const share = answerTo(number('active-share'), here(), words);
    expect(share).toMatchObject({ right: (1_351_520 / 2_531_168) * 100, name: '53.4%' });
  });

  test('a number that the change makes higher or lower', () => {
    const { plain } = RUN.loss;
    for (const [right, changed] of [
      ['higher', plain + 0.3],
      ['lower', plain - 0.3],
    ] as const) {
      const answer = answerTo({ kind: 'change', of: 'loss' }, withLoss(changed, 0.2), words);
      expect(answer).toEqual({ kind: 'change', right, name: right });
    }
  });

  test('a number that the change leaves as it is, as far as it is written', () => {
    const right = answerTo({ kind: 'change', of: 'loss' }, withLoss(RUN.loss.plain + 0.004, 0), words);
    expect(right).toEqual({ kind: 'change', right: 'same', name: 'the same' });
    expect(answerTo({ kind: 'change', of: 'bytes-per-layer' }, changed(), words)).toMatchObject({ right: 'same' });
  });

  test('a loss that changes by less than its standard error is the same', () => {
    const answer = answerTo({ kind: 'change', of: 'loss' }, withLoss(RUN.loss.plain + 0.3, 0.31), words);
    expect(answer).toMatchObject({ right: 'same' });
  });

  test('is known while an earlier stage hides it', () => {
    const early = here({ state: { stage: { layer: LAYER, operation: 'score' } } });
    expect(answerTo(choice('group ruled-out'), early, words)).toEqual(
      answerTo(choice('group ruled-out'), here(), words),
    );
  });

  test('is not known before it is computed', () => {
    const empty = here({ plain: EMPTY_RUN });
    const asked: Question[] = [
      choice('group ruled-out'),
      choice('group best'),
      choice('expert chosen'),
      choice('expert largest-share'),
      choice('token next'),
      choice('token most-read'),
      number('cache-bytes'),
      { kind: 'change', of: 'loss' },
    ];
    for (const question of asked) expect(answerTo(question, empty, words), JSON.stringify(question)).toBeUndefined();
    // The changed run has not reached the end.
    const running = { ...changed(), changed: comparisonOf({ progress: { is: 'first' } }) };
    expect(answerTo({ kind: 'change', of: 'loss' }, running, words)).toBeUndefined();
  });

  test('does not exist in a dense layer', () => {
    expect(answerTo(choice('group ruled-out'), here({ state: { layer: 0 } }), words)).toBeUndefined();
    expect(answerTo(choice('expert chosen'), here({ state: { layer: 0 } }), words)).toBeUndefined();
  });
});

describe('the choices', () => {
  const names = (of: ChoiceName, changes: Changes = {}): string[] =>
    choicesOf(choice(of), here(changes), words).map(({ name }) => name);

  test('are all groups, all experts', () => {
    expect(names('group best')).toEqual(['experts 0–3', 'experts 4–7', 'experts 8–11', 'experts 12–15']);
    expect(names('expert chosen')).toHaveLength(16);
  });

  test('of next tokens are the four most probable ones, in the order of their ids', () => {
    const four = must(RUN.records[RUN.position]).next.tokens.slice(0, 4);
    const values = choicesOf(choice('token next'), here(), words).map(({ value }) => value);
    expect(values).toEqual(four.toSorted((a, b) => a - b));
  });

  test('of tokens that are read are those up to the shown one, in the order of the text', () => {
    expect(choicesOf(choice('token most-read'), here(), words).map(({ value }) => value)).toEqual([0, 1, 2]);
    expect(names('token most-read')[0]).toBe('“<|bos|>” (1)');
  });

  test('of a number do not exist', () => {
    expect(choicesOf(number('layers'), here(), words)).toEqual([]);
  });
});

describe('what a reader answers', () => {
  const right = (given: Given, question: Question, snapshot = here()): boolean =>
    isRight(given, question, must(answerTo(question, snapshot, words)));

  test('is right for each of several right choices', () => {
    for (const group of [0, 1, 2, 3]) {
      expect(right(group, choice('group ruled-out'))).toBe(!route.kept_groups.includes(group));
    }
  });

  test('is right within the tolerance', () => {
    expect(right(192, number('bytes-per-layer'))).toBe(true);
    expect(right(193, number('bytes-per-layer'))).toBe(false);
    expect(right(10.7, number('mha-ratio', 0.1))).toBe(true);
    expect(right(10.5, number('mha-ratio', 0.1))).toBe(false);
    expect(right(2000, number('mha-bytes', 0.05, true))).toBe(true);
    expect(right(1900, number('mha-bytes', 0.05, true))).toBe(false);
    expect(right(53, number('active-share', 1))).toBe(true);
  });

  test('is right for higher or lower only if it is that', () => {
    const question: Question = { kind: 'change', of: 'loss' };
    const higher = withLoss(RUN.loss.plain + 0.3, 0.2);
    expect(right('higher', question, higher)).toBe(true);
    expect(right('lower', question, higher)).toBe(false);
    expect(right('same', question, higher)).toBe(false);
  });

  test.each([
    ['192', 192],
    [' 1,920 bytes', 1920],
    ['70 272', 70_272],
    ['10.7×', 10.7],
    ['53 %', 53],
    ['-2', -2],
    ['', null],
    ['many', null],
    ['1 2', null],
    ['1e5', null],
    ['192 + 3', null],
  ])('%j is read as %s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });
});

describe('a value in the text', () => {
  const said = (name: PhraseName, snapshot = here()): string | undefined => say(name, snapshot, words);

  test('is a number or a word of the run', () => {
    const kept = [...route.kept_groups].sort((a, b) => a - b).map(group => `${group * 4}–${group * 4 + 3}`);
    expect(said('kept-experts')).toBe(kept.join(' and '));
    expect(said('token')).toMatch(/^“.+”$/u);
    expect(said('chosen-experts')).toBe(words.f.list([...route.experts].sort((a, b) => a - b)));
    expect(said('group-gap')).toBe(
      words.f.exact(
        Math.min(...route.kept_groups.map(group => must(route.group_scores[group]))) -
          Math.max(...route.group_scores.filter((_, group) => !route.kept_groups.includes(group))),
      ),
    );
    expect(said('parameters')).toBe('2.53M');
    expect(said('v3-bytes-per-token')).toBe('70,272');
    expect(said('v3-mha-ratio')).toBe('56.9');
    expect(said('scale')).toBe('2.5');
    expect(said('change', changed())).toBe('expert 3 of layer 2 off, 3 experts per token');
    expect(said('cost', changed())).toMatch(/^\d\.\d\d bits per token (?:more|less) \(standard error \d\.\d\d\)$/u);
  });

  test('is of the run that is shown', () => {
    const plain = said('next-chance', changed({ state: { whatIf: WHAT_IF, shown: 'plain' } }));
    expect(plain).toBe(said('next-chance'));
    expect(said('next-chance', changed())).not.toBe(plain);
  });

  test('is of the selected expert', () => {
    const [best = 0] = route.experts;
    expect(said('expert-weight', here({ state: { expert: best } }))).toBe(words.f.exact(must(route.weights[0])));
    const out = [0, 1, 2, 3].map(each => each * 4).find(each => !route.experts.includes(each)) ?? 0;
    expect(said('expert-weight', here({ state: { expert: out } }))).toBeUndefined();
    expect(said('expert-score', here({ state: { expert: out } }))).toBe(words.f.exact(must(route.scores[out])));
    expect(said('expert-score')).toBeUndefined();
  });

  test('of every name is a text or nothing, never “undefined” or “NaN”', () => {
    for (const snapshot of [here(), changed(), here({ plain: EMPTY_RUN }), here({ state: { layer: 0 } })]) {
      for (const name of PHRASE_NAMES) expect(said(name, snapshot) ?? '', name).not.toMatch(/undefined|NaN|Infinity/u);
    }
    const routed = changed({ state: { whatIf: WHAT_IF, expert: route.experts[0] ?? 0 } });
    const none = PHRASE_NAMES.filter(name => said(name, routed) === undefined);
    // The recorded detail leaves out this array, and the changed run may not choose the expert.
    expect(none.filter(name => !['cache-difference', 'expert-weight'].includes(name))).toEqual([]);
  });

  test('of a run differs between the runs only if it can', () => {
    for (const name of QUANTITY_NAMES) {
      expect(bothOf(changed(), name) !== undefined && quantity(name).ofRun === undefined, name).toBe(false);
    }
    expect(bothOf(here(), 'loss')).toBeUndefined();
  });

  test('of a model without groups or biases is left out by its needs', () => {
    const model = { ...modelOf({ n_group: 1, topk_group: 1 }), selectionBiases: [] };
    expect(quantity('groups').needs).toEqual(['groups']);
    expect(said('smallest-bias', here({ model }))).toBeUndefined();
    expect(quantity('smallest-bias').needs).toEqual(['bias']);
  });
});

test('an exact tolerance is 0', () => {
  expect(EXACT).toEqual({ amount: 0, isRelative: false });
});
