// Assertions that retry after 20 ms, then every 50 ms. Playwright's own pauses are 100, 250, 500 and then 1,000 ms, so
// a test with many steps would spend most of its time in them.

import type { Locator } from '@playwright/test';
import { expect } from '@playwright/test';

/** Options of `expect.poll`: the pauses between retries, ms. The last one is repeated. */
export const SOON = { intervals: [20, 50] };

/** Waits until `element` finds exactly one element, and its text contains or matches `text`. */
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
