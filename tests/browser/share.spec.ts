// The dialog that shares a view: its options change the preview and the code, the copied code works without a change,
// files can be saved, and a session file can be opened again.

import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import type { MoeScope } from '../../www/public/moescope';
import { host } from './support/element';
import { exported, parseCsv } from './support/exports';
import { address, addressed, countOf, focused, holdBack, reach, scrollWidth } from './support/journey';
import { clean, cleanContrast, LOOKS } from './support/looks';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';
import { contains, SOON } from './support/soon';

const TEXT = 'The fox, "red" & <small>, saw the wood (dark).';
/** A text with only a few tokens after token 5. */
const SHORT = 'The fox saw the dark wood.';
/** A text with characters that end a quoted value, a Markdown link, a line or an attribute; and a right-to-left word. */
const ODD = 'a]b\n\'c\' [d](e) "f" <g> & `h` \\ 🦊 שלום?#=+%20';
const NAME = 'Share, embed or save';
const opener = (page: Page): Locator => page.getByRole('button', { name: 'Share', exact: true });
const PARTS = ['name', 'text', 'buttons', 'scrubber', 'sentence', 'legend', 'explanation', 'tables'];

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: NAME });
const field = (page: Page, name: string): Locator => dialog(page).getByRole('textbox', { name, exact: true });
const tick = (page: Page, name: string): Locator => dialog(page).getByRole('checkbox', { name });
const announcement = (page: Page): Locator => dialog(page).getByRole('status');
const preview = (page: Page) => page.frameLocator('moe-share iframe');
const sentenceIn = (page: Page): Locator => preview(page).locator('moe-status').getByRole('status');

const hash = (fields: Readonly<Record<string, string>> = {}): string =>
  `#${new URLSearchParams({ v: '1', text: TEXT, token: '5', layer: '2', ...fields }).toString()}`;

/** Opens the page, the dialog and the preview. */
async function open(scope: ScopePage, page: Page, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.goto(`./${hash(fields)}`);
  await scope.ready();
  await share(page);
}

/** Opens the dialog, and waits for the preview. */
async function share(page: Page): Promise<void> {
  await opener(page).click();
  await expect(dialog(page)).toBeVisible();
  await contains(sentenceIn(page), 'layer 2 ran');
  await contains(dialog(page), 'pixels. If you go to another token in the preview');
}

/** The fields of a link. */
function fieldsOf(link: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(link.slice(link.indexOf('#') + 1)));
}

/** Copies the code with this name and returns the text of the clipboard. */
async function copied(page: Page, name: string): Promise<string> {
  await dialog(page)
    .getByRole('button', { name: `Copy: ${name}`, exact: true })
    .click();
  await contains(announcement(page), `Copied: ${name}.`);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toBe(await field(page, name).inputValue());
  return text;
}

