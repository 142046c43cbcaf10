// The dialog in which a view is shared: what is ticked is seen and is in the code; the code works as it is copied; files
// are saved, and a session is opened again.

import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { host } from './support/element';
import { exported, parseCsv } from './support/exports';
import { address, addressed, countOf, focused, holdBack, reach, scrollWidth } from './support/journey';
import { clean, LOOKS } from './support/looks';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';

const TEXT = 'The fox, "red" & <small>, saw the wood (dark).';
/** What ends a quoted value, a link in Markdown, a line or an attribute, and what is written from the right. */
const ODD = 'a]b\n\'c\' [d](e) "f" <g> & `h` \\ 🦊 שלום?#=+%20';
const OPEN = 'Share, embed or save';
const PARTS = ['name', 'text', 'buttons', 'scrubber', 'sentence', 'legend', 'explanation', 'tables'];

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: OPEN });
const field = (page: Page, name: string): Locator => dialog(page).getByRole('textbox', { name, exact: true });
const tick = (page: Page, name: string): Locator => dialog(page).getByRole('checkbox', { name });
const said = (page: Page): Locator => dialog(page).getByRole('status');
const preview = (page: Page) => page.frameLocator('moe-share iframe');
const sentenceIn = (page: Page): Locator => preview(page).locator('moe-status').getByRole('status');

async function open(scope: ScopePage, page: Page, fields: Readonly<Record<string, string | number>> = {}) {
  await page.goto(
    `./#${new URLSearchParams({ v: '1', text: TEXT, token: '5', layer: '2', ...stringly(fields) }).toString()}`,
  );
  await scope.ready();
  await page.getByRole('button', { name: OPEN }).click();
  await expect(dialog(page)).toBeVisible();
  await expect(sentenceIn(page)).toContainText('layer 2 used experts');
  await expect(dialog(page)).toContainText('pixels. Step in it');
}

function stringly(fields: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

/** The fields of a link or of what stands in a code. */
function fieldsOf(link: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(link.slice(link.indexOf('#') + 1)));
}

