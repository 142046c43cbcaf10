// The code from the share dialog in a host page: the element and the frame each show the shared state, step with the
// native engine's numbers, and take no keys after Esc, so that the host page gets them.

import type { FrameLocator, Locator } from '@playwright/test';
import { inspect, sentence } from './support/native';
import { expect, Scope, test } from './support/scope';

const FOX = 'The fox saw the dark wood, and ran.';
const OPEN = 'Share, embed or save';

test('12: in a host page the element and the frame step as the page does, and Esc moves the focus out', async ({
  scope,
  page,
}) => {
  const native = inspect(FOX);
  await scope.open(`./#${new URLSearchParams({ v: '1', text: FOX, token: '2', view: 'router' }).toString()}`);
  await expect(scope.sentence).toContainText(sentence(native, 2));
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: OPEN });
  const codes = await Promise.all(
    ['Element (moe-scope)', 'Frame (iframe)'].map(name => dialog.getByRole('textbox', { name }).inputValue()),
  );

  const host = new Scope(await page.context().newPage());
  await host.page.route('**/host.html', route =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html><html lang="en"><title>host</title><body>${codes.join('')}</body></html>`,
    }),
  );
  await host.page.goto('./host.html');
  await host.page.evaluate(() => {
    Object.assign(globalThis, { keys: [] as string[] });
    document.addEventListener('keydown', ({ key }) => {
      (globalThis as unknown as { keys: string[] }).keys.push(key);
    });
  });
  /** The keys that the host page received since the last call. */
  const keys = (): Promise<string[]> =>
    host.page.evaluate(() => (globalThis as unknown as { keys: string[] }).keys.splice(0));
  const body = host.page.locator('body');
  const inPlace = (name: string, outside: Locator, inside: Locator | FrameLocator): Promise<void> =>
    test.step(name, async () => {
      // A frame far below the window is not loaded before the page scrolls to it.
      await outside.scrollIntoViewIfNeeded();
      const said = inside.locator('moe-status').getByRole('status');
      await expect(said).toContainText(sentence(native, 2));
      await inside.getByRole('button', { name: 'Next token', exact: true }).click();
      await expect(said).toContainText(sentence(native, 3));
      await expect(body).not.toBeFocused();
      await host.page.keyboard.press('ArrowRight');
      await expect(said).toContainText(sentence(native, 4));
      expect(await keys()).toEqual([]);
      await host.page.keyboard.press('Escape');
      await expect(body).toBeFocused();
      await host.page.keyboard.press('ArrowRight');
      await expect.poll(keys).toEqual(['ArrowRight']);
      await inside.getByRole('button', { name: 'Next token', exact: true }).click();
      await expect(said).toContainText(sentence(native, 5));
    });

  const element = host.page.locator('moe-scope');
  const frame = host.page.frameLocator('iframe');
  await inPlace('the element', element, element);
  await inPlace('the frame', host.page.locator('iframe'), frame);
  expect(host.problems).toEqual([]);
});
