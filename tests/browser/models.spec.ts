// Opening models. A broken model is refused with the native engine's sentence, and the page stays usable. A valid model
// can be opened from the user's disk, even if its dimensions differ from the shipped model's.

import type { Locator, Page } from '@playwright/test';
import { ALL_DENSE_SHAPE, allDense, broken, chosen, shipped, wide, WIDE_SHAPE, write } from './support/models';
import type { ModelFiles } from './support/models';
import { inspect, refusal } from './support/native';
import { drawn, exact, must } from './support/printed';
import type { ScopePage } from './support/scope';
import { expect, grouped, openMenu, test } from './support/scope';
import { matches } from './support/truth';

const TEXT = 'The fox saw the dark wood.';
const REFUSED = (sentence: string): string => `This model cannot be opened: ${sentence}.`;

async function openModel(
  page: Page,
  files: readonly { name: string; mimeType: string; buffer: Buffer }[],
): Promise<void> {
  const summary: Locator = page.getByText('Open another model');
  const input = page.getByLabel('Files of the model');
  await openMenu(page);
  if (!(await input.isVisible())) await summary.click();
  // Scroll to the file button, because a user sees the button before pressing it.
  await input.scrollIntoViewIfNeeded();
  await input.setInputFiles([...files]);
}

async function works(scope: ScopePage): Promise<void> {
  const native = inspect(TEXT);
  const count = native.ids.length;
  await scope.type(TEXT);
  await scope.at(count - 1, count);
  // A model that is still loading would replace the current model, and run the text again.
  await expect(scope.page.getByRole('progressbar')).toHaveCount(0);
  await scope.at(count - 1, count);
  matches(await scope.see(), native, count - 1, count);
}

/** One broken model for each of the three files; the engine's own tests check all sentences. */
const FEW = ['a truncated checkpoint', 'a config without heads', 'a tokenizer that is a web page'];
const ALL = Object.keys(broken());

async function sayOnServer({ scope, page }: { scope: ScopePage; page: Page }, names: readonly string[]): Promise<void> {
  const files = broken();
  for (const [index, name] of names.entries()) {
    const [file, bytes] = must(files[name]);
    await test.step(name, async () => {
      const sentence = refusal(write({ ...shipped(), [file]: bytes }));
      const address = `**/model/${file}`;
      await page.route(address, route => route.fulfill({ body: bytes }));
      const answered = page.waitForResponse(address);
      if (index === 0) await page.goto('./#v=1');
      else await page.getByRole('button', { name: 'Try again' }).click();
      await answered;
      await expect(scope.fault.locator('p')).toHaveText(REFUSED(sentence));
      // Typing still works, and the text stays until a model is loaded.
      await scope.type('kept');
      await page.unroute(address);
    });
  }
  await page.getByRole('button', { name: 'Try again' }).click();
  await scope.up();
  await expect(scope.text).toHaveValue('kept');
  await expect(scope.fault.locator('p')).toHaveCount(0);
  await works(scope);
}

test('broken models on the server are reported in one sentence each, and trying again loads a good model', async ({
  scope,
  page,
}) => {
  await sayOnServer({ scope, page }, FEW);
});

test(
  'every kind of broken model on the server is reported in one sentence',
  { tag: '@all' },
  async ({ scope, page }) => {
    test.setTimeout(120_000);
    await sayOnServer({ scope, page }, ALL);
  },
);

async function sayFromDisk({ scope, page }: { scope: ScopePage; page: Page }, names: readonly string[]): Promise<void> {
  await scope.open();
  for (const name of names) {
    const [file, bytes] = must(broken()[name]);
    const files: ModelFiles = { ...shipped(), [file]: bytes };
    await test.step(name, async () => {
      await openModel(page, chosen(files));
      await expect(scope.fault.locator('p')).toHaveText(REFUSED(refusal(write(files))));
      // The sentence is also shown in the form where the files were chosen.
      const refused = page.locator('moe-open .refused');
      await expect(refused).toHaveText(REFUSED(refusal(write(files))));
      await expect(refused).toBeInViewport();
      await scope.closePopUps();
      await scope.next.click();
      await scope.at(8, 12);
      await scope.previous.click();
      await scope.at(7, 12);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await expect(scope.fault.locator('p')).toHaveCount(0);
      await expect(refused).toHaveCount(0);
    });
  }
  await works(scope);
}

test('broken models from the disk are reported in one sentence each, and the current model stays', async ({
  scope,
  page,
}) => {
  await sayFromDisk({ scope, page }, FEW);
});

test(
  'every kind of broken model from the disk is reported in one sentence',
  { tag: '@all' },
  async ({ scope, page }) => {
    test.setTimeout(120_000);
    await sayFromDisk({ scope, page }, ALL);
  },
);

test('a file that is missing on the server is reported, and trying again loads it', async ({
  scope,
  page,
  problems,
}) => {
  problems.allow(/Failed to load resource/u);
  await page.route('**/model/model.safetensors', route => route.fulfill({ status: 404 }));
  await page.goto('./#v=1');
  await expect(scope.fault.locator('p')).toHaveText('A file could not be loaded: model.safetensors: HTTP 404.');
  await page.unroute('**/model/model.safetensors');
  await page.getByRole('button', { name: 'Try again' }).click();
  await scope.up();
  await works(scope);
});

