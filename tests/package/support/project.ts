// A project in a temporary folder; its only dependency is the packed package. A test fails on any error or warning in the
// console of the page.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { inspect } from '../../firefox/support/native';
import { run, TARBALL } from './programs';

const TEXT = 'The fox saw the dark wood.';
export const NATIVE = inspect(TEXT);

const PAGE = (script: string): string => `<!doctype html>
<html lang="en">
  <head>
    <title>A lesson</title>
    <link rel="icon" href="data:," />
  </head>
  <body>
    <h1>A lesson</h1>
    <moe-scope view="router" text="${TEXT}" token="1"></moe-scope>
    <script type="module" src="${script}"></script>
  </body>
</html>
`;

const MAIN = `import { MoeScope } from 'moescope';
import 'moescope/define';

const scope = document.querySelector('moe-scope');
if (!(scope instanceof MoeScope)) throw new Error('the element is not there');
scope.addEventListener('step', event => {
  const { position } = event.detail;
  document.title = \`A lesson: \${position.toFixed(0)}\`;
});
`;

const SERVER = `import { MoeScope } from 'moescope';
import 'moescope/define';

export class Mine extends MoeScope {}
console.log(typeof MoeScope, new Mine() instanceof MoeScope, typeof HTMLElement, typeof customElements);
`;

export class Project {
  readonly root = mkdtempSync(join(tmpdir(), 'moescope-package-'));
  readonly package = join(this.root, 'node_modules/moescope');

  constructor() {
    const manifest = { name: 'lesson', private: true, type: 'module', dependencies: { moescope: `file:${TARBALL}` } };
    this.write('package.json', JSON.stringify(manifest));
    this.write('index.html', PAGE('./main.ts'));
    this.write('main.ts', MAIN);
    this.write('server.js', SERVER);
    const installed = run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--no-package-lock'], this.root);
    if (installed.status !== 0) throw new Error(installed.printed);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.root, name), text);
  }

  /** Writes a page that loads its script from this address. */
  writePage(name: string, script: string): void {
    this.write(name, PAGE(script));
  }

  /** The paths of the package's files, relative to the package. */
  files(): string[] {
    const entries = readdirSync(this.package, { recursive: true, withFileTypes: true });
    const files = entries.filter(entry => entry.isFile());
    return files.map(({ parentPath, name }) => join(parentPath, name).slice(this.package.length + 1)).sort();
  }
}

export const test = base.extend<{ problems: string[] }, { project: Project }>({
  project: [
    async ({}, use) => {
      const project = new Project();
      await use(project);
      rmSync(project.root, { recursive: true });
    },
    { scope: 'worker' },
  ],
  // Errors and warnings in the console, uncaught errors, and failed requests.
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on('console', message => {
        if (['error', 'warning'].includes(message.type())) problems.push(message.text());
      });
      page.on('pageerror', error => problems.push(error.stack ?? String(error)));
      page.on('requestfailed', request => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export type { Page };
