// The example of docs/lessons.md, and its tables of names.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lessonWords } from './words';
import { MODEL } from '../testing/snapshots';
import { misfitOf } from './fits';
import { MARK_NAMES, readMark, usageOf, writeMark } from './marks';
import { NEEDS } from './needs';
import { AFTER_FIELDS, LESSON_FIELDS, parseLesson, STEP_FIELDS } from './parse';
import { PHRASE_NAMES } from './phrases';

const words = lessonWords('en');
const docs = readFileSync(new URL('../../../docs/lessons.md', import.meta.url), 'utf8');
const [, example = ''] = /^````markdown\n([\s\S]*?)^````$/mu.exec(docs) ?? [];

test('the example is a lesson that the shipped model can show', () => {
  const { lesson, problems } = parseLesson(example);
  expect((problems ?? []).map(words.problem)).toEqual([]);
  if (!lesson) return;
  expect(lesson.id).toBe('one-token');
  expect(lesson.steps.map(({ asked }) => asked?.question.kind)).toEqual(['choice', 'number', 'change']);
  expect(misfitOf(lesson, MODEL)).toBeNull();
});

test('the page describes every field, need, mark and value', () => {
  const named = [...LESSON_FIELDS, ...STEP_FIELDS, ...AFTER_FIELDS, ...NEEDS, ...MARK_NAMES.map(usageOf)];
  for (const name of [...named, ...PHRASE_NAMES.map(name => `{{${name}}}`)]) expect(docs).toContain(`\`${name}\``);
});

test('every mark is read as it is written, and has words', () => {
  const places = ['', ' 4', ' 4.1', ' score', ' latent'];
  for (const name of MARK_NAMES) {
    const marks = places.flatMap(place => readMark(name + place) ?? []);
    expect(marks.length, name).toBeGreaterThan(0);
    for (const mark of marks) {
      expect(readMark(writeMark(mark))).toEqual(mark);
      expect(words.mark(mark)).not.toMatch(/undefined|null|^[\w-]+$/u);
    }
  }
  expect(['group', 'group 4', 'group 4.1.2', 'cache x', 'ladder halo', 'next 3', 'halo'].map(readMark)).toEqual(
    Array.from({ length: 7 }, () => null),
  );
});
