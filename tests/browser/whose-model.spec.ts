// Links, code to embed, session files and exports name a model that was opened from files. A page without these files
// names the missing model, and shows no number of another model. After the files are opened, the page shows the same
// numbers.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import { element, host } from './support/element';
import { allDense, chosen, wide, WIDE_SHAPE, write } from './support/models';
import type { ModelFiles } from './support/models';
import { inspect } from './support/native';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';
import { matches } from './support/truth';

const TEXT = 'The fox saw the dark wood.';
const FILES = wide();
const LAYER = 3;
const POSITION = 4;
/** The position of the last token of the text. */
const LAST = 8;

const hash = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** The hash of a model's files, computed without the code of the page. */
function hashOf(files: ModelFiles): string {
  const { 'config.json': config, 'model.safetensors': checkpoint, 'tokenizer.json': tokenizer } = files;
  return hash([config, checkpoint, tokenizer].map(hash).join(''));
}

const OPENED = `${hashOf(FILES)}.deepseek_v3`;
const LINK = `v=1&text=${TEXT.replaceAll(' ', '+')}&opened=${OPENED}&token=${POSITION}&ran=${LAST}&layer=${LAYER}`;
const SENTENCE =
  'The link was made with the model “deepseek_v3”, which was opened from files ' +
  `(SHA-256 of its files: ${hashOf(FILES).slice(0, 12)}…). ` +
  'It is not open here, so no numbers are shown. Open the same files to see them.';

/** Chooses the files of a model in the page, in an element or in a frame. */
async function choose(place: Page | Locator | FrameLocator, files: ModelFiles): Promise<void> {
  const input = place.getByLabel('Files of the model');
  const menu = place.locator('moe-header').getByLabel('Menu', { exact: true });
  if (!(await input.isVisible()) && (await menu.isVisible())) await menu.click();
  if (!(await input.isVisible())) await place.getByText('Open another model').click();
  await input.setInputFiles(chosen(files));
}

/** Checks that there is a sentence about the missing model, and no view, sentence, token or export of another model. */
async function namesTheModel(place: Page | Locator | FrameLocator): Promise<void> {
  const missing = place.locator('moe-missing-model');
  await expect(missing.getByRole('heading')).toHaveText('This link needs the model “deepseek_v3”');
  await expect(missing.getByRole('alert').first()).toHaveText(SENTENCE);
  for (const name of ['transport', 'status', 'tokens', 'roll', 'router', 'grid', 'legend', 'change-bar']) {
    await expect(place.locator(`moe-${name}`)).toHaveCount(0);
  }
  const digits = (await missing.locator('section').innerText()).replace(SENTENCE, '').match(/\d+/gu) ?? [];
  expect(digits, 'no number but those of the hash').toEqual(['3']);
}

/** Checks that the native engine's numbers are shown at the link's position and layer. */
async function showsItsNumbers(scope: ScopePage, position = POSITION): Promise<void> {
  const native = inspect(TEXT, { model: write(FILES) });
  await scope.at(position, native.ids.length);
  await expect(scope.sentence).toContainText('of its 256');
  matches(await scope.see(), native, position, native.ids.length, { shape: WIDE_SHAPE });
}

test('a link names the model that was opened from files; without these files it shows no numbers, with them the same numbers', async ({
  scope,
  page,
}) => {
  await test.step('the link has the hash of the files and the model’s name from config.json', async () => {
    await scope.open();
    await scope.type(TEXT);
    await choose(page, FILES);
    await expect(scope.sentence).toContainText('of its 256');
    await expect.poll(() => new URLSearchParams(page.url().split('#')[1]).get('opened')).toBe(OPENED);
  });

  await test.step('without the files, the page names the missing model', async () => {
    await page.goto('about:blank');
    await page.goto(`./#${LINK}`);
    await namesTheModel(page);
    expect(page.url()).toContain(`opened=${OPENED}`);
    // Pressing keys for stepping shows no number either.
    await page.keyboard.press('ArrowRight');
    await namesTheModel(page);
  });

  await test.step('after the files are opened, the page shows the same position with the same numbers', async () => {
    await page.reload();
    await choose(page, FILES);
    await showsItsNumbers(scope);
  });

  await test.step('a link that names no model loads the shipped model; Back loads the model from files again', async () => {
    await page.evaluate(() => {
      location.hash = 'v=1&text=One+fox&token=1';
    });
    await expect(scope.sentence).toContainText('of its 16 experts');
    await page.goBack();
    await showsItsNumbers(scope);
  });
});

