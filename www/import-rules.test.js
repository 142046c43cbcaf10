// The lint rules for imports: each kind of wrong import is caught, and the table itself is checked.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterEach, describe, expect, test } from 'vitest';
import { circleIn, fileGraph, importRules, readTable } from './import-rules.js';

const WWW = import.meta.dirname;
const MARKDOWN = readFileSync(join(WWW, '../docs/architecture.md'), 'utf8');

/**
 * The messages of both rules for a file of `src` with this content.
 * @param {string} file
 * @param {string} code
 * @param {string} www
 */
function lint(file, code, www = WWW) {
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: /** @type {import('eslint').Linter.Parser} */ (tseslint.parser) },
    plugins: { imports: importRules(www, MARKDOWN) },
    rules: { 'imports/folders': 'error', 'imports/circles': 'error' },
  };
  const linter = new Linter({ cwd: www });
  return linter
    .verify(code, /** @type {import('eslint').Linter.Config} */ (config), join(www, 'src', file))
    .map(({ message }) => message);
}

const SEE = 'see the table in docs/architecture.md';

describe('an import that the table does not allow is an error', () => {
  test.each([
    ['scope/a.ts', "import { html } from 'lit';", `scope may not import lit: ${SEE}`],
    ['scope/a.ts', "import { words } from '../text/words';", `scope may not import text: ${SEE}`],
    ['scope/a.ts', "import type { Words } from '../text/words';", `scope may not import text: ${SEE}`],
    ['engine/a.ts', "import { Scope } from '../scope/scope';", `engine may not import scope: ${SEE}`],
    ['engine/a.ts', "export { Scope } from '../scope/scope';", `engine may not import scope: ${SEE}`],
    ['engine/a.ts', "export * from '../scope/scope';", `engine may not import scope: ${SEE}`],
    ['engine/a.ts', "void import('../scope/scope');", `engine may not import scope: ${SEE}`],
    ['engine/a.ts', "type A = import('../scope/scope').Scope;", `engine may not import scope: ${SEE}`],
    ['engine/a.ts', "new URL('../scope/scope.ts', import.meta.url);", `engine may not import scope: ${SEE}`],
    ['text/en/a.ts', "import { END } from '../../scope/state';", `text may not import values of scope: ${SEE}`],
    [
      'export/csv/a.ts',
      "import { chosenLayer } from '../../views/shared/layout';",
      `export may not import views/shared: ${SEE}`,
    ],
    ['views/grid/a.ts', "import { base } from '../roll/roll';", `views/grid may not import views/roll: ${SEE}`],
    [
      'views/grid/a.ts',
      "import { reasonOf } from '../../engine/error-message';",
      `views/grid may not import values of engine: ${SEE}`,
    ],
    ['views/shared/a.ts', "import { Roll } from '../roll/roll';", `views/shared may not import views/roll: ${SEE}`],
    ['shell/a.ts', "import '../faces/main';", `shell may not import faces: ${SEE}`],
    ['shell/share/a.ts', "import model from '/model/config.json?url';", `shell may not import public: ${SEE}`],
    ['views/grid/a.ts', "import theme from '../../shell/theme.css?inline';", `views/grid may not import shell: ${SEE}`],
    ['views/grid/a.ts', "import init from '../../../pkg/moescope';", `views/grid may not import pkg: ${SEE}`],
    ['measure/a.ts', "import { clamp } from '../scope/clamp';", `measure may not import scope: ${SEE}`],
    ['a.ts', "import './scope/state';", 'src/a.ts is in no folder of the table in docs/architecture.md'],
    ['scope/a.ts', "import { must } from '../testing/must';", `scope may not import src/testing/must: ${SEE}`],
    ['views/a.ts', "import './shared/view';", 'src/views/a.ts is in no folder of the table in docs/architecture.md'],
  ])('%s: %s', (file, code, message) => {
    expect(lint(file, code)).toEqual([message]);
  });
});