test.describe('the code, as it is copied', () => {
  test.beforeEach(async ({ context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  });

  /** Copies a code, and reads what was copied. */
  async function copied(page: Page, name: string): Promise<string> {
    await dialog(page)
      .getByRole('button', { name: `Copy: ${name}`, exact: true })
      .click();
    await expect(said(page)).toHaveText(`Copied: ${name}.`);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toBe(await field(page, name).inputValue());
    return text;
  }

  for (const view of ['roll', 'router', 'cache']) {
    test(`${view}: a frame shows the same, and needs no scrolling`, async ({ scope, page }) => {
      await open(scope, page, { view });
      const sentence = (await scope.sentence.textContent()) ?? '';
      const code = await copied(page, 'Frame (iframe)');
      await host(page, code, '');
      const frame = page.frameLocator('iframe');
      await expect(frame.locator('moe-status').getByRole('status')).toHaveText(sentence);
      await expect(frame.locator(`moe-${view}`)).toBeVisible();
      await expect(page.locator('iframe')).toHaveAttribute('title', /^moescope: /u);
      await expect
        .poll(() =>
          frame
            .locator('html')
            .evaluate(html => [html.scrollHeight - html.clientHeight, html.scrollWidth - html.clientWidth]),
        )
        .toEqual([0, 0]);
    });
  }

  test('an element shows the same', async ({ scope, page }) => {
    await open(scope, page, { view: 'router', off: '2.3', reveal: 'always' });
    const sentence = (await scope.sentence.textContent()) ?? '';
    await host(page, await copied(page, 'Element (moe-scope)'), '');
    await expect(page.locator('moe-scope moe-status').getByRole('status')).toHaveText(sentence);
    await expect(page.locator('moe-scope moe-router')).toBeVisible();
    const state = await page.evaluate(
      () => (document.querySelector('moe-scope') as unknown as { state: string }).state,
    );
    expect(fieldsOf(state)).toMatchObject({ text: TEXT, token: '5', layer: '2', view: 'router', off: '2.3' });
  });

  test('a link, alone and in Markdown', async ({ scope, page }) => {
    await open(scope, page, { view: 'cache' });
    const link = await copied(page, 'Link');
    expect(fieldsOf(link)).toEqual({ v: '1', text: TEXT, token: '5', layer: '2', view: 'cache' });
    const markdown = await copied(page, 'Markdown');
    const [, title, target = ''] = /^\[([^\]]*)\]\(([^()\s]*)\)$/u.exec(markdown) ?? [];
    expect(title).toBe('moescope: cache');
    expect(decodeURIComponent(target)).toBe(decodeURIComponent(link));
    const sentence = (await scope.sentence.textContent()) ?? '';
    await page.goto('about:blank');
    await page.goto(target);
    await scope.ready();
    await expect(scope.sentence).toHaveText(sentence);
  });

  test('whatever the text is, each code brings that very text', async ({ scope, page }) => {
    await open(scope, page, { text: ODD, view: 'router' });
    const link = await copied(page, 'Link');
    const markdown = await copied(page, 'Markdown');
    const frame = await copied(page, 'Frame (iframe)');
    const element = await copied(page, 'Element (moe-scope)');
    const [, target = ''] = /^\[[^\]]*\]\(([^()\s<>]*)\)$/u.exec(markdown) ?? [];
    for (const address of [link, target]) {
      await page.goto('about:blank');
      await page.goto(address);
      await scope.ready();
      await expect(scope.text).toHaveValue(ODD);
    }
    await host(page, frame, '');
    await expect(page.frameLocator('iframe').getByRole('textbox', { name: 'Text' })).toHaveValue(ODD);
    await host(page, element, '');
    await expect(page.locator('moe-scope').getByRole('textbox', { name: 'Text' })).toHaveValue(ODD);
    await expect(page.locator('moe-scope moe-router')).toBeVisible();
  });

  test('what is ticked off is not there', async ({ scope, page }) => {
    await open(scope, page, { view: 'router' });
    for (const part of PARTS) await expect(tick(page, `the ${part}`)).toBeChecked();
    for (const part of ['name', 'text', 'scrubber']) await tick(page, `the ${part}`).uncheck();
    await tick(page, 'each step is to be guessed first').check();
    await tick(page, 'it plays by itself').check();
    await dialog(page).getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeHidden();
    await expect(preview(page).getByRole('slider', { name: 'Token', exact: true })).toBeHidden();
    await expect(preview(page).locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(preview(page).getByRole('button', { name: 'Show the answer' })).toBeVisible();
    const code = await copied(page, 'Frame (iframe)');
    const src = /src="([^"]*)"/u.exec(code)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(fieldsOf(src)).toMatchObject({ hide: 'name_text_scrubber', reveal: 'click', autoplay: 'on', theme: 'dark' });
    // The page itself is as it was.
    expect(await address(page)).not.toHaveProperty('hide');
    await host(page, code, '');
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('button', { name: 'Next token', exact: true })).toBeVisible();
    await expect(frame.getByRole('textbox', { name: 'Text' })).toBeHidden();
  });

  test('the code follows what one does in the preview, and its width', async ({ scope, page }) => {
    await open(scope, page, { view: 'router' });
    await preview(page).getByRole('button', { name: 'Next token', exact: true }).click();
    await expect.poll(async () => fieldsOf(await field(page, 'Link').inputValue())).toMatchObject({ token: '6' });
    expect(await address(page)).toMatchObject({ token: '5' });
    const height = async (): Promise<number> =>
      Number(/height="(\d+)"/u.exec(await field(page, 'Frame (iframe)').inputValue())?.[1]);
    const wide = await height();
    await dialog(page).getByRole('spinbutton', { name: 'Width' }).fill('340');
    await dialog(page).getByRole('spinbutton', { name: 'Width' }).press('Tab');
    await expect.poll(height).not.toBe(wide);
    expect(await field(page, 'Frame (iframe)').inputValue()).toContain('width="340"');
    await tick(page, 'the tables').uncheck();
    await tick(page, 'the tables').check();
    await expect.poll(async () => fieldsOf(await field(page, 'Link').inputValue())).not.toHaveProperty('hide');
  });
});

test('what plays in the preview plays on to the end, and the code follows', async ({ scope, page }) => {
  await open(scope, page, { view: 'router', speed: 8 });
  const inside = preview(page).getByRole('button', { name: 'Play', exact: true });
  await inside.click();
  const last = String(countOf(TEXT) - 1);
  await expect.poll(async () => fieldsOf(await field(page, 'Link').inputValue())).toMatchObject({ token: last });
  await expect(inside).toBeVisible();
  // What is ticked is still told.
  await tick(page, 'the text').uncheck();
  await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeHidden();
  await tick(page, 'the text').check();
  await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeVisible();
});

