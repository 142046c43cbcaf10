import { describe, expect, test } from 'vitest';
import { must } from '../testing/must';
import type { Changes, ComparisonChanges } from '../testing/snapshots';
import {
  comparisonOf,
  LOADING,
  MODEL,
  recordsOf,
  REFUSED,
  RUN,
  RUNNING,
  snapshotOf,
  WHAT_IF,
} from '../testing/snapshots';
import type { Compared, StepDetail } from '../engine/types';
import type { EngineContents, Job, Task } from './next-task';
import { EMPTY_ENGINE, isUnderWay, nextQuestion, nextTask } from './next-task';
import { initialState } from './state';
import type { EngineState, Run, ScopeState, Snapshot, Tried } from './state';
import { commonCacheSettings, PLAIN } from './what-if';

const JOBS: readonly Job[] = ['state', 'token', 'cache settings', 'continuations'];
const TEMPERATURE = 0;
const RESTARTING: EngineState = { ...RUNNING, is: 'restarting' };

/** The parts of a step that its record does not hold. */
const restOf = (position: number): Omit<Run, 'records'> => ({
  detail: { position } as StepDetail,
  distribution: { ...RUN.distribution, position, temperature: TEMPERATURE },
  expertLoad: { ...RUN.load, position },
});

const stepsOf = (count: number): Compared[] => recordsOf(count).map(record => ({ ...must(RUN.compared[0]), record }));

/** A text of 12 tokens, run to token 7, with all of token 5. */
const at = (changes: Changes = {}, ran = 8): Snapshot =>
  snapshotOf(12, { plain: restOf(5), ...changes, state: { position: 5, reach: 7, ...changes.state } }, ran);

/** The same with a changed run as far as the plain run, with all of token 5. */
function changed(changes: Changes = {}, comparison: ComparisonChanges = {}): Snapshot {
  const run = { records: recordsOf(8), ...restOf(5), ...comparison.run };
  return at({
    changed: comparisonOf({ steps: stepsOf(8), ...comparison, run }),
    ...changes,
    state: { whatIf: WHAT_IF, ...changes.state },
  });
}

/** An engine that has the snapshot's text, its records and its what-if. */
const having = ({ state, plain }: Snapshot, other: Partial<EngineContents> = {}): EngineContents => ({
  ...EMPTY_ENGINE,
  text: { text: state.text, appended: state.appended },
  whatIf: state.whatIf,
  recorded: plain.records.length,
  ...other,
});

/** The next task of an engine that has all that the snapshot has, except `other`. */
const next = (snapshot: Snapshot, job: Job = 'state', other: Partial<EngineContents> = {}): Task | null =>
  nextTask(snapshot, having(snapshot, other), job);

const tried = (setting: Tried['setting'], tokens = 8): Tried => ({ setting, bytes: 1, loss: { ...RUN.loss, tokens } });

/** Snapshots whose text the engine does not have, by what the text waits for. */
function texts(): Snapshot[] {
  const link = at().state;
  const all: NonNullable<Changes['text']>[] = [
    { is: 'tokenized' },
    { is: 'typed' },
    { is: 'waiting', link: null },
    { is: 'waiting', link },
    { is: 'waiting', link, tokens: [] },
    { is: 'prepared', link: null },
    { is: 'prepared', link },
  ];
  return all.flatMap(text => [
    at({ text }),
    changed({ text }),
    at({ text, engine: LOADING }),
    at({ text, engine: RESTARTING }),
  ]);
}

describe('each kind of job', () => {
  test.each(JOBS)('sets the text that the engine does not have: %s', job => {
    const text: Task = { ask: 'text', text: 'some text', appended: [] };
    for (const snapshot of texts()) {
      expect(nextTask(snapshot, { ...having(snapshot), text: null }, job)).toEqual(text);
    }
  });

  test.each(JOBS)('sets a text that waits for its tokens, even if the engine has it: %s', job => {
    const text: Task = { ask: 'text', text: 'some text', appended: [] };
    const [tokenized, ...waiting] = texts().filter(({ engine }) => engine.is === 'running');
    for (const snapshot of waiting) if (snapshot.text.is !== 'tokenized') expect(next(snapshot, job)).toEqual(text);
    expect(next(must(tokenized), job)).not.toEqual(text);
  });

  test.each(JOBS)('asks nothing if the state belongs to another model: %s', job => {
    const state = { opened: { name: 'tiny', sha256: null } };
    for (const snapshot of [at({ state }), at({ state }, 3), changed({ state })]) {
      expect(nextTask(snapshot, EMPTY_ENGINE, job)).toBeNull();
    }
  });

  test.each(JOBS)('sets a text again if another token was appended: %s', job => {
    const snapshot = at({ state: { appended: [5] } });
    const engine = having(snapshot, { text: { text: 'some text', appended: [] } });
    expect(nextTask(snapshot, engine, job)).toEqual({ ask: 'text', text: 'some text', appended: [5] });
  });
});