test('if the user opens files of another model, a sentence names both models; one click loads the shipped model', async ({
  scope,
  page,
}) => {
  const other = allDense();
  await page.goto(`./#${LINK}`);
  await choose(page, other);
  await expect(scope.fault.locator('p')).toHaveText(
    `The link was made with the model “deepseek_v3” (${hashOf(FILES).slice(0, 12)}…); ` +
      `you opened “deepseek_v3” (${hashOf(other).slice(0, 12)}…). All numbers belong to the model that you opened.`,
  );
  await page.goto('about:blank');
  await page.goto(`./#${LINK}`);
  await page.getByRole('button', { name: 'Use the shipped model instead' }).click();
  const native = inspect(TEXT);
  await scope.at(POSITION, native.ids.length);
  matches(await scope.see(), native, POSITION, native.ids.length);
  await expect.poll(() => page.url()).not.toContain('opened=');
});

test('a broken file is refused with a sentence beside the file chooser; the right files can then be opened', async ({
  scope,
  page,
}) => {
  await page.goto(`./#${LINK}`);
  await choose(page, { ...FILES, 'config.json': Buffer.from('{}') });
  await expect(page.locator('moe-open .refused')).toContainText('This model cannot be opened: config.json');
  await namesTheModel(page);
  await choose(page, FILES);
  await showsItsNumbers(scope);
});

test('a frame and an element name the missing model, and the element reports an error', async ({ page }) => {
  const attributes = LINK.replaceAll('+', ' ')
    .split('&')
    .slice(1)
    .map(field => field.replace('=', '="') + '"')
    .join(' ');
  await host(page, `<iframe src="./embed.html#${LINK}" width="800" height="600"></iframe><p id="place"></p>`);
  await namesTheModel(page.frameLocator('iframe'));
  const reported = page.evaluate(
    attributes =>
      new Promise(resolve => {
        const place = document.querySelector('#place');
        place?.addEventListener(
          'error',
          event => {
            resolve((event as CustomEvent<unknown>).detail);
          },
          { capture: true },
        );
        if (place) place.innerHTML = `<moe-scope ${attributes}></moe-scope>`;
      }),
    attributes,
  );
  expect(await reported).toEqual({ kind: 'model', message: SENTENCE });
  await namesTheModel(element(page));
  const settled = element(page).evaluate(scope =>
    (scope as unknown as { settled: Promise<void> }).settled.catch((error: unknown) => (error as Error).message),
  );
  expect(await settled).toBe('the model “deepseek_v3” is not open');
  await choose(element(page), FILES);
  await expect(element(page).locator('moe-status').getByRole('status')).toContainText('of its 256');
});

test('code to embed, session files and exports of an opened model name the model; a page without the model refuses its session files', async ({
  scope,
  page,
}) => {
  await page.goto(`./#${LINK}`);
  await choose(page, FILES);
  await showsItsNumbers(scope);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog');
  for (const code of ['Link', 'Markdown', 'Frame (iframe)', 'Element (moe-scope)']) {
    await expect(dialog.getByLabel(code, { exact: true })).toHaveValue(new RegExp(`opened=(?:")?${OPENED}`, 'u'));
  }
  await expect(dialog).toContainText(
    'Links, code and saved files name your model “deepseek_v3” and contain a hash of its files, but not the files',
  );
  await namesTheModel(page.frameLocator('moe-share iframe'));
  const session = await saved(page, 'Session');
  const checkpoint = hash(FILES['model.safetensors']);
  expect(JSON.parse(session)).toMatchObject({ model: { sha256: checkpoint } });
  expect(session).toContain(OPENED);
  for (const format of ['SVG', 'CSV', 'JSON']) {
    const file = await saved(page, format);
    expect(file, format).toContain(checkpoint);
    expect(file, format).toContain(OPENED);
  }

  await page.goto('about:blank');
  await scope.open();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await openSession(page, session);
  await expect(dialog.locator('.refused')).toContainText(checkpoint.slice(0, 12));
  await dialog.getByRole('button', { name: 'Close' }).click();
  await choose(page, FILES);
  await expect(scope.sentence).toContainText('of its 256');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await openSession(page, session);
  await showsItsNumbers(scope);
});

/** Saves the current view with a button of the dialog, and returns the file. */
async function saved(page: Page, format: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Save as ${format}`, exact: true }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

async function openSession(page: Page, session: string): Promise<void> {
  const file = { name: 'session.json', mimeType: 'application/json', buffer: Buffer.from(session) };
  await page.getByLabel('Session file').setInputFiles([file]);
}