test.describe('with a clipboard', () => {
  test.beforeEach(async ({ context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  });

  test('the copied frame, element, link and Markdown show the same view and text in other pages', async ({
    scope,
    page,
  }) => {
    const views = ['roll', 'cache', 'router'];
    const frames: string[] = [];
    const links: Record<string, string> = {};
    await page.goto(`./${hash({ text: ODD })}`);
    await scope.ready();
    for (const view of views) {
      await page.evaluate(
        hash => {
          location.hash = hash;
        },
        hash({ text: ODD, view }),
      );
      await scope.settled();
      await share(page);
      frames.push(await copied(page, 'Frame (iframe)'));
      const link = await copied(page, 'Link');
      const plain = { v: '1', text: ODD, token: '5', layer: '2' };
      expect(fieldsOf(link)).toEqual(view === 'roll' ? plain : { ...plain, view });
      const markdown = await copied(page, 'Markdown');
      const [, title, target = ''] = /^\[([^\]]*)\]\(([^()\s<>]*)\)$/u.exec(markdown) ?? [];
      if (view === 'cache') expect(title).toBe('moescope: cache');
      Object.assign(links, { [`${view}, link`]: link, [`${view}, Markdown`]: target });
      await page.keyboard.press('Escape');
    }
    const sentence = (await scope.sentence.textContent()) ?? '';
    await page.evaluate(
      hash => {
        location.hash = hash;
      },
      hash({ text: ODD, view: 'router', off: '2.3', reveal: 'always' }),
    );
    await scope.settled();
    await share(page);
    const element = await copied(page, 'Element (moe-scope)');
    await page.keyboard.press('Escape');

    for (const [name, link] of Object.entries(links)) {
      await test.step(name, async () => {
        await page.evaluate(() => {
          location.hash = '#v=1&text=The+fox';
        });
        await expect(scope.text).toHaveValue('The fox');
        // The link changes only the hash, so the document and its engine stay.
        await page.goto(link);
        await expect(scope.text).toHaveValue(ODD);
        await scope.settled();
        await expect(scope.sentence).toHaveText(sentence);
      });
    }

    await host(page, `${frames.map(code => `<div>${code}</div>`).join('')}${element}`, '');
    for (const [index, view] of views.entries()) {
      await test.step(`${view}, frame`, async () => {
        const outside = page.locator('iframe').nth(index);
        await outside.scrollIntoViewIfNeeded();
        const frame = outside.contentFrame();
        await expect(frame.locator('moe-status').getByRole('status')).toHaveText(sentence);
        await expect(frame.getByRole('textbox', { name: 'Text' })).toHaveValue(ODD);
        await expect(frame.locator(`moe-${view}`)).toBeVisible();
        await expect(outside).toHaveAttribute('title', /^moescope: /u);
        await expect
          .poll(() =>
            frame
              .locator('html')
              .evaluate(html => [html.scrollHeight - html.clientHeight, html.scrollWidth - html.clientWidth]),
          )
          .toEqual([0, 0]);
      });
    }
    await test.step('element', async () => {
      const scope = page.locator('moe-scope');
      await expect(scope.locator('moe-status').getByRole('status')).toHaveText(sentence);
      await expect(scope.getByRole('textbox', { name: 'Text' })).toHaveValue(ODD);
      await expect(scope.locator('moe-router')).toBeVisible();
      const state = await scope.evaluate(scope => (scope as MoeScope).state);
      expect(fieldsOf(state)).toMatchObject({ text: ODD, token: '5', layer: '2', view: 'router', off: '2.3' });
    });
  });

  test('options change the preview and the code, and a step in the preview changes the code', async ({
    scope,
    page,
  }) => {
    await open(scope, page, { text: SHORT, view: 'router', speed: '8' });
    const link = async (): Promise<Record<string, string>> => fieldsOf(await field(page, 'Link').inputValue());

    await test.step('stepping in the preview', async () => {
      await preview(page).getByRole('button', { name: 'Next token', exact: true }).click();
      await expect.poll(link, SOON).toMatchObject({ token: '6' });
      expect(await address(page)).toMatchObject({ token: '5' });
    });

    await test.step('playing in the preview, to the end', async () => {
      const inside = preview(page).getByRole('button', { name: 'Play', exact: true });
      await inside.click();
      await expect.poll(link, SOON).toMatchObject({ token: String(countOf(SHORT) - 1) });
      await expect(inside).toBeVisible();
      // The options still change the preview.
      await tick(page, 'the text').uncheck();
      await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeHidden();
      await tick(page, 'the text').check();
      await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeVisible();
    });

    await test.step('the width', async () => {
      const height = async (): Promise<number> =>
        Number(/height="(\d+)"/u.exec(await field(page, 'Frame (iframe)').inputValue())?.[1]);
      const wide = await height();
      await dialog(page).getByRole('spinbutton', { name: 'Width' }).fill('340');
      await dialog(page).getByRole('spinbutton', { name: 'Width' }).press('Tab');
      await expect.poll(height, SOON).not.toBe(wide);
      expect(await field(page, 'Frame (iframe)').inputValue()).toContain('width="340"');
      await tick(page, 'the tables').uncheck();
      await expect.poll(link, SOON).toHaveProperty('hide');
      await tick(page, 'the tables').check();
      await expect.poll(link, SOON).not.toHaveProperty('hide');
    });

    await test.step('hidden parts, answers on a click, autoplay and theme', async () => {
      for (const part of PARTS) await expect(tick(page, `the ${part}`)).toBeChecked();
      for (const part of ['name', 'text', 'scrubber']) await tick(page, `the ${part}`).uncheck();
      await tick(page, 'hide answers until asked').check();
      await tick(page, 'play when opened').check();
      await dialog(page).getByRole('combobox', { name: 'Theme' }).selectOption('dark');
      await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeHidden();
      await expect(preview(page).getByRole('slider', { name: 'Token', exact: true })).toBeHidden();
      await expect(preview(page).locator('html')).toHaveAttribute('data-theme', 'dark');
      await expect(preview(page).getByRole('button', { name: 'Show the answer' })).toBeVisible();
      const code = await copied(page, 'Frame (iframe)');
      const src = /src="([^"]*)"/u.exec(code)?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect(fieldsOf(src)).toMatchObject({
        hide: 'name_text_scrubber',
        reveal: 'click',
        autoplay: 'on',
        theme: 'dark',
      });
      // The page behind the dialog does not change.
      expect(await address(page)).not.toHaveProperty('hide');
      await host(page, code, '');
      const frame = page.frameLocator('iframe');
      await expect(frame.getByRole('button', { name: 'Next token', exact: true })).toBeVisible();
      await expect(frame.getByRole('textbox', { name: 'Text' })).toBeHidden();
    });
  });

  test('the dialog works by keyboard, and an option that is set before the preview loads applies to it', async ({
    scope,
    page,
  }) => {
    const release = await holdBack(page, '**/embed.html');
    await page.goto('./#v=1&token=5');
    await scope.ready();
    await scope.text.focus();
    await reach(page, 'Share', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(dialog(page)).toBeVisible();
    expect(await focused(page)).toBe('Close');
    await reach(page, 'the name');
    await page.keyboard.press('Space');
    await expect(tick(page, 'the name')).not.toBeChecked();
    await tick(page, 'the text').press('Space');
    const hidden = { hide: 'name_text' };
    await expect.poll(async () => fieldsOf(await field(page, 'Link').inputValue())).toMatchObject(hidden);
    release();
    await contains(sentenceIn(page), 'experts (');
    await expect(preview(page).getByRole('textbox', { name: 'Text' })).toBeHidden();
    await field(page, 'Link').focus();
    // Keys that are pressed in the dialog do not step the page behind the dialog.
    for (const key of ['ArrowRight', 'End', 'PageDown']) await page.keyboard.press(key);
    await reach(page, 'Copy: Link');
    await page.keyboard.press('Enter');
    await expect(announcement(page)).toHaveText('Copied: Link.');
    expect(fieldsOf(await page.evaluate(() => navigator.clipboard.readText()))).toMatchObject(hidden);
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
    expect(await focused(page)).toBe('Share');
    expect(await address(page)).toMatchObject({ token: '5' });
    await page.keyboard.press('Enter');
    await expect(tick(page, 'the name')).toBeChecked();
  });
});

