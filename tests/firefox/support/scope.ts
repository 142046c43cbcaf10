// The page's controls, by their accessible names. Every test also fails on an error or a warning in the console, and on
// a violation of the server's Content Security Policy.

import { test as base, expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { grouped, sentence } from './native';
import type { Native } from './native';

export class Scope {
  readonly text: Locator;
  readonly previous: Locator;
  readonly next: Locator;
  readonly last: Locator;
  readonly generate: Locator;
  readonly tokens: Locator;
  readonly sentence: Locator;
  /** Errors and warnings in the console, and uncaught errors. */
  readonly problems: string[] = [];

  constructor(readonly page: Page) {
    this.text = page.getByRole('textbox', { name: 'Text', exact: true });
    this.previous = page.getByRole('button', { name: 'Previous token' });
    this.next = page.getByRole('button', { name: 'Next token', exact: true });
    this.last = page.getByRole('button', { name: 'Run to the end' });
    this.generate = page.getByRole('button', { name: 'Generate a token' });
    this.tokens = page.getByRole('listbox').filter({ has: page.locator('[role=option][data-token]') });
    this.sentence = page.getByRole('status').filter({ hasText: ', and stored' });
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') this.problems.push(message.text());
    });
    // Firefox also reports violations of the policy here.
    page.on('pageerror', error => this.problems.push(error.stack ?? String(error)));
  }

  /** Opens the page, and waits until it shows a sentence and has loaded the model. */
  async open(address = './'): Promise<void> {
    await this.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', event => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await this.page.goto(address);
    await expect(this.sentence).toBeVisible();
    await expect(this.page.getByRole('progressbar')).toBeHidden();
  }

  /** Opens the menu in the header. */
  async openMenu(): Promise<void> {
    await this.page.getByLabel('Menu', { exact: true }).click();
  }

  /** Opens the settings, which have the button that generates a token. */
  async openSettings(): Promise<void> {
    await this.page.locator('moe-settings summary').click();
    await expect(this.generate).toBeVisible();
  }

  /** Replaces the text in the text box, and moves the playhead to the first token of the new text. */
  async start(text: string, native: Native): Promise<void> {
    await this.text.fill(text);
    await this.key('Home');
    await this.at(native, 0);
  }

  /** Presses a key while the tokens have the focus. */
  async key(key: string): Promise<void> {
    await this.tokens.focus();
    await this.page.keyboard.press(key);
  }

  /** Waits until the playhead is at a position, and shows the native engine's token and number of tokens. */
  async at({ ids }: Pick<Native, 'ids'>, position: number): Promise<void> {
    const here = this.page.locator(`[role=option][aria-selected=true][data-token="${ids[position]}"]`);
    const where = `${grouped(position + 1)} / ${grouped(ids.length)}`;
    await expect(here.getByText(where, { exact: true })).toBeVisible();
  }

  /** Waits until the page shows the native engine's sentence for a position. */
  async shows(native: Native, position: number): Promise<void> {
    await this.at(native, position);
    await expect(this.sentence).toContainText(sentence(native, position));
  }

  /** The button of a next token, by the token's id. */
  candidate(id: number | undefined): Locator {
    return this.page.locator(`[data-token="${id}"]:not([role=option])`).first();
  }
}

export const test = base.extend<{ readonly scope: Scope }>({
  scope: async ({ page }, use) => {
    const scope = new Scope(page);
    await use(scope);
    expect(scope.problems).toEqual([]);
  },
});

export { expect };
