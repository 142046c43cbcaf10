import { describe, expect, test } from 'vitest';
import type { Loaded } from '../../engine/messages';
import type { Route } from '../../engine/types';
import { markup } from '../../testing/markup';
import { must } from '../../testing/must';
import { arrayOf, modelOf, recordsOf, RUN, snapshotOf } from '../../testing/snapshots';
import { en } from '../../text/en/index';
import type { Explained } from './arithmetic';
import { explain, maths } from './arithmetic';
import type { Cell, Column } from './ladder';
import { columnsIn, Ladder } from './ladder';

/** A router of 8 experts in 4 groups, which keeps 2 groups and chooses 2 experts. */
const MODEL: Loaded = {
  ...modelOf({ n_routed_experts: 8, n_group: 4, topk_group: 2, num_experts_per_tok: 2, first_k_dense_replace: 0 }),
  selectionBiases: [[0, 0.5, -0.25, 0, 0, 0, 0, 0]],
};

const ROUTE: Route = {
  layer: 0,
  scores: [0.5, 0.25, 0.75, 0.5, 0.1, 0.2, 0.3, 0.4],
  choice_scores: [0.5, 0.75, 0.5, 0.5, 0.1, 0.2, 0.3, 0.4],
  group_scores: [1.25, 1, 0.3, 0.7],
  kept_groups: [0, 1],
  experts: [0, 1],
  weights: [2.5 / 1.5, 2.5 / 3],
  shares: [2 / 3, 1 / 3],
};

/** Logits; the sigmoids of the first three are 0.5, 0.25 and 0.75. */
const LOGITS = [0, -Math.log(3), Math.log(3), 0, 0, 0, 0, 0];

function ladder(model: Loaded = MODEL, route: Route = ROUTE, hasDetail = true): Ladder {
  const record = { ...must(recordsOf(1)[0]), routes: [route] };
  const detail = { ...RUN.detail, position: 0, router_logits: arrayOf([LOGITS]) };
  const plain = { records: [record], detail: hasDetail ? detail : null };
  return must(Ladder.of(snapshotOf(1, { model, plain, state: { layer: 0 } }), 0));
}

const of = (expert: number, column: Column, from = ladder()): Explained => explain(from, { expert, column }, en);

/** The equation as one line of text. */
const line = ({ equation }: Explained): string =>
  equation.map(({ relation, term }) => `${relation} ${term.text}`.trim()).join(' ');

describe('an expert of a DeepSeek-V3 router', () => {
  test('has a logit, which is a dot product', () => {
    expect(of(1, 'logit').heading).toBe('Expert 1: logit');
    expect(line(of(1, 'logit'))).toBe('x · w 1 ≈ −1.0986');
  });

  test('has a score, which is the logit’s sigmoid', () => {
    expect(line(of(1, 'score'))).toBe('σ(−1.0986) = 1 / (1 + e^(1.0986)) ≈ 0.2500');
    expect(line(of(2, 'score'))).toBe('σ(1.0986) = 1 / (1 + e^(−1.0986)) ≈ 0.7500');
    expect(of(2, 'score').parts).toEqual([{ expert: 2, column: 'logit' }]);
  });

  test('has no equation for the logit and the score before the logit is known', () => {
    const unknown = ladder(MODEL, ROUTE, false);
    expect([line(of(1, 'logit', unknown)), line(of(1, 'score', unknown))]).toEqual(['', '']);
    expect(line(of(1, 'choice', unknown))).toBe('0.2500 + 0.5000 ≈ 0.7500');
  });

  test('has a choice score of score plus bias, with a negative bias in brackets', () => {
    expect(line(of(1, 'bias'))).toBe('bias 1 ≈ 0.5000');
    expect(line(of(1, 'choice'))).toBe('0.2500 + 0.5000 ≈ 0.7500');
    expect(line(of(2, 'choice'))).toBe('0.7500 + (−0.2500) ≈ 0.5000');
  });

  test('is in a group whose score is the sum of the group’s two best choice scores', () => {
    const kept = of(3, 'group');
    expect(kept.heading).toBe('Experts 2–3: group score');
    expect(line(kept)).toBe('0.5000 + 0.5000 ≈ 1.0000');
    expect(kept.sentence).toContain('The best 2 of 4 groups are kept; this one is kept.');
    expect(kept.parts).toEqual<Cell[]>([
      { expert: 2, column: 'choice' },
      { expert: 3, column: 'choice' },
    ]);
    expect(of(5, 'group').sentence).toContain('this one is ruled out');
  });

  test('is compared with the lowest chosen expert; a ruled-out group is compared with the lowest kept group', () => {
    expect(line(of(1, 'chosen'))).toBe('0.7500 ≥ 0.5000');
    expect(line(of(3, 'chosen'))).toBe('0.5000 ≤ 0.5000');
    // Expert 0 is the lowest chosen expert itself.
    expect(line(of(0, 'chosen'))).toBe('0.5000');
    expect(of(0, 'chosen').sentence).toBe('Chosen: its choice score is the lowest of the 2 best in the kept groups.');
    expect(of(0, 'chosen').parts).toEqual([{ expert: 0, column: 'choice' }]);
    expect(of(3, 'chosen').sentence).toMatch(/^Not chosen: 2 experts/u);
    // Expert 5 is in the group with score 0.3; the lowest kept group has score 1.
    expect(line(of(5, 'chosen'))).toBe('0.3000 ≤ 1.0000');
    expect(of(5, 'chosen').sentence).toContain(
      'the group of experts 4–5 was ruled out. Its group score is 0.7000 below that of the last kept group',
    );
    expect(of(5, 'chosen').parts).toEqual([
      { expert: 5, column: 'group' },
      { expert: 2, column: 'group' },
    ]);
  });

  test('has a share (its score over the sum of the chosen scores) and a weight (the scaled share)', () => {
    expect(line(of(0, 'share'))).toBe('0.5000 / (0.5000 + 0.2500) ≈ 0.6667');
    expect(line(of(1, 'share'))).toBe('0.2500 / (0.5000 + 0.2500) ≈ 0.3333');
    expect(line(of(0, 'weight'))).toBe('2.5 × 0.6667 ≈ 1.6667');
  });

  test('has no share and no weight if it is not chosen', () => {
    for (const column of ['share', 'weight'] as const) {
      expect(of(2, column)).toMatchObject({ equation: [], parts: [] });
      expect(of(2, column).sentence).toContain('Expert 2 was not chosen');
    }
  });

  test('has a shortened sum in its share if many experts are chosen', () => {
    const experts = [0, 1, 2, 3, 6, 7];
    const many = { ...ROUTE, experts, shares: experts.map(() => 1 / 6), weights: experts.map(() => 2.5 / 6) };
    expect(line(of(0, 'share', ladder(MODEL, many)))).toBe('0.5000 / (0.5000 + 0.2500 + … + 0.4000) ≈ 0.1667');
  });
});

