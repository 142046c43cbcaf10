// What a page's scripts keep in memory.

import type { Page } from '@playwright/test';

/** Measures it, in bytes, once what nobody can reach any more is gone. */
export async function heapOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize;
  };
}
