// Writes a state as the part of an address behind `#`, and reads it back. One schema says how each field is written,
// read and limited. A value that is not allowed is ignored, clamped or shortened, and reported.

import { clamp } from './clamp';
import type { Complaint, Part, ScopeState } from './state';
import {
  CACHE_BITS,
  END,
  LANGUAGES,
  MOST_CONFIG,
  MOST_CONTEXT,
  MOST_MEMORY,
  MOST_SEED,
  MOST_TEMPERATURE,
  MOST_USERS,
  PARTS,
  REVEALS,
  SHOWN,
  SORTS,
  SPANS,
  SPEEDS,
  THEMES,
  VIEWS,
  WEIGHT_BITS,
} from './state';
import { wellFormed } from './well-formed';
import type { Place, Shift, WhatIf } from './what-if';
import { CACHE_FORMATS, MIXTURES } from './what-if';

/** Version of links, events and messages; changes when one of them changes its meaning. */
export const VERSION = 1;
/** Maximum length of a link's text, characters; about 49 contexts of 512 tokens, at four characters per token. */
const MOST_TEXT = 100_000;
const MOST_IDS = 4096;
/** Maximum number of experts in one list of a what-if; the rest is ignored. */
const MOST_PLACES = 1024;
const MOST_DECIMALS = 20;
/** Value of `only` when every part around the view is hidden. */
const NO_PART = 'view';
/** Maximum length of a value that a complaint quotes, characters. */
const MOST_FOUND = 24;

/** A value read from a link; with a problem if it differs from the link's value. */
interface Read<T> {
  readonly value: T;
  readonly problem?: Complaint['problem'];
}

/** Writes one field of the state to a link, and reads it back. */
interface Field {
  /** The field's name in a link, and the name of the element's attribute. */
  readonly name: string;
  /** The field's value in a link; null for the default, which is left out. */
  readonly write: (state: ScopeState) => string | null;
  /** The value of the element's attribute, for a field that `write` never writes to links: `only`. */
  readonly say?: (state: ScopeState) => string | null;
  /** The state with the value `found`; with a problem if the value was changed or ignored. */
  readonly take: (
    state: ScopeState,
    found: string,
  ) => { readonly state: ScopeState; readonly problem?: Complaint['problem'] };
}

/** The last position to run; links leave it out unless it is after the playhead. */
const reach: Field = {
  ...field('ran', 'reach', written, found => readWhole(found, END)),
  write: state => (state.reach > state.position ? written(state.reach) : null),
};

/** The parts that stay visible. Links always write the opposite, `hide`. */
const only: Field = {
  ...field('only', 'hidden', () => null, readOnly),
  write: () => null,
  say: ({ hidden }) =>
    hidden.length > 0 ? (writeParts(PARTS.filter(part => !hidden.includes(part))) ?? NO_PART) : null,
};

const FIELDS: readonly Field[] = [
  field('text', 'text', text => text, readText),
  field('ids', 'appended', ids => (ids.length > 0 ? ids.join('.') : null), readIds),
  field('token', 'position', written, found => readWhole(found, END)),
  reach,
  field('layer', 'layer', written, found => readWhole(found, END)),
  field(
    'expert',
    'expert',
    expert => (expert === null ? null : String(expert)),
    found => readWhole(found, END),
  ),
  field('stage', 'stage', written, found => readWhole(found, END)),
  choice('view', 'view', VIEWS, 'roll'),
  field(
    'head',
    'head',
    head => (head === 0 ? null : written(head)),
    found => readWhole(found, END),
  ),
  choice('sort', 'sort', SORTS, 'expert'),
  choice('span', 'span', SPANS, 'one'),
  choice('reveal', 'reveal', REVEALS, 'always'),
  field('hide', 'hidden', writeParts, readParts),
  only,
  field(
    'autoplay',
    'autoplay',
    autoplay => (autoplay ? 'on' : null),
    found => oneOf(['on', 'off', ''], found) && { value: found !== 'off' },
  ),
  setting('off', 'off', writePlaces, found => readList(found, readPlace)),
  setting('forced', 'forced', writePlaces, found => readList(found, readPlace)),
  setting(
    'mixture',
    'mixture',
    mixture => (mixture === 'all' ? null : mixture),
    found => oneOf(MIXTURES, found),
  ),
  setting('chosen', 'chosen', writeCount, readCount),
  setting('groups', 'groups', writeCount, readCount),
  setting(
    'bias',
    'bias',
    bias => (bias ? null : 'off'),
    found => oneOf(['on', 'off', ''], found) && { value: found !== 'off' },
  ),
  setting('shifts', 'shifts', writeShifts, found => readList(found, readShift)),
  setting('rank', 'rank', writeCount, readCount),
  setting(
    'format',
    'format',
    format => (format === 'f32' ? null : format),
    found => oneOf(CACHE_FORMATS, found),
  ),
  choice('shown', 'shown', SHOWN, 'auto'),
  field(
    'temperature',
    'temperature',
    temperature => (temperature === 0 ? null : decimals(temperature)),
    readTemperature,
  ),
  field(
    'seed',
    'seed',
    seed => (seed === 1 ? null : String(seed)),
    found => readWhole(found, MOST_SEED),
  ),
  choice('speed', 'speed', SPEEDS, 1),
  choice('theme', 'theme', THEMES, 'auto'),
  choice('lang', 'language', LANGUAGES, 'en'),
  field('model', 'published', published => (published === 'deepseek-v3' ? null : published), readName),
  whole('context', 'context', 1, MOST_CONTEXT, 131_072),
  whole('users', 'users', 0, MOST_USERS, 8),
  whole('memory', 'memory', 1, MOST_MEMORY, 1000),
  choice('bits', 'bits', CACHE_BITS, 16),
  choice('weights', 'weights', WEIGHT_BITS, 8),
  field('config', 'config', config => (config === '' ? null : config), readConfig),
];