describe('what the state needs, with the plain run only', () => {
  test('is nothing if everything is computed', () => {
    expect(next(at())).toBeNull();
  });

  test('is a run to `reach`, from the first record that this engine has not computed', () => {
    expect(next(at({}, 3))).toEqual({ ask: 'records', from: 3, to: 7 });
    // Records made at build time are computed again.
    expect(next(at(), 'state', { recorded: 0 })).toEqual({ ask: 'records', from: 0, to: 7 });
  });

  test('ends at the last token', () => {
    expect(next(at({ state: { reach: 40 } }))).toEqual({ ask: 'records', from: 8, to: 11 });
  });

  test('is the detail, then the distribution, then the load', () => {
    const [first, second, third] = [
      { ...restOf(5), detail: null, distribution: null, expertLoad: null },
      { ...restOf(5), distribution: null, expertLoad: null },
      { ...restOf(5), expertLoad: null },
    ];
    expect(next(at({ plain: first }))).toEqual({ ask: 'detail', run: 'plain', position: 5 });
    expect(next(at({ plain: second }))).toEqual({ ask: 'distribution', run: 'plain', position: 5, temperature: 0 });
    expect(next(at({ plain: third }))).toEqual({ ask: 'expert load', run: 'plain', position: 5 });
  });

  test('is the detail of the new position after a move', () => {
    expect(next(at({ state: { position: 6 } }))).toEqual({ ask: 'detail', run: 'plain', position: 6 });
  });

  test('is a distribution at another temperature', () => {
    const temperature = 0.7;
    const asked: Task = { ask: 'distribution', run: 'plain', position: 5, temperature };
    expect(next(at({ state: { temperature } }))).toEqual(asked);
    // The engine answers with the float32 of the temperature.
    const distribution = { ...RUN.distribution, position: 5, temperature: Math.fround(temperature) };
    expect(next(at({ state: { temperature }, plain: { ...restOf(5), distribution } }))).toBeNull();
  });

  test('is nothing for a position without a record', () => {
    expect(next(at({ state: { position: 9 } }))).toBeNull();
    expect(next(snapshotOf(0, { state: { position: 0, reach: 0 } }, 0))).toBeNull();
  });

  test('is the plain loss in the views that show it, once', () => {
    const loss: Task = {
      ask: 'cache setting',
      setting: { latent_rank: null, cache_format: 'f32' },
      from: 7,
      to: 7,
      left: null,
    };
    for (const view of ['cachelab', 'whatif'] as const) {
      expect(next(at({ state: { view } }))).toEqual(loss);
      expect(next(at({ state: { view }, tried: [tried(loss.setting)] }))).toBeNull();
      // The loss of a shorter text is not up to date.
      expect(next(at({ state: { view }, tried: [tried(loss.setting, 3)] }))).toEqual(loss);
      expect(next(at({ state: { view } }), 'state', { unsupported: [loss.setting] })).toBeNull();
    }
  });
});

