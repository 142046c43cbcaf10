// Combinations that cannot exist are type errors: `tsc` fails if one of these lines has none.

import { expect, test } from 'vitest';
import { comparisonOf, RUN } from '../testing/snapshots';
import { EMPTY_RUN } from './state';
import type { ChangedRun, ComparisonProgress, EngineState, ShownFault, Snapshot, Text } from './state';

const tokens = { tokens: [0], continuation: '', beyond: '' };
const link = {} as Snapshot['state'];
const progress = { loaded: 0, total: null };

test('a contradiction has no type', () => {
  const texts: Text[] = [
    { is: 'waiting', link, ...tokens },
    // @ts-expect-error A tokenized text has no link that waits.
    { is: 'tokenized', link, ...tokens },
    // @ts-expect-error Typing replaces a link.
    { is: 'typed', link, ...tokens },
    // @ts-expect-error A text always has tokens: the last ones, until its own are known.
    { is: 'tokenized' },
  ];
  const engines: EngineState[] = [
    { is: 'running', inPage: false, next: progress },
    // @ts-expect-error The first model is loading, so there is none beside it.
    { is: 'loading', progress, next: null },
    // @ts-expect-error The first model has failed, so a retry makes it load again.
    { is: 'failed', during: 'load', kind: 'panic', sentence: '', next: progress },
    // @ts-expect-error Without a model no engine runs in the page.
    { is: 'failed', during: 'load', inPage: false, kind: 'panic', sentence: '' },
    // @ts-expect-error A failure has a sentence.
    { is: 'failed', during: 'load', kind: 'panic' },
    // @ts-expect-error A running engine has no failure.
    { is: 'running', inPage: false, next: null, sentence: '' },
  ];
  const runs: ChangedRun[] = [
    comparisonOf(),
    // @ts-expect-error A refused what-if has no run.
    { is: 'refused', sentence: '', run: EMPTY_RUN },
  ];
  const ways: ComparisonProgress[] = [
    { is: 'level', loss: RUN.loss },
    // @ts-expect-error A loss that does not cover all steps is dropped.
    { is: 'behind', loss: RUN.loss },
    // @ts-expect-error The run has its loss when it is level.
    { is: 'level' },
  ];
  const faults: ShownFault[] = [
    { kind: 'view', message: '', during: 'run', recovered: true },
    // @ts-expect-error No text runs again after a failed load.
    { kind: 'fetch', message: '', during: 'load', recovered: true },
    // @ts-expect-error A cancelled job is no fault.
    { kind: 'cancelled', message: '', during: 'run', recovered: false },
  ];
  expect([texts, engines, runs, ways, faults].map(({ length }) => length)).toEqual([4, 6, 2, 3, 3]);
});
