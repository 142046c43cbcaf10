// Random links for property tests.

import fc from 'fast-check';
import { FIELD_NAMES } from '../scope/address';

/** The start of a link, mostly with the right version. */
const start = fc.oneof({ arbitrary: fc.constant('v=1'), weight: 5 }, fc.constantFrom('v=2', 'hello', ''));

const name = fc.oneof(
  { arbitrary: fc.constantFrom(...FIELD_NAMES), weight: 8 },
  fc.constantFrom('__proto__', 'toString'),
  fc.string(),
);

const value = fc.oneof(
  fc.integer().map(String),
  fc.nat(600).map(String),
  fc.maxSafeInteger().map(String),
  fc.double({ noNaN: true }).map(String),
  fc.double({ min: -3, max: 3, noNaN: true }).map(number => number.toFixed(9)),
  fc.constantFrom('NaN', 'Infinity', '-0', '0x10', '1e400', 'null', 'true', '', '%', '%00', '%ff%fe', '٣', '½'),
  fc.constantFrom('roll', 'click', 'plain', 'on', 'off', 'dark', 'en', 'int8', 'text_legend', '2.3_4.1', '2.3.-0.5'),
  fc.constantFrom('<b>', '"', '&amp;', '💥', '\u202e'),
  fc.array(fc.nat(3000), { maxLength: 40 }).map(ids => ids.join('.')),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

const equals = fc.oneof({ arbitrary: fc.constant('='), weight: 4 }, fc.constantFrom('', '=='));
const join = fc.oneof({ arbitrary: fc.constant('&'), weight: 4 }, fc.constantFrom(';', '&&'));

/** Links with known and unknown fields, valid and invalid values, and right and wrong separators. */
export const garbage: fc.Arbitrary<string> = fc
  .tuple(start, fc.array(fc.tuple(join, name, equals, value), { maxLength: 9 }))
  .map(([first, pairs]) => first + pairs.flat().join(''));
