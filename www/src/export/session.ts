// Saves and opens session files. A file has the state, the model that the state belongs to, and the text's token ids. A
// file that does not fit the loaded model is refused with one sentence and changes nothing.

import { formatAddress, parseAddress, VERSION } from '../scope/address';
import type { Scope } from '../scope/scope';
import type { ScopeState, Snapshot } from '../scope/state';
import { initialState } from '../scope/state';
import type { Refusal } from '../text/en/share';
import type { Model, Origin } from './origin';
import { nameOf } from './origin';
import { up } from './settled';
import { END } from '../scope/values';

/** Maximum size of a file, bytes. The longest text with its ids is far smaller. */
const MOST_BYTES = 4_000_000;

export interface SavedSession {
  readonly state: ScopeState;
  readonly model: Model;
  readonly tokens: readonly number[];
}

export function sessionOf({ state, text }: Snapshot, { version, permalink, model }: Origin): string {
  const session = {
    moescope: VERSION,
    kind: 'session',
    version,
    permalink,
    state: formatAddress(state),
    model,
    tokens: text.tokens,
  };
  return `${JSON.stringify(session, null, 2)}\n`;
}

/** A file that cannot be opened here as a session file, with the reason. */
export class SavedSessionError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.why);
    this.name = 'SavedSessionError';
    this.refusal = refusal;
  }
}

/**
 * Opens a session file: the scope shows the file's state, with the model that is loaded.
 * @throws SavedSessionError if the file is refused, Error if no model loads. The scope's state is then unchanged.
 */
export async function openSession(scope: Scope, file: Blob): Promise<void> {
  if (file.size > MOST_BYTES) throw new SavedSessionError({ why: 'large', found: file.size, most: MOST_BYTES });
  const session = readSession(await file.text());
  const snapshot = await up(scope);
  const here = { name: nameOf(snapshot), sha256: await scope.fingerprint() };
  if (!isSame(session.model, here)) throw new SavedSessionError({ why: 'model', found: session.model, here });
  const { state, tokens } = session;
  const most = snapshot.model.info.vocab_size - 1;
  const index = state.appended.findIndex(id => id > most);
  if (index >= 0) throw new SavedSessionError({ why: 'vocabulary', index, found: state.appended[index] ?? 0, most });
  const cut = await scope.cut(state.text, state.appended);
  const position = differing(tokens, cut ?? []);
  if (position !== null) {
    const [found, expected] = [tokens[position] ?? null, cut?.[position] ?? null];
    throw new SavedSessionError({ why: 'tokens', position, found, expected });
  }
  // The file's hash equals this model's, but an old session file has no field `opened`, or another name for the model.
  scope.ask({ do: 'go', state: { ...state, opened: snapshot.opened }, complaints: [] });
}

/** The first index at which two lists differ; null if they are equal. */
function differing(one: readonly number[], other: readonly number[]): number | null {
  const most = Math.max(one.length, other.length);
  for (let index = 0; index < most; index++) if (one[index] !== other[index]) return index;
  return null;
}

/** @throws SavedSessionError */
export function readSession(text: string): SavedSession {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new SavedSessionError({ why: 'json', message: (error as SyntaxError).message });
  }
  const session = objectAt('', read);
  if (session.kind !== 'session') throw field('kind', session.kind, 'session');
  if (session.moescope !== VERSION) throw field('moescope', session.moescope, String(VERSION));
  const model = objectAt('model', session.model);
  const { name, sha256 } = model;
  if (typeof name !== 'string') throw field('model.name', name, 'name');
  if (sha256 !== null && (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/u.test(sha256))) {
    throw field('model.sha256', sha256, 'hash');
  }
  return { state: stateOf(session.state), model: { name, sha256 }, tokens: idsOf(session.tokens) };
}

function stateOf(found: unknown): ScopeState {
  if (typeof found !== 'string' || found === '') throw field('state', found, 'state');
  const { state, complaints } = parseAddress(found, initialState('', END, END));
  const [complaint] = complaints ?? [];
  if (complaint) throw new SavedSessionError({ why: 'state', complaint });
  return state;
}

function idsOf(found: unknown): number[] {
  if (!Array.isArray(found)) throw field('tokens', found, 'ids');
  return found.map((id: unknown, index) => {
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) throw field(`tokens[${index}]`, id, 'id');
    return id;
  });
}

function objectAt(where: string, found: unknown): Readonly<Record<string, unknown>> {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw field(where, found, 'object');
  return found as Readonly<Record<string, unknown>>;
}

function field(where: string, found: unknown, expected: string): SavedSessionError {
  return new SavedSessionError({
    why: 'field',
    field: where,
    found: found === undefined ? '' : JSON.stringify(found),
    expected,
  });
}

/** True if two models are the same: by hash if both hashes are known, otherwise by name. */
function isSame(one: Model, other: Model): boolean {
  if (one.sha256 === null || other.sha256 === null) return one.name === other.name;
  return one.sha256 === other.sha256;
}
