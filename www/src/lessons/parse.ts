// Reads a lesson from its Markdown file (`docs/lessons.md`). All problems are found at once, each with its line.

import { fieldNamed } from '../scope/address';
import { LANGUAGES, MOST_LESSON_STEPS } from '../scope/fields';
import { initialState } from '../scope/state';
import type { FieldLine } from './fields-of-file';
import { readFields } from './fields-of-file';
import type { Asked, Block, Lesson, StateFields, Step } from './format';
import { MOST_LENGTH, MOST_WORDS } from './format';
import { readBlocks, wordCount } from './inline';
import type { Mark } from './marks';
import { readMark } from './marks';
import type { Need } from './needs';
import { NEEDS } from './needs';
import { STATE_NAMES } from './place';
import type { Part, Problem } from './problem';
import { QUANTITY_NAMES } from './quantities';
import type { ChoiceName, Question, Tolerance } from './questions';
import { canAskChange, canAskNumber, CHOICES, EXACT } from './questions';

/** Fields of the front matter that are not fields of a link, and of the two kinds of block. */
export const LESSON_FIELDS = ['id', 'title', 'minutes', 'language', 'needs'] as const;
export const STEP_FIELDS = ['mark', 'ask', 'tolerance'] as const;
export const AFTER_FIELDS = ['mark'] as const;
/** Maximum number of minutes of a lesson. */
const MOST_MINUTES = 99;

export type Parsed =
  | { readonly lesson: Lesson; readonly problems?: never }
  | { readonly lesson?: never; readonly problems: readonly Problem[] };

export function parseLesson(text: string): Parsed {
  if (text.length > MOST_LENGTH) return { problems: [{ is: 'length', found: text.length, most: MOST_LENGTH }] };
  const problems: Problem[] = [];
  const lines = withoutComments(text.replace(/^\uFEFF/u, '').split(/\r\n|\n|\r/u));
  const start = lines.findIndex(line => line.trim() !== '');
  if (lines[start]?.trim() !== '---') {
    return { problems: [{ is: 'front matter', line: Math.max(1, start + 1), found: lines[start]?.trim() ?? '' }] };
  }
  const length = lines.slice(start + 1).findIndex(line => line.trim() === '---');
  if (length < 0) return { problems: [{ is: 'open', line: start + 1, what: 'front matter' }] };
  const head = readFields(lines.slice(start + 1, start + 1 + length), start + 2, problems);
  const body = start + length + 2;
  const common = stateFields(head, LESSON_FIELDS, problems);
  const steps = readSteps(lines, body, common, problems);
  const lesson = readHead(head, start + 1, steps, problems);
  return problems.length > 0 || !lesson ? { problems } : { lesson };
}

function readHead(
  head: readonly FieldLine[],
  line: number,
  steps: readonly Step[],
  problems: Problem[],
): Lesson | null {
  const take = (name: string, isGood: (value: string) => boolean, expected: string): string => {
    const field = head.find(each => each.name === name);
    if (!field || field.value === '') problems.push({ is: 'missing', line: field?.line ?? line, field: name });
    else if (isGood(field.value)) return field.value;
    else problems.push({ is: 'value', line: field.line, field: name, found: field.value, expected });
    return '';
  };
  const isMinutes = (value: string): boolean => /^\d{1,2}$/u.test(value) && Number(value) > 0;
  const id = take('id', value => /^[\w.-]{1,64}$/u.test(value), '1 to 64 letters, digits, dots, `_` and `-`');
  const title = take('title', value => value.length <= 80, 'at most 80 characters');
  const minutes = Number(take('minutes', isMinutes, `a whole number from 1 to ${MOST_MINUTES}`));
  const language = head.find(each => each.name === 'language');
  const isKnown = language === undefined || LANGUAGES.some(each => each === language.value);
  if (!isKnown) {
    const { line, value } = language;
    problems.push({ is: 'value', line, field: 'language', found: value, expected: LANGUAGES.join(', ') });
  }
  const needs = readNeeds(head, problems);
  if (steps.length === 0 && !problems.some(({ is }) => is === 'no block')) problems.push({ is: 'no steps' });
  if (steps.length > MOST_LESSON_STEPS) {
    problems.push({ is: 'too many steps', found: steps.length, most: MOST_LESSON_STEPS });
  }
  return problems.length > 0 ? null : { id, title, minutes, language: language?.value ?? 'en', needs, steps };
}

