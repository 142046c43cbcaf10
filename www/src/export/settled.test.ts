import { describe, expect, test } from 'vitest';
import type { Scope } from '../scope/scope';
import type { Run, Snapshot } from '../scope/state';
import { hasModel } from '../scope/select';
import { Store } from '../scope/store';
import { PLAIN } from '../scope/what-if';
import type { Changes, ComparisonChanges } from '../testing/snapshots';
import {
  comparisonOf,
  LOADING,
  MODEL,
  modelOf,
  recordedSnapshot,
  RUN,
  RUNNING,
  snapshotOf,
  WHAT_IF,
} from '../testing/snapshots';
import { settled, up } from './settled';

const PARTS: Partial<Run> = { detail: RUN.detail, expertLoad: RUN.load, distribution: RUN.distribution };
const WHOLE = { plain: PARTS, state: { temperature: RUN.distribution.temperature } } satisfies Changes;

interface Waiting {
  readonly store: Store;
  readonly end: (reason: Error) => void;
  readonly scope: Scope;
}

function waiting(snapshot: Snapshot): Waiting {
  const ending = new AbortController();
  const store = new Store(snapshot);
  const scope: Pick<Scope, 'store' | 'ended'> = { store, ended: ending.signal };
  return {
    store,
    scope: scope as Scope,
    end: reason => {
      ending.abort(reason);
    },
  };
}

/** True if a snapshot is settled without further news. */
async function isNow(snapshot: Snapshot): Promise<boolean> {
  const { scope } = waiting(snapshot);
  const later = new Promise<false>(resolve => {
    setImmediate(() => {
      resolve(false);
    });
  });
  return Promise.race([settled(scope).then(() => true), later]);
}

describe('a snapshot is settled', () => {
  test('when the shown step has its detail, load and distribution, and every step to run has a record', async () => {
    expect(await isNow(recordedSnapshot(WHOLE))).toBe(true);
    for (const missing of ['detail', 'expertLoad', 'distribution'] as const) {
      expect(await isNow(recordedSnapshot({ ...WHOLE, plain: { ...PARTS, [missing]: null } })), missing).toBe(false);
    }
    expect(await isNow(recordedSnapshot({ ...WHOLE, plain: { ...PARTS, records: RUN.records.slice(0, 2) } }))).toBe(
      false,
    );
    const further = { ...WHOLE.state, reach: RUN.position + 1 };
    expect(await isNow(recordedSnapshot({ ...WHOLE, state: further }))).toBe(false);
  });

  test('when no model is loading, and no text or link waits to be applied', async () => {
    expect(await isNow(recordedSnapshot({ ...WHOLE, engine: { ...RUNNING, next: { loaded: 1, total: 2 } } }))).toBe(
      false,
    );
    const { state } = recordedSnapshot();
    for (const text of [
      { is: 'waiting', link: null },
      { is: 'waiting', link: state },
      { is: 'typed' },
      { is: 'prepared', link: state },
    ] as const) {
      expect(await isNow(recordedSnapshot({ ...WHOLE, text })), text.is).toBe(false);
    }
  });

  test('when the engine has the text again after a crash', async () => {
    const fault = { kind: 'panic', message: 'unreachable', during: 'run', recovered: true } as const;
    const { store, scope } = waiting(recordedSnapshot(WHOLE));
    store.tell({ news: 'fault', fault });
    const wait = settled(scope);
    store.tell({ news: 'text', text: { tokens: RUN.ids, continuation: '', beyond: '' } });
    expect((await wait).engine).toEqual(RUNNING);
  });

  test('when the data of its view and of its what-if has arrived', async () => {
    const of = (state: Partial<Snapshot['state']>): Promise<boolean> =>
      isNow(recordedSnapshot({ ...WHOLE, state: { ...WHOLE.state, ...state } }));
    expect(await of({ view: 'flow' })).toBe(true);
    expect(await of({ view: 'models' })).toBe(false);
    expect(await of({ view: 'cachelab' })).toBe(false);
    expect(await of({ whatIf: { ...PLAIN, num_experts_per_tok: 2 } })).toBe(false);
  });

  test('with a change, when the shown run has all parts of the step, and the loss is known', async () => {
    const of = (
      run: Partial<Run>,
      shown: Snapshot['state']['shown'],
      changes: ComparisonChanges = {},
    ): Promise<boolean> =>
      isNow(
        recordedSnapshot({
          ...WHOLE,
          changed: comparisonOf({ run, ...changes }),
          state: { ...WHOLE.state, whatIf: WHAT_IF, shown },
        }),
      );
    expect(await of(PARTS, 'auto')).toBe(true);
    expect(await of({ ...PARTS, detail: null }, 'auto')).toBe(false);
    expect(await of({ ...PARTS, detail: null }, 'plain')).toBe(true);
    expect(await of(PARTS, 'plain', { progress: { is: 'behind' } })).toBe(false);
  });

  test('when the text is empty and the model has no start marker', async () => {
    const nothing = { model: { ...MODEL, blank: [] } };
    expect(await isNow({ ...snapshotOf(0, { state: { text: '' } }), ...nothing })).toBe(true);
    expect(await isNow({ ...snapshotOf(0, { state: { text: 'x' } }), ...nothing })).toBe(false);
    expect(await isNow(snapshotOf(0, { model: modelOf({}), state: { text: '' } }))).toBe(false);
  });
});