test('choosing fewer than the three files of a model is refused', async ({ scope, page }) => {
  await scope.open();
  const [config] = chosen(shipped());
  if (!config) throw new Error('there is no config');
  await openModel(page, [config]);
  const missing = page.locator('moe-open').getByRole('alert');
  await expect(missing).toHaveText('Choose all three files at once; missing: model.safetensors and tokenizer.json.');
  await openModel(page, chosen(shipped()));
  await expect(missing).toHaveText('');
  await works(scope);
});

test('a model with 256 experts in 8 groups and 6 layers shows the native engine’s numbers', async ({ scope, page }) => {
  const files = wide();
  const native = inspect(TEXT, { model: write(files) });
  const count = native.ids.length;
  const asked = { shape: WIDE_SHAPE };
  await scope.open();
  await scope.type(TEXT);
  await openModel(page, chosen(files));
  await expect(scope.sentence).toContainText('of its 256');
  await scope.at(count - 1, count);
  // All layers have too many rows for one page, so the roll shows an overview and one opened layer.
  for (const layer of [1, 5, 3]) {
    await page.getByRole('button', { name: `Open layer ${layer}` }).click();
    await expect(scope.sentence).toContainText(`layer ${layer} ran`);
    const seen = await scope.see();
    expect(seen.roll.names.map(({ text }) => text)).toEqual([`Layer ${layer} why these?`]);
    matches(seen, native, count - 1, count, asked);
  }
  await scope.openNumbers();
  await scope.previous.click();
  await scope.at(count - 2, count);
  matches(await scope.see(), native, count - 2, count, asked);
  // The router's table has 256 rows, so it scrolls in a box of its own.
  await scope.openRouter(3);
  await expect(scope.logit).not.toBeEmpty();
  matches(await scope.see(), native, count - 2, count, asked);
  for (const width of [320, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    // The new width is drawn one animation frame later, so the checks are repeated until they pass.
    await expect(async () => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      matches(await scope.see(), native, count - 2, count, asked);
    }).toPass({ timeout: 5000 });
  }
});

test('a model whose config has more dense layers than layers shows all views with the native engine’s numbers', async ({
  scope,
  page,
}) => {
  const files = allDense();
  const native = inspect(TEXT, { model: write(files), details: true });
  const count = native.ids.length;
  const [last, layer] = [count - 1, 1];
  const asked = { shape: ALL_DENSE_SHAPE };
  await scope.open();
  await scope.type(TEXT);
  await openModel(page, chosen(files));
  await expect(scope.sentence).toContainText(`layer ${layer} is dense: it ran its only network`);
  await scope.at(last, count);
  await scope.openNumbers();
  matches(await scope.see(), native, last, count, asked);

  const record = must(native.records[last]);
  const detail = must(native.details?.[last]);
  const norm = exact(must(detail.stream_norms[layer]?.[4]));
  const weights = must(detail.attention[layer]?.[0]);
  const [best] = weights.map((_, at) => at).toSorted((one, other) => must(weights[other]) - must(weights[one]));
  const most = must(best);
  const perToken = `${grouped(record.cache.latent / count)} bytes per token in all layers`;
  const isDense = `Layer ${layer} is dense`;
  // Each view, in the order of the buttons, with a text that the view shows.
  const views: readonly (readonly [view: string, shown: readonly string[]])[] = [
    ['start', ['stores one short latent per layer']],
    ['router', [isDense]],
    ['flow', ['dense network', `norm ${norm}`]],
    ['next', [drawn(must(native.labels.get(must(record.next.tokens[0]))))]],
    ['attention', [drawn(must(native.tokens[most])), exact(must(weights[most]))]],
    ['cache', [`${grouped(record.cache.latent)} B`, `${grouped(record.cache.expanded)} B`]],
    ['cachelab', [perToken]],
    ['grid', [isDense]],
    ['whatif', [isDense, perToken]],
    ['models', ['this page’s model']],
  ];
  const buttons = page.locator('moe-choose').getByRole('button');
  await expect(buttons).toHaveCount(views.length);
  for (const [index, [view, shown]] of views.entries()) {
    await test.step(view, async () => {
      await buttons.nth(index).click();
      for (const text of shown) await expect(page.locator(`moe-${view}`)).toContainText(text);
      // Without a router, the panel says nothing about experts and offers no experiment with them. The list of lessons
      // is not part of its shadow tree.
      if (view === 'start')
        expect(await page.locator('moe-start').evaluate(start => start.shadowRoot?.textContent)).not.toMatch(
          /expert/iu,
        );
      // The real models take the whole width, without the roll, until they are closed.
      if (view === 'models') await page.getByRole('button', { name: 'Close', exact: true }).click();
      matches(await scope.see(), native, last, count, asked);
    });
  }
});
