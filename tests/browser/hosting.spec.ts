// The page works under a path, without workers, and with a strict content security policy. The tests' server sends this
// policy with every page, and a violation of the policy fails the test.

import type { Locator, Page } from '@playwright/test';
import { ROOT_URL, SUB_URL } from './support/addresses';
import { inspect, survey } from './support/native';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';
import { matches } from './support/truth';

const TEXT = 'The fox saw the dark wood.';

/** Types a text and compares the page's numbers with the native engine's. */
async function works(scope: ScopePage): Promise<void> {
  const native = inspect(TEXT);
  const count = native.ids.length;
  await scope.openNumbers();
  await scope.type(TEXT);
  await scope.at(count - 1, count);
  matches(await scope.see(), native, count - 1, count);
}

/** Makes `new Worker` throw for the URL of a script, for blob URLs, or for both. */
async function refuseWorkers(
  page: Page,
  refused: { readonly byUrl: boolean; readonly byBlob: boolean },
): Promise<void> {
  await page.addInitScript(({ byUrl, byBlob }) => {
    const Real = globalThis.Worker;
    globalThis.Worker = class extends Real {
      constructor(url: string | URL) {
        if (String(url).startsWith('blob:') ? byBlob : byUrl) throw new DOMException('refused', 'SecurityError');
        super(url);
      }
    };
  }, refused);
}

/** The notice that the engine runs on the page's main thread. */
const inPage = (page: Page): Locator => page.getByText('The engine runs in the page itself');

test('with the strict policy, the engine runs in a worker from a URL, and nothing is requested from another host', async ({
  scope,
  page,
}) => {
  const policies: (string | undefined)[] = [];
  const hosts = new Set<string>();
  page.on('response', response => {
    if (response.url().startsWith(ROOT_URL)) policies.push(response.headers()['content-security-policy']);
  });
  page.on('request', request => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:') hosts.add(host);
  });
  await scope.open();
  expect(policies.length).toBeGreaterThan(6);
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toContain("'unsafe-inline'");
    expect(policy).not.toContain("'unsafe-eval'");
  }
  expect([...hosts]).toEqual([new URL(ROOT_URL).host]);
  await expect(inPage(page)).toHaveCount(0);
  expect(page.workers().map(worker => new URL(worker.url()).protocol)).toEqual(['http:']);
  await works(scope);
});

test('the page and its link to the model card work under a path', async ({ scope, page }) => {
  await scope.open(SUB_URL);
  await works(scope);
  const about = await page.request.get(new URL('about.html', SUB_URL).href);
  await scope.openMenu();
  expect(await page.getByRole('link').getAttribute('href')).toBe('about.html');
  expect(about.status()).toBe(200);
});

test.describe('if no worker can be started from a URL', () => {
  // The server's policy also forbids workers from blobs, so this test runs without the policy.
  test.use({ bypassCSP: true });
  test('the engine runs in a worker from a blob', async ({ scope, page }) => {
    await refuseWorkers(page, { byUrl: true, byBlob: false });
    await scope.open();
    expect(page.workers().map(worker => new URL(worker.url()).protocol)).toEqual(['blob:']);
    await works(scope);
  });
});

test('the engine runs on the main thread if no worker can be started', async ({ scope, page }) => {
  await refuseWorkers(page, { byUrl: true, byBlob: true });
  await scope.open();
  expect(page.workers()).toEqual([]);
  await expect(inPage(page)).toBeVisible();
  await works(scope);
});

test('the engine runs on the main thread if no worker can be started from a URL and the policy refuses workers from blobs', async ({
  scope,
  page,
  problems,
}) => {
  problems.allow(/policy: worker-src blob|Creating a worker from 'blob:|Refused to create a worker/u);
  await refuseWorkers(page, { byUrl: true, byBlob: false });
  await scope.open();
  expect(page.workers()).toEqual([]);
  await expect(inPage(page)).toBeVisible();
  await works(scope);
});

test('the engine runs on the main thread if the worker’s script cannot be loaded', async ({
  scope,
  page,
  problems,
}) => {
  // `new Worker` does not throw here; an error event follows. A worker from a blob would need the same script.
  problems.allow(/Failed to load resource|policy: worker-src blob|Creating a worker from 'blob:/u);
  await page.route(/worker-.*\.js$/u, route => route.fulfill({ status: 404, body: 'not here' }));
  await scope.open();
  expect(page.workers()).toEqual([]);
  await expect(inPage(page)).toBeVisible();
  await works(scope);
});

for (const workers of [true, false]) {
  test(`published models are computed under a path, ${workers ? 'with' : 'without'} a worker`, async ({ page }) => {
    if (!workers) await refuseWorkers(page, { byUrl: true, byBlob: true });
    await page.goto(`${SUB_URL}embed.html#v=1&view=models`);
    const { models } = survey({ context: 131_072, users: 8, memory: 1000, bits: 16, weights: 8, config: '' });
    await expect(page.locator('moe-models g.bar')).toHaveCount(models.length);
    await expect(page.locator('moe-models [data-figure=token]')).toHaveText('70,272 B');
    expect(page.workers().length).toBe(workers ? 1 : 0);
    await expect(inPage(page)).toHaveCount(workers ? 0 : 1);
  });
}

test('a wasm file that cannot be compiled is reported, and trying again works', async ({ scope, page }) => {
  await page.route('**/*.wasm', route => route.fulfill({ body: 'this is no wasm' }));
  await page.goto('./#v=1');
  await expect(scope.fault).toContainText('refuses the engine');
  await page.unroute('**/*.wasm');
  await page.getByRole('button', { name: 'Try again' }).click();
  await scope.up();
  await works(scope);
});
