import { describe, expect, test } from 'vitest';
import { blankDetail } from '../engine/detail';
import type { Survey } from '../engine/types';
import { must } from '../testing/must';
import { MODEL, modelOf, recordedSnapshot, RUN, snapshotOf } from '../testing/snapshots';
import {
  comparedAt,
  hasDistribution,
  hasRoomAfter,
  hasSurvey,
  isArrived,
  isAwaited,
  isChanged,
  isCompared,
  isHidden,
  isMeasured,
  isWhole,
  label,
  logitsNow,
  part,
  predictedCount,
  questionOf,
  routeAt,
  routeNow,
  running,
  runTo,
  shownComparison,
  shownDetail,
  shownDistribution,
  shownExpertLoad,
  shownHead,
  shownPosition,
  shownRecord,
  tokenCount,
  upToDate,
} from './select';
import type { Snapshot } from './state';
import { PLAIN } from './what-if';

const LOAD = { position: 5, tokens: 6, layers: [] };
const DETAIL = { ...blankDetail(MODEL.info, 5), position: 5 };
const DISTRIBUTION = { ...RUN.distribution, position: 5, temperature: 0.5 };

describe('position and length', () => {
  test('a text has as many positions as tokens, at most the context', () => {
    expect(tokenCount(snapshotOf(12))).toBe(12);
    expect(tokenCount(snapshotOf(600))).toBe(512);
    expect(tokenCount(snapshotOf(0))).toBe(0);
  });

  test('the last record is shown until the model has run to the playhead', () => {
    expect(shownPosition(snapshotOf(12, { state: { position: 9 } }, 4))).toBe(3);
    expect(shownPosition(snapshotOf(12, { state: { position: 2 } }, 4))).toBe(2);
    expect(shownPosition(snapshotOf(12, { state: { position: 2 } }, 0))).toBe(0);
    expect(shownRecord(snapshotOf(12, { state: { position: 2 } }, 0))).toBeUndefined();
  });

  test('the model is running while the playhead has no record', () => {
    expect(running(snapshotOf(12, { state: { position: 9 } }, 4))).toBe(true);
    expect(running(snapshotOf(12, { state: { position: 3 } }, 4))).toBe(false);
    expect(running(snapshotOf(12, { state: { position: 99 } }, 12))).toBe(false);
  });

  test('a text runs to the requested position, at most to its end', () => {
    expect(runTo(snapshotOf(12, { state: { reach: 5 } }))).toBe(5);
    expect(runTo(snapshotOf(12, { state: { reach: 99 } }))).toBe(11);
  });

  test('the last position of the context has no room after it', () => {
    expect(hasRoomAfter(snapshotOf(12), 510)).toBe(true);
    expect(hasRoomAfter(snapshotOf(12), 511)).toBe(false);
  });

  test('a token has a label; a position beyond the text has none', () => {
    const snapshot = recordedSnapshot();
    expect(label(snapshot, 1)).toBe('The');
    expect(label(snapshot, 99)).toBe('');
  });

  test('the selected head is at most the model’s last head', () => {
    expect(shownHead(snapshotOf(12, { state: { head: 3 } }))).toBe(3);
    expect(shownHead(snapshotOf(12, { state: { head: 3 }, model: modelOf({ num_attention_heads: 2 }) }))).toBe(1);
  });

  test('the playhead has a record as soon as the model has run that token', () => {
    const arrived = (position: number): boolean => isArrived(snapshotOf(12, { state: { position } }, 4));
    expect([arrived(0), arrived(3), arrived(4), arrived(5)]).toEqual([true, true, false, false]);
  });
});