/** Saves a file in a format and returns its name and bytes. */
async function saved(page: Page, format: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page)
      .getByRole('button', { name: `Save as ${format}`, exact: true })
      .click(),
  ]);
  const name = download.suggestedFilename();
  await contains(announcement(page), `Saved: ${name}.`);
  return { name, bytes: readFileSync(await download.path()) };
}

test('on a page without https (no clipboard, no hashes), files can be saved and code can be selected', async ({
  scope,
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
  });
  await open(scope, page, { view: 'router' });

  await test.step('SVG, PNG with twice the pixels, CSV, JSON', async () => {
    const svg = await saved(page, 'SVG');
    expect(svg.name).toBe('moescope-router.svg');
    const [, width, height] = /width="(\d+)" height="(\d+)"/u.exec(svg.bytes.toString()) ?? [];
    const png = await saved(page, 'PNG, 2×');
    expect(png.name).toBe('moescope-router.png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
    // A blank picture of this size would have only a hundredth of these bytes.
    expect(png.bytes.length).toBeGreaterThan(20_000);
    const { comments, rows } = parseCsv((await saved(page, 'CSV')).bytes.toString());
    expect(rows).toHaveLength(16);
    const json = JSON.parse((await saved(page, 'JSON')).bytes.toString()) as { rows: unknown[]; permalink: string };
    expect(json.rows).toHaveLength(16);
    expect(comments).toContain(`# link: ${json.permalink}`);
    expect(fieldsOf(json.permalink)).toEqual(await address(page));
    expect(json.permalink.split('#')[0]).toBe(await page.evaluate(() => location.href.split('#')[0]));
    expect(comments).toContain('# sha-256: not known: browsers compute it only on secure origins (https)');
  });

  await test.step('a session without a hash', async () => {
    const session = JSON.parse((await saved(page, 'Session')).bytes.toString()) as { model: { sha256: unknown } };
    expect(session.model.sha256).toBeNull();
  });

  await test.step('the copy button selects the code', async () => {
    await dialog(page).getByRole('button', { name: 'Copy: Link' }).click();
    await expect(announcement(page)).toContainText('The code is selected: Link');
    await expect(field(page, 'Link')).toBeFocused();
    const selected = await field(page, 'Link').evaluate((area: HTMLTextAreaElement) => [
      area.selectionStart,
      area.selectionEnd,
    ]);
    expect(selected).toEqual([0, (await field(page, 'Link').inputValue()).length]);
  });
});

