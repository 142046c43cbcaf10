// embed.html and moescope.html (the single file that contains everything) in a frame of a host page. The frame follows
// messages of the host page, and reports to it. Malformed messages and messages from other windows change nothing.

import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Frame, Locator, Page } from '@playwright/test';
import { holdBack } from './support/journey';
import { inspect, PROJECT } from './support/native';
import { usedExperts } from './support/printed';
import { expect, test } from './support/scope';
import { contains } from './support/soon';
import { matches } from './support/truth';

const TEXT = 'The fox saw the dark wood.';
const NATIVE = inspect(TEXT);
const COUNT = NATIVE.ids.length;
const ONE_FILE = join(PROJECT, 'www/dist/moescope.html');

type Heard = Readonly<Record<string, unknown>>;

/** Opens a host page that collects the messages from its frame. */
async function host(page: Page, frame: string): Promise<Locator> {
  await page.route('**/host.html', route =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: `<!doctype html><title>host</title>${frame}` }),
  );
  await page.addInitScript(() => {
    if (window !== window.top) return;
    Object.assign(globalThis, { heard: [] });
    addEventListener('message', ({ data }: MessageEvent<Heard>) => {
      (globalThis as unknown as { heard: Heard[] }).heard.push(data);
    });
  });
  await page.goto('./host.html');
  return page.locator('iframe');
}

const heard = (page: Page, type: string): Promise<Heard[]> =>
  page.evaluate(
    type => (globalThis as unknown as { heard: Heard[] }).heard.filter(message => message['type'] === type),
    type,
  );

/** Sends messages to the frame. */
async function say(page: Page, ...messages: readonly unknown[]): Promise<void> {
  await page.evaluate(messages => {
    const frame = document.querySelector('iframe');
    for (const message of messages) frame?.contentWindow?.postMessage(message, '*');
  }, messages);
}

const sentence = (frame: Locator): Locator => frame.contentFrame().locator('moe-status').getByRole('status');

/** The part of a step's sentence that names the experts of a layer, from the native engine. */
const expectedSentence = (position: number, layer: number): string => usedExperts(NATIVE, position, layer);

