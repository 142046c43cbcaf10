// Finds a fault's line in a tree whose files may have moved since the fault was drawn.

import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { filesUnder } from './files.mjs';

/** The index of a line among equal lines, and their number; indentation is ignored. */
export function occurrenceOf(text, line) {
  const lines = text.split('\n').map(each => each.trim());
  const equal = lines.flatMap((each, index) => (each === lines[line] ? [index] : []));
  return { index: equal.indexOf(line), of: equal.length };
}

/**
 * Finds the file and the line (from 0) of a fault.
 * @param moves an object from old paths to new paths; may be empty
 * @throws Error with one sentence if there is no such line, or more than one.
 */
export function locate(root, fault, moves) {
  // In a copy that is older than the moves the file still has its old path.
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

/** The fault's line in a file. `occurrence.of`: how often the file must have it, a number or a list; otherwise null. */
function lineIn(root, file, { before, occurrence = { index: 0, of: 1 } }) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const equal = lines.flatMap((line, index) => (line.trim() === before.trim() ? [index] : []));
  return [occurrence.of].flat().includes(equal.length) ? equal[occurrence.index] : null;
}

/** The text with the fault, indented like the current line. */
export function withFault(text, line, { before, after }) {
  const lines = text.split('\n');
  const indent = /^\s*/u;
  const [now] = indent.exec(lines[line]);
  const [then] = indent.exec(before);
  lines[line] = now + (after.startsWith(then) ? after.slice(then.length) : after.trimStart());
  return lines.join('\n');
}