describe('the parts of a step', () => {
  const here = {
    detail: DETAIL,
    expertLoad: LOAD,
    distribution: DISTRIBUTION,
    state: { position: 5, temperature: 0.5 },
  };

  test('a step is complete only with its detail, load and distribution', () => {
    expect(isWhole(snapshotOf(12, here))).toBe(true);
    expect(isWhole(snapshotOf(12, { ...here, detail: null }))).toBe(false);
    expect(isWhole(snapshotOf(12, { ...here, expertLoad: null }))).toBe(false);
    expect(isWhole(snapshotOf(12, { ...here, distribution: null }))).toBe(false);
  });

  test('parts of another position are not shown', () => {
    const other = snapshotOf(12, { ...here, state: { position: 6, temperature: 0.5 } });
    expect(isWhole(other)).toBe(false);
    expect([shownDetail(other), shownExpertLoad(other), shownDistribution(other)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const shown = snapshotOf(12, here);
    expect([shownDetail(shown), shownExpertLoad(shown), shownDistribution(shown)]).toEqual([
      DETAIL,
      LOAD,
      DISTRIBUTION,
    ]);
  });

  test('a distribution belongs to one temperature, compared as float32', () => {
    const distribution = { ...DISTRIBUTION, temperature: Math.fround(0.7) };
    expect(hasDistribution(snapshotOf(12, { distribution, state: { position: 5, temperature: 0.7 } }))).toBe(true);
    expect(hasDistribution(snapshotOf(12, { distribution, state: { position: 5, temperature: 0.5 } }))).toBe(false);
  });

  test('with reveal=click, a step shows nothing until the user asks for the answer', () => {
    const hidden = snapshotOf(12, { ...here, state: { ...here.state, reveal: 'click' } });
    expect(isHidden(hidden)).toBe(true);
    expect(shownRecord(hidden)).toBeUndefined();
    expect([shownDetail(hidden), shownExpertLoad(hidden), shownDistribution(hidden)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const revealed = { ...hidden, revealed: 5 };
    expect(isHidden(revealed)).toBe(false);
    expect(shownRecord(revealed)?.position).toBe(5);
    expect(isHidden({ ...hidden, revealed: 4 })).toBe(true);
  });

  test('an array of a detail is sliced row-major', () => {
    const detail = { ...blankDetail(MODEL.info, 5), position: 5 };
    detail.attention.set(detail.attention.map((_, index) => index));
    detail.router_logits.set(detail.router_logits.map((_, index) => index));
    const snapshot = snapshotOf(12, { ...here, detail });
    // 5 layers, 8 heads, 6 tokens.
    expect(Array.from(must(part(snapshot, 'attention', 2, 3)))).toEqual([114, 115, 116, 117, 118, 119]);
    expect(part(snapshot, 'attention', 2)).toHaveLength(48);
    expect(part(snapshot, 'attention')).toHaveLength(240);
    expect(Array.from(must(part(snapshot, 'router_logits', 1))).slice(0, 3)).toEqual([16, 17, 18]);
    expect(part(snapshotOf(12), 'attention')).toBeUndefined();
  });
});

describe('routes', () => {
  test('a routed layer has one route per record; a dense layer has none', () => {
    const snapshot = recordedSnapshot();
    expect(routeAt(snapshot, 0, 2)).toBe(RUN.records[0]?.routes[1]);
    expect(routeAt(snapshot, 0, 0)).toBeUndefined();
    expect(routeAt(snapshot, 9, 2)).toBeUndefined();
  });

  test('with reveal=click, only the shown step’s route is hidden', () => {
    const snapshot = recordedSnapshot({ state: { reveal: 'click' } });
    expect(routeAt(snapshot, RUN.position, 2)).toBeUndefined();
    expect(routeAt(snapshot, RUN.position - 1, 2)).toBeDefined();
  });
});

describe('a what-if', () => {
  const whatIf = { ...PLAIN, chosen: 3, off: [{ layer: 2, expert: 3 }] };
  const detail = { ...blankDetail({ ...MODEL.info, num_experts_per_tok: 3 }, RUN.position), position: RUN.position };
  const comparison = { whatIf, plan: RUN.plan, steps: RUN.compared, loss: RUN.loss, detail };
  const snapshot = recordedSnapshot({ comparison, state: { whatIf } });

  test('changes the shown route and logits', () => {
    expect(isChanged(snapshot)).toBe(true);
    expect(routeNow(snapshot, 2)).toBe(RUN.compared[RUN.position]?.record.routes[1]);
    expect(routeNow(snapshot, 2)?.experts).toHaveLength(3);
    detail.router_logits.fill(7, 16, 32);
    expect(Array.from(must(logitsNow(snapshot, 1)))).toEqual(Array<number>(16).fill(7));
    expect(routeNow(recordedSnapshot(), 2)).toBe(RUN.records[RUN.position]?.routes[1]);
  });

  test('counts as compared when its steps, loss and detail are complete, or when it was refused', () => {
    expect(isCompared(snapshot)).toBe(true);
    expect(isCompared(recordedSnapshot())).toBe(true);
    expect(isCompared({ ...snapshot, comparison: { ...comparison, loss: null } })).toBe(false);
    expect(isCompared({ ...snapshot, comparison: { ...comparison, steps: RUN.compared.slice(0, 2) } })).toBe(false);
    expect(isCompared({ ...snapshot, comparison: { ...comparison, detail: null } })).toBe(false);
    expect(isCompared({ ...snapshot, comparison: null, refused: 'no' })).toBe(true);
  });

  test('is awaited until the engine answers or refuses', () => {
    expect(isAwaited(snapshot)).toBe(false);
    expect(isAwaited({ ...snapshot, comparison: null })).toBe(true);
    expect(isAwaited({ ...snapshot, comparison: null, refused: 'no' })).toBe(false);
    expect(isAwaited(recordedSnapshot())).toBe(false);
  });

  test('that was replaced is not shown', () => {
    const other = recordedSnapshot({ comparison, state: { whatIf: { ...PLAIN, chosen: 2 } } });
    expect(shownComparison(other)).toBeUndefined();
    expect(comparedAt(other, 0)).toBeUndefined();
    expect(comparedAt(snapshot, 0)).toBe(RUN.compared[0]);
  });

  test('that the engine reports as neutral changes nothing', () => {
    const neutral = { ...snapshot, comparison: { ...comparison, plan: { ...RUN.plan, neutral: true } } };
    expect(isChanged(neutral)).toBe(false);
    expect(routeNow(neutral, 2)).toBe(RUN.records[RUN.position]?.routes[1]);
  });

  test('shows nothing of a step whose answer is hidden', () => {
    const hidden = { ...snapshot, state: { ...snapshot.state, reveal: 'click' } } as const;
    expect(comparedAt(hidden, RUN.position)).toBeUndefined();
    expect(comparedAt(hidden, 0)).toBe(RUN.compared[0]);
    expect(logitsNow(hidden, 1)).toBeUndefined();
  });
});

describe('losses of the cache lab', () => {
  const tried = (tokens: number): Snapshot['tried'] => [
    { setting: { rank: null, format: 'f32' }, bytes: 960, loss: { ...RUN.loss, tokens } },
  ];

  test('are measured over the tokens that the computed positions predict', () => {
    // 6 positions were run: they predict tokens 1 to 6.
    expect(predictedCount(snapshotOf(12, { state: { reach: 5 } }))).toBe(6);
    // The last position predicts a token that the text does not have.
    expect(predictedCount(snapshotOf(12, { state: { reach: 11 } }))).toBe(11);
    expect(predictedCount(snapshotOf(1, { state: { reach: 0 } }))).toBe(0);
    expect(predictedCount(snapshotOf(12, { tried: tried(9), state: { reach: 5 } }))).toBe(9);
  });

  test('over fewer tokens are out of date', () => {
    const old = [...tried(4), ...tried(6)];
    expect(upToDate(snapshotOf(12, { tried: old, state: { reach: 5 } }))).toEqual(tried(6));
    expect(upToDate(snapshotOf(12, { tried: tried(6), state: { reach: 5, position: 5, reveal: 'click' } }))).toEqual(
      [],
    );
  });

  test('are needed in the cache lab, and in the what-if view before a change', () => {
    const of = (changes: Partial<Snapshot['state']>, from: Snapshot['tried'] = []): boolean =>
      isMeasured(snapshotOf(12, { tried: from, state: { reach: 5, ...changes } }));
    expect(of({ view: 'roll' })).toBe(true);
    expect(of({ view: 'cachelab' })).toBe(false);
    expect(of({ view: 'cachelab' }, tried(6))).toBe(true);
    expect(of({ view: 'whatif' })).toBe(false);
    expect(of({ view: 'whatif', whatIf: { ...PLAIN, chosen: 2 } })).toBe(true);
    expect(isMeasured(snapshotOf(1, { state: { reach: 0, view: 'cachelab' } }))).toBe(true);
  });
});

describe('published models', () => {
  const question = { context: 131_072, users: 8, memory: 1000, bits: 16, weights: 8, config: '' };
  const survey = { question, models: [] } as unknown as Survey;

  test('are asked for only in their own view', () => {
    expect(questionOf(snapshotOf(12))).toBeNull();
    expect(questionOf(snapshotOf(12, { state: { view: 'models' } }))).toEqual(question);
  });

  test('a survey answers one question', () => {
    const asked = snapshotOf(12, { survey, state: { view: 'models' } });
    expect(hasSurvey(asked)).toBe(true);
    expect(hasSurvey(snapshotOf(12, { survey, state: { view: 'models', users: 9 } }))).toBe(false);
    expect(hasSurvey({ ...asked, survey: null })).toBe(false);
    expect(hasSurvey(snapshotOf(12, { survey }))).toBe(false);
  });
});
