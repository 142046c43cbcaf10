// The results of the runs that quantities, phrases and answers are read from. Unlike the views, a lesson reads a
// finished step also while an earlier stage is shown: it has to know the answer to its question.

import type { DetailName, Route, StepRecord } from '../engine/types';
import {
  hasTokens,
  isArrived,
  isAwaited,
  isCompared,
  lossOf,
  pendingLink,
  shownComparison,
  shownPosition,
} from '../scope/select';
import { chosenLayer } from '../scope/shape';
import type { Run, RunName, Snapshot } from '../scope/state';

/**
 * True if the results are those of the state: its text is tokenized, its token has run, and so has its change. Until
 * then, the snapshot still has results of an earlier state, which a lesson must not name.
 */
export function isReady(snapshot: Snapshot): boolean {
  return hasTokens(snapshot) && !pendingLink(snapshot) && isArrived(snapshot) && isCompared(snapshot);
}

/** A run; the changed one only when it is complete. */
export function runNamed(snapshot: Snapshot, name: RunName): Run | undefined {
  if (name === 'plain') return snapshot.plain;
  const comparison = shownComparison(snapshot);
  return isAwaited(snapshot) || !lossOf(comparison) ? undefined : comparison?.run;
}

/** A run's record of the shown token; undefined until the requested token is computed. */
export function recordIn(snapshot: Snapshot, run: Run): StepRecord | undefined {
  return run.records[shownPosition(snapshot)];
}

/** A run's route of the shown token in the shown layer. */
export function routeIn(snapshot: Snapshot, run: Run): Route | undefined {
  const layer = chosenLayer(snapshot);
  return recordIn(snapshot, run)?.routes.find(route => route.layer === layer);
}

/** A part of a run's detail of the shown token, at the indices of its first axes; undefined until it is computed. */
export function detailIn(
  snapshot: Snapshot,
  run: Run,
  name: DetailName,
  at: readonly number[],
): Float32Array | undefined {
  const { detail } = run;
  if (detail?.position !== shownPosition(snapshot)) return undefined;
  const { shape, values } = detail[name];
  const size = shape.slice(at.length).reduce((all, each) => all * each, 1);
  const first = at.reduce((before, index, axis) => before * (shape[axis] ?? 1) + index, 0) * size;
  return values.subarray(first, first + size);
}
