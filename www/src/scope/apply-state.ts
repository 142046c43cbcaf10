// A state from a link, a message or the browser's history, applied to a snapshot. Pure.

import { knownIds, outOfRangeComplaints } from './link-check';
import { movePlayhead } from './playhead';
import { clampSelection, knownStage } from './selection';
import type { Complaint, ScopeState, Snapshot } from './state';
import { sameChange } from './what-if';

/** Applies a state from a link, a message or the browser's history to the loaded model. */
export function applyState(snapshot: Snapshot, from: ScopeState, wrong: readonly Complaint[]): Snapshot {
  const { text, appended, position, whatIf } = snapshot.state;
  const ids = knownIds(snapshot.model, from.appended);
  const complaints = [...wrong, ...ids.complaints];
  const same = sameChange(from.whatIf, whatIf);
  const wanted = { ...from, appended: ids.appended, whatIf: same ? whatIf : from.whatIf };
  const before = same ? snapshot : { ...snapshot, comparison: null, refused: null };
  const sameText = wanted.text === text && equal(wanted.appended, appended);
  // After typing, the playhead moves to the end of the new text unless the request names a position.
  const typed = snapshot.typed && sameText && wanted.position === position;
  const asked = { ...before, typed, linked: typed ? null : wanted, complaints, state: wanted };
  // Tokenize a new text first; the rest of the state is applied when its tokens are known.
  if (!sameText) return { ...asked, uncut: true };
  if (snapshot.linked || snapshot.uncut) return { ...asked, state: { ...wanted, appended } };
  const placed = movePlayhead({ ...asked, linked: null, state: { ...wanted, stage: null } }, wanted.position);
  const looked = clampSelection(snapshot.model, wanted);
  const stage = knownStage(snapshot.model, wanted.stage);
  const state = { ...placed.state, ...looked, stage, appended };
  return { ...placed, state, complaints: [...complaints, ...outOfRangeComplaints(asked, wanted)] };
}

function equal(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
