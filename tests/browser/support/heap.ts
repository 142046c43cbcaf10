// The memory of a page's scripts.

import type { Page } from '@playwright/test';

/** Returns a function that measures the used bytes of the JavaScript heap, after a garbage collection. */
export async function heapOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    // The first collection runs finalizers; the second frees the memory that these finalizers released.
    for (let pass = 0; pass < 2; pass++) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize;
  };
}