const sessionFile = (text: string) => ({
  name: 'a.session.json',
  mimeType: 'application/json',
  buffer: Buffer.from(text),
});

test('a session file can be opened by choosing or dropping it; a broken session file is refused with one sentence', async ({
  scope,
  page,
}) => {
  const STATE = { view: 'router', off: '2.3', temperature: '0.5', hide: 'legend', ids: '13.89', reveal: 'click' };
  await page.goto(`./${hash(STATE)}`);
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await opener(page).click();
  const text = (await saved(page, 'Session')).bytes.toString();
  const whole = JSON.parse(text) as Record<string, unknown>;
  const state = await address(page);

  await test.step('the file', () => {
    expect(fieldsOf(String(whole['state']))).toEqual(state);
    expect(fieldsOf(String(whole['permalink']))).toEqual(state);
    expect((whole['tokens'] as number[]).slice(-2)).toEqual([13, 89]);
  });

  await page.goto('about:blank');
  await page.goto('./#v=1&token=4');
  await scope.ready();
  const before = await address(page);
  await opener(page).click();

  await test.step('a broken session file, or a session file of another model, is refused', async () => {
    const sentence = await scope.sentence.textContent();
    const model = whole['model'] as Record<string, unknown>;
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
      [JSON.stringify({ ...whole, state: 7 }), /“state” is 7, expected a state as in a link/u],
      [
        JSON.stringify({ ...whole, state: 'v=1&view=ledger' }),
        /in “state”, “view” is “ledger”, which is none of its values/u,
      ],
      [JSON.stringify({ ...whole, state: 'v=3&view=roll' }), /in “state”, “v” is “3”, expected 1\.$/u],
      [JSON.stringify({ ...whole, tokens: [1, 'x'] }), /“tokens\[1\]” is "x", expected a whole number from 0\.$/u],
      [JSON.stringify({ ...whole, tokens: 'abc' }), /“tokens” is "abc", expected a list of token ids\.$/u],
      [
        JSON.stringify({ ...whole, model: { name: 'another', sha256: 'ab'.repeat(32) } }),
        /it belongs to the model “another”, SHA-256 abababababab…, but this page has “DeepSeek-V3-style.* open\. Open “another” first\.$/u,
      ],
      [
        JSON.stringify({ ...whole, state: String(whole['state']).replace('ids=13.89', 'ids=13.99999') }),
        /in “state”, “ids” has 99999 at 1, expected at most \d{3,4}, this model’s last token\.$/u,
      ],
      ['x'.repeat(4_000_001), /the file is 4\.\d+ MB, expected at most 4\.\d+ MB\.$/u],
      [JSON.stringify({ ...whole, tokens: [1, 2, 3] }), /“tokens\[0\]” is 1, expected \d+\.$/u],
    ];
    for (const [text, expected] of broken) {
      await page.getByLabel('Session file').setInputFiles(sessionFile(text));
      const alert = dialog(page).getByRole('alert');
      await contains(alert, expected);
      await contains(alert, /^This (?:session cannot be opened|is not a moescope session): /u);
      expect(await address(page)).toEqual(before);
    }
    await page.keyboard.press('Escape');
    await expect(scope.sentence).toHaveText(sentence ?? '');
  });

  await test.step('a chosen file', async () => {
    await opener(page).click();
    await page.getByLabel('Session file').setInputFiles(sessionFile(text));
    await expect(dialog(page)).toBeHidden();
    await addressed(page, state);
    expect(await address(page)).toEqual(state);
  });

  await test.step('a file dropped anywhere on the page', async () => {
    await page.evaluate(() => {
      location.hash = '#v=1&text=The+fox';
    });
    await expect(scope.text).toHaveValue('The fox');
    await page.evaluate(text => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], 'a.session.json', { type: 'application/json' }));
      const onto = document.querySelector('moe-page')?.shadowRoot?.querySelector('moe-roll');
      onto?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, composed: true, cancelable: true }));
    }, text);
    await addressed(page, { text: TEXT, ...STATE });
    await expect(dialog(page)).toBeHidden();
  });
});

