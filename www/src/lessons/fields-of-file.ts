// Reads a block of lines `name: value` of a lesson's file: its front matter, or a block of a step. This is the part of
// YAML that a lesson needs, with the line of each field for the errors.

import type { Problem } from './problem';

export interface FieldLine {
  readonly name: string;
  readonly value: string;
  /** Its number in the file, from 1. */
  readonly line: number;
}

/** The fields of lines that start with the file's line number `from`; empty lines and lines with `#` are left out. */
export function readFields(lines: readonly string[], from: number, problems: Problem[]): FieldLine[] {
  const fields: FieldLine[] = [];
  lines.forEach((text, index) => {
    const line = from + index;
    if (/^\s*(?:#.*)?$/u.test(text)) return;
    const [, name = '', written = ''] = /^([a-z][a-z0-9-]*):(?:\s+(.*?))?\s*$/u.exec(text) ?? [];
    if (name === '') {
      problems.push({ is: 'line', line, found: text.trim() });
      return;
    }
    if (fields.some(field => field.name === name)) {
      problems.push({ is: 'twice', line, field: name });
      return;
    }
    const value = unquoted(written);
    if (value === null) problems.push({ is: 'quotes', line, field: name, found: written });
    else fields.push({ name, value, line });
  });
  return fields;
}

/** A value without its quotation marks; null if they do not match. In double ones, `\n` is a line break, as in JSON. */
function unquoted(written: string): string | null {
  if (written.startsWith('"')) {
    try {
      return String(JSON.parse(written));
    } catch {
      return null;
    }
  }
  if (!written.startsWith("'")) return written;
  return /^'(?:[^']|'')*'$/u.test(written) ? written.slice(1, -1).replaceAll("''", "'") : null;
}
