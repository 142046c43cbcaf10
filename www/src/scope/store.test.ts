import { expect, test } from 'vitest';
import { RUN, snapshotOf } from '../testing/snapshots';
import type { Snapshot } from './state';
import { Store } from './store';

test('each listener gets each snapshot once', () => {
  const store = new Store(snapshotOf(12));
  const heard: number[] = [];
  const leave = store.listen(({ state }) => heard.push(state.position));
  store.ask({ do: 'seek', position: 3 });
  store.ask({ do: 'seek', position: 5 });
  leave();
  store.ask({ do: 'seek', position: 7 });
  expect(heard).toEqual([3, 5]);
  expect(store.snapshot.state.position).toBe(7);
});

test('news that change nothing call no listener', () => {
  const store = new Store(snapshotOf(12));
  let count = 0;
  store.listen(() => count++);
  store.tell({ news: 'loss', loss: RUN.loss });
  expect(count).toBe(0);
});

test('if a listener changes the state, later listeners get only the newest snapshot', () => {
  const store = new Store(snapshotOf(12));
  const heard: Snapshot[] = [];
  store.listen(({ state }) => {
    if (state.position === 3) store.ask({ do: 'seek', position: 4 });
  });
  store.listen(snapshot => heard.push(snapshot));
  store.ask({ do: 'seek', position: 3 });
  expect(heard.map(({ state }) => state.position)).toEqual([4]);
});
