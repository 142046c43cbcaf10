// The state that a lesson's step shows, and where the shown state is, compared with it. Pure.

import { addressOf, formatAddress, LINK_FIELDS, parseAddress } from '../scope/address';
import { STATE_FIELDS } from '../scope/fields';
import { reduceIntent } from '../scope/reduce';
import { initialState } from '../scope/state';
import type { ScopeState, Snapshot } from '../scope/state';
import { END } from '../scope/values';
import type { StateFields } from './format';

type Key = keyof typeof STATE_FIELDS;

/** Fields of the page around the views that a lesson can set all the same. */
const SET_ANYWAY: readonly string[] = ['reveal'];
/** Fields that belong to the reader, not to the lesson. */
const READERS: readonly string[] = ['opened', 'lesson', 'at', 'ran'];

function isReaders({ group, name }: { readonly group: string; readonly name: string }): boolean {
  return READERS.includes(name) || (group === 'page' && !SET_ANYWAY.includes(name));
}

/** The names of the fields that a lesson can set. */
export const STATE_NAMES: readonly string[] = LINK_FIELDS.filter(field => !isReaders(field)).map(({ name }) => name);

const KEYS = Object.keys(STATE_FIELDS) as Key[];
/** The state's fields that stay when a lesson moves: theme, language, the opened model. */
const KEPT = KEYS.filter(key => isReaders(STATE_FIELDS[key]));

/** The state with some of its fields taken from another state. */
function withFields(state: ScopeState, from: ScopeState, keys: readonly Key[]): ScopeState {
  return { ...state, ...Object.fromEntries(keys.map(key => [key, from[key]])) };
}

/** The state of a lesson's step. Other fields that a lesson can set have their defaults; the reader's fields stay. */
export function placeOf(fields: StateFields, lesson: string, at: number, current: ScopeState): ScopeState {
  const first = withFields(initialState('', END, END), current, KEPT);
  const { state } = parseAddress(addressOf(fields), { ...first, lesson, at });
  return { ...state, reach: state.position };
}

/** The same step of the lesson, with the reader's text, token, expert and head. */
export function withText(place: ScopeState, current: ScopeState): ScopeState {
  return withFields(place, current, FREE);
}

/** Fields that a reader can change without leaving the step: its text and questions are about what is shown. */
const FREE: readonly Key[] = [
  'text',
  'appended',
  'position',
  'reach',
  'expert',
  'head',
  'temperature',
  'seed',
  'sort',
  'span',
];

/** `here`: the state is the step's; `elsewhere`: another text or token in the same view; `away`: something else. */
export type Where = 'here' | 'elsewhere' | 'away';

export function whereIs(snapshot: Snapshot, place: ScopeState): Where {
  const { state } = snapshot;
  // A state that is applied to the model: its layer, for example, is clamped.
  const applied = (wanted: ScopeState): string => {
    const { state } = reduceIntent(snapshot, { do: 'go', state: wanted, complaints: [] });
    return formatAddress({ ...state, reach: state.position });
  };
  const shown = formatAddress({ ...state, reach: state.position });
  const kept = withFields(place, state, KEPT);
  if (applied(kept) === shown) return 'here';
  return applied(withText(kept, state)) === shown ? 'elsewhere' : 'away';
}

/** True if two states are equal in all fields that a lesson can set. */
export function isSamePlace(one: ScopeState, other: ScopeState): boolean {
  const written = (state: ScopeState): string =>
    formatAddress({ ...withFields(state, one, KEPT), reach: state.position });
  return written(one) === written(other);
}
