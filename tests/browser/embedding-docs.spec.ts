// docs/embedding.md names every view and every field of a link (each field is also an attribute of the element). Its
// first code examples work, and its content security policies are those that the tests' server sends.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MoeScope } from '../../www/public/moescope';
import { declared } from './support/manifest';
import { PROJECT } from './support/native';
import { holdBack, VIEWS } from './support/journey';
import { contains } from './support/soon';
import { expect, test } from './support/scope';

const DOCS = readFileSync(join(PROJECT, 'docs/embedding.md'), 'utf8');

/** The text under a heading. */
function section(heading: string): string {
  const [, after = ''] = DOCS.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return section;
}

/** The names in the first column of the table under a heading. */
function names(heading: string): string[] {
  return [...section(heading).matchAll(/^\| `(\w+)` \|/gmu)].map(([, name = '']) => name);
}

/** The attribute with the address of a lesson’s file. */
const LESSON_SRC = 'lesson-src';

test('the table of fields in embedding.md has all attributes of the element, and each field accepts every word that the manifest lists', async ({
  page,
}) => {
  await page.route('**/host.html', route =>
    route.fulfill({
      contentType: 'text/html',
      body: '<title>host</title><script type="module" src="./define.js"></script>',
    }),
  );
  // This test needs no model.
  await holdBack(page, '**/model.safetensors');
  await page.goto('./host.html');
  const attributes = await page.evaluate(async () => {
    const element = (await customElements.whenDefined('moe-scope')) as unknown as { observedAttributes: string[] };
    return element.observedAttributes;
  });
  const { attributes: all, members } = declared();
  expect(all.map(({ name }) => name).sort()).toEqual(attributes.toSorted());
  // `lesson-src` is no field of the state: it has its own property and its own place in the documentation.
  const named = all.filter(({ deprecated, name }) => deprecated === undefined && name !== LESSON_SRC);
  expect(names('Fields')).toEqual(named.map(({ name }) => name));
  // Every HTML element has the property `lang`, so the manifest and the types do not declare it.
  const properties = attributes.filter(name => name !== 'lang' && name !== LESSON_SRC);
  expect(members.map(({ name }) => name)).toEqual(expect.arrayContaining([...properties, 'lessonSrc']));
  const types = readFileSync(join(PROJECT, 'www/public/moescope.d.ts'), 'utf8');
  const declaredTypes = [...types.matchAll(/^  set (\w+)\(/gmu)].map(([, name = '']) => name);
  expect(declaredTypes.sort()).toEqual(properties.toSorted());

  // The words that a field accepts. The notebook widget reads the same words from the manifest.
  const words = named
    .filter(({ type }) => type.text.includes("'") || type.text.includes('|'))
    .flatMap(({ name, type }) => {
      const all = type.text.split(' | ').map(word => word.replaceAll("'", ''));
      return all.map((word, index) => [name, word, all[index === 0 ? 1 : 0] ?? null] as const);
    });
  expect(words.filter(([name]) => name === 'view')).toHaveLength(VIEWS.length);
  const shown = await page.evaluate(words => {
    const scope = document.createElement('moe-scope') as MoeScope;
    document.body.append(scope);
    return words.map(([name, word, other]) => {
      // If the element does not know `word`, the field keeps `other`.
      scope.set({ [name]: other });
      scope.set({ [name]: word });
      return [name, scope.get(name)] as const;
    });
  }, words);
  const defaults = new Map(named.map(({ name, default: value }) => [name, value.replaceAll('`', '')]));
  for (const [index, [name, word]] of words.entries()) {
    expect.soft(shown[index], `${name}=${word}`).toEqual([name, word === defaults.get(name) ? null : word]);
  }
});

test('embedding.md names every view', () => {
  const [row = ''] = /^\| `view` .*$/mu.exec(DOCS) ?? [];
  expect([...row.matchAll(/`(\w+)`/gu)].map(([, name]) => name)).toEqual(['view', ...VIEWS, 'roll']);
});

test('the first frame, the first element and the script for messages of embedding.md work on one page', async ({
  page,
}) => {
  const [, frame = ''] = /```html\n(<iframe[\s\S]*?<\/iframe>)\n```/u.exec(DOCS) ?? [];
  const [, element = ''] = /```html\n(<script type="module"[\s\S]*?<\/moe-scope>)\n```/u.exec(DOCS) ?? [];
  const [, script = ''] = /```js\n([\s\S]*?)```/u.exec(section('Messages')) ?? [];
  const body = `<title>host</title>${frame}${element}`.replaceAll('https://your.site/moescope/', './');
  await page.route('**/host.html', route => route.fulfill({ contentType: 'text/html', body }));
  await page.goto('./host.html');
  const inside = page.frameLocator('iframe');
  const sentence = inside.locator('moe-status').getByRole('status');
  await contains(sentence, 'For “ran”, layer 3 ran');
  await contains(page.locator('moe-scope moe-status').getByRole('status'), 'For “ran”, layer 3 ran');

  await page.addScriptTag({ type: 'module', content: script });
  await page.locator('iframe').evaluate((frame: HTMLIFrameElement) => {
    frame.contentWindow?.location.reload();
  });
  await contains(sentence, 'For “ran”, layer 2 ran');
  const height = await inside.locator('moe-alone').evaluate(alone => Math.ceil(alone.getBoundingClientRect().height));
  await expect(page.locator('iframe')).toHaveAttribute('height', String(height));
});

test('each frame in embedding.md has a title', () => {
  const frames = DOCS.match(/<iframe\s[^>]*>/gu) ?? [];
  expect(frames).toHaveLength(3);
  for (const frame of frames) expect(frame).toMatch(/ title="[^"]+"/u);
});

test('the policies in embedding.md equal the policies that the tests’ server sends', async ({ request }) => {
  const policies = [...section('A strict policy').matchAll(/^Content-Security-Policy: (.*)$/gmu)];
  const sent = await Promise.all(
    ['./', './moescope.html'].map(async path => (await request.get(path)).headers()['content-security-policy']),
  );
  expect(policies.map(([, policy]) => policy)).toEqual(sent);
});
