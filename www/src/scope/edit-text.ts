// Changes of the text, as pure functions of the snapshot. The engine tokenizes the new text later.

import { movePlayhead } from './playhead';
import { shownPosition } from './select';
import type { Snapshot } from './state';
import { END } from './values';

/** Puts a token after the playhead. Inside a text, the tokens up to the playhead are then stored by id and stay. */
export function appendToken(snapshot: Snapshot, token: number): Snapshot {
  const { state, tokens, model } = snapshot;
  const next = shownPosition(snapshot) + 1;
  if (tokens[next] === token) return movePlayhead(snapshot, next);
  const onward = { ...state, position: END, reach: END, stage: null };
  if (next === tokens.length) {
    return { ...snapshot, uncut: true, state: { ...onward, appended: [...state.appended, token] } };
  }
  const appended = [...tokens.slice(model.blank.length, next), token];
  return { ...snapshot, uncut: true, state: { ...onward, text: '', appended } };
}

/** Replaces the text; faults and complaints of the last text are dropped. */
export function replaceText(snapshot: Snapshot, text: string, position: number): Snapshot {
  const fault = snapshot.fault?.during === 'run' ? null : snapshot.fault;
  const state = { ...snapshot.state, text, appended: [], position, reach: position, stage: null };
  return { ...snapshot, state, typed: false, linked: null, uncut: true, fault, complaints: [] };
}
