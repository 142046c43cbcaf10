import { describe, expect, test } from 'vitest';
import { LOADING, RUNNING, snapshotOf } from '../testing/snapshots';
import { afterFault, loading, notLoading, restarting, running } from './engine-state';
import { hasModel, isInPage, loadProgress } from './select';
import type { EngineState, ShownFault } from './state';

const HALF = { loaded: 1, total: 2 };
const FAILURE = { kind: 'panic', sentence: 'unreachable' } as const;

const BUSY = { ...RUNNING, inPage: true, next: HALF } as const;
const RESTARTING = { ...BUSY, is: 'restarting' } as const;
const NO_MODEL = { is: 'failed', during: 'load', kind: 'fetch', sentence: 'HTTP 404' } as const;
const BROKEN = { is: 'failed', during: 'run', inPage: true, next: null, ...FAILURE } as const;

const LOAD_FAULT: ShownFault = { kind: 'config', message: 'no config', during: 'load', recovered: false };
const VIEW_FAULT: ShownFault = { kind: 'view', message: '', during: 'run', recovered: true };
const REFUSAL: ShownFault = { kind: 'session', message: 'refused', during: 'run', recovered: false };
const CRASH: ShownFault = { kind: 'panic', message: 'unreachable', during: 'run', recovered: true };
const LAST_CRASH: ShownFault = { ...CRASH, recovered: false };

interface Row {
  readonly before: EngineState;
  /** What views see: a model is loaded; the engine runs in the page's thread; the progress of a load. */
  readonly seen: readonly [hasModel: boolean, isInPage: boolean, progress: typeof HALF | null];
  readonly loading: EngineState;
  readonly notLoading: EngineState;
  readonly restarting: EngineState;
  readonly running: EngineState;
  readonly afterLoadFault: EngineState;
  readonly afterViewFault: EngineState;
  readonly afterRefusal: EngineState;
  readonly afterCrash: EngineState;
  readonly afterLastCrash: EngineState;
}

const LOAD_FAILED = { is: 'failed', during: 'load', kind: 'config', sentence: 'no config' } as const;

/** Every state of the engine, and what it becomes. */
const ROWS: Readonly<Record<string, Row>> = {
  'loading the first model': {
    before: { is: 'loading', progress: HALF },
    seen: [false, false, HALF],
    loading: LOADING,
    notLoading: { is: 'empty' },
    restarting: { is: 'loading', progress: HALF },
    running: { is: 'loading', progress: HALF },
    afterLoadFault: LOAD_FAILED,
    afterViewFault: { is: 'loading', progress: HALF },
    afterRefusal: { is: 'loading', progress: HALF },
    afterCrash: { is: 'loading', progress: HALF },
    afterLastCrash: { is: 'loading', progress: HALF },
  },
  'empty, because the user has to open its files': {
    before: { is: 'empty' },
    seen: [false, false, null],
    loading: LOADING,
    notLoading: { is: 'empty' },
    restarting: { is: 'empty' },
    running: { is: 'empty' },
    afterLoadFault: LOAD_FAILED,
    afterViewFault: { is: 'empty' },
    afterRefusal: { is: 'empty' },
    afterCrash: { is: 'empty' },
    afterLastCrash: { is: 'empty' },
  },
  running: {
    before: RUNNING,
    seen: [true, false, null],
    loading: { ...RUNNING, next: LOADING.progress },
    notLoading: RUNNING,
    restarting: { ...RUNNING, is: 'restarting' },
    running: RUNNING,
    afterLoadFault: RUNNING,
    afterViewFault: RUNNING,
    afterRefusal: RUNNING,
    afterCrash: { ...RUNNING, is: 'restarting' },
    afterLastCrash: { ...BROKEN, inPage: false },
  },
  'running while another model is loading': {
    before: BUSY,
    seen: [true, true, HALF],
    loading: { ...BUSY, next: LOADING.progress },
    notLoading: { ...BUSY, next: null },
    restarting: RESTARTING,
    running: BUSY,
    afterLoadFault: { ...BUSY, next: null },
    afterViewFault: { ...BUSY, next: null },
    afterRefusal: { ...BUSY, next: null },
    afterCrash: { ...RESTARTING, next: null },
    afterLastCrash: BROKEN,
  },
  restarting: {
    before: RESTARTING,
    seen: [true, true, HALF],
    loading: { ...RESTARTING, next: LOADING.progress },
    notLoading: { ...RESTARTING, next: null },
    restarting: RESTARTING,
    running: BUSY,
    afterLoadFault: { ...RESTARTING, next: null },
    afterViewFault: { ...RESTARTING, next: null },
    afterRefusal: { ...RESTARTING, next: null },
    afterCrash: { ...RESTARTING, next: null },
    afterLastCrash: BROKEN,
  },
  'failed without a model': {
    before: NO_MODEL,
    seen: [false, false, null],
    loading: LOADING,
    notLoading: NO_MODEL,
    restarting: NO_MODEL,
    running: NO_MODEL,
    afterLoadFault: LOAD_FAILED,
    afterViewFault: NO_MODEL,
    afterRefusal: NO_MODEL,
    afterCrash: NO_MODEL,
    afterLastCrash: NO_MODEL,
  },
  'failed with a model': {
    before: BROKEN,
    seen: [true, true, null],
    loading: { ...BROKEN, next: LOADING.progress },
    notLoading: BROKEN,
    restarting: BROKEN,
    running: { ...BUSY, next: null },
    afterLoadFault: BROKEN,
    afterViewFault: BROKEN,
    afterRefusal: BROKEN,
    afterCrash: { ...RESTARTING, next: null },
    afterLastCrash: BROKEN,
  },
  'failed while a model is loading': {
    before: { ...BROKEN, next: HALF },
    seen: [true, true, HALF],
    loading: { ...BROKEN, next: LOADING.progress },
    notLoading: BROKEN,
    restarting: { ...BROKEN, next: HALF },
    running: BUSY,
    afterLoadFault: BROKEN,
    afterViewFault: BROKEN,
    afterRefusal: BROKEN,
    afterCrash: { ...RESTARTING, next: null },
    afterLastCrash: BROKEN,
  },
};

describe.each(Object.entries(ROWS))('an engine in the state “%s”', (_, row) => {
  const { before } = row;

  test('tells whether there is a model, whether the page shipped it, and how far it is loaded', () => {
    const snapshot = snapshotOf(3, { engine: before });
    expect([hasModel(snapshot), isInPage(snapshot), loadProgress(snapshot)]).toEqual(row.seen);
  });

  test('loads a model, or stops loading one', () => {
    expect(loading(before, LOADING.progress)).toEqual(row.loading);
    expect(notLoading(before)).toEqual(row.notLoading);
  });

  test('loses its text, and gets it again', () => {
    expect(restarting(before)).toEqual(row.restarting);
    expect(running(before)).toEqual(row.running);
  });

  test('has a fault', () => {
    expect(afterFault(before, LOAD_FAULT)).toEqual(row.afterLoadFault);
    expect(afterFault(before, VIEW_FAULT)).toEqual(row.afterViewFault);
    expect(afterFault(before, REFUSAL)).toEqual(row.afterRefusal);
    expect(afterFault(before, CRASH)).toEqual(row.afterCrash);
    expect(afterFault(before, LAST_CRASH)).toEqual(row.afterLastCrash);
  });
});
