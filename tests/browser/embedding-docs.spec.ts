// docs/embedding.md says what there is: every field of a link, which is every attribute of the element, and no other.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declared } from './support/manifest';
import { PROJECT } from './support/native';
import { VIEWS } from './support/journey';
import { expect, test } from './support/scope';

const DOCS = readFileSync(join(PROJECT, 'docs/embedding.md'), 'utf8');

/** What stands under a heading. */
function section(heading: string): string {
  const [, after = ''] = DOCS.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return section;
}

/** The names in the first column of a table, by the heading above it. */
function names(heading: string): string[] {
  return [...section(heading).matchAll(/^\| `(\w+)` \|/gmu)].map(([, name = '']) => name);
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

test('its page around a frame and the frame understand each other', async ({ page }) => {
  const [, script = ''] = /```js\n([\s\S]*?)```/u.exec(section('Messages')) ?? [];
  await page.route('**/host.html', route =>
    route.fulfill({
      contentType: 'text/html',
      body: `<title>host</title><iframe src="embed.html#v=1&view=router&text=The+fox+ran."></iframe>
        <script type="module">${script}</script>`,
    }),
  );
  await page.goto('./host.html');
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('moe-status').getByRole('status')).toContainText('For “ran”, layer 2 used experts');
  const height = await frame.locator('moe-alone').evaluate(alone => Math.ceil(alone.getBoundingClientRect().height));
  await expect(page.locator('iframe')).toHaveAttribute('height', String(height));
});

test('each of its frames has a title', () => {
  const frames = DOCS.match(/<iframe\s[^>]*>/gu) ?? [];
  expect(frames).toHaveLength(3);
  for (const frame of frames) expect(frame).toMatch(/ title="[^"]+"/u);
});

test('its policies are those that every test of the site lives with', async ({ request }) => {
  const policies = [...section('A strict policy').matchAll(/^Content-Security-Policy: (.*)$/gmu)];
  const sent = await Promise.all(
    ['./', './moescope.html'].map(async path => (await request.get(path)).headers()['content-security-policy']),
  );
  expect(policies.map(([, policy]) => policy)).toEqual(sent);
});
