// How a snapshot changes: pure functions of the snapshot and of what was asked or said. May import: state, select.

import type { Loaded } from '../engine/messages';
import { length, shownPosition } from './select';
import type { Intent, News, Snapshot } from './state';
import { END } from './state';

/** The snapshot after what a view asks for; what needs the engine first comes back later as news. */
export function reduceIntent(snapshot: Snapshot, intent: Intent): Snapshot {
  const { state } = snapshot;
  switch (intent.do) {
    case 'type': {
      const position = state.position >= length(snapshot) - 1 ? END : state.position;
      return { ...retyped(snapshot, intent.text, position), typed: true };
    }
    case 'example':
      return retyped(snapshot, intent.text, intent.position);
    case 'seek':
      return at(snapshot, intent.position);
    case 'step':
      // Forward from where one wants to be, back from where one is: back also stops a run.
      return at(snapshot, intent.by > 0 ? state.position + 1 : shownPosition(snapshot) - 1);
    case 'layer':
      return { ...snapshot, state: { ...state, layer: clampLayer(snapshot.model, intent.layer) } };
    case 'append':
      return append(snapshot, intent.token);
    case 'sample': {
      const temperature = intent.temperature ?? state.temperature;
      const seed = intent.seed ?? state.seed;
      return { ...snapshot, state: { ...state, temperature, seed } };
    }
    case 'dismiss':
      return { ...snapshot, fault: null };
    case 'open':
    case 'retry':
      return { ...snapshot, fault: null, progress: { loaded: 0, total: null } };
    case 'generate':
      return at(snapshot, END);
  }
}

/** The snapshot after what the engine says. */
export function reduceNews(snapshot: Snapshot, news: News): Snapshot {
  const { state } = snapshot;
  switch (news.news) {
    case 'progress':
      return { ...snapshot, progress: news.progress };
    case 'model': {
      // Another model reads the text anew, and its ids are its own.
      const layer = clampLayer(news.model, state.layer);
      const text = state.text + snapshot.continuation;
      return {
        ...snapshot,
        state: { ...state, layer, text, appended: [] },
        model: news.model,
        progress: null,
        tokens: [],
        continuation: '',
        beyond: '',
        records: [],
        fault: null,
      };
    }
    case 'text': {
      const { tokens, continuation, beyond } = news.text;
      const changed = tokens.findIndex((token, position) => token !== snapshot.tokens[position]);
      const shared = changed < 0 ? tokens.length : changed;
      const records = snapshot.records.slice(0, shared);
      // Who writes before the playhead or at the end follows the end; who writes behind it keeps looking where they do.
      const position = snapshot.typed && shared <= state.position ? END : state.position;
      return at({ ...snapshot, typed: false, tokens, continuation, beyond, records }, position);
    }
    case 'record': {
      // Only the next one fits: a run that was cancelled may have said one more.
      const { record } = news;
      const fits = record.position === snapshot.records.length && record.token === snapshot.tokens[record.position];
      return fits ? { ...snapshot, records: [...snapshot.records, record] } : snapshot;
    }
    case 'fault':
      return { ...snapshot, fault: news.fault, progress: null };
  }
}

/** One more token after the playhead. In the midst of a text its tokens up to there are kept by id, exactly. */
function append(snapshot: Snapshot, token: number): Snapshot {
  const { state, tokens, model } = snapshot;
  const next = shownPosition(snapshot) + 1;
  if (tokens[next] === token) return at(snapshot, next);
  if (next === tokens.length) {
    return { ...snapshot, state: { ...state, appended: [...state.appended, token], position: END } };
  }
  const appended = [...tokens.slice(model?.blank.length ?? 0, next), token];
  return { ...snapshot, state: { ...state, text: '', appended, position: END } };
}

/** Another text; what went wrong with the last one is over. */
function retyped(snapshot: Snapshot, text: string, position: number): Snapshot {
  const fault = snapshot.fault?.during === 'run' ? null : snapshot.fault;
  return { ...snapshot, state: { ...snapshot.state, text, appended: [], position }, typed: false, fault };
}

function at(snapshot: Snapshot, position: number): Snapshot {
  const last = Math.max(0, length(snapshot) - 1);
  return { ...snapshot, state: { ...snapshot.state, position: Math.max(0, Math.min(position, last)) } };
}

function clampLayer(model: Loaded | null, layer: number): number {
  return model ? Math.max(0, Math.min(layer, model.info.num_hidden_layers - 1)) : layer;
}
