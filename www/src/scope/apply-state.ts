// A state from a link, a message or the browser's history, applied to a snapshot. Pure.

import { knownIds, outOfRangeComplaints } from './link-check';
import { movePlayhead } from './playhead';
import { hasTokens, isModelMissing, pendingLink } from './select';
import { clampSelection, knownStage } from './selection';
import type { Complaint, ScopeState, Snapshot, Text } from './state';
import { sameChange } from './what-if';

/** Applies a state from a link, a message or the browser's history to the loaded model. */
export function applyState(snapshot: Snapshot, from: ScopeState, wrong: readonly Complaint[]): Snapshot {
  const { text, appended, position, whatIf } = snapshot.state;
  const isMissing = isModelMissing({ state: from, opened: snapshot.opened });
  // Ids and indices are checked when the model that they belong to is loaded.
  const ids = isMissing ? { appended: from.appended, complaints: [] } : knownIds(snapshot.model, from.appended);
  const complaints = [...wrong, ...ids.complaints];
  const same = sameChange(from.whatIf, whatIf);
  const wanted = { ...from, appended: ids.appended, whatIf: same ? whatIf : from.whatIf };
  const sameText = wanted.text === text && equal(wanted.appended, appended);
  const before = { ...snapshot, complaints, changed: same ? snapshot.changed : null };
  // After typing, the playhead moves to the end of the new text unless the request names a position.
  const follows = snapshot.text.is === 'typed' && sameText && wanted.position === position;
  const waiting = (is: 'waiting' | 'prepared'): Text => (follows ? snapshot.text : withLink(snapshot.text, wanted, is));
  // Tokenize a new text first; the rest of the state is applied when its tokens are known.
  if (!sameText || isMissing) return { ...before, text: waiting('waiting'), state: wanted };
  if (!hasTokens(snapshot) || pendingLink(snapshot)) {
    const is = snapshot.text.is === 'prepared' ? 'prepared' : 'waiting';
    return { ...before, text: waiting(is), state: { ...wanted, appended } };
  }
  const asked = { ...before, state: wanted };
  const placed = movePlayhead({ ...asked, state: { ...wanted, stage: null } }, wanted.position);
  const looked = clampSelection(snapshot.model, wanted);
  const stage = knownStage(snapshot.model, wanted.stage);
  const state = { ...placed.state, ...looked, stage, appended };
  return { ...placed, state, complaints: [...complaints, ...outOfRangeComplaints(asked, wanted)] };
}

/** The tokens, with a link that waits until the engine has tokenized the link's text. */
function withLink(text: Text, link: ScopeState, is: 'waiting' | 'prepared'): Text {
  const { tokens, continuation, beyond } = text;
  return { is, link, tokens, continuation, beyond };
}

function equal(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