describe('an expert of a DeepSeek-V2 router', () => {
  const { info } = MODEL;
  const model: Loaded = {
    ...MODEL,
    info: { ...info, scoring_func: 'softmax', group_score: 'best', norm_topk_prob: false },
    selectionBiases: [],
  };
  const v2 = ladder(model, { ...ROUTE, choice_scores: ROUTE.scores, group_scores: [0.5, 0.75, 0.2, 0.4] });

  test('has a score, which is a softmax over all experts', () => {
    expect(line(of(1, 'score', v2))).toBe('score = e^(−1.0986) / (∑ e^(logit)) ≈ 0.2500');
  });

  test('is in a group whose score is the best score of the group’s experts', () => {
    expect(line(of(2, 'group', v2))).toBe('best score of the group = 0.7500');
    expect(of(2, 'group', v2).parts).toEqual([{ expert: 2, column: 'score' }]);
  });

  test('has a share without a sum: the equation shows only the share, and the score’s cell is marked', () => {
    expect(line(of(0, 'share', v2))).toBe('share = 0.6667');
    expect(of(0, 'share', v2).parts).toEqual([{ expert: 0, column: 'score' }]);
  });
});

describe('the columns', () => {
  const snapshot = snapshotOf(1, { model: MODEL });

  test('omit bias and choice if the model has no selection biases, and group if it has only one group', () => {
    expect(columnsIn(snapshot, 0, false)).toEqual([
      'logit',
      'score',
      'bias',
      'choice',
      'group',
      'chosen',
      'share',
      'weight',
    ]);
    const plain = snapshotOf(1, { model: { ...MODEL, selectionBiases: [], info: { ...MODEL.info, n_group: 1 } } });
    expect(columnsIn(plain, 0, false)).toEqual(['logit', 'score', 'chosen', 'share', 'weight']);
  });

  test('omit logit, bias and share in a narrow view', () => {
    expect(columnsIn(snapshot, 0, true)).toEqual(['score', 'choice', 'group', 'chosen', 'weight']);
  });
});

describe('an equation', () => {
  test('has an accessible name: the equation as one line of text', () => {
    expect(markup(maths(of(1, 'score').equation, false))).toContain(
      'aria-label=σ(−1.0986) = 1 / (1 + e^(1.0986)) ≈ 0.2500',
    );
  });

  test('of three sides breaks into two lines in a narrow view', () => {
    const lines = (narrow: boolean, column: Column): number =>
      markup(maths(of(1, column).equation, narrow)).split('<mtr>').length - 1;
    expect([lines(false, 'score'), lines(true, 'score'), lines(true, 'choice')]).toEqual([1, 2, 1]);
  });
});