test('what is ticked before the preview is there is in it', async ({ scope, page }) => {
  const release = await holdBack(page, '**/embed.html');
  await page.goto('./#v=1&token=5');
  await scope.ready();
  await page.getByRole('button', { name: OPEN }).click();
  await tick(page, 'the text').uncheck();
  await expect.poll(async () => fieldsOf(await field(page, 'Link').inputValue())).toMatchObject({ hide: 'text' });
  release();
  await expect(sentenceIn(page)).toContainText('used experts');
  await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeHidden();
});

test('where nothing may be copied, the code is selected', async ({ scope, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  await open(scope, page);
  await dialog(page).getByRole('button', { name: 'Copy: Link' }).click();
  await expect(said(page)).toContainText('It is selected: Link');
  await expect(field(page, 'Link')).toBeFocused();
  const selected = await field(page, 'Link').evaluate((area: HTMLTextAreaElement) => [
    area.selectionStart,
    area.selectionEnd,
  ]);
  expect(selected).toEqual([0, (await field(page, 'Link').inputValue()).length]);
});

test('by keyboard alone; Esc closes, and the focus returns', async ({ scope, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./#v=1&token=5');
  await scope.ready();
  await page.getByRole('button', { name: 'Print this picture' }).focus();
  await reach(page, OPEN, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeVisible();
  expect(await focused(page)).toBe('Close');
  await reach(page, 'the name');
  await page.keyboard.press('Space');
  await expect(tick(page, 'the name')).not.toBeChecked();
  await expect.poll(async () => fieldsOf(await field(page, 'Link').inputValue())).toMatchObject({ hide: 'name' });
  await field(page, 'Link').focus();
  // Keys here are the dialog's: the page behind it stays.
  for (const key of ['ArrowRight', 'End', 'PageDown']) await page.keyboard.press(key);
  await reach(page, 'Copy: Link');
  await page.keyboard.press('Enter');
  await expect(said(page)).toHaveText('Copied: Link.');
  expect(fieldsOf(await page.evaluate(() => navigator.clipboard.readText()))).toMatchObject({ hide: 'name' });
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  expect(await focused(page)).toBe(OPEN);
  expect(await address(page)).toMatchObject({ token: '5' });
  await page.keyboard.press('Enter');
  await expect(tick(page, 'the name')).toBeChecked();
});

/** Saves in a format: the file's name and bytes. */
async function saved(page: Page, format: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page)
      .getByRole('button', { name: `Save as ${format}`, exact: true })
      .click(),
  ]);
  const name = download.suggestedFilename();
  await expect(said(page)).toHaveText(`Saved: ${name}.`);
  return { name, bytes: readFileSync(await download.path()) };
}

test('files are saved: SVG, PNG at 2x, CSV, JSON', async ({ scope, page }) => {
  await open(scope, page, { view: 'router' });
  const svg = await saved(page, 'SVG');
  expect(svg.name).toBe('moescope-router.svg');
  const [, width, height] = /width="(\d+)" height="(\d+)"/u.exec(svg.bytes.toString()) ?? [];
  const png = await saved(page, 'PNG, 2×');
  expect(png.name).toBe('moescope-router.png');
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
  // A blank sheet of that size has a hundredth of it.
  expect(png.bytes.length).toBeGreaterThan(20_000);
  const { comments, rows } = parseCsv((await saved(page, 'CSV')).bytes.toString());
  expect(rows).toHaveLength(16);
  const json = JSON.parse((await saved(page, 'JSON')).bytes.toString()) as { rows: unknown[]; permalink: string };
  expect(json.rows).toHaveLength(16);
  expect(comments).toContain(`# link: ${json.permalink}`);
  expect(fieldsOf(json.permalink)).toEqual(await address(page));
  expect(json.permalink.split('#')[0]).toBe(await page.evaluate(() => location.href.split('#')[0]));
});

test('where no hash can be computed, that is said', async ({ scope, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
  });
  await open(scope, page, { view: 'cache' });
  const { comments } = parseCsv((await saved(page, 'CSV')).bytes.toString());
  expect(comments).toContain('# sha-256: not known: browsers compute it on secure origins (https) alone');
  const session = JSON.parse((await saved(page, 'Session')).bytes.toString()) as { model: { sha256: unknown } };
  expect(session.model.sha256).toBeNull();
});

