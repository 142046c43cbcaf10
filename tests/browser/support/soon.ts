// Waiting with short pauses. Playwright's own assertions retry after 100, 250, 500 and then every 1,000 ms, so a long
// journey would mostly wait for the next retry.

import type { Locator } from '@playwright/test';
import { expect } from '@playwright/test';

/** Options of `expect.poll`. */
export const SOON = { intervals: [20, 50] };

/** Waits until the locator finds exactly one element, and this element contains a text. */
export async function contains(element: Locator, text: string | RegExp): Promise<void> {
  const words = async (): Promise<string> => {
    // An iframe cannot be read while it is loading.
    const [words, ...more] = await element.allTextContents().catch((): string[] => []);
    if (words === undefined || more.length > 0) return '';
    return words.replace(/\s+/gu, ' ').trim();
  };
  const found = expect.poll(words, SOON);
  await (typeof text === 'string' ? found.toContain(text) : found.toMatch(text));
}
