// Shows many states and widths with one page load, because most tests would spend most of their time on loading.

import type { ScopePage } from './scope';

/** Opens a link without loading the page again, as Back and Forward do, and waits until its state is drawn. */
export async function go(scope: ScopePage, link: string): Promise<void> {
  await scope.page.evaluate(link => {
    // The page writes its state into the address after a pause, so the address can still be this link.
    if (location.hash === `#${link}`) dispatchEvent(new PopStateEvent('popstate'));
    else location.hash = link;
  }, link);
  await scope.settled();
}

/** Resizes the window (px) and waits until everything is drawn at the new width. Works before the engine is up, too. */
export async function resize(scope: ScopePage, width: number, height = 900): Promise<void> {
  await scope.page.setViewportSize({ width, height });
  // The resize observer runs in the first animation frame, the page draws in the second, its views in the third.
  await scope.page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
  await scope.drawn();
}