test.describe('a session', () => {
  const STATE = { view: 'router', off: '2.3', temperature: '0.5', hide: 'legend', ids: '13.89', reveal: 'click' };
  const file = (text: string) => ({ name: 'a.session.json', mimeType: 'application/json', buffer: Buffer.from(text) });

  async function session(page: Page): Promise<string> {
    await page.goto(`./#${new URLSearchParams({ v: '1', text: TEXT, token: '5', layer: '2', ...STATE }).toString()}`);
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await page.getByRole('button', { name: OPEN }).click();
    return (await saved(page, 'Session')).bytes.toString();
  }

  test('opened again it is the same state', async ({ scope, page }) => {
    const text = await session(page);
    const before = await address(page);
    const { tokens, state, permalink } = JSON.parse(text) as { tokens: number[]; state: string; permalink: string };
    expect(fieldsOf(state)).toEqual(before);
    expect(fieldsOf(permalink)).toEqual(before);
    expect(tokens.slice(-2)).toEqual([13, 89]);
    await page.goto('about:blank');
    await scope.open();
    await page.getByRole('button', { name: OPEN }).click();
    await page.getByLabel('Session file').setInputFiles(file(text));
    await expect(dialog(page)).toBeHidden();
    await addressed(page, before);
    expect(await address(page)).toEqual(before);
  });

  test('it can be dropped anywhere on the page', async ({ scope, page }) => {
    const text = await session(page);
    await page.goto('about:blank');
    await scope.open();
    await page.evaluate(text => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], 'a.session.json', { type: 'application/json' }));
      const onto = document.querySelector('moe-page')?.shadowRoot?.querySelector('moe-roll');
      onto?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, composed: true, cancelable: true }));
    }, text);
    await addressed(page, { text: TEXT, ...STATE });
    await expect(dialog(page)).toBeHidden();
  });

  test('a broken one, or another model’s, gets one sentence and changes nothing', async ({ scope, page }) => {
    const whole = JSON.parse(await session(page)) as Record<string, unknown>;
    const model = whole['model'] as Record<string, unknown>;
    await page.goto('about:blank');
    await page.goto('./#v=1&token=4');
    await scope.ready();
    const before = await address(page);
    const sentence = await scope.sentence.textContent();
    await page.getByRole('button', { name: OPEN }).click();
    const broken: readonly (readonly [string, RegExp])[] = [
      ['', /the file cannot be read as JSON/u],
      ['{"kind": "session"', /the file cannot be read as JSON/u],
      ['[1]', /the file is \[1\], expected an object\.$/u],
      [JSON.stringify({}), /“kind” is missing, expected session\.$/u],
      [JSON.stringify({ ...whole, moescope: 2 }), /“moescope” is 2, expected 1\.$/u],
      [
        JSON.stringify({ ...whole, model: { ...model, sha256: 'abc' } }),
        /“model\.sha256” is "abc", expected a SHA-256/u,
      ],
      [JSON.stringify({ ...whole, state: 7 }), /“state” is 7, expected a state as links have it/u],
      [JSON.stringify({ ...whole, state: 'v=1&view=ledger' }), /in “state”, “view” is “ledger”, which is not a value/u],
      [JSON.stringify({ ...whole, state: 'v=3&view=roll' }), /in “state”, “v” is “3”, expected 1\.$/u],
      [JSON.stringify({ ...whole, tokens: [1, 'x'] }), /“tokens\[1\]” is "x", expected a whole number from 0\.$/u],
      [JSON.stringify({ ...whole, tokens: 'abc' }), /“tokens” is "abc", expected a list of token ids\.$/u],
      [
        JSON.stringify({ ...whole, model: { name: 'another', sha256: 'ab'.repeat(32) } }),
        /it is of another model: found “another”, SHA-256 abababababab…, expected the one in this page, “DeepSeek-V3-style/u,
      ],
      [
        JSON.stringify({ ...whole, state: String(whole['state']).replace('ids=13.89', 'ids=13.99999') }),
        /in “state”, “ids” has 99999 at 1, expected at most \d{3,4}, this model’s last token\.$/u,
      ],
      ['x'.repeat(4_000_001), /the file has 4\.\d+ MB, expected at most 4\.\d+ MB\.$/u],
      [JSON.stringify({ ...whole, tokens: [1, 2, 3] }), /“tokens\[0\]” is 1, expected \d+\.$/u],
    ];
    for (const [text, expected] of broken) {
      await page.getByLabel('Session file').setInputFiles(file(text));
      const alert = dialog(page).getByRole('alert');
      await expect(alert).toHaveText(/^This session cannot be opened: /u);
      await expect(alert).toHaveText(expected);
      await expect.poll(() => address(page)).toEqual(before);
    }
    await page.keyboard.press('Escape');
    await expect(scope.sentence).toHaveText(sentence ?? '');
  });
});

