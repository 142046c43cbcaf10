import { describe, expect, test } from 'vitest';
import type { Survey } from '../engine/types';
import { must } from '../testing/must';
import type { Changes, ComparisonChanges } from '../testing/snapshots';
import {
  comparedIn,
  comparisonOf,
  MODEL,
  modelOf,
  rampOf,
  recordedSnapshot,
  recordsOf,
  REFUSED,
  RUN,
  snapshotOf,
  WHAT_IF,
} from '../testing/snapshots';
import {
  chosenCount,
  comparedAt,
  hasDetail,
  hasDistribution,
  hasRoomAfter,
  hasSurvey,
  isArrived,
  isAwaited,
  isChanged,
  isCompared,
  isHidden,
  isOff,
  isMeasured,
  isWhole,
  label,
  nextLabel,
  latentBytes,
  part,
  predictedCount,
  questionOf,
  routeAt,
  running,
  runTo,
  shownComparison,
  shownContinuations,
  shownDistribution,
  shownExpertLoad,
  shownHead,
  shownInfo,
  shownPosition,
  shownRecord,
  shownRun,
  shownRunName,
  tokenCount,
  upToDate,
} from './select';
import type { Run, Snapshot } from './state';
import { PLAIN } from './what-if';
import { SHOWN } from './fields';

