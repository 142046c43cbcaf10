import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOADING, snapshotOf } from '../testing/snapshots';
import { parseAddress } from './address';
import { Permalink } from './permalink';
import type { Scope } from './scope';
import type { Intent } from './intents';
import type { Snapshot, Text } from './state';
import { initialState } from './state';
import { Store } from './store';

/** A browser's history: the addresses of its entries, and the number of writes. */
class History {
  readonly entries = [''];
  at = 0;
  calls = 0;

  pushState = (_data: unknown, _unused: string, url: string): void => {
    this.calls++;
    this.entries.splice(this.at + 1, Infinity, url);
    this.at++;
  };

  replaceState = (_data: unknown, _unused: string, url: string): void => {
    this.calls++;
    this.entries[this.at] = url;
  };

  get hash(): string {
    return this.entries[this.at] ?? '';
  }

  /** The fields of the current entry. */
  get fields(): Record<string, string> {
    return Object.fromEntries(new URLSearchParams(this.hash.slice(1)));
  }
}

const FIRST = initialState('some text', 5, 4);
const PAUSE = 400;
let history: History;
let store: Store;
let asked: Intent[];
let listeners: Record<string, () => void>;

/** Opens a page whose text has 12 tokens, each with a record. */
function open(changes: Partial<Snapshot> = {}, makesEntries = true): void {
  store = new Store({ ...snapshotOf(12), state: FIRST, ...changes });
  asked = [];
  const scope: Pick<Scope, 'store' | 'ask'> = {
    store,
    ask: intent => {
      asked.push(intent);
      store.ask(intent);
    },
  };
  new Permalink(scope as Scope, address => parseAddress(address, FIRST), makesEntries);
}

/** Sends the tokenizer's answer: this number of tokens, whose ids are their positions. */
function cut(tokens: number): void {
  const ids = Array.from({ length: tokens }, (_, index) => index);
  store.tell({ news: 'text', text: { tokens: ids, continuation: '', beyond: '' } });
}

