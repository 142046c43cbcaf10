// The kinds of values that a field can have. Each kind has functions that write a value to a link and read it back, and
// its types in TypeScript and Python. Numbers are written as plain decimals, lists with `_` or `.` between the items.

import type { ModelIdentity } from '../engine/model-identity';
import { MOST_NAME } from '../engine/model-identity';
import { clamp } from './clamp';
import type { StageChoice } from './stages';
import { readStage, writeStage } from './stages';
import { wellFormed } from './well-formed';

/** A problem with a value that was changed or ignored. */
export type ValueProblem = 'unreadable' | 'range' | 'length';

/** A value read from a link. It has a problem if it differs from the value in the link. */
export interface Read<V> {
  readonly value: V;
  readonly problem?: ValueProblem;
}

export interface Values<V> {
  /** Writes a value as in a link; null if a link without the field means the same. */
  readonly write: (value: V) => string | null;
  /** Reads a value from a link; null if `found` is not a value of this kind. */
  readonly read: (found: string) => Read<V> | null;
  /** The type of the element's attribute: `string`, `number`, or all allowed words and numbers. */
  readonly attribute: string;
  /** The TypeScript type of the element's property. */
  readonly property: string;
  /** The type of the notebook widget's trait. */
  readonly python: string;
  /** Converts a value to the value of the element's property. */
  readonly toProperty: (value: V) => unknown;
  /** Converts a list, set as the element's property, to a value. Other properties are read like values of a link. */
  readonly fromList?: (list: readonly unknown[]) => V;
}

/** Stands for the last position or layer; replaced by its number when the number of tokens or layers is known. */
export const END = Number.MAX_SAFE_INTEGER;

export interface Place {
  readonly layer: number;
  readonly expert: number;
}

/** An amount to add to an expert's selection bias. */
export interface Shift extends Place {
  readonly by: number;
}

/** Maximum number of token ids in a link. */
const MOST_IDS = 4096;
/** Maximum number of experts in one list of a what-if; the rest is ignored. */
const MOST_PLACES = 1024;
/** Maximum number of decimals of a number in a link. */
const MOST_DECIMALS = 20;

const same = (value: unknown): unknown => value;

/** Any text. A text of more than `most` characters is shortened. */
export function text(most: number): Values<string> {
  return {
    write: value => value,
    read: found => (found.length > most ? { value: found.slice(0, most), problem: 'length' } : { value: found }),
    attribute: 'string',
    property: 'string',
    python: 'str',
    toProperty: same,
  };
}

/** Like `text`, but unpaired halves of surrogate pairs are replaced, because the engine cannot read them. */
export function wellFormedText(most: number): Values<string> {
  const { read, ...values } = text(most);
  return {
    ...values,
    read: found => {
      const taken = read(found);
      return taken && { ...taken, value: wellFormed(taken.value) };
    },
  };
}

/** A word of letters, digits, `_`, `.` and `-`, for example an id. */
export const word: Values<string> = {
  ...text(64),
  read: found => (/^[\w.-]{1,64}$/u.test(found) ? { value: found } : null),
};

/** A `word`, or nothing. */
export const optionalWord: Values<string> = {
  ...word,
  read: found => (found === '' ? { value: '' } : word.read(found)),
};

/** One of several words or numbers. */
export function oneOf<const T extends string | number>(choices: readonly T[]): Values<T> {
  const type = choices.map(choice => (typeof choice === 'string' ? `'${choice}'` : String(choice))).join(' | ');
  return {
    write: String,
    read: found => {
      const value = choices.find(each => String(each) === found);
      return value === undefined ? null : { value };
    },
    attribute: type,
    property: type,
    // A literal type in Python cannot contain a fraction.
    python: choices.every(each => typeof each === 'string' || Number.isInteger(each))
      ? `Literal[${choices.map(each => JSON.stringify(each)).join(', ')}]`
      : 'float',
    toProperty: same,
  };
}

/** `on` or `off`; an attribute without a value is `on`. */
export const flag: Values<boolean> = {
  write: value => (value ? 'on' : 'off'),
  read: found => (['on', 'off', ''].includes(found) ? { value: found !== 'off' } : null),
  attribute: "'on' | 'off'",
  property: 'boolean',
  python: 'Literal["on", "off"] | bool',
  toProperty: same,
};

/** A whole number. A number outside of `least` to `most` is clamped, a fraction is rounded down. */
export function whole(least: number, most: number): Values<number> {
  return {
    write: String,
    read: found => readWhole(found, least, most),
    attribute: 'number',
    property: 'number',
    python: 'int',
    toProperty: same,
  };
}

/** A position or a layer, from 0. `END` stands for the last one; the element's property then is Infinity. */
export const index: Values<number> = {
  ...whole(0, END),
  write: value => (value === END ? null : String(value)),
  toProperty: value => (value === END ? Infinity : value),
};

/** A whole number of at least 0, or null. */
export const optional: Values<number | null> = {
  write: value => (value === null ? null : String(value)),
  read: found => readWhole(found, 0, END),
  attribute: 'number',
  property: 'number | null',
  python: 'int',
  toProperty: same,
};

/** A number. A number outside of `least` to `most` is clamped. */
export function number(least: number, most: number): Values<number> {
  return {
    ...whole(least, most),
    python: 'float',
    write: decimals,
    read: found => {
      const value = readNumber(found);
      return value === null ? null : clamped(value, least, most);
    },
  };
}

