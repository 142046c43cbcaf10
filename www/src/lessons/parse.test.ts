import { describe, expect, test } from 'vitest';
import { lessonWords } from './words';
import type { Lesson } from './format';
import { wordCount } from './inline';
import { parseLesson } from './parse';

const words = lessonWords('en');

const HEAD = `---
id: sums
title: What is the sum?
minutes: 2
text: "What is 6 times 7?\\n"
layer: 4
---
`;

const STEP = `
## One

\`\`\`step
token: 9
stage: 4.score
mark: group 4.1, playhead
ask: group ruled-out
\`\`\`

The text of {{token}}. **Which group of {{groups}}?**

\`\`\`after
mark: ruled-out 4
\`\`\`

They were {{ruled-out-experts}}, see [the report](https://arxiv.org/abs/2412.19437).
`;

function lessonOf(text: string): Lesson {
  const { lesson, problems } = parseLesson(text);
  if (!lesson) throw new Error(problems.map(words.problem).join('\n'));
  return lesson;
}

function problemsOf(text: string): string[] {
  return (parseLesson(text).problems ?? []).map(words.problem);
}

describe('a lesson’s file', () => {
  test('becomes a lesson with its steps, states, marks, texts and questions', () => {
    const lesson = lessonOf(HEAD + STEP);
    expect(lesson).toMatchObject({ id: 'sums', title: 'What is the sum?', minutes: 2, language: 'en', needs: [] });
    const [step] = lesson.steps;
    expect(step?.title).toBe('One');
    expect(step?.state).toEqual([
      ['text', 'What is 6 times 7?\n'],
      ['layer', '4'],
      ['token', '9'],
      ['stage', '4.score'],
    ]);
    expect(step?.marks).toEqual([
      { name: 'group', layer: 4, number: 1, word: null },
      { name: 'playhead', layer: null, number: null, word: null },
    ]);
    expect(step?.text).toEqual([
      {
        kind: 'paragraph',
        pieces: [
          { kind: 'text', text: 'The text of ', strong: false },
          { kind: 'value', name: 'token', strong: false },
          { kind: 'text', text: '. ', strong: false },
          { kind: 'text', text: 'Which group of ', strong: true },
          { kind: 'value', name: 'groups', strong: true },
          { kind: 'text', text: '?', strong: true },
        ],
      },
    ]);
    expect(step?.asked?.question).toEqual({ kind: 'choice', of: 'group ruled-out' });
    // After the answer the whole step is shown.
    expect(step?.asked?.state).toEqual([
      ['text', 'What is 6 times 7?\n'],
      ['layer', '4'],
      ['token', '9'],
    ]);
    expect(step?.asked?.text[0]).toMatchObject({
      pieces: [{}, { name: 'ruled-out-experts' }, {}, { kind: 'link', href: 'https://arxiv.org/abs/2412.19437' }, {}],
    });
  });

  test('can have comments, Windows line ends, quotation marks and a table', () => {
    const text = `\n${HEAD}<!-- a note\nfor teachers -->\n## A\n\n\`\`\`step\n# a comment\nview: 'cache'\n\`\`\`\nText.\n\n| a | b |\n|---|--:|\n| **c** | {{layers}} |\n`;
    const [step] = lessonOf(text.replaceAll('\n', '\r\n')).steps;
    expect(step?.state).toContainEqual(['view', 'cache']);
    expect(step?.text[1]).toEqual({
      kind: 'table',
      rows: [
        [[{ kind: 'text', text: 'a', strong: false }], [{ kind: 'text', text: 'b', strong: false }]],
        [[{ kind: 'text', text: 'c', strong: true }], [{ kind: 'value', name: 'layers', strong: false }]],
      ],
    });
  });

  test('reads a number with a tolerance, and a comparison', () => {
    const asking = (ask: string): string => HEAD + STEP.replace('ask: group ruled-out', ask);
    const question = (ask: string): unknown => lessonOf(asking(ask)).steps[0]?.asked?.question;
    expect(question('ask: number mha-ratio\ntolerance: 5%')).toEqual({
      kind: 'number',
      of: 'mha-ratio',
      tolerance: { amount: 0.05, isRelative: true },
    });
    expect(question('ask: number cache-bytes')).toMatchObject({ tolerance: { amount: 0, isRelative: false } });
    expect(question('ask: change loss')).toEqual({ kind: 'change', of: 'loss' });
  });

  test('an empty value in a step stands for the default', () => {
    expect(lessonOf(HEAD + STEP.replace('token: 9', 'layer:')).steps[0]?.state).not.toContainEqual(['layer', '4']);
  });
});

