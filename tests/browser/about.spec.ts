// The page "About", the icons, and the picture and tags for links to the page.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'parse5';
import { scrollWidth } from './support/journey';
import { clean, cleanContrast } from './support/looks';
import { PROJECT } from './support/native';
import { LIT } from './support/notices';
import { expect, test } from './support/scope';

const DIST = join(PROJECT, 'www/dist');
const PAGES = ['index.html', 'embed.html', 'about.html'];
const WIDTHS = [320, 600, 768, 1440, 1920];
const [, HOMEPAGE = ''] = /^homepage = "(.+)"$/mu.exec(readFileSync(join(PROJECT, 'Cargo.toml'), 'utf8')) ?? [];

/** The values of an attribute in a page. */
function values(html: string, attribute: string): string[] {
  return [...html.matchAll(new RegExp(`<[a-z][^>]* ${attribute}="([^"]*)"`, 'gu'))].map(([, value = '']) => value);
}

/** The width and height of a PNG file. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

test('the pages are valid, and every file, icon and part of a page that they link to exists', () => {
  for (const page of PAGES) {
    const html = readFileSync(join(DIST, page), 'utf8');
    const errors: string[] = [];
    parse(html, { onParseError: ({ code, startLine }) => errors.push(`${page}:${startLine}: ${code}`) });
    expect(errors).toEqual([]);
    const ids = values(html, 'id');
    expect(new Set(ids).size, `ids of ${page}`).toBe(ids.length);
    for (const link of [...values(html, 'href'), ...values(html, 'src')]) {
      const [file = '', part] = link.split('#');
      if (part !== undefined) expect(ids, `${link} in ${page}`).toContain(part);
      const path = file === './' ? 'index.html' : file === '' ? page : file;
      expect(existsSync(join(DIST, path)), `${link} in ${page}`).toBe(true);
    }
    expect(html).not.toMatch(/%HOMEPAGE%|<style| style="|<script>/u);
  }
});

test('a link to the page has a title, a description and a picture at the public address', () => {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8');
  const tags = new Map(
    [...html.matchAll(/<meta\s+(?:property|name)="([^"]+)"\s+content="([^"]*)"/gu)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  expect(HOMEPAGE).toMatch(/^https:\/\/.+\/$/u);
  expect(tags.get('og:url')).toBe(HOMEPAGE);
  expect(tags.get('og:image')).toBe(`${HOMEPAGE}preview.png`);
  expect(tags.get('og:type')).toBe('website');
  expect(tags.get('twitter:card')).toBe('summary_large_image');
  expect(tags.get('og:description')).toBe(tags.get('description'));
  expect(html).toContain(`<title>${tags.get('og:title') ?? ''}</title>`);
  expect(tags.get('og:image:alt')?.length).toBeGreaterThan(50);
  const size = sizeOf(readFileSync(join(DIST, 'preview.png')));
  expect(size.map(String)).toEqual([tags.get('og:image:width'), tags.get('og:image:height')]);
  expect(size).toEqual([1200, 630]);
  expect(sizeOf(readFileSync(join(DIST, 'icon-32.png')))).toEqual([32, 32]);
  expect(sizeOf(readFileSync(join(DIST, 'apple-touch-icon.png')))).toEqual([180, 180]);
});

test('the page “About” opens from the page under its strict policy, shows the hashes of the files, and leads back', async ({
  scope,
  page,
}) => {
  await scope.open();
  await scope.openMenu();
  await page.getByRole('link', { name: /^About moescope/u }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('About moescope');
  await expect(page).toHaveTitle('About moescope');
  const versions = page.getByRole('region', { name: 'Files and their versions' });
  const wasm = readdirSync(join(DIST, 'assets')).find(name => name.endsWith('.wasm')) ?? '';
  const model = ['config.json', 'model.safetensors', 'tokenizer.json'].map(name => `model/${name}`);
  for (const file of [`assets/${wasm}`, ...model]) {
    const hash = createHash('sha256')
      .update(readFileSync(join(DIST, file)))
      .digest('hex');
    await expect(versions).toContainText(hash);
  }
  await expect(page.getByRole('heading', { level: 3, name: 'Limits' })).toBeVisible();
  await page.getByText('Software of other authors in moescope’s files').click();
  await expect(page.locator('[id="THIRD_PARTY.txt"]')).toContainText(LIT[0] ?? '');
  await page.getByRole('link', { name: 'Open moescope' }).click();
  await scope.up();
});

test('the page “About” fits from 320 to 1920 px, and axe-core finds nothing in light and dark', async ({ page }) => {
  await page.goto('./about.html');
  // Its style is loaded, also in the dark theme.
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).toBe('rgb(16, 19, 22)');
  await cleanContrast(page);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background()).toBe('rgb(255, 255, 255)');
  for (const summary of await page.locator('summary').all()) await summary.click();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await scrollWidth(page), `${width} px`).toBeLessThanOrEqual(width);
    if (width === 320 || width === 1440) await clean(page);
  }
});

test('in the single file, “About” opens without another file', async ({ scope, page }) => {
  await scope.open('./moescope.html');
  await scope.openMenu();
  await page.getByRole('link', { name: /^About moescope/u }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('About moescope');
  expect(await page.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('880px');
  await expect(page.getByRole('link', { name: 'Open moescope' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Licences' }).click();
  await page.getByText('Software of other authors in moescope’s files').click();
  await expect(page.locator('[id="THIRD_PARTY.txt"]')).toContainText(LIT[1] ?? '');
  // From the part to the whole of "About", then to the page.
  await page.goBack();
  await page.goBack();
  await expect(page.locator('moe-page')).toBeVisible();
});
