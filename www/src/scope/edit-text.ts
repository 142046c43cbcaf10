// Changes of the text, as pure functions of the snapshot. The engine tokenizes the new text later.

import { movePlayhead } from './playhead';
import { shownPosition } from './select';
import type { Snapshot, Text } from './state';
import { END } from './values';

/** Puts a token after the playhead. Inside a text, the tokens up to the playhead are then stored by id and stay. */
export function appendToken(snapshot: Snapshot, token: number): Snapshot {
  const { state, model, text } = snapshot;
  const { tokens } = text;
  const next = shownPosition(snapshot) + 1;
  if (tokens[next] === token) return movePlayhead(snapshot, next);
  const onward = { ...state, position: END, reach: END, stage: null };
  if (next === tokens.length) {
    return { ...snapshot, text: waiting(text), state: { ...onward, appended: [...state.appended, token] } };
  }
  const appended = [...tokens.slice(model.blank.length, next), token];
  return { ...snapshot, text: waiting(text), state: { ...onward, text: '', appended } };
}

/** Replaces the text; faults and complaints of the last text are dropped. `is`: `typed` if the user has typed it. */
export function replaceText(snapshot: Snapshot, text: string, position: number, is: 'waiting' | 'typed'): Snapshot {
  const fault = snapshot.fault?.during === 'run' ? null : snapshot.fault;
  const state = { ...snapshot.state, text, appended: [], position, reach: position, stage: null };
  const { tokens, continuation, beyond } = snapshot.text;
  const last = { tokens, continuation, beyond };
  const next: Text = is === 'typed' ? { is, ...last } : { is, link: null, ...last };
  return { ...snapshot, state, text: next, fault, complaints: [] };
}

/** The text's status while the engine has to tokenize the text again; a link that waits still waits. */
export function waiting(text: Text): Text {
  switch (text.is) {
    case 'waiting':
    case 'typed':
      return text;
    case 'prepared':
      return { ...text, is: 'waiting' };
    case 'tokenized':
      return { ...text, is: 'waiting', link: null };
  }
}
