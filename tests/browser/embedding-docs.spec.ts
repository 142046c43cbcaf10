// docs/embedding.md says what there is: every field of a link, which is every attribute of the element, and no other.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declared } from './support/manifest';
import { PROJECT } from './support/native';
import { VIEWS } from './support/journey';
import { expect, test } from './support/scope';

const DOCS = readFileSync(join(PROJECT, 'docs/embedding.md'), 'utf8');

/** The names in the first column of a table, by the heading above it. */
function names(heading: string): string[] {
  const [, after = ''] = DOCS.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^\| `(\w+)` \|/gmu)].map(([, name = '']) => name);
}

test('its table has the element’s attributes, all of them', async ({ page }) => {
  await page.route('**/host.html', route =>
    route.fulfill({
      contentType: 'text/html',
      body: '<title>host</title><script type="module" src="./define.js"></script>',
    }),
  );
  await page.goto('./host.html');
  const attributes = await page.evaluate(async () => {
    const element = (await customElements.whenDefined('moe-scope')) as unknown as { observedAttributes: string[] };
    return element.observedAttributes;
  });
  expect(names('Fields')).toEqual(attributes);
  const { attributes: named, members } = declared();
  expect(named.map(({ name }) => name)).toEqual(attributes);
  // Every element has a language.
  const properties = attributes.filter(name => name !== 'lang');
  expect(members.map(({ name }) => name)).toEqual(expect.arrayContaining(properties));
  const types = readFileSync(join(PROJECT, 'www/public/moescope.d.ts'), 'utf8');
  expect([...types.matchAll(/^  set (\w+)\(/gmu)].map(([, name]) => name)).toEqual(properties);
});

test('it names every view', () => {
  const [row = ''] = /^\| `view` .*$/mu.exec(DOCS) ?? [];
  expect([...row.matchAll(/`(\w+)`/gu)].map(([, name]) => name)).toEqual(['view', ...VIEWS, 'roll']);
});

test('its first frame and its first element show what they say', async ({ page }) => {
  const [, frame = ''] = /```html\n(<iframe[\s\S]*?<\/iframe>)\n```/u.exec(DOCS) ?? [];
  const [, element = ''] = /```html\n(<script type="module"[\s\S]*?<\/moe-scope>)\n```/u.exec(DOCS) ?? [];
  await page.route('**/host.html', route =>
    route.fulfill({
      contentType: 'text/html',
      body: `<title>host</title>${frame}${element}`.replaceAll('https://your.site/moescope/', './'),
    }),
  );
  await page.goto('./host.html');
  const said = 'For “ran”, layer 3 used experts';
  await expect(page.frameLocator('iframe').locator('moe-status').getByRole('status')).toContainText(said);
  await expect(page.locator('moe-scope moe-status').getByRole('status')).toContainText(said);
});
