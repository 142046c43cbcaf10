import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import type { Action, Deed } from '../testing/engines/world';
import { DEEDS, EngineWorld } from '../testing/engines/world';
import type { EnginePort, WorkerSource } from './start';

let world: EngineWorld;

vi.mock('./start', () => ({ start: (worker: WorkerSource): Promise<EnginePort> => world.start(worker) }));

afterAll(() => {
  vi.unstubAllGlobals();
});

const deed = fc.oneof(
  ...Object.entries(DEEDS).map(([deed, weight]) => ({ arbitrary: fc.constant(deed as Deed), weight })),
);
const action: fc.Arbitrary<Action> = fc.record({ deed, who: fc.nat(99), turns: fc.boolean() });

/** Situations that must occur in the random runs; otherwise the test would check too little. */
const SITUATIONS = [
  'a user joins an engine that is fetching',
  'a user joins an engine that is starting',
  'a user joins an engine that is loading',
  'a user joins an engine that is starting, after its load',
  'a user joins an engine that is loading, after its load',
  'a user joins an engine that is running, after its load',
  'a user comes after an engine that has ended',
  'a user comes after an engine that has failed',
  'a retry does not join the broken engine',
  'a retry joins an engine that is not the broken one',
  'a user gives up while the engine is fetching, and others stay',
  'a user gives up while the engine is starting, and others stay',
  'a user gives up while the engine is loading, and others stay',
  'a user gives up while the engine is running, and others stay',
  'the last user gives up while the engine is fetching',
  'the last user gives up while the engine is starting',
  'the last user gives up while the engine is loading',
  'the last user gives up while the engine is running',
  'the last user leaves while the engine is running',
  'the last user leaves while the engine is starting',
  'the last user leaves while the engine is loading',
  'the last user leaves while the engine is failed',
  'a script starts after its engine has ended',
  'fetch fails a load',
  'panic fails a load',
  'config fails a load',
  'panic fails a restart',
  'config fails a restart',
  'an engine crashes that is loading',
  'an engine crashes that is loading, with open requests',
  'an engine crashes that is running',
  'an engine crashes that is running, with open requests',
  'a request is pending, and the engine is running',
  'a request is pending, and the engine is starting',
  'a request is pending, and the engine is loading',
  'a request is restarted, and the engine is running',
  'a request is restarted, and the engine is starting',
  'a request is cancelled, and the engine is running',
  'a request is panic, and the engine is failed',
  'a cut outlives its client',
];

test('users that join, send requests, retry and leave in any order get the expected results, also if engines crash', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 80, size: 'max' }), async actions => {
      world = new EngineWorld(situation => seen.add(situation));
      vi.stubGlobal('fetch', world.fetch);
      for (const action of actions) {
        const turn = world.act(action);
        if (turn) await turn;
      }
      await world.finish();
    }),
    { seed: 20, numRuns: 500 },
  );
  expect(SITUATIONS.filter(situation => !seen.has(situation))).toEqual([]);
}, 60_000);