describe('an import that the table allows is no error', () => {
  test.each([
    ['faces/a.ts', "import { boot } from '../start/boot'; import { Page } from '../shell/page';"],
    ['shell/share/a.ts', "import type { Shell } from '../shell'; void import('../../export/export');"],
    ['shell/a.ts', "void import('../views/grid/grid'); import { View } from '../views/shared/view';"],
    ['views/grid/a.ts', "import { guard } from 'lit/directives/guard.js'; import './grid-style';"],
    ['views/grid/a.ts', "import { type Route, type Load } from '../../engine/types';"],
    ['text/en/a.ts', "import type { Operation } from '../../scope/stages'; import { format } from '../format';"],
    ['text/a.ts', "type A = import('../scope/stages').Operation;"],
    ['start/a.ts', "import wasm from '../../pkg/moescope_bg.wasm?url'; import model from '/model/config.json?url';"],
    ['export/a.ts', "import { version } from '../../package.json';"],
  ])('%s: %s', (file, code) => {
    expect(lint(file, code)).toEqual([]);
  });
});

describe('files that import each other', () => {
  /** @type {string[]} */
  const made = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
  });

  /**
   * A folder with these files in its `src`.
   * @param {Readonly<Record<string, string>>} files
   */
  function wwwWith(files) {
    const www = mkdtempSync(join(tmpdir(), 'import-rules-'));
    made.push(www);
    for (const [file, code] of Object.entries(files)) {
      mkdirSync(join(www, 'src', dirname(file)), { recursive: true });
      writeFileSync(join(www, 'src', file), code);
    }
    return www;
  }

  test.each([
    ["import { b } from './b';", "import { a } from './a';"],
    ["import { b } from './b';", "import type { A } from './a';"],
    ["import type { B } from './b';", "export type { A } from './a';"],
    ["import { b } from './b';", "void import('./a');"],
  ])('%s and %s are an error in both files', (a, b) => {
    const www = wwwWith({ 'scope/a.ts': a, 'scope/b.ts': b, 'scope/c.ts': "import './a';" });
    const message = 'Files import each other: scope/a.ts -> scope/b.ts -> scope/a.ts';
    expect(lint('scope/a.ts', a, www)).toEqual([message]);
    expect(lint('scope/b.ts', b, www)).toEqual([message]);
    expect(lint('scope/c.ts', "import './a';", www)).toEqual([]);
  });

  test('a circle through a third file is an error', () => {
    const www = wwwWith({
      'scope/a.ts': "import './b';",
      'scope/b.ts': "import './c';",
      'scope/c.ts': "import './a';",
    });
    expect(lint('scope/c.ts', "import './a';", www)).toEqual([
      'Files import each other: scope/a.ts -> scope/b.ts -> scope/c.ts -> scope/a.ts',
    ]);
  });

  test('do not exist in src', () => {
    const graph = fileGraph(join(WWW, 'src'));
    expect(graph.get('shell/lazy-views.ts')).toContain('views/grid/grid.ts');
    expect(graph.get('text/words.ts')).toEqual(['text/en/index.ts']);
    expect(circleIn(graph)).toBeNull();
  });
});

describe('the table of folders', () => {
  test('has rows for all folders of src except testing, and src has no files', () => {
    const rows = [...readTable(MARKDOWN).keys()].filter(folder => !folder.includes('/'));
    const found = readdirSync(join(WWW, 'src')).filter(name => name !== 'testing');
    expect(found.sort()).toEqual([...rows, 'views'].sort());
  });

  const table = (/** @type {string[]} */ ...rows) =>
    `# Title\n\n## Folders of the page\n\n| folder | role | may import |\n|---|---|---|\n${rows.join('\n')}\n\n## More\n`;

  test('is read with subfolders, with imports of types only, and with files of www', () => {
    const { targets } = readTable(table('| `a/*/` | A role | `b/` (types), `package.json` |')).get('a/*') ?? {};
    expect(Object.fromEntries(targets ?? [])).toEqual({ b: 'types', 'package.json': 'all' });
  });

  test.each([
    ['no table', '# Title\n', 'no table below “## Folders of the page”'],
    ['a row without a role', table('| `a/` | | `b/` |'), 'malformed row: | `a/` | | `b/` |'],
    ['a name without backticks', table('| `a/` | A role | b |'), 'malformed row: | `a/` | A role | b |'],
    ['two rows for one folder', table('| `a/` | A | `b/` |', '| `a/` | A | `c/` |'), 'two rows for one folder'],
    [
      'folders that import each other',
      table('| `a/` | A | `b/` |', '| `b/` | B | `c/` (types) |', '| `c/` | C | `a/` |'),
      'folders import each other: a -> b -> c -> a',
    ],
  ])('Markdown with %s is an error', (_, markdown, message) => {
    expect(() => readTable(markdown)).toThrow(`docs/architecture.md: ${message}`);
  });
});