const state = (fields: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(
    Object.entries({ v: 1, text: TEXT, ...fields }).map(([name, value]) => [name, String(value)]),
  ).toString();

test('a frame reports each step and its height, and acts on messages', async ({ page }) => {
  const frame = await host(
    page,
    `<iframe width="700" src="embed.html#${state({ view: 'router', layer: 2, token: 3 })}"></iframe>`,
  );
  const shows = (position: number, layer: number): Promise<void> =>
    contains(sentence(frame), expectedSentence(position, layer));
  await shows(3, 2);
  await expect.poll(() => heard(page, 'ready')).toHaveLength(1);
  expect(await heard(page, 'ready')).toMatchObject([
    { moescope: 1, model: { num_hidden_layers: 5, n_routed_experts: 16 } },
  ]);
  const height = (): Promise<number> =>
    frame
      .contentFrame()
      .locator('moe-alone')
      .evaluate(alone => Math.ceil(alone.getBoundingClientRect().height));
  const reported = async (): Promise<unknown> => (await heard(page, 'resize')).at(-1)?.['height'];
  const reportsItsHeight = (): Promise<void> =>
    expect.poll(async () => (await reported()) === (await height())).toBe(true);

  await test.step('messages move the playhead and set the state, and the frame reports its height', async () => {
    await say(page, { moescope: 1, type: 'step' });
    await shows(4, 2);
    await say(page, { moescope: 1, type: 'step', by: -2 });
    await shows(2, 2);
    await say(page, { moescope: 1, type: 'seek', position: 5 });
    await shows(5, 2);
    await reportsItsHeight();
    const before = await reported();
    await say(page, { moescope: 1, type: 'set', state: { layer: 4, token: 1, view: 'cache' } });
    await shows(1, 4);
    await expect(frame.contentFrame().locator('moe-cache')).toBeVisible();
    await expect.poll(reported).not.toBe(before);
    await reportsItsHeight();
    await say(page, { moescope: 1, type: 'set', state: { view: null } });
    await expect(frame.contentFrame().locator('moe-cache')).toHaveCount(0);
    await shows(1, 4);
    await say(page, {
      moescope: 1,
      type: 'set',
      state: `https://somewhere/embed.html#${state({ token: 6, layer: 3 })}`,
    });
    await shows(6, 3);
  });

  await test.step('messages start and pause playing', async () => {
    await say(page, { moescope: 1, type: 'seek', position: 0 }, { moescope: 1, type: 'play' });
    await expect(frame.contentFrame().getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
    await say(page, { moescope: 1, type: 'pause' });
    await expect(frame.contentFrame().getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  });

  await test.step('every step message has the native engine’s record', async () => {
    const steps = await heard(page, 'step');
    expect(steps.slice(0, 6).map(({ position }) => position)).toEqual([3, 4, 2, 5, 1, 6]);
    for (const { position, token, record } of steps) {
      const native = NATIVE.records[position as number];
      expect(token).toBe(native?.token);
      expect((record as { next: { tokens: unknown } }).next.tokens).toEqual(native?.next.tokens);
    }
    const states = await heard(page, 'state');
    expect(new URLSearchParams(String(states.at(-1)?.['state'])).get('text')).toBe(TEXT);
  });
});

test('messages sent before the model is loaded take effect', async ({ page }) => {
  const release = await holdBack(page, '**/model.safetensors');
  const frame = await host(
    page,
    `<iframe src="embed.html#${state({ view: 'router', layer: 77, token: 3 })}"></iframe>`,
  );
  await expect(frame.contentFrame().getByRole('progressbar')).toBeVisible();
  await say(page, { moescope: 1, type: 'set', state: { token: 5, layer: 2 } });
  await say(page, { moescope: 1, type: 'set', state: { layer: 3 } });
  // Play starts from the position that was set. The pause follows at once, so the position stays.
  await say(page, { moescope: 1, type: 'play' }, { moescope: 1, type: 'pause' });
  release();
  await contains(sentence(frame), expectedSentence(5, 3));
  await expect(frame.contentFrame().getByRole('alert').locator('p')).toHaveCount(0);
});

test('malformed messages and messages from another frame change nothing', async ({ page, problems }) => {
  problems.allow(/a message to this frame was not understood/u);
  const warnings: string[] = [];
  page.on('console', message => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  // If a malformed message were accepted as a state, the alert about layer 9 would disappear.
  const frames = await host(
    page,
    `<iframe src="embed.html#${state({ view: 'router', token: 3, layer: 9 })}"></iframe>
     <iframe id="other" src="about:blank"></iframe>`,
  );
  const frame = frames.first();
  await contains(sentence(frame), expectedSentence(3, 4));
  const complaint = frame.contentFrame().getByRole('alert').locator('p');
  await expect(complaint).toContainText('There is no layer 9');
  await say(
    page,
    null,
    7,
    'moescope',
    [],
    { type: 'seek', position: 1 },
    { moescope: 2, type: 'seek', position: 1 },
    { moescope: '1', type: 'seek', position: 1 },
    { moescope: 1 },
    { moescope: 1, type: 'constructor' },
    { moescope: 1, type: '__proto__' },
    { moescope: 1, type: 'seek', position: '1' },
    { moescope: 1, type: 'seek', position: 1.5 },
    { moescope: 1, type: 'seek' },
    { moescope: 1, type: 'step', by: Infinity },
    { moescope: 1, type: 'set' },
    { moescope: 1, type: 'set', state: { token: { valueOf: 1 } } },
    { moescope: 1, type: 'set', state: { Token: 1 } },
    { moescope: 1, type: 'set', state: ['token', 1] },
    { moescope: 1, type: 'set', state: 'x'.repeat(300_000) },
    { moescope: 1, type: 'set', state: { text: 'x'.repeat(300_000) } },
    {
      moescope: 1,
      type: 'set',
      state: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, 1])),
    },
  );
  // Parsed JSON can have `__proto__` as an own key; a Map, a Date or an Error arrives as an object of its class.
  await page.evaluate(() => {
    const { contentWindow } = document.querySelector('iframe') ?? {};
    for (const text of ['{"token":1,"__proto__":{"layer":1}}', '{"constructor":{"prototype":{"token":1}}}']) {
      contentWindow?.postMessage({ moescope: 1, type: 'set', state: JSON.parse(text) as unknown }, '*');
    }
    for (const state of [
      [],
      new Map([['token', 1]]),
      new Set(),
      new Date(0),
      new File(['x'], 'x'),
      new Error('x'),
      /x/u,
    ]) {
      contentWindow?.postMessage({ moescope: 1, type: 'set', state }, '*');
    }
    for (let time = 0; time < 20_000; time++) contentWindow?.postMessage({ moescope: 1, type: 'flood', time }, '*');
  });
  await say(page, { moescope: 1, type: 'step' });
  await contains(sentence(frame), expectedSentence(4, 4));
  await expect(complaint).toContainText('There is no layer 9');
  expect((await heard(page, 'step')).map(({ position }) => position)).toEqual([3, 4]);
  expect(warnings).toHaveLength(1);
  expect(
    await frame
      .contentFrame()
      .locator('body')
      .evaluate(() => Object.keys(Object.prototype)),
  ).toEqual([]);
  // Our frame ignores a message from the other frame, which is not its parent, and follows one from the host page.
  await page.evaluate(async () => {
    const [ours, other] = document.querySelectorAll('iframe');
    const script = `parent.frames[0].postMessage({ moescope: 1, type: 'seek', position: 1 }, '*')`;
    (other?.contentWindow as unknown as { eval(script: string): void }).eval(script);
    await new Promise(resolve => setTimeout(resolve));
    ours?.contentWindow?.postMessage({ moescope: 1, type: 'seek', position: 5 }, '*');
  });
  await contains(sentence(frame), expectedSentence(5, 4));
  expect((await heard(page, 'step')).map(({ position }) => position)).toEqual([3, 4, 5]);
});

test('the single file, opened offline, shows the native engine’s numbers, and its dialog offers no code that needs the site', async ({
  browser,
  scope,
}) => {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', request => asked.push(request.url()));
  const address = pathToFileURL(ONE_FILE).href;
  const file = new (scope.constructor as new (page: Page) => typeof scope)(page);
  await file.open(address);
  await file.openNumbers();
  await file.type(TEXT);
  await file.at(COUNT - 1, COUNT);
  matches(await file.see(), NATIVE, COUNT - 1, COUNT);
  for (let step = 0; step < 3; step++) await file.previous.click();
  await file.at(COUNT - 4, COUNT);
  matches(await file.see(), NATIVE, COUNT - 4, COUNT);
  await test.step('the share dialog offers only a link and files', async () => {
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Share, embed or save' });
    const field = (name: string): Locator => dialog.getByRole('textbox', { name, exact: true });
    await expect(field('Link')).toBeVisible();
    await expect(dialog.locator('iframe')).toHaveCount(0);
    await expect(field('Frame (iframe)')).toHaveCount(0);
    await expect(field('Element (moe-scope)')).toHaveCount(0);
    await expect(dialog.getByRole('button', { name: /^Save as/u })).toHaveCount(5);
  });
  expect(asked.filter(url => !url.startsWith('blob:') && !url.startsWith('data:'))).toEqual([address]);
  await context.close();
});

test('the single file works in a sandboxed frame, which has no origin, and reports its steps', async ({ page }) => {
  const opaque = await host(
    page,
    `<iframe sandbox="allow-scripts" width="900" height="700"
      src="./moescope.html?v=2#${state({ view: 'router', token: 3 })}"></iframe>`,
  );
  await contains(sentence(opaque), expectedSentence(3, 4));
  const inside = page.frames().find((each: Frame) => each.url().includes('moescope.html'));
  expect(await inside?.evaluate(() => self.origin)).toBe('null');
  await say(page, { moescope: 1, type: 'step' });
  await contains(sentence(opaque), expectedSentence(4, 4));
  await opaque.contentFrame().getByRole('button', { name: 'Next token', exact: true }).click();
  await contains(sentence(opaque), expectedSentence(5, 4));
  expect((await heard(page, 'step')).map(({ position }) => position)).toEqual([3, 4, 5]);
});

const ELEMENT = `<!doctype html><title>host</title><moe-scope text="${TEXT}"></moe-scope>
  <script type="module" src="./define.js"></script>`;

test('if the content security policy refuses WebAssembly, the alert names the missing permission', async ({
  page,
  problems,
}) => {
  problems.allow(/policy|WebAssembly|wasm/iu);
  let policy = '';
  await page.route('**/*', async route => {
    if (route.request().url().endsWith('/host.html')) {
      const headers = { 'content-security-policy': policy };
      await route.fulfill({ contentType: 'text/html; charset=utf-8', headers, body: ELEMENT });
      return;
    }
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  for (const [path, only] of [
    ['./embed.html', "script-src 'self'; worker-src 'self'"],
    ['./moescope.html', "script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; worker-src blob:"],
    ['./host.html', "script-src 'self'; worker-src 'self'"],
  ] as const) {
    await test.step(path, async () => {
      policy = only;
      await page.goto(path);
      await expect(page.locator('moe-status').getByRole('alert')).toContainText(
        "the page’s security policy, refuses the engine (a policy has to allow script-src 'wasm-unsafe-eval'): ",
      );
    });
  }
});
