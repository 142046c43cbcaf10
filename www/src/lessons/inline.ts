// Reads the text of a step: paragraphs and tables with **bold** words, [links](https://...) and {{values}}.

import type { Block, Piece } from './format';
import type { PhraseName } from './phrases';
import { PHRASE_NAMES } from './phrases';
import type { Problem } from './problem';

const PIECES = /(\*\*|\{\{.*?(?:\}\}|$)|\[[^\]]+\]\([^)]*\))/u;

/** The blocks of lines that start with the file's line number `from`. */
export function readBlocks(lines: readonly string[], from: number, problems: Problem[]): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  const end = (until: number): void => {
    if (until > start) blocks.push(...readBlock(lines.slice(start, until), from + start, problems));
    start = until + 1;
  };
  lines.forEach((line, index) => {
    if (line.trim() === '') end(index);
  });
  end(lines.length);
  return blocks;
}

function readBlock(lines: readonly string[], from: number, problems: Problem[]): Block[] {
  const wrong = lines.findIndex(line => /^\s*(?:#{1,6} |[-*+] |\d+\. |>|```|~~~|---)/u.test(line));
  if (wrong >= 0) {
    problems.push({ is: 'outside', line: from + wrong, found: lines[wrong]?.trim() ?? '' });
    return [];
  }
  if (lines[0]?.trimStart().startsWith('|')) return readTable(lines, from, problems);
  return [{ kind: 'paragraph', pieces: readPieces(lines.map(line => line.trim()).join(' '), from, problems) }];
}

/** A table: a head, a line of dashes, and rows. */
function readTable(lines: readonly string[], from: number, problems: Problem[]): Block[] {
  const cells = (line: string): string[] =>
    line
      .trim()
      .replace(/^\||\|$/gu, '')
      .split('|')
      .map(cell => cell.trim());
  const [head = '', ...rest] = lines;
  const width = cells(head).length;
  const rows = lines.map((line, index) => ({ cells: cells(line), line: from + index })).filter((_, row) => row !== 1);
  const dashes = rest[0] ?? '';
  if (!/^[\s|:-]*-[\s|:-]*$/u.test(dashes)) {
    problems.push({ is: 'outside', line: from + 1, found: dashes.trim() });
    return [];
  }
  for (const row of rows) {
    if (row.cells.length !== width) {
      problems.push({ is: 'row', line: row.line, found: row.cells.length, expected: width });
    }
  }
  return [{ kind: 'table', rows: rows.map(row => row.cells.map(cell => readPieces(cell, row.line, problems))) }];
}

function readPieces(text: string, line: number, problems: Problem[]): Piece[] {
  let strong = false;
  return text.split(PIECES).flatMap((found): Piece[] => {
    if (found === '') return [];
    if (found === '**') {
      strong = !strong;
      return [];
    }
    if (found.startsWith('{{')) {
      const name = found.replace(/^\{\{\s*|\s*\}\}$/gu, '');
      if (found.endsWith('}}') && isPhrase(name)) return [{ kind: 'value', name, strong }];
      problems.push({ is: 'placeholder', line, found });
      return [];
    }
    const [, shown, href] = /^\[([^\]]+)\]\(([^)]*)\)$/u.exec(found) ?? [];
    if (shown === undefined || href === undefined) return [{ kind: 'text', text: found, strong }];
    if (/^https:\/\/[^\s]+$/u.test(href)) return [{ kind: 'link', text: shown, href }];
    problems.push({ is: 'address', line, found: href });
    return [];
  });
}

function isPhrase(name: string): name is PhraseName {
  return PHRASE_NAMES.some(each => each === name);
}

/** Number of words in the paragraphs; a value counts as one word. */
export function wordCount(blocks: readonly Block[]): number {
  const text = blocks
    .flatMap(block => (block.kind === 'paragraph' ? [block.pieces] : []))
    .map(pieces => pieces.map(piece => (piece.kind === 'value' ? 'value' : piece.text)).join(''))
    .join(' ');
  return text.split(/\s+/u).filter(word => word !== '').length;
}

/** The values that a text contains. */
export function valuesIn(blocks: readonly Block[]): PhraseName[] {
  const pieces = blocks.flatMap(block => (block.kind === 'paragraph' ? block.pieces : block.rows.flat(2)));
  return pieces.flatMap(piece => (piece.kind === 'value' ? [piece.name] : []));
}
