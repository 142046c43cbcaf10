// Reads from coverage files which code the tests ran. README.md says how the coverage is measured.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Reads the output of `llvm-cov export`.
 * @returns a function (file relative to `root`, line from 0, column from 0) => whether a test ran this code
 */
export function rustCoverage(path, root) {
  const files = new Map();
  for (const { files: measured } of JSON.parse(readFileSync(path, 'utf8')).data) {
    for (const { filename, segments } of measured) files.set(relative(root, filename), segments);
  }
  return (file, line, column) => {
    // A segment is [line, column, count, hasCount, ...], with lines and columns from 1. An operator has no count: the
    // count of the operand before it on the line is used, or of the first operand on the line if none is before it.
    const counted = (files.get(file) ?? []).filter(segment => segment[3]);
    const onLine = counted.filter(segment => segment[0] === line + 1);
    const nearest = onLine.findLast(segment => segment[1] <= column + 1) ?? onLine[0];
    return nearest !== undefined && nearest[2] > 0;
  };
}

/**
 * Reads V8's coverage of the built page: a folder of JSON files, each a list of `{ url, functions }`.
 * @param dist the folder of the measured build, with source maps
 * @returns a function with the same arguments and result as that of `rustCoverage`
 */
export function pageCoverage(folder, dist, root) {
  const scripts = new Map();
  for (const name of readdirSync(folder).filter(name => name.endsWith('.json'))) {
    for (const { url, functions } of JSON.parse(readFileSync(join(folder, name), 'utf8'))) {
      const path = scriptOf(url, dist);
      if (!path) continue;
      const script = scripts.get(path) ?? newScript(path);
      scripts.set(path, script);
      markReached(script.reached, functions);
    }
  }
  const places = new Map();
  for (const [path, { code, reached }] of scripts) addPlaces(places, path, code, reached, root);
  return (file, line, column) => {
    // The source map has no positions for some tokens, so the last position up to the column is used.
    const before = (places.get(file)?.get(line) ?? []).filter(place => place.column <= column);
    const nearest = Math.max(...before.map(place => place.column));
    return before.some(place => place.column === nearest && place.reached);
  };
}

/** The path of the built script that was served at an address; undefined if the script or its source map is missing. */
function scriptOf(url, dist) {
  const name = new URL(url).pathname.split('/').slice(-2);
  return [join(dist, ...name), join(dist, name.at(-1))].find(
    path => path.endsWith('.js') && existsSync(path) && existsSync(`${path}.map`),
  );
}

function newScript(path) {
  const code = readFileSync(path, 'utf8');
  return { code, reached: new Uint8Array(code.length) };
}

/** Marks the characters that ran in one measurement. In nested ranges, the count of the innermost range holds. */
function markReached(reached, functions) {
  const ran = new Uint8Array(reached.length);
  const ranges = functions.flatMap(({ ranges }) => ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  for (let offset = 0; offset < ran.length; offset++) reached[offset] |= ran[offset];
}

/** Adds the source positions of a built script to `places`: file -> line -> `{ column, reached }`. */
function addPlaces(places, path, code, reached, root) {
  const map = JSON.parse(readFileSync(`${path}.map`, 'utf8'));
  const files = map.sources.map(source => relative(root, resolve(dirname(path), map.sourceRoot ?? '', source)));
  let lineStart = 0;
  let [source, line, column] = [0, 0, 0];
  const lineLengths = code.split('\n').map(each => each.length + 1);
  map.mappings.split(';').forEach((segments, index) => {
    let generated = 0;
    for (const segment of segments.split(',').filter(each => each !== '')) {
      const fields = numbersOf(segment);
      generated += fields[0];
      if (fields.length < 4) continue;
      source += fields[1];
      line += fields[2];
      column += fields[3];
      const lines = places.get(files[source]) ?? new Map();
      places.set(files[source], lines);
      const known = lines.get(line) ?? [];
      lines.set(line, known);
      known.push({ column, reached: reached[lineStart + generated] === 1 });
    }
    lineStart += lineLengths[index] ?? 0;
  });
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The numbers of a source map's segment (base 64, variable length). */
function numbersOf(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}