describe('waiting', () => {
  test('ends when the last part arrives', async () => {
    const { store, scope } = waiting(recordedSnapshot({ ...WHOLE, plain: { ...PARTS, expertLoad: null } }));
    const wait = settled(scope);
    store.tell({ news: 'rest', run: 'plain', expertLoad: RUN.load });
    expect((await wait).plain.expertLoad).toBe(RUN.load);
  });

  test('fails with a fault’s message, unless the text runs again in a new engine', async () => {
    const fault = { kind: 'panic', message: 'unreachable', during: 'run', recovered: true } as const;
    const { store, scope } = waiting(recordedSnapshot({ ...WHOLE, plain: { ...PARTS, expertLoad: null } }));
    const wait = settled(scope);
    store.tell({ news: 'fault', fault });
    store.tell({ news: 'fault', fault: { ...fault, recovered: false } });
    await expect(wait).rejects.toThrow('unreachable');
  });

  test('fails if the model could not be loaded and the fault was dismissed', async () => {
    const failed = { is: 'failed', during: 'load', kind: 'fetch', sentence: 'HTTP 404' } as const;
    const { store, scope } = waiting(recordedSnapshot({ engine: failed }));
    await expect(up(scope)).rejects.toThrow('the model could not be loaded');
    await expect(settled(scope)).rejects.toThrow('the model could not be loaded');
    expect(hasModel(store.snapshot)).toBe(false);
  });

  test('fails with the name of the model if its files are not open', async () => {
    const opened = { name: 'tiny', sha256: null };
    const { scope } = waiting(recordedSnapshot({ ...WHOLE, state: { opened } }));
    await expect(settled(scope)).rejects.toThrow('the model “tiny” is not open');
    const { scope: starting } = waiting(recordedSnapshot({ engine: { is: 'empty' }, state: { opened } }));
    await expect(up(starting)).rejects.toThrow('the model “tiny” is not open');
  });

  test('fails if the view is removed from the page', async () => {
    const { scope, end } = waiting(recordedSnapshot({ ...WHOLE, plain: { ...PARTS, expertLoad: null } }));
    const wait = settled(scope);
    end(new Error('the view has left the page'));
    await expect(wait).rejects.toThrow('the view has left the page');
    await expect(settled(scope)).rejects.toThrow('the view has left the page');
  });

  test('for a model ends when the model is loaded', async () => {
    const { store, scope } = waiting(recordedSnapshot({ engine: LOADING }));
    const wait = up(scope);
    store.tell({ news: 'model', model: MODEL, opened: null, inPage: false });
    expect(hasModel(await wait)).toBe(true);
  });
});
