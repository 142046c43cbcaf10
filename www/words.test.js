// Finds wordings that CONTRIBUTING.md rules out, in the page's texts, the lessons and the documentation. Only patterns
// that are wrong in every context are checked here; readers check the other rules.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const PROJECT = join(import.meta.dirname, '..');

/** Files that are not checked. The first column of removed-tests.md quotes old titles of removed tests. */
const QUOTES = ['docs/removed-tests.md'];

const PATTERNS = [
  /\banew\b/giu,
  /\bwhoever\b/giu,
  /\bso\s+many\b/giu,
  /\bforesee(s|n|ing)?\b/giu,
  /\bsure\s+to\s+(±|\+-)/giu,
  /\bthe\s+usual\b/giu,
  // A sentence that starts with Who and a verb, unless it is a question.
  /(?<=^\W*|[.:;!?'"`“]\W*)Who\s+[a-z]+\b(?![^.!?]*\?)/gmu,
];

/**
 * The matches of the patterns, each with its line number.
 * @param {string} text
 */
function findings(text) {
  const found = PATTERNS.flatMap(pattern => [...text.matchAll(pattern)]);
  return found
    .sort((one, other) => one.index - other.index)
    .map(({ 0: words, index }) => `${text.slice(0, index).split('\n').length}: ${words.replace(/\s+/gu, ' ')}`);
}

/** The checked files, by their paths in the project: documentation, lessons, texts of the page, and the page "About". */
function files() {
  const markdown = ['', 'docs'].flatMap(folder =>
    readdirSync(join(PROJECT, folder))
      .filter(name => name.endsWith('.md'))
      .map(name => join(folder, name)),
  );
  const texts = ['www/src/text', 'www/src/lessons'].flatMap(folder =>
    readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /(?<!\.test)\.(ts|md)$/u.test(entry.name))
      .map(({ parentPath, name }) => relative(PROJECT, join(parentPath, name))),
  );
  return [...markdown, ...texts, 'www/about.html'].map(path => path.replaceAll('\\', '/')).sort();
}

describe('the check of wordings', () => {
  test.each([
    ['The view is drawn anew.', '1: anew'],
    ['It ends, whoever\nasks.', '1: whoever'],
    ['No column is\nnarrower than so\nmany px.', '2: so many'],
    ['how well it foresees the text', '1: foresees'],
    ['The text.\n\nThe cost is sure to ±0.73.', '3: sure to ±'],
    ['`null` is the usual value', '1: the usual'],
    ['Who types goes on to the end.', '1: Who types'],
    ["\n  first: 'a',\n  says: 'Who multiplies 128 keys gets 640 values.',", '3: Who multiplies'],
    ['It ends. Who\ntypes goes on.', '1: Who types'],
    ['- Who types goes on.', '1: Who types'],
    ['// Who waits for it is kept.', '1: Who waits'],
  ])('finds the wording in %j', (text, finding) => {
    expect(findings(text)).toEqual([finding]);
  });

  test('accepts other words, and questions that start with Who', () => {
    expect(findings('**Who reads whom?** *attention* shows it. Those who type, unusual. As usual, many.')).toEqual([]);
    expect(findings('- **Who is busy?** *grid* shows it.')).toEqual([]);
  });

  test('reads the documentation, the lessons and the texts of the page', () => {
    expect(files()).toEqual(
      expect.arrayContaining([
        'CONTRIBUTING.md',
        'README.md',
        'docs/embedding.md',
        'www/src/lessons/en/experts.md',
        'www/src/lessons/en/words.ts',
        'www/src/text/en/router.ts',
      ]),
    );
    expect(files()).toEqual(expect.arrayContaining(QUOTES));
  });
});

test.each(files().filter(path => !QUOTES.includes(path)))('%s has no wording that is ruled out', path => {
  const found = findings(readFileSync(join(PROJECT, path), 'utf8')).map(finding => `${path}:${finding}`);
  expect(found).toEqual([]);
});
