import { expect, test } from 'vitest';
import { isReplaced } from './replaced-text';

test.each([
  ['another sentence', 'Once upon a time', 'What is 6 times 7?', true],
  ['the first letter of another sentence', 'Once upon a time', 'W', true],
  ['the same first word only', 'The fox ran home.', 'The dark wood was big and old.', true],
  ['a letter at the end', 'Once upon a tim', 'Once upon a time', false],
  ['a word at the start', 'upon a time', 'Once upon a time', false],
  ['a word in the middle', 'Once a time', 'Once upon a time', false],
  ['an end that is gone', 'Once upon a time', 'Once', false],
  ['the same text', 'Once', 'Once', false],
  ['a text in an empty box', '', 'Once', false],
  ['an emptied box', 'Once', '', false],
])('%s: from “%s” to “%s”', (_, before, after, replaced) => {
  expect(isReplaced(before, after)).toBe(replaced);
});
