// The page as a person meets it: its controls by their names, and everything that stands on it read back from the DOM.
// Every test also fails on what a person would not see: an error in the console, or a breach of the strict policy.

import { test as base, expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { Seen } from './seen';
import { see } from './seen';

export class ScopePage {
  readonly text: Locator;
  readonly next: Locator;
  readonly previous: Locator;
  readonly last: Locator;
  readonly generate: Locator;
  readonly tokens: Locator;
  readonly fault: Locator;
  readonly sentence: Locator;

  constructor(readonly page: Page) {
    this.text = page.getByRole('textbox', { name: 'Text' });
    this.next = page.getByRole('button', { name: 'Next token' });
    this.previous = page.getByRole('button', { name: 'Previous token' });
    this.last = page.getByRole('button', { name: 'Run to the end' });
    this.generate = page.getByRole('button', { name: 'Generate one' });
    this.tokens = page.getByRole('listbox');
    this.fault = page.locator('moe-status').getByRole('alert');
    this.sentence = page.getByRole('status');
  }

  /** Opens the page; the model is up when a sentence is said. */
  async open(address = './'): Promise<void> {
    await this.page.goto(address);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.sentence).toContainText('its cache grew');
  }

  /** Types a text from an empty box. */
  async type(text: string): Promise<void> {
    await this.text.fill(text);
  }

  /** Waits until the playhead stands at a position of so many. */
  async at(position: number, count: number): Promise<void> {
    const where = `${grouped(position + 1)} / ${grouped(count)}`;
    await expect(this.tokens.locator('[aria-selected=true]')).toContainText(where);
  }

  /** Opens the table of numbers of every layer. */
  async openNumbers(): Promise<void> {
    for (const numbers of await this.page.locator('moe-routing summary').all()) await numbers.click();
  }

  see(): Promise<Seen> {
    return this.page.evaluate(see);
  }
}

/** 2560 as 2,560. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/gu, ',');
}

interface Fixtures {
  readonly scope: ScopePage;
  /** What went wrong out of sight; a test that provokes something says what with `allow`. */
  readonly problems: { allow(pattern: RegExp): void };
}

export const test = base.extend<Fixtures>({
  problems: [
    async ({ page }, use) => {
      const found: string[] = [];
      const allowed: RegExp[] = [];
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
      });
      page.on('pageerror', error => found.push(String(error)));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', event => {
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      await use({ allow: pattern => void allowed.push(pattern) });
      expect(found.filter(text => !allowed.some(pattern => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
  scope: async ({ page }, use) => {
    await use(new ScopePage(page));
  },
});

export { expect };