/** Names of the fields in links; the element's attributes have the same names. */
export const FIELD_NAMES: readonly string[] = FIELDS.map(({ name }) => name);

/** The value of a field as a link writes it; null for the default. */
export function fieldOf(state: ScopeState, name: string): string | null {
  const field = FIELDS.find(field => field.name === name);
  return (field?.say ?? field?.write)?.(state) ?? null;
}

/** A copy of the state with the named fields reset to their values in `defaults`. */
export function resetFields(state: ScopeState, names: readonly string[], defaults: ScopeState): ScopeState {
  if (names.length === 0) return state;
  // `hide` and `only` are two names for the same list of parts.
  const dropped = new Set(names.some(name => name === 'hide' || name === 'only') ? [...names, 'hide', 'only'] : names);
  const kept = FIELDS.flatMap(({ name, write }): [string, string][] => {
    const value = dropped.has(name) ? null : write(state);
    return value === null ? [] : [[name, value]];
  });
  return parseAddress(addressOf(kept), defaults).state;
}

/** Writes fields as an address, without the `#`. */
export function addressOf(fields: Iterable<readonly [string, string]>): string {
  return [`v=${VERSION}`, ...Array.from(fields, ([name, value]) => `${name}=${encode(value)}`)].join('&');
}

/** Writes the complete state as an address, without the `#`. */
export function formatAddress(state: ScopeState): string {
  const parts = [`v=${VERSION}`];
  for (const { name, write } of FIELDS) {
    const written = write(state);
    if (written !== null) parts.push(`${name}=${encode(written)}`);
  }
  return parts.join('&');
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
  for (const { name, take, write } of FIELDS) {
    const value = found.get(name);
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
  const known = new Set(['v', ...FIELDS.map(({ name }) => name)]);
  for (const [name, value] of found) {
    if (!known.has(name)) complaints.push({ field: short(name), found: short(value), problem: 'unknown', used: '' });
  }
  return { state, complaints };
}

function field<K extends keyof ScopeState>(
  name: string,
  key: K,
  write: (value: ScopeState[K]) => string | null,
  read: (found: string) => Read<ScopeState[K]> | null,
): Field {
  return {
    name,
    write: state => write(state[key]),
    take: (state, found) => {
      const taken = read(found);
      return taken ? { ...taken, state: { ...state, [key]: taken.value } } : { state, problem: 'unreadable' };
    },
  };
}

/** Fields of the state whose type is a word or a number. */
type Worded = {
  [K in keyof ScopeState]: ScopeState[K] extends string | number ? K : never;
}[keyof ScopeState];

function choice<K extends Worded>(
  name: string,
  key: K,
  choices: readonly ScopeState[K][],
  initial: ScopeState[K],
): Field {
  const write = (value: ScopeState[K]): string | null => (value === initial ? null : String(value));
  return field(name, key, write, found => {
    const value = choices.find(each => String(each) === found);
    return value === undefined ? null : { value };
  });
}

/** Describes a field of the what-if. */
function setting<K extends keyof WhatIf>(
  name: string,
  key: K,
  write: (value: WhatIf[K]) => string | null,
  read: (found: string) => Read<WhatIf[K]> | null,
): Field {
  return {
    name,
    write: ({ whatIf }) => write(whatIf[key]),
    take: (state, found) => {
      const taken = read(found);
      if (!taken) return { state, problem: 'unreadable' };
      return { ...taken, state: { ...state, whatIf: { ...state.whatIf, [key]: taken.value } } };
    },
  };
}

function oneOf<T extends string>(choices: readonly T[], found: string): Read<T> | null {
  const value = choices.find(each => each === found);
  return value === undefined ? null : { value };
}

function writeCount(value: number | null): string | null {
  return value === null ? null : String(value);
}

function readCount(found: string): Read<number> | null {
  return readWhole(found, END);
}

function writeParts(parts: readonly Part[]): string | null {
  return parts.length > 0 ? parts.join('_') : null;
}

/** Reads part names, in any order; the result has the order of `PARTS`. */
function readParts(found: string): Read<readonly Part[]> | null {
  const names = found.split(/[_ ,]+/u).filter(name => name !== '');
  const parts = PARTS.filter(part => names.includes(part));
  return names.every(name => parts.some(part => part === name)) ? { value: parts } : null;
}

function readOnly(found: string): Read<readonly Part[]> | null {
  const parts = readParts(found === NO_PART ? '' : found);
  return parts && { value: PARTS.filter(part => !parts.value.includes(part)) };
}

/** Example: `2.14_3.5` is expert 14 of layer 2 and expert 5 of layer 3. */
function writePlaces(places: readonly Place[]): string | null {
  return places.length > 0 ? places.map(({ layer, expert }) => `${layer}.${expert}`).join('_') : null;
}

/** Example: `2.14.-0.25` lowers the bias of expert 14 of layer 2 by 0.25. */
function writeShifts(shifts: readonly Shift[]): string | null {
  return shifts.length > 0 ? shifts.map(({ layer, expert, by }) => `${layer}.${expert}.${by}`).join('_') : null;
}

function readPlace(found: string): Place | null {
  const [, layer, expert] = /^(\d{1,4})\.(\d{1,4})$/u.exec(found) ?? [];
  return layer === undefined || expert === undefined ? null : { layer: Number(layer), expert: Number(expert) };
}

function readShift(found: string): Shift | null {
  const [, place = '', by = ''] = /^(\d{1,4}\.\d{1,4})\.(-?\d{1,4}(?:\.\d{1,4})?)$/u.exec(found) ?? [];
  const at = readPlace(place);
  return at && { ...at, by: Number(by) };
}

function readList<T>(found: string, read: (part: string) => T | null): Read<readonly T[]> | null {
  if (found === '') return { value: [] };
  const parts = found.split('_').slice(0, MOST_PLACES);
  const values = parts.map(read);
  return values.every(value => value !== null) ? { value: values } : null;
}

/** Describes a field with a whole number between bounds; links leave out the default. */
function whole(name: string, key: 'context' | 'users' | 'memory', least: number, most: number, initial: number): Field {
  return field(
    name,
    key,
    value => (value === initial ? null : String(value)),
    found => readWhole(found, most, least),
  );
}

/** Writes a whole number; null for `END`, which links leave out. */
function written(value: number): string | null {
  return value === END ? null : String(value);
}

function readText(found: string): Read<string> {
  return found.length > MOST_TEXT ? { value: found.slice(0, MOST_TEXT), problem: 'length' } : { value: found };
}

function readTemperature(found: string): Read<number> | null {
  const value = readNumber(found);
  return value === null ? null : clamped(value, 0, MOST_TEMPERATURE);
}

function readIds(found: string): Read<readonly number[]> | null {
  if (found === '') return { value: [] };
  const ids = found.split('.').map(part => (/^\d{1,9}$/u.test(part) ? Number(part) : NaN));
  if (ids.some(Number.isNaN)) return null;
  return ids.length > MOST_IDS ? { value: ids.slice(0, MOST_IDS), problem: 'length' } : { value: ids };
}

/** The id of a published model. Only its form is checked here; the survey knows the ids. */
function readName(found: string): Read<string> | null {
  return /^[\w.-]{1,64}$/u.test(found) ? { value: found } : null;
}

function readConfig(found: string): Read<string> {
  const value = wellFormed(found.slice(0, MOST_CONFIG));
  return found.length > MOST_CONFIG ? { value, problem: 'length' } : { value };
}

function readWhole(found: string, most: number, least = 0): Read<number> | null {
  const value = readNumber(found);
  if (value === null) return null;
  const read = clamped(Math.floor(value), least, most);
  return Number.isInteger(value) ? read : { ...read, problem: 'range' };
}

/** A number without an exponent: 0.0000001, not 1e-7. */
export function decimals(value: number): string {
  const shortest = String(value);
  return shortest.includes('e') ? value.toFixed(MOST_DECIMALS).replace(/\.?0+$/u, '') : shortest;
}

/** A finite number in plain decimal digits. */
function readNumber(found: string): number | null {
  return /^-?\d{1,300}(?:\.\d{1,20})?$/u.test(found) ? Number(found) : null;
}

function clamped(value: number, least: number, most: number): Read<number> {
  const within = clamp(value, least, most);
  return within === value ? { value } : { value: within, problem: 'range' };
}

/** Encodes a value for an address, with spaces as `+`. */
function encode(value: string): string {
  return encodeURIComponent(wellFormed(value)).replaceAll('%20', '+');
}

function short(found: string): string {
  return found.length > MOST_FOUND ? `${found.slice(0, MOST_FOUND).replace(/\p{Surrogate}$/u, '')}…` : found;
}