/** Token ids, joined by dots. */
export const tokenIds: Values<readonly number[]> = {
  write: ids => (ids.length > 0 ? ids.join('.') : null),
  read: found => {
    if (found === '') return { value: [] };
    const ids = found.split('.').map(part => (/^\d{1,9}$/u.test(part) ? Number(part) : NaN));
    if (ids.some(Number.isNaN)) return null;
    return ids.length > MOST_IDS ? { value: ids.slice(0, MOST_IDS), problem: 'length' } : { value: ids };
  },
  attribute: 'string',
  python: 'str',
  property: 'readonly number[]',
  toProperty: same,
  fromList: list => list as readonly number[],
};

/** The name of a stage, or the stage's index, as in old links; null for the finished step. */
export const stage: Values<StageChoice | null> = {
  write: value => (value === null ? null : writeStage(value)),
  read: found => {
    const value = readStage(found);
    return value ? { value } : readWhole(found, 0, END);
  },
  attribute: 'string',
  python: 'str',
  property: 'string | null',
  toProperty: value => (value === null ? null : writeStage(value)),
};

/** Written in place of a hash that is not known. */
const NO_HASH = 'unknown';

/** The hash and the name of a model that was opened from files, joined by a dot; null for the shipped model. */
export const modelIdentity: Values<ModelIdentity | null> = {
  write: writeIdentity,
  read: found => {
    if (found === '') return { value: null };
    const [, sha256 = '', name = ''] = /^([0-9a-f]{64}|unknown)\.(.+)$/su.exec(found) ?? [];
    if (name === '') return null;
    const value = { name: wellFormed(name.slice(0, MOST_NAME)), sha256: sha256 === NO_HASH ? null : sha256 };
    return name.length > MOST_NAME ? { value, problem: 'length' } : { value };
  },
  attribute: 'string',
  python: 'str',
  property: 'string | null',
  toProperty: writeIdentity,
};

function writeIdentity(model: ModelIdentity | null): string | null {
  return model && `${model.sha256 ?? NO_HASH}.${model.name}`;
}

/** Some words of `all`, joined by `_`. They are read in any order, and written in the order of `all`. */
export function someOf<const T extends string>(all: readonly T[]): Values<readonly T[]> {
  return {
    write: some => (some.length > 0 ? some.join('_') : null),
    read: found => {
      const names = found.split(/[_ ,]+/u).filter(name => name !== '');
      const some = all.filter(each => names.includes(each));
      return names.every(name => some.some(each => each === name)) ? { value: some } : null;
    },
    attribute: 'string',
    python: 'str',
    property: `readonly (${all.map(each => `'${each}'`).join(' | ')})[]`,
    toProperty: same,
    fromList: list => list as readonly T[],
  };
}

/** Like `someOf`, but the link lists the words that are not in the value. The word `none` stands for an empty list. */
export function othersOf<const T extends string>(all: readonly T[], none: string): Values<readonly T[]> {
  const some = someOf(all);
  const others = (these: readonly T[]): readonly T[] => all.filter(each => !these.includes(each));
  return {
    ...some,
    write: left => (left.length > 0 ? (some.write(others(left)) ?? none) : null),
    read: found => {
      const read = some.read(found === none ? '' : found);
      return read && { value: others(read.value) };
    },
    toProperty: others,
    fromList: list => others(list as readonly T[]),
  };
}

/** Experts in layers: `2.14_3.5` means expert 14 of layer 2 and expert 5 of layer 3. */
export const places: Values<readonly Place[]> = {
  write: all => (all.length > 0 ? all.map(({ layer, expert }) => `${layer}.${expert}`).join('_') : null),
  read: found => readList(found, readPlace),
  attribute: 'string',
  python: 'str',
  property: 'readonly { readonly layer: number; readonly expert: number }[]',
  toProperty: same,
  fromList: list => list as readonly Place[],
};

/** Changes of selection biases: `2.14.-0.25` lowers the bias of expert 14 of layer 2 by 0.25. */
export const shifts: Values<readonly Shift[]> = {
  write: all => (all.length > 0 ? all.map(({ layer, expert, by }) => `${layer}.${expert}.${by}`).join('_') : null),
  read: found => readList(found, readShift),
  attribute: 'string',
  python: 'str',
  property: 'readonly { readonly layer: number; readonly expert: number; readonly by: number }[]',
  toProperty: same,
  fromList: list => list as readonly Shift[],
};

/** A number without an exponent: 0.0000001, not 1e-7. */
export function decimals(value: number): string {
  const shortest = String(value);
  return shortest.includes('e') ? value.toFixed(MOST_DECIMALS).replace(/\.?0+$/u, '') : shortest;
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

function readWhole(found: string, least: number, most: number): Read<number> | null {
  const value = readNumber(found);
  if (value === null) return null;
  const read = clamped(Math.floor(value), least, most);
  return Number.isInteger(value) ? read : { ...read, problem: 'range' };
}

/** A finite number in plain decimal digits. */
function readNumber(found: string): number | null {
  return /^-?\d{1,300}(?:\.\d{1,20})?$/u.test(found) ? Number(found) : null;
}

function clamped(value: number, least: number, most: number): Read<number> {
  const within = clamp(value, least, most);
  return within === value ? { value } : { value: within, problem: 'range' };
}
