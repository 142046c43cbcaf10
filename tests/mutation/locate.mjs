// Finds a fault's line in a tree whose files may have moved since the fault was drawn.

import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { filesUnder } from './files.mjs';

/** `of`: how many lines of a text are equal to one line; `index`: which of these it is. Indentation is ignored. */
export function occurrenceOf(text, line) {
  const lines = text.split('\n').map(each => each.trim());
  const equal = lines.flatMap((each, index) => (each === lines[line] ? [index] : []));
  return { index: equal.indexOf(line), of: equal.length };
}

/**
 * Finds the file and the line (from 0) of a fault.
 * @param moves an object that maps old paths to new paths; may be empty
 * @throws Error with one sentence if there is no such line, or more than one.
 */
export function locate(root, fault, moves) {
  // If the copy is older than the move of a file, the file still has its old path.
  const named = [moves[fault.file], fault.file].find(file => file && existsSync(join(root, file)));
  if (named) {
    const line = lineIn(root, named, fault);
    if (line !== null) return { file: named, line };
  }
  const folder = fault.file.startsWith('crate/') ? 'crate/src' : 'www/src';
  const found = filesUnder(root, folder, extname(fault.file)).flatMap(file => {
    const line = lineIn(root, file, fault);
    return line === null ? [] : [{ file, line }];
  });
  const sameName = found.filter(({ file }) => basename(file) === basename(fault.file));
  const [place, ...others] = sameName.length > 0 ? sameName : found;
  if (!place) throw new Error(`${fault.id}: no file contains the line ${JSON.stringify(fault.before.trim())}`);
  if (others.length > 0) {
    const files = [place, ...others].map(({ file }) => file).join(', ');
    throw new Error(`${fault.id}: ${files} contain the line; name the right one in moves.json`);
  }
  return place;
}

/** The index of the fault's line; null unless the file has it `occurrence.of` times (a number or a list of numbers). */
function lineIn(root, file, { before, occurrence = { index: 0, of: 1 } }) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const equal = lines.flatMap((line, index) => (line.trim() === before.trim() ? [index] : []));
  return [occurrence.of].flat().includes(equal.length) ? equal[occurrence.index] : null;
}

/** `text` with the fault in `line`; the line keeps its current indentation. */
export function withFault(text, line, { before, after }) {
  const lines = text.split('\n');
  const indent = /^\s*/u;
  const [now] = indent.exec(lines[line]);
  const [then] = indent.exec(before);
  lines[line] = now + (after.startsWith(then) ? after.slice(then.length) : after.trimStart());
  return lines.join('\n');
}