describe('what the state needs, with a what-if', () => {
  const state = { whatIf: WHAT_IF };

  test('is nothing if everything is computed', () => {
    expect(next(changed())).toBeNull();
  });

  test('is the plain run, then its detail, then the changed run, whose what-if is set first', () => {
    const noRest = { detail: null };
    expect(next(at({ state, plain: noRest }, 3))).toEqual({ ask: 'records', from: 3, to: 7 });
    expect(next(at({ state, plain: { ...restOf(5), ...noRest } }))).toEqual({
      ask: 'detail',
      run: 'plain',
      position: 5,
    });
    expect(next(at({ state }))).toEqual({ ask: 'comparison', whatIf: WHAT_IF, plan: null, from: 0, to: 7 });
  });

  test('is a comparison from the first missing step, if the changed run is not complete', () => {
    const snapshot = changed({}, { steps: stepsOf(3), progress: { is: 'first' }, run: { records: recordsOf(3) } });
    const asked: Task = { ask: 'comparison', whatIf: WHAT_IF, plan: RUN.plan, from: 3, to: 7 };
    expect(next(snapshot)).toEqual(asked);
    // An engine with another what-if gets this one first.
    for (const whatIf of [null, PLAIN]) expect(next(snapshot, 'state', { whatIf })).toEqual({ ...asked, plan: null });
  });

  test('is the last step again if only the loss is missing', () => {
    expect(next(changed({}, { progress: { is: 'behind' } }))).toMatchObject({ ask: 'comparison', from: 7, to: 7 });
  });

  test('is both runs after a step, and no detail of the plain run', () => {
    const onward = { position: 8, reach: 8 };
    const behind = { steps: stepsOf(8), progress: { is: 'behind' } } as const;
    expect(next(changed({ state: onward }, behind))).toEqual({ ask: 'records', from: 8, to: 8 });
    const snapshot = changed({ state: onward, plain: { ...restOf(5), records: recordsOf(9) } }, behind);
    expect(next(snapshot)).toEqual({ ask: 'comparison', whatIf: WHAT_IF, plan: RUN.plan, from: 8, to: 8 });
  });

  test('is the detail of the changed run', () => {
    const snapshot = changed({ plain: { detail: null } }, { run: { detail: null } });
    expect(next(snapshot)).toEqual({ ask: 'detail', run: 'changed', position: 5 });
    // After a sweep the engine has another what-if.
    const again: Task = { ask: 'what-if again', whatIf: WHAT_IF, to: 7 };
    expect(next(snapshot, 'state', { whatIf: null })).toEqual(again);
    expect(next(changed(), 'state', { whatIf: null })).toBeNull();
  });

  test('is the expert load of the plain run if the plain run is shown, and nothing of the changed run', () => {
    const shown = 'plain';
    const noRest = { detail: null, distribution: null, expertLoad: null };
    const snapshot = changed({ state: { shown }, plain: { ...restOf(5), expertLoad: null } }, { run: noRest });
    expect(next(snapshot, 'state', { whatIf: null })).toEqual({ ask: 'expert load', run: 'plain', position: 5 });
    expect(next(changed({ state: { shown } }, { run: noRest }))).toBeNull();
  });

  test('is only the detail of the plain run if the what-if is neutral', () => {
    const plan = { ...RUN.plan, neutral: true };
    const noRest = { detail: null, distribution: null, expertLoad: null };
    expect(next(changed({}, { plan, run: noRest }))).toBeNull();
    const snapshot = changed({ plain: { detail: null } }, { plan, run: noRest });
    expect(next(snapshot)).toEqual({ ask: 'detail', run: 'plain', position: 5 });
  });

  test('is nothing of a refused what-if', () => {
    expect(next(at({ state, changed: REFUSED }), 'state', { whatIf: null })).toBeNull();
    expect(next(at({ state, changed: REFUSED }, 3), 'state', { whatIf: null })).toMatchObject({ ask: 'records' });
  });

  test('is nothing without a token', () => {
    expect(next(snapshotOf(0, { state: { ...state, position: 0, reach: 0 } }, 0))).toBeNull();
  });
});

describe('a token', () => {
  const state = { temperature: 0.8, seed: 5 };
  const token: Task = { ask: 'token', run: 'plain', temperature: 0.8, seed: 5, from: 8 };

  test('is chosen by the plain run at once', () => {
    expect(next(at({ state }), 'token')).toEqual(token);
    expect(next(at({ state, plain: { detail: null } }, 3), 'token')).toEqual({ ...token, from: 3 });
  });

  test('is chosen by the plain run while it is shown, or if the what-if is refused or not answered', () => {
    const whatIf = WHAT_IF;
    expect(next(changed({ state: { ...state, shown: 'plain' } }), 'token')).toEqual(token);
    expect(next(at({ state: { ...state, whatIf }, changed: REFUSED }), 'token')).toEqual(token);
    expect(next(at({ state: { ...state, whatIf } }), 'token')).toEqual(token);
  });

  test('is chosen by the changed run when both runs have reached the end', () => {
    const toEnd = { ...state, position: 11, reach: 11 };
    expect(next(changed({ state: toEnd }), 'token')).toEqual({ ask: 'records', from: 8, to: 11 });
    const ran = changed({ state: toEnd, plain: { records: recordsOf(12) } });
    expect(next(ran, 'token')).toEqual({ ask: 'comparison', whatIf: WHAT_IF, plan: RUN.plan, from: 8, to: 11 });
    const done = changed(
      { state: toEnd, plain: { records: recordsOf(12) } },
      { steps: stepsOf(12), run: { records: recordsOf(12) } },
    );
    expect(next(done, 'token')).toEqual({ ...token, run: 'changed', from: 12 });
    expect(next(done, 'token', { whatIf: null })).toEqual({ ask: 'what-if again', whatIf: WHAT_IF, to: 11 });
  });
});