test.describe('a session that something else keeps from opening is refused in a sentence', () => {
  const file = (text: string) => ({ name: 'a.session.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  const refusal = (page: Page): Locator => dialog(page).getByRole('alert');
  const SESSION = JSON.stringify({
    moescope: 1,
    kind: 'session',
    state: 'v=1&text=a',
    model: { name: 'x', sha256: null },
    tokens: [1],
  });

  test('the model did not arrive', async ({ page, problems }) => {
    problems.allow(/404|Failed to load/u);
    await page.route('**/model.safetensors', route => route.fulfill({ status: 404, body: '' }));
    await page.goto('./#v=1&token=4');
    const fault = page.locator('moe-page moe-status').first().getByRole('alert');
    await expect(fault).toContainText('A file did not arrive');
    await page.getByRole('button', { name: OPEN }).click();
    await page.getByLabel('Session file').setInputFiles(file(SESSION));
    await expect(refusal(page)).toHaveText('This session cannot be opened: model.safetensors: HTTP 404.');
    await page.keyboard.press('Escape');
    // Also when the fault was read and put away.
    await fault.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByRole('button', { name: OPEN }).click();
    await page.getByLabel('Session file').setInputFiles(file(SESSION));
    await expect(refusal(page)).toHaveText('This session cannot be opened: the model could not be loaded.');
  });

  test('what opens it did not arrive', async ({ scope, page, problems }) => {
    problems.allow(/Failed to load/u);
    await page.route('**/assets/session-*.js', route => route.abort());
    await open(scope, page);
    await page.getByLabel('Session file').setInputFiles(file(SESSION));
    await expect(refusal(page)).toHaveText(/^This session cannot be opened: .*module.*[^.]\.$/u);
    await expect(said(page)).toHaveText('');
  });
});

test('a frame gives exports by message', async ({ page, problems }) => {
  problems.allow(/a message to this frame was not understood/u);
  await host(page, '<iframe width="800" height="600"></iframe>', '');
  const given = await page.evaluate(async () => {
    const frame = document.querySelector('iframe');
    const found: Record<string, string> = {};
    if (!frame) return found;
    await new Promise<void>(resolve => {
      addEventListener('message', ({ source, data }: MessageEvent<Record<string, unknown>>) => {
        if (source !== frame.contentWindow) return;
        if (data['type'] === 'ready') {
          for (const format of ['csv', 'json', 'session', 'svg', 'exe']) {
            frame.contentWindow?.postMessage({ moescope: 1, type: 'export', format }, '*');
          }
        }
        if (data['type'] === 'export') found[String(data['format'])] = String(data['content']);
        if (Object.keys(found).length === 4) resolve();
      });
      frame.src = 'embed.html#v=1&view=cache&text=The+fox';
    });
    return found;
  });
  expect(Object.keys(given).sort()).toEqual(['csv', 'json', 'session', 'svg']);
  await host(page, '<moe-scope view="cache" text="The fox"></moe-scope>');
  for (const format of ['csv', 'json', 'session']) expect(given[format]).toBe(await exported(page, format));
});

test('in the one file there is no frame to look at, and no code that needs the site', async ({ scope, page }) => {
  await page.goto('./moescope.html');
  await scope.ready();
  await page.getByRole('button', { name: OPEN }).click();
  await expect(field(page, 'Link')).toBeVisible();
  await expect(dialog(page).locator('iframe')).toHaveCount(0);
  await expect(field(page, 'Frame (iframe)')).toHaveCount(0);
  await expect(field(page, 'Element (moe-scope)')).toHaveCount(0);
  await expect(dialog(page).getByRole('button', { name: /^Save as/u })).toHaveCount(5);
});

for (const { width, colorScheme } of LOOKS) {
  test(`axe-core finds nothing, and nothing scrolls sideways: ${width} px, ${colorScheme}`, async ({ scope, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await open(scope, page);
    await page
      .getByLabel('Session file')
      .setInputFiles({ name: 'x.json', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await expect(dialog(page).getByRole('alert')).toContainText('cannot be opened');
    // The frame is a page of its own, which is looked at elsewhere.
    await clean(page, undefined, { fromShadowDom: ['moe-page', 'moe-share', 'iframe'] });
    expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
    expect(await dialog(page).evaluate(each => each.scrollWidth - each.clientWidth)).toBe(0);
  });
}
