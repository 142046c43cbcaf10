// The element in pages of a project that uses the package: built by Vite, served by Vite's development server, or with
// the element loaded from another origin. The element's numbers must be the native engine's.

import { build, createServer, preview } from 'vite';
import type { InlineConfig } from 'vite';
import { sentence } from '../firefox/support/native';
import { expect, NATIVE, test } from './support/project';
import type { Page, Project } from './support/project';

const VIEWS = ['router', 'next', 'flow', 'attention', 'cache', 'grid', 'whatif', 'cachelab', 'models', 'roll'] as const;

const HOME = 'https://your.site/moescope/embed.html';

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; " +
  'img-src data:';

/** The settings of a Vite server. With `mpa`, the answer for a missing file is an error, not index.html. */
const server = (root: string, headers: Record<string, string> = {}): InlineConfig => ({
  root,
  configFile: false,
  logLevel: 'silent',
  appType: 'mpa',
  server: { host: '127.0.0.1', port: 0 },
  preview: { host: '127.0.0.1', port: 0, headers },
});

/** Serves a folder until `work` is done. */
async function served(
  folder: string,
  headers: Record<string, string>,
  work: (address: string) => Promise<void>,
): Promise<void> {
  const { resolvedUrls, close } = await preview({ ...server(folder, headers), build: { outDir: '.' } });
  try {
    await work(resolvedUrls?.local[0] ?? '');
  } finally {
    await close();
  }
}

/** Builds the project's page with Vite, serves it, and checks the element in it. */
async function built(project: Project, page: Page, bundle: InlineConfig['build'], policy = ''): Promise<void> {
  const headers: Record<string, string> = policy === '' ? {} : { 'Content-Security-Policy': policy };
  await build({ root: project.root, base: './', configFile: false, logLevel: 'silent', build: { ...bundle } });
  await served(`${project.root}/dist`, headers, address => works(page, address));
}

/** Checks that the element steps with the native engine's numbers, shows every view, and exports its state as JSON. */
async function works(page: Page, address: string): Promise<void> {
  await page.goto(address);
  const element = page.locator('moe-scope');
  const said = element.locator('moe-status').getByRole('status');
  await expect(said).toContainText(sentence(NATIVE, 1));
  await element.getByRole('button', { name: 'Next token', exact: true }).click();
  await expect(said).toContainText(sentence(NATIVE, 2));
  await element.evaluate(scope => {
    (scope as unknown as { step(by: number): void }).step(2);
  });
  await expect(said).toContainText(sentence(NATIVE, 4));
  for (const view of VIEWS) {
    await element.evaluate((scope, view) => {
      scope.setAttribute('view', view);
    }, view);
    await expect(element.locator(`moe-${view}`)).toBeVisible();
  }
  // An export contains a link to the address in `home`.
  const [state, json] = await element.evaluate(async (scope, home) => {
    const ours = scope as unknown as { home: string; state: string; export(format: string): Promise<string> };
    ours.home = home;
    return [ours.state, await ours.export('json')];
  }, HOME);
  expect(JSON.parse(json)).toMatchObject({ view: 'roll', permalink: `${HOME}#${state}` });
  expect(page.workers()).toHaveLength(1);
}

test('the element steps and shows all views in a page built by Vite', async ({ project, page }) => {
  await built(project, page, {});
  await expect(page).toHaveTitle('A lesson: 4');
  expect(page.workers()[0]?.url()).toMatch(/^http:.*\/assets\/worker-/u);
});

test('the element steps and shows all views in a page built by Vite for a strict policy', async ({ project, page }) => {
  await built(project, page, { assetsInlineLimit: 0 }, POLICY);
});

test('the element steps and shows all views in a page of Vite’s development server', async ({ project, page }) => {
  const vite = await createServer(server(project.root));
  try {
    await vite.listen();
    await works(page, vite.resolvedUrls?.local[0] ?? '');
    await expect(page).toHaveTitle('A lesson: 4');
  } finally {
    await vite.close();
  }
});

test('the element steps and shows all views from another origin, without a bundler', async ({ project, page }) => {
  const anyOrigin = { 'Access-Control-Allow-Origin': '*' };
  await served(project.package, anyOrigin, async host => {
    project.writePage('elsewhere.html', `${host}define.js`);
    await served(project.root, {}, address => works(page, `${address}elsewhere.html`));
  });
  // Browsers refuse a worker from another origin, so the worker's script is fetched and started from a blob.
  expect(page.workers()[0]?.url()).toMatch(/^blob:/u);
});