describe('the common cache settings', () => {
  const all = commonCacheSettings(MODEL.info.kv_lora_rank);

  test('are tried after everything that the state needs', () => {
    expect(next(at({}, 3), 'cache settings')).toMatchObject({ ask: 'records' });
    expect(next(at({ plain: { detail: null } }), 'cache settings')).toMatchObject({ ask: 'detail' });
    expect(next(at({ state: { whatIf: WHAT_IF } }), 'cache settings')).toMatchObject({ ask: 'comparison' });
  });

  test.each([
    ['without a what-if', at()],
    ['with a changed run', changed()],
    ['with a refused what-if', at({ state: { whatIf: WHAT_IF }, changed: REFUSED })],
  ])('are tried one after another: %s', (_, snapshot) => {
    for (const [index, setting] of all.entries()) {
      const known = all.slice(0, index).map(each => tried(each));
      const asked = next({ ...snapshot, tried: known }, 'cache settings');
      expect(asked).toEqual({ ask: 'cache setting', setting, from: 0, to: 7, left: all.length - index });
    }
    expect(next({ ...snapshot, tried: all.map(each => tried(each)) }, 'cache settings')).toBeNull();
  });

  test('are not tried if the model does not support them', () => {
    expect(next(at(), 'cache settings', { unsupported: all.slice(0, 2) })).toMatchObject({
      setting: all[2],
      left: all.length - 2,
    });
    expect(next(at(), 'cache settings', { unsupported: all })).toBeNull();
  });
});

describe('continuations', () => {
  test('are requested after everything that the state needs', () => {
    const state = { temperature: TEMPERATURE, seed: 5 };
    expect(next(changed({ state }, { run: { detail: null } }), 'continuations')).toMatchObject({ ask: 'detail' });
    expect(next(changed({ state }), 'continuations')).toEqual({ ask: 'continuations', ...state });
    const again = next(changed({ state }), 'continuations', { whatIf: null });
    expect(again).toEqual({ ask: 'what-if again', whatIf: WHAT_IF, to: 7 });
  });

  test('are not requested without a changed run', () => {
    expect(next(at(), 'continuations')).toBeNull();
    expect(next(at({ state: { whatIf: WHAT_IF }, changed: REFUSED }), 'continuations')).toBeNull();
  });
});

describe('a running task', () => {
  const run: Task = { ask: 'records', from: 3, to: 7 };

  test('is kept if it is a run to the same position', () => {
    expect(isUnderWay(run, { ...run, from: 5 })).toBe(true);
    expect(isUnderWay(run, { ...run, to: 8 })).toBe(false);
    expect(isUnderWay(run, { ask: 'detail', run: 'plain', position: 7 })).toBe(false);
    expect(isUnderWay(run, null)).toBe(false);
    expect(isUnderWay(null, run)).toBe(false);
  });

  test('is not kept if it is another request, even of the same kind', () => {
    const detail: Task = { ask: 'detail', run: 'plain', position: 7 };
    expect(isUnderWay(detail, detail)).toBe(false);
  });
});

describe('the next survey of published models', () => {
  const question = (state: Partial<ScopeState>, changes: Changes = {}): unknown =>
    nextQuestion(at({ ...changes, state }));

  test('is asked while its view is open, until it is answered', () => {
    expect(question({ view: 'grid' })).toBeNull();
    const asked = nextQuestion(at({ state: { view: 'models', users: 3 } }));
    const { context, memory, bits, weights, config } = initialState('', 0, 0);
    expect(asked).toEqual({ context, users: 3, memory, bits, weights, config });
    const survey = { question: must(asked), models: [] } as unknown as NonNullable<Snapshot['survey']>;
    expect(question({ view: 'models', users: 3 }, { survey })).toBeNull();
    expect(question({ view: 'models', users: 4 }, { survey })).toMatchObject({ users: 4 });
  });

  test('needs no text and no model', () => {
    expect(
      question({ view: 'models' }, { engine: LOADING, text: { is: 'waiting', link: null, tokens: [] } }),
    ).not.toBeNull();
  });
});