describe('an error in a lesson’s file', () => {
  const changed = (from: string | RegExp, to: string): string => {
    const text = (HEAD + STEP).replace(from, to);
    expect(text).not.toBe(HEAD + STEP);
    return text;
  };
  test.each([
    ['no front matter', STEP.trim(), 'Line 1: found “## One”, expected “---”, the start of the front matter.'],
    ['nothing', '', 'Line 1: found nothing, expected “---”, the start of the front matter.'],
    ['a front matter without an end', '---\nid: a', 'Line 1: the front matter has no end; expected a line “---”.'],
    ['no steps', HEAD, 'The lesson has no step; expected at least one heading “## …”.'],
    [
      'a line without a name',
      changed('minutes: 2', 'minutes: 2\nhalf a line'),
      'Line 5: found “half a line”, expected “name: value”.',
    ],
    [
      'a missing field',
      changed('id: sums\n', ''),
      'Line 1: the field “id” is missing in the front matter; expected a value.',
    ],
    [
      'an empty field',
      changed('id: sums', 'id:'),
      'Line 2: the field “id” is missing in the front matter; expected a value.',
    ],
    [
      'minutes in words',
      changed('minutes: 2', 'minutes: two'),
      'Line 4, field “minutes”: found “two”, expected a whole number from 1 to 99.',
    ],
    [
      'an id with a space',
      changed('id: sums', 'id: my sums'),
      'Line 2, field “id”: found “my sums”, expected 1 to 64 letters, digits, dots, `_` and `-`.',
    ],
    [
      'an unknown language',
      changed('minutes: 2', 'minutes: 2\nlanguage: tlh'),
      'Line 5, field “language”: found “tlh”, expected en.',
    ],
    [
      'an unknown need',
      changed('minutes: 2', 'minutes: 2\nneeds: experts, wings'),
      'Line 5, field “needs”: found “wings”, expected experts, shared, groups, bias, sigmoid, compressed-query.',
    ],
    [
      'quotation marks that do not match',
      changed('7?\\n"', '7?\\n'),
      'Line 5, field “text”: found “"What is 6 times 7?\\n”, expected a value with matching quotation marks.',
    ],
    [
      'a field twice',
      changed('token: 9', 'token: 9\ntoken: 8'),
      'Line 13: found the field “token” for the second time, expected it once.',
    ],
    [
      'a value of a link’s field that does not exist',
      changed('token: 9', 'view: balcony'),
      "Line 12, field “view”: found “balcony”, expected 'roll' | 'start' | 'router' | 'next' | 'flow' | 'attention' | 'cache' | 'grid' | 'whatif' | 'cachelab' | 'models'.",
    ],
    [
      'a mark that does not exist',
      changed('group 4.1, playhead', 'group 4.1, halo'),
      'Line 14, field “mark”: found “halo”, expected a mark of docs/lessons.md, such as `group 4.1`.',
    ],
    [
      'a question that does not exist',
      changed('ask: group ruled-out', 'ask: what now'),
      'Line 15, field “ask”: found “what now”, expected group ruled-out, group best, expert chosen, expert largest-share, token next, token most-read, number NAME or change NAME, with a NAME of docs/lessons.md.',
    ],
    [
      'a comparison of a number that is the same in both runs',
      changed('ask: group ruled-out', 'ask: change layers'),
      'Line 15, field “ask”: found “change layers”, expected group ruled-out, group best, expert chosen, expert largest-share, token next, token most-read, number NAME or change NAME, with a NAME of docs/lessons.md.',
    ],
    [
      'a tolerance of a choice',
      changed('ask: group ruled-out', 'ask: group best\ntolerance: 1'),
      'Line 16, field “tolerance”: found “group best”, expected a question `number`.',
    ],
    [
      'a tolerance in words',
      changed('ask: group ruled-out', 'ask: number layers\ntolerance: some'),
      'Line 16, field “tolerance”: found “some”, expected a number, or a percentage: `5%`.',
    ],
    [
      'a step without a block',
      changed(/```step[^`]*```/u, ''),
      'Line 9: the step “One” has no block “```step”; expected one below its heading.',
    ],
    [
      'a block without an end',
      `${HEAD}\n## One\n\n\`\`\`step\ntoken: 9\n`,
      'Line 11: the block has no end; expected a line “```”.',
    ],
    [
      'a step without text',
      changed('The text of {{token}}. **Which group of {{groups}}?**', ''),
      'Line 17: found nothing, expected the text of this step.',
    ],
    [
      'an answer without text',
      changed(/They were.*/u, ''),
      'Line 23: found nothing, expected the text after the answer.',
    ],
    [
      'too many words',
      changed('The text of {{token}}.', 'word '.repeat(61)),
      'Line 17: the text of this step has 65 words; expected at most 60.',
    ],
    [
      'a question without an explanation',
      changed(/```after[\s\S]*/u, ''),
      'Line 15: the question has no block “```after”; expected one, with the text that explains the answer.',
    ],
    [
      'an explanation without a question',
      changed('ask: group ruled-out\n', ''),
      'Line 19: found a block “```after” in a step without the field “ask”; expected both or none.',
    ],
    [
      'a value that does not exist',
      changed('{{token}}', '{{tokken}}'),
      'Line 18: found “{{tokken}}”, expected a value of docs/lessons.md, such as “{{token}}”.',
    ],
    [
      'a value without an end',
      changed('{{groups}}?**', '{{groups'),
      'Line 18: found “{{groups”, expected a value of docs/lessons.md, such as “{{token}}”.',
    ],
    [
      'a link to a script',
      changed('https://arxiv.org/abs/2412.19437', 'javascript:alert'),
      'Line 24: found the address “javascript:alert”, expected one that starts with “https://”.',
    ],
    [
      'a list',
      changed('The text of', '- The text of'),
      'Line 18: found “- The text of {{token}}. **Which group of {{groups}}?**”, expected a paragraph or a table below a block “```step” or “```after”.',
    ],
    [
      'text before the first step',
      changed('## One', 'Hello.\n\n## One'),
      'Line 9: found “Hello.”, expected a paragraph or a table below a block “```step” or “```after”.',
    ],
    [
      'text above a block',
      changed('## One\n', '## One\nHello.\n'),
      'Line 10: found “Hello.”, expected a paragraph or a table below a block “```step” or “```after”.',
    ],
    [
      'a row with another number of cells',
      changed('The text of', '| a | b |\n|---|---|\n| c |\n\nThe text of'),
      'Line 20: the row of the table has 1 cells; expected 2.',
    ],
    [
      'a table without its line of dashes',
      changed('The text of', '| a | b |\n| c | d |\n\nThe text of'),
      'Line 19: found “| c | d |”, expected a paragraph or a table below a block “```step” or “```after”.',
    ],
    ['a file that is too long', 'x'.repeat(100_001), 'The file has 100,001 characters; expected at most 100,000.'],
    ['too many steps', HEAD + STEP.repeat(100), 'The lesson has 100 steps; expected at most 99.'],
  ])('%s', (_, text, sentence) => {
    expect(problemsOf(text)).toEqual([sentence]);
  });

  test('a field that does not exist, with all fields that do', () => {
    const [sentence = ''] = problemsOf(changed('token: 9', 'toke: 9'));
    expect(sentence).toMatch(
      /^Line 12: found the field “toke”, expected one of mark, ask, tolerance, text, ids, token,/u,
    );
  });

  test.each(['theme: dark', 'hide: text', 'lesson: other', 'autoplay: on', 'opened: unknown.a'])(
    'a field that belongs to the reader: %s',
    field => {
      expect(problemsOf(changed('token: 9', field))[0]).toMatch(/^Line 12: found the field/u);
    },
  );

  test('several at once, each with its line', () => {
    const text = changed('minutes: 2', 'minutes: 0').replace('token: 9', 'token: x').replace('{{token}}', '{{x}}');
    expect(problemsOf(text).map(sentence => sentence.split(/[:,]/u)[0])).toEqual(['Line 12', 'Line 18', 'Line 4']);
  });
});

test('words are counted in paragraphs, not in tables; a value counts as one', () => {
  const [step] = lessonOf(HEAD + STEP.replace('The text of', '| a |\n|---|\n| b |\n\nThe text of')).steps;
  expect(wordCount(step?.text ?? [])).toBe(8);
});