const LOAD = { position: 5, tokens: 6, layers: [], chance: undefined };
const DETAIL = { ...RUN.detail, position: 5 };
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
    expect(label(snapshot, 1)).toEqual({ text: 'The', isBytes: false, characters: '' });
    expect(label(snapshot, 99)).toEqual({ text: '', isBytes: false, characters: '' });
  });

  test('bytes are labelled with their character, in the text and in a next token that completes the character', () => {
    const bytes = [0xf0, 0x9f, 0x98, 0x80];
    const byteTokens = new Map(bytes.map((byte, index) => [10 + index, [byte]]));
    const vocabulary = ['', 'a', ...Array<string>(8).fill(''), '0xF0', '0x9F', '0x98', '0x80'];
    const model = { ...MODEL, vocabulary, byteTokens };
    const whole = snapshotOf(6, { model, text: { tokens: [1, 10, 11, 12, 13, 1] } });
    expect([0, 1, 4, 5].map(position => label(whole, position))).toEqual([
      { text: 'a', isBytes: false, characters: '' },
      { text: '0xF0', isBytes: true, characters: '😀' },
      { text: '0x80', isBytes: true, characters: '😀' },
      { text: 'a', isBytes: false, characters: '' },
    ]);
    const part = snapshotOf(4, { model, state: { position: 3 }, text: { tokens: [1, 10, 11, 12] } });
    expect(label(part, 3).characters).toBe('');
    expect(nextLabel(part, 13)).toEqual({ text: '0x80', isBytes: true, characters: '😀' });
    expect(nextLabel(part, 10).characters).toBe('');
    // The label of the text’s own next token uses the bytes of the tokens before and after it.
    const middle = { ...whole, state: { ...whole.state, position: 1 }, plain: part.plain };
    expect(nextLabel(middle, 11).characters).toBe('😀');
    expect(nextLabel(middle, 13).characters).toBe('');
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
  const plain: Partial<Run> = { detail: DETAIL, expertLoad: LOAD, distribution: DISTRIBUTION };
  const here = { plain, state: { position: 5, temperature: 0.5 } } satisfies Changes;

  test('a step is complete only with its detail, load and distribution', () => {
    expect(isWhole(snapshotOf(12, here))).toBe(true);
    expect(isWhole(snapshotOf(12, { ...here, plain: { ...plain, detail: null } }))).toBe(false);
    expect(isWhole(snapshotOf(12, { ...here, plain: { ...plain, expertLoad: null } }))).toBe(false);
    expect(isWhole(snapshotOf(12, { ...here, plain: { ...plain, distribution: null } }))).toBe(false);
  });

  test('parts of another position are not shown', () => {
    const other = snapshotOf(12, { ...here, state: { position: 6, temperature: 0.5 } });
    expect(isWhole(other)).toBe(false);
    expect([hasDetail(other), shownExpertLoad(other), shownDistribution(other)]).toEqual([false, undefined, undefined]);
    const shown = snapshotOf(12, here);
    expect([hasDetail(shown), shownExpertLoad(shown), shownDistribution(shown)]).toEqual([true, LOAD, DISTRIBUTION]);
  });

  test('a distribution belongs to one temperature, compared as float32', () => {
    const at = (temperature: number): Snapshot =>
      snapshotOf(12, {
        plain: { distribution: { ...DISTRIBUTION, temperature: Math.fround(0.7) } },
        state: { position: 5, temperature },
      });
    expect(hasDistribution(at(0.7))).toBe(true);
    expect(hasDistribution(at(0.5))).toBe(false);
  });

  test('with reveal=click, a step shows nothing until the user asks for the answer', () => {
    const hidden = snapshotOf(12, { ...here, state: { ...here.state, reveal: 'click' } });
    expect(isHidden(hidden)).toBe(true);
    expect(shownRecord(hidden)).toBeUndefined();
    expect([hasDetail(hidden), shownExpertLoad(hidden), shownDistribution(hidden)]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    const revealed = { ...hidden, revealed: 5 };
    expect(isHidden(revealed)).toBe(false);
    expect(shownRecord(revealed)?.position).toBe(5);
    expect(isHidden({ ...hidden, revealed: 4 })).toBe(true);
  });

  test('an array of a detail is sliced row-major', () => {
    const detail = { ...DETAIL, attention: rampOf(5, 8, 6), router_logits: rampOf(4, 16) };
    const snapshot = snapshotOf(12, { ...here, plain: { detail } });
    // 5 layers, 8 heads, 6 tokens.
    expect(Array.from(must(part(snapshot, 'attention', 2, 3)))).toEqual([114, 115, 116, 117, 118, 119]);
    expect(part(snapshot, 'attention', 2)).toHaveLength(48);
    expect(part(snapshot, 'attention')).toHaveLength(240);
    expect(Array.from(must(part(snapshot, 'router_logits', 1))).slice(0, 3)).toEqual([16, 17, 18]);
    expect(part(snapshotOf(12), 'attention')).toBeUndefined();
  });

  test('the expert load leaves out layers in which no expert was chosen', () => {
    const [used, unused] = [
      { ...must(RUN.load.layers[0]), layer: 1 },
      { ...must(RUN.load.layers[0]), layer: 2, uniform: 0 },
    ];
    const expertLoad = { position: 5, tokens: 6, layers: [used, unused], chance: undefined };
    expect(shownExpertLoad(snapshotOf(12, { state: { position: 5 }, plain: { expertLoad } }))?.layers).toEqual([used]);
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

/** The recorded text with the recorded changed run. */
const compared = (changes: ComparisonChanges = {}, state: Partial<Snapshot['state']> = {}): Snapshot =>
  recordedSnapshot({ changed: comparisonOf(changes), state: { whatIf: WHAT_IF, ...state } });

describe('a what-if', () => {
  test('changes the shown route and logits', () => {
    const snapshot = compared();
    expect(isChanged(snapshot)).toBe(true);
    expect(routeAt(snapshot, shownPosition(snapshot), 2)).toBe(RUN.compared[RUN.position]?.record.routes[1]);
    expect(routeAt(snapshot, shownPosition(snapshot), 2)?.experts).toHaveLength(3);
    const logits = (layer: number): number[] => Array.from(must(part(snapshot, 'router_logits', layer)));
    expect(logits(1)).toEqual(RUN.file.changed_detail.router_logits[1]?.map(Math.fround));
    expect(routeAt(recordedSnapshot(), RUN.position, 2)).toBe(RUN.records[RUN.position]?.routes[1]);
  });

  test('is compared when the changed run has reached the position of the plain run', () => {
    expect(isCompared(compared())).toBe(true);
    expect(isCompared(recordedSnapshot())).toBe(true);
    expect(isCompared(compared({ progress: { is: 'behind' } }))).toBe(false);
    expect(isCompared(compared({ steps: RUN.compared.slice(0, 2) }))).toBe(false);
    expect(isCompared(compared({ whatIf: { ...WHAT_IF } }))).toBe(false);
    expect(isCompared({ ...compared(), changed: REFUSED })).toBe(true);
  });

  test('needs the detail of the shown run only', () => {
    const plain: Partial<Run> = { detail: RUN.detail, expertLoad: RUN.load, distribution: RUN.distribution };
    const { temperature } = RUN.distribution;
    const of = (run: Partial<Run>, shown: Snapshot['state']['shown']): boolean =>
      isWhole(
        recordedSnapshot({ plain, changed: comparisonOf({ run }), state: { whatIf: WHAT_IF, shown, temperature } }),
      );
    expect(of({ ...plain, detail: RUN.changedDetail }, 'auto')).toBe(true);
    expect(of({ ...plain, detail: null }, 'auto')).toBe(false);
    expect(of({ ...plain, expertLoad: null }, 'auto')).toBe(false);
    expect(of({ ...plain, distribution: null }, 'auto')).toBe(false);
    expect(of({ detail: null }, 'plain')).toBe(true);
  });

  test('is awaited until the engine answers or refuses', () => {
    expect(isAwaited(compared())).toBe(false);
    expect(isAwaited({ ...compared(), changed: null })).toBe(true);
    expect(isAwaited({ ...compared(), changed: REFUSED })).toBe(false);
    expect(isAwaited(recordedSnapshot())).toBe(false);
  });

  test('that was replaced is not shown', () => {
    const other = compared({}, { whatIf: { ...PLAIN, num_experts_per_tok: 2 } });
    expect(shownComparison(other)).toBeUndefined();
    expect(comparedAt(other, 0)).toBeUndefined();
    expect(shownRun(other)).toBe(other.plain);
    expect(comparedAt(compared(), 0)).toBe(RUN.compared[0]);
  });

  test('that the engine reports as neutral changes nothing', () => {
    const neutral = compared({ plan: { ...RUN.plan, neutral: true } });
    expect(isChanged(neutral)).toBe(false);
    expect(routeAt(neutral, RUN.position, 2)).toBe(RUN.records[RUN.position]?.routes[1]);
  });

  test('shows nothing of a step whose answer is hidden', () => {
    const hidden = compared({}, { reveal: 'click' });
    expect(comparedAt(hidden, RUN.position)).toBeUndefined();
    expect(comparedAt(hidden, 0)).toBe(RUN.compared[0]);
    expect(part(hidden, 'router_logits', 1)).toBeUndefined();
    expect(routeAt(hidden, RUN.position, 2)).toBeUndefined();
    expect(routeAt(hidden, 0, 2)).toBe(RUN.compared[0]?.record.routes[1]);
  });

  test('shows the continuations of its own text, temperature and seed only', () => {
    const continued = { plain: [1], changed: [2], tokens: RUN.ids, temperature: 0.5, seed: 7 };
    const snapshot = compared({ continued }, { temperature: 0.5, seed: 7 });
    expect(shownContinuations(snapshot)).toBe(continued);
    expect(shownContinuations({ ...snapshot, text: { ...snapshot.text, tokens: [...RUN.ids, 5] } })).toBeUndefined();
    expect(shownContinuations(compared({ continued }, { temperature: 0.6, seed: 7 }))).toBeUndefined();
    expect(shownContinuations(compared({ continued }, { temperature: 0.5, seed: 8 }))).toBeUndefined();
    expect(shownContinuations(compared({ continued }, { whatIf: PLAIN, temperature: 0.5, seed: 7 }))).toBeUndefined();
    expect(shownContinuations(compared())).toBeUndefined();
  });
});

describe('an expert that is off', () => {
  test('is off only while the changed run is shown', () => {
    const whatIf = { ...PLAIN, experts_off: [{ layer: 2, expert: 3 }] };
    const off = compared({ whatIf }, { whatIf });
    expect([isOff(off, 2, 3), isOff(off, 2, 4), isOff(off, 1, 3)]).toEqual([true, false, false]);
    expect(isOff(compared({ whatIf }, { whatIf, shown: 'plain' }), 2, 3)).toBe(false);
  });
});

describe('the shown run', () => {
  test('is the plain run without a what-if', () => {
    for (const shown of SHOWN) expect(shownRunName(recordedSnapshot({ state: { shown } })), shown).toBe('plain');
    expect(shownRunName(compared({ whatIf: PLAIN }, { whatIf: PLAIN }))).toBe('plain');
  });

  test('is the plain run until the changed run is complete for the first time', () => {
    for (const shown of SHOWN) {
      const steps = RUN.compared.slice(0, 2);
      const started = compared({ steps, progress: { is: 'first' } }, { shown });
      expect(shownRunName(started), shown).toBe('plain');
      expect(shownRunName({ ...started, changed: null }), shown).toBe('plain');
    }
  });

  test('is the plain run if the what-if is neutral, was replaced or was refused', () => {
    for (const shown of SHOWN) {
      const neutral = compared({ plan: { ...RUN.plan, neutral: true } }, { shown });
      expect(shownRunName(neutral), shown).toBe('plain');
      expect(shownRunName(compared({}, { shown, whatIf: { ...PLAIN, num_experts_per_tok: 2 } })), shown).toBe('plain');
      expect(shownRunName({ ...compared({}, { shown }), changed: REFUSED }), shown).toBe('plain');
    }
  });

  test('is the plain run if the user asked for it, else the changed run', () => {
    const names = SHOWN.map(shown => [shown, shownRunName(compared({}, { shown }))]);
    expect(names).toEqual([
      ['auto', 'changed'],
      ['plain', 'plain'],
      ['changed', 'changed'],
    ]);
  });

  test('stays the changed run while it runs on after its first end', () => {
    expect(shownRunName(compared({ steps: RUN.compared.slice(0, 2), progress: { is: 'behind' } }))).toBe('changed');
  });

  test('has the records, the routes and the position of the snapshot', () => {
    const changed = compared();
    expect(shownRun(changed)).toBe(comparedIn(changed)?.run);
    expect(shownRecord(changed)).toBe(RUN.compared[RUN.position]?.record);
    expect(routeAt(changed, 0, 2)).toBe(RUN.compared[0]?.record.routes[1]);
    const plain = compared({}, { shown: 'plain' });
    expect(shownRun(plain)).toBe(plain.plain);
    expect(shownRecord(plain)).toBe(RUN.records[RUN.position]);
    expect(routeAt(plain, 0, 2)).toBe(RUN.records[0]?.routes[1]);
  });

  test('shows its last record until it has run to the playhead', () => {
    const of = (shown: Snapshot['state']['shown']): Snapshot =>
      snapshotOf(12, {
        changed: comparisonOf({ run: { records: recordsOf(4) } }),
        state: { whatIf: WHAT_IF, shown },
      });
    const [changed, plain] = [of('auto'), of('plain')];
    expect([shownPosition(changed), isArrived(changed), running(changed)]).toEqual([3, false, true]);
    expect([shownPosition(plain), isArrived(plain), running(plain)]).toEqual([11, true, false]);
    expect(shownRecord(changed)?.position).toBe(3);
    const back = { ...changed, state: { ...changed.state, position: 2 } };
    expect([shownPosition(back), isArrived(back), running(back)]).toEqual([2, true, false]);
  });

  test('has its own detail, distribution and expert load', () => {
    const [plain, changed] = [5, 6].map((value): Omit<Run, 'records'> => {
      const detail = { ...DETAIL };
      const distribution = { ...DISTRIBUTION, next: { ...DISTRIBUTION.next, rest: value } };
      return { detail, distribution, expertLoad: { ...LOAD, tokens: value } };
    });
    const of = (shown: Snapshot['state']['shown'], run = must(changed)): Snapshot =>
      snapshotOf(12, {
        plain: must(plain),
        changed: comparisonOf({ run: { records: recordsOf(12), ...run } }),
        state: { position: 5, temperature: 0.5, whatIf: WHAT_IF, shown },
      });
    for (const [shown, run] of [
      ['auto', must(changed)],
      ['plain', must(plain)],
    ] as const) {
      const snapshot = of(shown);
      expect(part(snapshot, 'logits')?.buffer, shown).toBe(run.detail?.logits.values.buffer);
      expect(shownDistribution(snapshot), shown).toBe(run.distribution);
      expect(shownExpertLoad(snapshot), shown).toBe(run.expertLoad);
      expect(hasDistribution(snapshot) && isWhole(snapshot), shown).toBe(true);
    }
    const bare = of('auto', { detail: null, distribution: null, expertLoad: null });
    expect([hasDetail(bare), shownDistribution(bare), shownExpertLoad(bare)]).toEqual([false, undefined, undefined]);
    expect([hasDistribution(bare), isWhole(bare)]).toEqual([false, false]);
  });

  test('has the number of chosen experts and of kept groups of its what-if', () => {
    const plan = { ...RUN.plan, num_experts_per_tok: 6, topk_group: 1 };
    expect(shownInfo(compared({ plan }))).toEqual({ ...MODEL.info, num_experts_per_tok: 6, topk_group: 1 });
    expect(shownInfo(compared({ plan }, { shown: 'plain' }))).toBe(MODEL.info);
    expect(shownInfo(compared({ plan, progress: { is: 'first' } }))).toBe(MODEL.info);
    expect(shownInfo(recordedSnapshot())).toBe(MODEL.info);
  });

  test('runs the experts of its what-if: without the shared ones, or only them', () => {
    const run = (mixture: 'without_shared' | 'only_shared'): Snapshot => {
      const whatIf = { ...PLAIN, mixture };
      return compared({ whatIf }, { whatIf });
    };
    expect(shownInfo(run('without_shared')).n_shared_experts).toBe(0);
    expect(shownInfo(run('only_shared')).n_shared_experts).toBe(MODEL.info.n_shared_experts);
    expect(chosenCount(run('only_shared'))).toBe(0);
    expect(chosenCount(run('without_shared'))).toBe(RUN.plan.num_experts_per_tok);
    expect(chosenCount(recordedSnapshot())).toBe(4);
  });

  test('stores the latent of its what-if', () => {
    const whatIf = { ...PLAIN, latent_rank: 24 };
    // 24 + 16 values of 4 bytes in each of 5 layers.
    const truncated = compared({ whatIf, plan: { ...RUN.plan, latent_bytes: 800 } }, { whatIf });
    expect(shownInfo(truncated).cache_values).toEqual({ ...MODEL.info.cache_values, c_kv: 24, latent: 40 });
    expect(latentBytes(truncated)).toBe(160);
    expect(latentBytes({ ...truncated, state: { ...truncated.state, shown: 'plain' } })).toBe(192);
    expect(latentBytes(recordedSnapshot())).toBe(192);
  });

  test('has arrays with the dimensions of its what-if', () => {
    const ramp = (chosen: number): Run['detail'] => ({ ...RUN.detail, parts: rampOf(4, chosen + 1) });
    const of = (shown: Snapshot['state']['shown']): Snapshot =>
      recordedSnapshot({
        plain: { detail: ramp(4) },
        changed: comparisonOf({ run: { detail: ramp(3) } }),
        state: { whatIf: WHAT_IF, shown },
      });
    // Per layer: the chosen experts and the shared one.
    expect(Array.from(must(part(of('auto'), 'parts', 1)))).toEqual([4, 5, 6, 7]);
    expect(Array.from(must(part(of('plain'), 'parts', 1)))).toEqual([5, 6, 7, 8, 9]);
  });
});

describe('losses of the cache lab', () => {
  const tried = (tokens: number): Snapshot['tried'] => [
    { setting: { latent_rank: null, cache_format: 'f32' }, bytes: 960, loss: { ...RUN.loss, tokens } },
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
    expect(of({ view: 'whatif', whatIf: { ...PLAIN, num_experts_per_tok: 2 } })).toBe(true);
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

  test('a survey belongs to one choice of settings', () => {
    const asked = snapshotOf(12, { survey, state: { view: 'models' } });
    expect(hasSurvey(asked)).toBe(true);
    expect(hasSurvey(snapshotOf(12, { survey, state: { view: 'models', users: 9 } }))).toBe(false);
    expect(hasSurvey({ ...asked, survey: null })).toBe(false);
    expect(hasSurvey(snapshotOf(12, { survey }))).toBe(false);
  });
});