function readNeeds(head: readonly FieldLine[], problems: Problem[]): readonly Need[] {
  const field = head.find(each => each.name === 'needs');
  const found = field?.value.split(/[\s,]+/u).filter(each => each !== '') ?? [];
  const needs = NEEDS.filter(need => found.includes(need));
  const wrong = found.find(each => !NEEDS.some(need => need === each));
  if (field && wrong !== undefined) {
    problems.push({ is: 'value', line: field.line, field: 'needs', found: wrong, expected: NEEDS.join(', ') });
  }
  return needs;
}

/** The steps: one for each heading `## ...`. */
function readSteps(lines: readonly string[], from: number, common: StateFields, problems: Problem[]): Step[] {
  const heads = lines.flatMap((line, index) => (index >= from && line.startsWith('## ') ? [index] : []));
  const first = heads[0] ?? lines.length;
  const before = lines.slice(from, first).findIndex(line => line.trim() !== '');
  if (before >= 0) {
    problems.push({ is: 'outside', line: from + before + 1, found: lines[from + before]?.trim() ?? '' });
  }
  return heads.flatMap((start, index) => {
    const step = readStep(lines.slice(start, heads[index + 1] ?? lines.length), start + 1, common, problems);
    return step ? [step] : [];
  });
}

interface Fence {
  /** Indices of its first and its last line. */
  readonly start: number;
  readonly end: number;
}

/** The block that starts with this line; null if there is none. */
function fence(lines: readonly string[], name: string, from: number, problems: Problem[]): Fence | null {
  const start = lines.findIndex(line => line.trim() === `\`\`\`${name}`);
  if (start < 0) return null;
  const length = lines.slice(start + 1).findIndex(line => line.trim() === '```');
  if (length >= 0) return { start, end: start + 1 + length };
  problems.push({ is: 'open', line: from + start, what: 'block' });
  return { start, end: lines.length };
}