function back(by: number): void {
  history.at += by;
  listeners.popstate?.();
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  history = new History();
  listeners = {};
  vi.stubGlobal('history', history);
  vi.stubGlobal('location', {
    get hash() {
      return history.hash;
    },
  });
  vi.stubGlobal('addEventListener', (name: string, listener: () => void) => {
    listeners[name] = listener;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the address', () => {
  test('stays empty until the user does something', () => {
    open();
    vi.advanceTimersByTime(10_000);
    expect(history.calls).toBe(0);
  });

  test('shows a step after 160 ms', () => {
    open();
    store.ask({ do: 'step', by: 1 });
    vi.advanceTimersByTime(159);
    expect(history.calls).toBe(0);
    vi.advanceTimersByTime(1);
    expect(history.fields).toMatchObject({ v: '1', text: 'some text', token: '6' });
    expect(history.entries).toHaveLength(1);
  });

  test('is written at most every 400 ms while a key is held', () => {
    open({ ...snapshotOf(300), state: { ...FIRST, position: 0 } });
    // A keyboard repeats every 30 ms: 150 presses take 4.5 s. WebKit allows 100 writes in 30 s.
    for (let presses = 0; presses < 150; presses++) {
      store.ask({ do: 'step', by: 1 });
      vi.advanceTimersByTime(30);
    }
    vi.advanceTimersByTime(1000);
    expect(history.fields.token).toBe('150');
    expect(history.calls).toBeGreaterThan(1);
    expect(history.calls).toBeLessThanOrEqual(4500 / PAUSE + 2);
  });

  test('is not written again if it would be the same', () => {
    open();
    store.ask({ do: 'step', by: 1 });
    store.ask({ do: 'step', by: -1 });
    vi.advanceTimersByTime(1000);
    // The step forward ran the text up to token 6.
    expect(history.fields).toMatchObject({ token: '5', ran: '6' });
    const calls = history.calls;
    store.ask({ do: 'theme', theme: 'auto' });
    vi.advanceTimersByTime(1000);
    expect(history.calls).toBe(calls);
  });

  test('is written when the page is left', () => {
    open();
    store.ask({ do: 'step', by: 1 });
    listeners.pagehide?.();
    expect(history.fields).toMatchObject({ token: '6' });
  });

  test('keeps a link’s fields until the engine has answered', () => {
    const waiting: Text = { is: 'waiting', link: { ...FIRST, position: 99 }, tokens: [], continuation: '', beyond: '' };
    for (const changes of [{ engine: LOADING }, { text: waiting }]) {
      open(changes);
      store.ask({ do: 'look', layer: 2 });
      vi.advanceTimersByTime(1000);
      expect(history.calls).toBe(0);
    }
  });

  test('a frame that is not allowed to write to the history works', () => {
    open();
    vi.stubGlobal('history', {
      pushState: () => {
        throw new Error('refused');
      },
    });
    expect(() => {
      store.ask({ do: 'view', view: 'flow' });
    }).not.toThrow();
  });
});

describe('entries of the history', () => {
  test('a view or a text adds an entry; steps and layers do not', () => {
    open();
    store.ask({ do: 'step', by: 1 });
    store.ask({ do: 'look', layer: 2 });
    vi.advanceTimersByTime(1000);
    expect(history.entries).toHaveLength(1);
    store.ask({ do: 'view', view: 'router' });
    expect(history.entries).toHaveLength(2);
    store.ask({ do: 'replace', text: 'another', position: 3 });
    expect(history.entries).toHaveLength(3);
    expect(history.fields).toMatchObject({ text: 'another', token: '3', view: 'router' });
  });

  test('before a new entry is added, the last state is written to the old entry', () => {
    open();
    store.ask({ do: 'step', by: 1 });
    // The pending write of the step is done first.
    store.ask({ do: 'view', view: 'flow' });
    expect(history.entries[0]).toContain('token=6');
    expect(history.entries[1]).toContain('view=flow');
  });

  test('a typed text is one entry; typing after a step adds another', () => {
    open();
    for (const text of ['T', 'Th', 'The']) {
      store.ask({ do: 'type', text });
      cut(2 + text.length);
    }
    vi.advanceTimersByTime(1000);
    expect(history.entries).toHaveLength(2);
    expect(history.fields.text).toBe('The');
    store.ask({ do: 'step', by: -1 });
    store.ask({ do: 'type', text: 'The f' });
    expect(history.entries).toHaveLength(3);
  });

  test('a frame adds no entries, because they would appear in the surrounding page’s history', () => {
    open({}, false);
    store.ask({ do: 'view', view: 'flow' });
    store.ask({ do: 'type', text: 'x' });
    expect(history.entries).toHaveLength(1);
    expect(history.fields).toMatchObject({ view: 'flow', text: 'x' });
  });
});

describe('Back and Forward', () => {
  test('show the state of their entry and write nothing', () => {
    open();
    store.ask({ do: 'view', view: 'flow' });
    const calls = history.calls;
    back(-1);
    // The first entry has no address: it is the page's first state.
    expect(asked).toEqual([{ do: 'go', state: FIRST, complaints: [] }]);
    back(1);
    expect(asked[1]).toMatchObject({ do: 'go', state: { view: 'flow' } });
    vi.advanceTimersByTime(1000);
    expect(history.calls).toBe(calls);
  });

  test('drop a pending write', () => {
    open();
    store.ask({ do: 'view', view: 'flow' });
    store.ask({ do: 'step', by: 1 });
    back(-1);
    vi.advanceTimersByTime(1000);
    expect(history.entries[0]).toBe('');
    expect(store.snapshot.state).toMatchObject({ view: 'roll', position: 5 });
  });

  test('an address typed into the address bar is read, and its problems are reported', () => {
    open();
    history.entries[0] = '#v=1&token=2&view=nope';
    back(0);
    expect(store.snapshot.state.position).toBe(2);
    expect(store.snapshot.complaints).toEqual([{ field: 'view', found: 'nope', problem: 'unreadable', used: '' }]);
  });
});
