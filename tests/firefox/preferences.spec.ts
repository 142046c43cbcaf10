// A journey with a preference for dark colours and reduced motion. Without motion a picture is final when it is drawn,
// so two pictures can be compared.

import type { Page } from '@playwright/test';
import { firefox } from './support/firefox';
import { inspect } from './support/native';
import { expect, Scope, test } from './support/scope';

test.use({ launchOptions: firefox({ dark: true, calm: true }) });

const FOX = 'The fox saw the dark wood, and ran.';
/** Step 8 must not run FOX: step 9 compares two pages, which are equal only if both have run the same tokens of FOX. */
const CALM = 'Once upon a time';

test('with dark colours and reduced motion, a link opens the same picture', async ({ scope, page }) => {
  await test.step('8: the page is dark, and nothing is animated', async () => {
    const native = inspect(CALM);
    await scope.open();
    const preferences = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)'];
    expect(await page.evaluate(all => all.map(query => matchMedia(query).matches), preferences)).toEqual([true, true]);
    const [ink, ground] = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.body);
      return [color, backgroundColor].map(value => Math.max(...(value.match(/\d+/gu) ?? []).slice(0, 3).map(Number)));
    });
    expect(ground).toBeLessThan(48);
    expect(ink).toBeGreaterThan(200);
    await scope.start(CALM, native);
    for (let position = 1; position < 4; position++) {
      await scope.next.click();
      await scope.shows(native, position);
      expect(await page.evaluate(moving)).toEqual([]);
    }
  });
  await test.step('9: a link shows the same picture in another page and after a reload', async () => {
    const native = inspect(FOX);
    await scope.start(FOX, native);
    for (let position = 1; position < 5; position++) await scope.key('ArrowRight');
    await scope.shows(native, 4);
    await expect.poll(async () => fields(await address(page))).toMatchObject({ v: '1', text: FOX, token: '4' });
    // Takes the focus from the tokens, because in a page that was just opened nothing has the focus.
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
    });

    const friend = new Scope(await page.context().newPage());
    await friend.open(await address(page));
    await friend.shows(native, 4);
    await same(friend.page, page);
    await friend.page.reload();
    await friend.shows(native, 4);
    await same(friend.page, page);
    expect(await address(friend.page)).toBe(await address(page));

    // An invalid field of a link is reported in a sentence; the link's other fields are used.
    await friend.page.goto('about:blank');
    await friend.open('./#v=1&text=The+fox+saw+the+dark+wood,+and+ran.&token=2&layer=many');
    await friend.shows(native, 2);
    await expect(friend.page.getByRole('alert').filter({ hasText: 'layer' })).toBeVisible();
    expect(friend.problems).toEqual([]);
  });
});

const address = (page: Page): Promise<string> => page.evaluate(() => location.href);

/** The fields in an address, after its `#`. */
const fields = (address: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(new URL(address).hash.slice(1)));

/** Waits until two pages show the same picture. A page draws only while it is in front. */
async function same(one: Page, other: Page): Promise<void> {
  const shown = async (page: Page): Promise<string> => {
    await page.bringToFront();
    await page.evaluate(frames);
    return page.evaluate(picture);
  };
  await expect(async () => {
    expect((await shown(one)).split('\n')).toEqual((await shown(other)).split('\n'));
  }).toPass({ timeout: 20_000 });
}

/** Waits three animation frames, which is long enough to draw a step. */
async function frames(): Promise<void> {
  const frame = (): Promise<number> => new Promise(requestAnimationFrame);
  for (let count = 0; count < 3; count++) await frame();
}

/** The running animations, in the document and all its shadow roots. */
function moving(): string[] {
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots) {
    for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) roots.push(shadowRoot);
  }
  return roots
    .flatMap(root => root.getAnimations())
    .filter(animation => animation.playState === 'running')
    .map(animation => animation.id || String((animation.effect as KeyframeEffect | null)?.target?.localName));
}

/** The whole picture: every element with its attributes and its text, also in shadow roots. */
function picture(): string {
  const lines: string[] = [];
  const walk = (node: Node): void => {
    if (node instanceof Text) {
      const text = node.data.replace(/\s+/gu, ' ').trim();
      if (text !== '') lines.push(text);
    } else if (node instanceof Element && node.localName !== 'style') {
      // Sorted, because the order in which attributes were set does not matter.
      const attributes = [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort();
      lines.push(`<${[node.localName, ...attributes].join(' ')}>`);
      if (node instanceof HTMLTextAreaElement) lines.push(node.value);
      if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
    }
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return lines.join('\n');
}