function readStep(lines: readonly string[], from: number, common: StateFields, problems: Problem[]): Step | null {
  const title = (lines[0] ?? '').replace(/^## /u, '').trim();
  const own = fence(lines, 'step', from, problems);
  if (!own) {
    problems.push({ is: 'no block', line: from, title });
    return null;
  }
  const stray = lines.slice(1, own.start).findIndex(line => line.trim() !== '');
  if (stray >= 0) problems.push({ is: 'outside', line: from + 1 + stray, found: lines[1 + stray]?.trim() ?? '' });
  const after = fence(lines, 'after', from, problems);
  const fields = readFields(lines.slice(own.start + 1, own.end), from + own.start + 1, problems);
  const state = merged(common, stateFields(fields, STEP_FIELDS, problems));
  const until = after?.start ?? lines.length;
  const text = readText(lines.slice(own.end + 1, until), from + own.end + 1, 'text', problems);
  const question = readQuestion(fields, problems);
  const line = fields.find(({ name }) => name === 'ask')?.line ?? from;
  if (question && !after) problems.push({ is: 'no after', line });
  const isAsked = fields.some(({ name }) => name === 'ask');
  if (!isAsked && after) problems.push({ is: 'no question', line: from + after.start });
  const asked = question && after ? readAfter(lines, from, after, state, question, problems) : null;
  return { title, state, marks: readMarks(fields, problems), text, asked };
}

function readAfter(
  lines: readonly string[],
  from: number,
  { start, end }: Fence,
  state: StateFields,
  question: Question,
  problems: Problem[],
): Asked {
  const fields = readFields(lines.slice(start + 1, end), from + start + 1, problems);
  const text = readText(lines.slice(end + 1), from + end + 1, 'after', problems);
  // After the answer, the whole step is shown.
  const open = state.filter(([name]) => name !== 'stage' && name !== 'reveal');
  const own = stateFields(fields, AFTER_FIELDS, problems);
  return { question, state: merged(open, own), marks: readMarks(fields, problems), text };
}

function readText(lines: readonly string[], from: number, part: Part, problems: Problem[]): Block[] {
  const before = problems.length;
  const blocks = readBlocks(lines, from, problems);
  const words = wordCount(blocks);
  // A block without an end has all lines after it.
  const isOpen = problems.some(({ is }) => is === 'open');
  if (blocks.length === 0 && problems.length === before && !isOpen) problems.push({ is: 'no text', line: from, part });
  if (words > MOST_WORDS) problems.push({ is: 'words', line: from, part, found: words, most: MOST_WORDS });
  return blocks;
}

/** The fields of a link among the fields of a block; an empty value is the default. */
function stateFields(fields: readonly FieldLine[], others: readonly string[], problems: Problem[]): [string, string][] {
  const expected = [...others, ...STATE_NAMES];
  return fields.flatMap(({ name, value, line }): [string, string][] => {
    if (others.includes(name)) return [];
    if (!STATE_NAMES.includes(name)) {
      problems.push({ is: 'unknown', line, field: name, expected });
      return [];
    }
    const field = fieldNamed(name);
    if (field && value !== '' && field.take(initialState('', 0, 0), value).problem !== undefined) {
      problems.push({ is: 'value', line, field: name, found: value, expected: field.attribute });
    }
    return [[name, value]];
  });
}

/** Fields, replaced by other fields with the same name; an empty value removes a field. */
function merged(fields: StateFields, others: StateFields): StateFields {
  const all = new Map([...fields, ...others]);
  return [...all].filter(([, value]) => value !== '');
}

function readMarks(fields: readonly FieldLine[], problems: Problem[]): Mark[] {
  const field = fields.find(({ name }) => name === 'mark');
  if (!field || field.value === '') return [];
  return field.value.split(',').flatMap(text => {
    const mark = readMark(text);
    if (mark) return [mark];
    const expected = 'a mark of docs/lessons.md, such as `group 4.1`';
    problems.push({ is: 'value', line: field.line, field: 'mark', found: text.trim(), expected });
    return [];
  });
}

function readQuestion(fields: readonly FieldLine[], problems: Problem[]): Question | null {
  const ask = fields.find(({ name }) => name === 'ask');
  const tolerance = fields.find(({ name }) => name === 'tolerance');
  const question = ask ? questionOf(ask.value, readTolerance(tolerance, problems)) : null;
  if (ask && !question) {
    const expected = `${Object.keys(CHOICES).join(', ')}, number NAME or change NAME, with a NAME of docs/lessons.md`;
    problems.push({ is: 'value', line: ask.line, field: 'ask', found: ask.value, expected });
  }
  if (tolerance && question?.kind !== 'number' && (!ask || question)) {
    const expected = 'a question `number`';
    problems.push({ is: 'value', line: tolerance.line, field: 'tolerance', found: ask?.value ?? '', expected });
  }
  return question;
}

function questionOf(text: string, tolerance: Tolerance): Question | null {
  const words = text.split(/\s+/u);
  const [kind = '', name = ''] = words;
  if (words.length !== 2) return null;
  const quantity = QUANTITY_NAMES.find(each => each === name);
  if (kind === 'number') return quantity && canAskNumber(quantity) ? { kind, of: quantity, tolerance } : null;
  if (kind === 'change') return quantity && canAskChange(quantity) ? { kind, of: quantity } : null;
  const of = `${kind} ${name}`;
  return of in CHOICES ? { kind: 'choice', of: of as ChoiceName } : null;
}

function readTolerance(field: FieldLine | undefined, problems: Problem[]): Tolerance {
  if (!field) return EXACT;
  const [, amount, percent] = /^(\d{1,6}(?:\.\d{1,6})?)\s*(%?)$/u.exec(field.value) ?? [];
  if (amount === undefined) {
    const { line, value } = field;
    problems.push({ is: 'value', line, field: 'tolerance', found: value, expected: 'a number, or a percentage: `5%`' });
    return EXACT;
  }
  return percent === '%'
    ? { amount: Number(amount) / 100, isRelative: true }
    : { amount: Number(amount), isRelative: false };
}

/** The lines with comments `<!-- ... -->` removed; the other lines keep their numbers. */
function withoutComments(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .replace(/<!--.*?(?:-->|$)/gsu, comment => comment.replace(/[^\n]/gu, ''))
    .split('\n');
}
