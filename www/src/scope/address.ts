// Writes a state as the part of an address behind `#`, and reads it back. `fields.ts` says how each field is written,
// read and limited. A value that is not allowed is ignored, clamped or shortened, and reported.

import type { Field } from './fields';
import { FIELDS_AFTER_WHAT_IF, FIELDS_BEFORE_WHAT_IF, ONLY, STATE_FIELDS, WHAT_IF_FIELDS } from './fields';
import type { Complaint, ScopeState } from './state';
import { decimals, END } from './values';
import { wellFormed } from './well-formed';
import type { WhatIf } from './what-if';

/** Version of links, events and messages; changes when one of them changes its meaning. */
export const VERSION = 1;
/** Maximum length of a value that a complaint quotes, characters. */
const MOST_FOUND = 24;

/** A field of the state, with functions that read it from the state and write it to the state. */
export interface LinkField extends Omit<Field<unknown>, 'values' | 'initial' | 'isAlwaysWritten'> {
  /** The types of the element's attribute and property. */
  readonly attribute: string;
  readonly property: string;
  /** The type of the notebook widget's trait. */
  readonly python: string;
  /** The field's value as in a link; null for the default. */
  readonly write: (state: ScopeState) => string | null;
  /** The value of the element's property. */
  readonly value: (state: ScopeState) => unknown;
  /** Converts a value of the element's property to a value as in a link; null for the default. */
  readonly writeValue: (value: PropertyValue) => string | null;
  /** Returns the state with the value `found`, and a problem if the value was changed or ignored. */
  readonly take: (
    state: ScopeState,
    found: string,
  ) => { readonly state: ScopeState; readonly problem?: Complaint['problem'] };
}

/** A value of one of the element's properties. Infinity stands for the last token or layer. */
export type PropertyValue = string | number | boolean | readonly unknown[];

/** Makes a field that is read from the state by `get` and put into it by `put`. */
function linkField<V>(
  { values, initial, isAlwaysWritten, ...field }: Field<V>,
  get: (state: ScopeState) => V,
  put: (state: ScopeState, value: V) => ScopeState,
): LinkField {
  const byDefault = isAlwaysWritten ? null : values.write(initial);
  return {
    ...field,
    attribute: values.attribute,
    property: values.property,
    python: values.python,
    write: state => {
      const written = values.write(get(state));
      return written === byDefault ? null : written;
    },
    value: state => values.toProperty(get(state)),
    writeValue: value => {
      if (Array.isArray(value)) return values.fromList ? values.write(values.fromList(value)) : value.join('_');
      return value === Infinity ? null : formatValue(value as Exclude<PropertyValue, readonly unknown[]>);
    },
    take: (state, found) => {
      const taken = values.read(found);
      if (!taken) return { state, problem: 'unreadable' };
      const { value, ...problem } = taken;
      return { ...problem, state: put(state, value) };
    },
  };
}

function inState(
  key: keyof typeof STATE_FIELDS,
  field: Field<unknown> = STATE_FIELDS[key] as unknown as Field<unknown>,
): LinkField {
  return linkField(
    field,
    state => state[key],
    (state, value) => ({ ...state, [key]: value }),
  );
}

function inWhatIf(key: keyof WhatIf): LinkField {
  return linkField(
    WHAT_IF_FIELDS[key] as unknown as Field<unknown>,
    ({ whatIf }) => whatIf[key],
    (state, value) => ({ ...state, whatIf: { ...state.whatIf, [key]: value } }),
  );
}

function keysOf<T extends object>(fields: T): (keyof T)[] {
  return Object.keys(fields) as (keyof T)[];
}

/** The field `only` sets the same value as `hide`. Both are read from links, but only `hide` is written. */
const only = inState('hidden', ONLY as unknown as Field<unknown>);

/** All fields, in the order in which links have them. */
export const LINK_FIELDS: readonly LinkField[] = [
  ...keysOf(FIELDS_BEFORE_WHAT_IF).flatMap(key => (key === 'hidden' ? [inState(key), only] : [inState(key)])),
  ...keysOf(WHAT_IF_FIELDS).map(inWhatIf),
  ...keysOf(FIELDS_AFTER_WHAT_IF).map(key => inState(key)),
];

