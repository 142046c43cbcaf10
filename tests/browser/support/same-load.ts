// One page load for many states and widths, because loading takes most of the time of most tests.

import type { ScopePage } from './scope';

/** Opens a link in the page that is loaded, as Back and Forward do, and waits until all of it is drawn. */
export async function go(scope: ScopePage, link: string): Promise<void> {
  await scope.page.evaluate(link => {
    location.hash = link;
  }, link);
  await scope.settled();
}

/** Resizes the window and waits until everything is drawn for the new width. Works also before the engine is up. */
export async function resize(scope: ScopePage, width: number, height = 900): Promise<void> {
  await scope.page.setViewportSize({ width, height });
  // A resize observer answers in one frame, the page draws in the next, and a view inside it in the one after.
  await scope.page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
  await scope.drawn();
}
