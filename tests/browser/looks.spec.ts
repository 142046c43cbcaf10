// For everyone: no sideways scrolling, no jump when the model arrives, light and dark, axe-core without a finding, and
// the whole way by keyboard.

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './support/scope';

const WIDTHS = [320, 360, 768, 1024, 1440, 1920];
const TEXTS = ['Once upon a time there was a little girl who', 'a '.repeat(600), 'x'.repeat(400), ''];

for (const width of WIDTHS) {
  test(`${width} px: the page never scrolls sideways`, async ({ scope, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await scope.open();
    const fits = async (): Promise<void> => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    };
    await scope.openNumbers();
    await page.getByText('Open another model').click();
    await fits();
    for (const text of TEXTS) {
      await scope.type(text);
      await expect(scope.text).toHaveValue(text);
      await scope.ready();
      await fits();
    }
  });

  test(`${width} px: nothing jumps when the model arrives`, async ({ scope, page }) => {
    await page.setViewportSize({ width, height: 800 });
    let arrive: () => void = () => undefined;
    const held = new Promise<void>(resolve => (arrive = resolve));
    await page.route('**/model.safetensors', async route => {
      await held;
      await route.continue();
    });
    await page.goto('./');
    const where = () =>
      page.evaluate(() =>
        [...(document.querySelector('moe-page')?.shadowRoot?.querySelectorAll('main *, footer, footer *') ?? [])]
          .filter(element => element.localName.startsWith('moe-'))
          .map(element => {
            const { x, y, width, height } = element.getBoundingClientRect();
            return `${element.localName} ${x} ${y} ${width} ${height}`;
          }),
      );
    await expect(page.getByRole('progressbar')).toBeVisible();
    const before = await where();
    expect(before.length).toBeGreaterThan(8);
    arrive();
    await scope.ready();
    expect(await where()).toEqual(before);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [320, 768, 1440]) {
    test(`axe-core finds nothing: ${width} px, ${colorScheme}`, async ({ scope, page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      const clean = async (): Promise<void> => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
      };
      await scope.open();
      await page.locator('moe-routing summary').first().click();
      await page.getByText('Open another model').click();
      await clean();
      // With an error, and with a text beyond the context.
      await page.locator('moe-routing summary').first().click();
      await scope.tokens.focus();
      await page.keyboard.press('Home');
      await scope.type('a '.repeat(600));
      await scope.at(0, 512);
      await page.getByLabel('Files of the model').setInputFiles([
        { name: 'config.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
        { name: 'model.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('') },
        { name: 'tokenizer.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
      ]);
      await expect(scope.fault.locator('p')).toContainText('cannot be opened');
      await clean();
    });
  }
}

test('dark is dark', async ({ scope, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await scope.open();
  const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(colour).toBe('rgb(16, 19, 22)');
});

test('by keyboard alone: an example, steps, a layer’s numbers, a next token', async ({ scope, page }) => {
  await scope.open();
  const reach = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
      });
      if (focused.startsWith(name)) return;
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  await reach('Python');
  await page.keyboard.press('Enter');
  await scope.at(5, 12);
  await reach('Tokens');
  await page.keyboard.press('ArrowRight');
  await scope.at(6, 12);
  await page.keyboard.press('End');
  await scope.at(11, 12);
  await reach('Numbers of layer 3');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table', { name: 'The tokens shown, in layer 3' })).toBeVisible();
  await reach('Go on with');
  await page.keyboard.press('Enter');
  await scope.at(12, 13);
});

test('every step is said to a screen reader', async ({ scope, page }) => {
  await scope.open();
  await expect(page.getByRole('status')).toHaveText(/For “was”, layer 4 used experts /u);
  await scope.next.click();
  await expect(page.getByRole('status')).toHaveText(/For “a”, layer 4 used experts /u);
});