test.describe('opening a session file while a file of the page is missing gives one sentence:', () => {
  const refusal = (page: Page): Locator => dialog(page).getByRole('alert');
  const SESSION = JSON.stringify({
    moescope: 1,
    kind: 'session',
    state: 'v=1&text=a',
    model: { name: 'x', sha256: null },
    tokens: [1],
  });

  test('the model could not be loaded', async ({ page, problems }) => {
    problems.allow(/404|Failed to load/u);
    await page.route('**/model.safetensors', route => route.fulfill({ status: 404, body: '' }));
    await page.goto('./#v=1&token=4');
    const fault = page.locator('moe-page moe-status').first().getByRole('alert');
    await expect(fault).toContainText('A file could not be loaded');
    await opener(page).click();
    await page.getByLabel('Session file').setInputFiles(sessionFile(SESSION));
    await expect(refusal(page)).toHaveText('This session cannot be opened: model.safetensors: HTTP 404.');
    await page.keyboard.press('Escape');
    // After the user has dismissed the error, the dialog shows a different sentence.
    await fault.getByRole('button', { name: 'Dismiss' }).click();
    await opener(page).click();
    await page.getByLabel('Session file').setInputFiles(sessionFile(SESSION));
    await expect(refusal(page)).toHaveText('This session cannot be opened: the model could not be loaded.');
  });

  test('the script that opens sessions could not be loaded', async ({ scope, page, problems }) => {
    problems.allow(/Failed to load/u);
    await page.route('**/assets/session-*.js', route => route.abort());
    await page.route('**/embed.html', route => route.fulfill({ contentType: 'text/html', body: 'no preview' }));
    await page.goto('./#v=1&token=4');
    await scope.ready();
    await opener(page).click();
    await page.getByLabel('Session file').setInputFiles(sessionFile(SESSION));
    await expect(refusal(page)).toHaveText(/^This session cannot be opened: .*module.*[^.]\.$/u);
    await expect(announcement(page)).toHaveText('');
  });
});

test('a frame answers messages with exports; its CSV, JSON and session file equal the element’s', async ({
  page,
  problems,
}) => {
  problems.allow(/a message to this frame was not understood/u);
  await host(page, '<iframe width="800" height="600"></iframe><moe-scope view="cache" text="The fox"></moe-scope>');
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
  for (const format of ['csv', 'json', 'session']) expect(given[format]).toBe(await exported(page, format));
});

/** Opens the dialog and makes it show an alert. */
async function openWithAlert(scope: ScopePage, page: Page): Promise<void> {
  await open(scope, page);
  await page
    .getByLabel('Session file')
    .setInputFiles({ name: 'x.json', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await expect(dialog(page).getByRole('alert')).toContainText('cannot be opened');
}

type Part = Parameters<typeof clean>[1];
/** The dialog is checked alone: the page behind it is inert, and other tests check that page. */
const DIALOG: Part = { fromShadowDom: ['moe-page', 'moe-share'] };
/** The preview is left out, because it is a separate page that other tests check. */
const PREVIEW: Part = { fromShadowDom: ['moe-page', 'moe-share', 'iframe'] };

async function scrollsNotSideways(page: Page, width: number): Promise<void> {
  await expect.poll(() => scrollWidth(page)).toBeLessThanOrEqual(width);
  expect(await dialog(page).evaluate(each => each.scrollWidth - each.clientWidth)).toBe(0);
}

test('axe-core finds no problem in the dialog, and nothing scrolls sideways, at three widths', async ({
  scope,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openWithAlert(scope, page);
  for (const { width, colorScheme } of LOOKS) {
    await test.step(`${width} px, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await scrollsNotSideways(page, width);
      await (colorScheme === 'light' ? clean : cleanContrast)(page, DIALOG, PREVIEW);
    });
  }
});

for (const { width, colorScheme } of LOOKS) {
  test(
    `axe-core finds nothing in the page with the dialog: ${width} px, ${colorScheme}`,
    { tag: '@all' },
    async ({ scope, page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await openWithAlert(scope, page);
      await clean(page, undefined, PREVIEW);
      await scrollsNotSideways(page, width);
    },
  );
}
