// Lint rules: the strictest type-checked set of typescript-eslint, and rules of this project.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importRules } from './import-rules.js';

const RANDOM = { object: 'Math', property: 'random', message: 'The page uses no random numbers.' };
const ARCHITECTURE = new URL('../docs/architecture.md', import.meta.url);

const NUMBER_FORMATS = [
  { object: 'Intl', property: 'NumberFormat', message: 'Format numbers with text/format.ts.' },
  { property: 'toLocaleString', message: 'Format numbers with text/format.ts.' },
];

export default defineConfig(
  { ignores: ['dist', 'pkg', 'node_modules', 'eslint.config.js'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': ['error', RANDOM],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.test.ts', 'src/testing/**'],
    plugins: { imports: importRules(import.meta.dirname, readFileSync(ARCHITECTURE, 'utf8')) },
    rules: { 'imports/folders': 'error', 'imports/circles': 'error' },
  },
  {
    // Only `format.ts` writes numbers, so that all of them have the same minus sign, and zero has none.
    files: ['src/**/*.ts'],
    ignores: ['src/text/format.ts'],
    rules: { 'no-restricted-properties': ['error', RANDOM, ...NUMBER_FORMATS] },
  },
  {
    // Client rects and pointer positions are in px of the window; `src/measure` converts them to px of an element.
    files: ['src/**/*.ts'],
    ignores: ['**/*.test.ts', 'src/testing/**', 'src/measure/**', 'src/text/format.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        RANDOM,
        ...NUMBER_FORMATS,
        ...['getBoundingClientRect', 'getClientRects', 'clientX', 'clientY'].map(property => ({
          property,
          message: 'This is not in px of the element if the page is zoomed: use src/measure/zoom.ts.',
        })),
      ],
    },
  },
  {
    // Every number on the page comes from the snapshot: views contain no data, no random numbers and no clock.
    files: ['src/shell/**', 'src/views/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ArrayExpression > Literal[raw=/^[0-9.]+$/]:nth-child(6)',
          message: 'A view contains no data: move this list of numbers out of it.',
        },
        {
          selector: 'Literal[raw=/^[0-9_]*[.][0-9]{4,}$/]',
          message: 'A view contains no data: take this number from the record.',
        },
        { selector: 'ImportDeclaration[source.value=/[.]json/]', message: 'A view draws only from the snapshot.' },
        { selector: 'MemberExpression[property.name="getRandomValues"]', message: 'The page uses no random numbers.' },
        { selector: 'MemberExpression[object.name="Date"]', message: 'A view does not depend on a clock.' },
        {
          selector: 'MemberExpression[object.name="performance"]',
          message: 'A view does not depend on a clock.',
        },
      ],
    },
  },
);
