// Moves of the playhead, as pure functions of the snapshot.

import { clamp } from './clamp';
import { hasTokens, shownPosition, tokenCount } from './select';
import type { Snapshot } from './state';
import { END } from './values';

/** The text's last position; `END` while its tokens are unknown. */
export function lastPosition(snapshot: Snapshot): number {
  return snapshot.text.tokens.length > 0 && hasTokens(snapshot) ? tokenCount(snapshot) - 1 : END;
}

/** The position that a step back starts from: the shown one, or the requested one while a new text has no tokens. */
export function currentPosition(snapshot: Snapshot): number {
  const { position } = snapshot.state;
  return !hasTokens(snapshot) && position !== END ? position : shownPosition(snapshot);
}

/** Moves the playhead and shows the finished step. Positions are clamped only when the tokens are known. */
export function movePlayhead(snapshot: Snapshot, position: number): Snapshot {
  const last = lastPosition(snapshot);
  const { state } = snapshot;
  const within = (wanted: number): number => clamp(wanted, 0, Math.max(0, last));
  const reach = within(Math.max(state.reach, position));
  return { ...snapshot, state: { ...state, position: within(position), reach, stage: null } };
}

/** Stops an unfinished run at its last record. */
export function stopRun(snapshot: Snapshot): Snapshot {
  const { state, plain } = snapshot;
  return { ...snapshot, state: { ...state, reach: Math.min(state.reach, Math.max(0, plain.records.length - 1)) } };
}
