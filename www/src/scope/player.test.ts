import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordsOf, snapshotOf } from '../testing/snapshots';
import { Player } from './player';
import type { Changes } from '../testing/snapshots';
import { Store } from './store';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Starts a player on a text of 12 tokens, of which `ran` have records. Each of its steps changes the store at once. */
function play(changes: Changes, ran = 12): { readonly store: Store; readonly player: Player } {
  const store = new Store(snapshotOf(12, { playing: true, ...changes }, ran));
  const player = new Player(store, () => {
    store.ask({ do: 'advance' });
  });
  player.follow();
  return { store, player };
}

test('at speed 1 each step lasts 2 seconds', () => {
  const { store } = play({ state: { position: 3 } });
  vi.advanceTimersByTime(1999);
  expect(store.snapshot.state.position).toBe(3);
  vi.advanceTimersByTime(1);
  expect(store.snapshot.state.position).toBe(4);
  vi.advanceTimersByTime(4000);
  expect(store.snapshot.state.position).toBe(6);
});

test('at speed 8 each step lasts a quarter of a second', () => {
  const { store } = play({ state: { position: 3, speed: 8 } });
  vi.advanceTimersByTime(1000);
  expect(store.snapshot.state.position).toBe(7);
});

test('playing stops at the end of the text', () => {
  const { store } = play({ state: { position: 9 } });
  vi.advanceTimersByTime(2000);
  expect(store.snapshot).toMatchObject({ playing: true, state: { position: 10 } });
  vi.advanceTimersByTime(2000);
  expect(store.snapshot).toMatchObject({ playing: false, state: { position: 11 } });
  vi.advanceTimersByTime(60_000);
  expect(store.snapshot.state.position).toBe(11);
});

test('playing waits until the shown step has a record', () => {
  const { store } = play({ state: { position: 3, reach: 3 } }, 3);
  vi.advanceTimersByTime(10_000);
  expect(store.snapshot.state.position).toBe(3);
  for (const record of recordsOf(9, 3)) store.tell({ news: 'record', record });
  vi.advanceTimersByTime(2000);
  expect(store.snapshot.state.position).toBe(4);
});

test('a hold pauses playing; the next step comes one full step time after the hold ends', () => {
  const { store, player } = play({ state: { position: 3 } });
  vi.advanceTimersByTime(1500);
  store.ask({ do: 'hold', on: true });
  player.follow();
  vi.advanceTimersByTime(60_000);
  expect(store.snapshot.state.position).toBe(3);
  store.ask({ do: 'hold', on: false });
  player.follow();
  vi.advanceTimersByTime(1999);
  expect(store.snapshot.state.position).toBe(3);
  vi.advanceTimersByTime(1);
  expect(store.snapshot.state.position).toBe(4);
});

test('a pause ends playing', () => {
  const { store, player } = play({ state: { position: 3 } });
  store.ask({ do: 'play', on: false });
  player.follow();
  vi.advanceTimersByTime(60_000);
  expect(store.snapshot.state.position).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});
