// The linter's rules: typescript-eslint's strictest type-checked set, and nothing that the compiler already says.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importRules } from './import-rules.js';

const ARCHITECTURE = new URL('../docs/architecture.md', import.meta.url);

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
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Nothing on the page is made up.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['**/*.test.ts', 'src/testing/**'],
    plugins: { imports: importRules(import.meta.dirname, readFileSync(ARCHITECTURE, 'utf8')) },
    rules: { 'imports/folders': 'error', 'imports/circles': 'error' },
  },
  {
    // Every number and mark on the page is the model's: views hold no data, draw no lots and read no clock.
    files: ['src/shell/**', 'src/views/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ArrayExpression > Literal[raw=/^[0-9.]+$/]:nth-child(6)',
          message: 'A view holds no data: a list of literals is one.',
        },
        {
          selector: 'Literal[raw=/^[0-9_]*[.][0-9]{4,}$/]',
          message: 'A view holds no data: the record carries numbers.',
        },
        { selector: 'ImportDeclaration[source.value=/[.]json/]', message: 'A view draws from the snapshot alone.' },
        { selector: 'MemberExpression[property.name="getRandomValues"]', message: 'Nothing on the page is made up.' },
        { selector: 'MemberExpression[object.name="Date"]', message: 'What a view draws does not depend on a clock.' },
        {
          selector: 'MemberExpression[object.name="performance"]',
          message: 'What a view draws does not depend on a clock.',
        },
      ],
    },
  },
);