/** The fields of a link that differ from their defaults, without `only`, and with `ran` only if it is after `token`. */
function written(state: ScopeState): (readonly [name: string, value: string])[] {
  return LINK_FIELDS.flatMap(field => {
    const isLeftOut = field === only || (field.name === 'ran' && state.reach <= state.position);
    const value = isLeftOut ? null : field.write(state);
    return value === null ? [] : [[field.name, value] as const];
  });
}

/** Names of the fields in links; the element's attributes have the same names. */
export const FIELD_NAMES: readonly string[] = LINK_FIELDS.map(({ name }) => name);

/** The old names of renamed fields, which can still be read, and their current names. */
export const ALIASES: ReadonlyMap<string, string> = new Map(
  LINK_FIELDS.flatMap(({ alias, name }) => (alias === undefined ? [] : [[alias, name]])),
);

export function fieldNamed(name: string): LinkField | undefined {
  const current = ALIASES.get(name) ?? name;
  return LINK_FIELDS.find(field => field.name === current);
}

/** The value of a field as a link has it; null for the default. */
export function fieldOf(state: ScopeState, name: string): string | null {
  const field = fieldNamed(name);
  if (field?.name === 'ran' && state.reach <= state.position) return null;
  return field?.write(state) ?? null;
}

/** A copy of the state with the named fields reset to their values in `defaults`. */
export function resetFields(state: ScopeState, names: readonly string[], defaults: ScopeState): ScopeState {
  if (names.length === 0) return state;
  const current = names.map(name => ALIASES.get(name) ?? name);
  const dropped = new Set(current.map(name => (name === only.name ? 'hide' : name)));
  const kept = written(state).filter(([name]) => !dropped.has(name));
  return parseAddress(addressOf(kept), defaults).state;
}

/** Writes fields as an address, without the `#`. */
export function addressOf(fields: Iterable<readonly [string, string]>): string {
  return [`v=${VERSION}`, ...Array.from(fields, ([name, value]) => `${name}=${encode(value)}`)].join('&');
}

/** Writes the complete state as an address, without the `#`. */
export function formatAddress(state: ScopeState): string {
  return addressOf(written(state));
}

/** Reads an address; fields that it lacks come from `first`. Complaints are null if the address is empty. */
export function parseAddress(
  hash: string,
  first: ScopeState,
): { readonly state: ScopeState; readonly complaints: readonly Complaint[] | null } {
  const query = hash.replace(/^#/u, '');
  if (query === '') return { state: first, complaints: null };
  const complaints: Complaint[] = [];
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!found.has(name)) found.set(name, value);
  }
  const version = found.get('v');
  if (version !== String(VERSION)) {
    complaints.push({ field: 'v', found: short(version ?? ''), problem: 'version', used: String(VERSION) });
    return { state: first, complaints };
  }
  let state = first;
  for (const { name, alias = name, take, write } of LINK_FIELDS) {
    const value = found.get(name) ?? found.get(alias);
    if (value === undefined) continue;
    const taken = take(state, value);
    state = taken.state;
    const { problem } = taken;
    if (problem) complaints.push({ field: name, found: short(value), problem, used: short(write(state) ?? '') });
  }
  // A text without `token` is shown at its end; a text without `ids` has no appended tokens.
  if (found.has('text') && !found.has('token')) state = { ...state, position: END };
  if (found.has('text') && !found.has('ids')) state = { ...state, appended: [] };
  if (!found.has('ran') && (found.has('text') || found.has('token'))) state = { ...state, reach: state.position };
  for (const [name, value] of found) {
    const isKnown = name === 'v' || fieldNamed(name) !== undefined;
    if (!isKnown) complaints.push({ field: short(name), found: short(value), problem: 'unknown', used: '' });
  }
  return { state, complaints };
}

/** Writes a word, a number or a flag as in a link. */
export function formatValue(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? decimals(value) : value;
}

/** Encodes a value for an address, with spaces as `+`. */
function encode(value: string): string {
  return encodeURIComponent(wellFormed(value)).replaceAll('%20', '+');
}

function short(found: string): string {
  return found.length > MOST_FOUND ? `${found.slice(0, MOST_FOUND).replace(/\p{Surrogate}$/u, '')}…` : found;
}
