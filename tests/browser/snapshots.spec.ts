// The layout of the views (distances, widths and positions) is compared with the drawings in the folder `snapshots`.

import { assign, element as scopeElement } from './support/element';
import { element } from './support/exports';
import { wide } from './support/models';
import { resize } from './support/same-load';
import { ScopePage, test } from './support/scope';
import { matchesSnapshot } from './support/snapshot';

const TEXT = 'The fox';
/** Minimum height of a compared drawing. A row in an overview of layers is lower than the default minimum. */
const OVERVIEW = { height: 8 };

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 900, height: 800 });
});

test('the drawings of the roll and of seven other views equal their snapshots', async ({ page }) => {
  await element(page, { view: 'roll', text: TEXT, token: 2, layer: 2 });
  await scopeElement(page).evaluate((scope: HTMLElement & { readonly settled: Promise<void> }) => scope.settled);
  // The model has run the tokens after the playhead; they are drawn pale.
  await assign(page, { token: 1 });
  await matchesSnapshot(page, 'roll');
  await assign(page, { stage: 11 });
  await matchesSnapshot(page, 'roll-mid-stage');
  await assign(page, { stage: null, off: '2.3', chosen: 3 });
  await matchesSnapshot(page, 'roll-what-if');
  await assign(page, { view: 'whatif' });
  await matchesSnapshot(page, 'what-if', { width: 24, height: 40 });
  await assign(page, { off: null, chosen: null });
  for (const view of ['flow', 'attention', 'cache', 'grid', 'cachelab', 'models']) {
    await assign(page, { view });
    await matchesSnapshot(page, view);
  }
  await assign(page, { view: 'roll' });
  await resize(new ScopePage(page), 360, 800);
  await matchesSnapshot(page, 'roll-phone', OVERVIEW);
});

test('the roll of a model with 256 experts equals its snapshot', async ({ page }) => {
  for (const [name, body] of Object.entries(wide())) {
    await page.route(`**/model/${name}`, route => route.fulfill({ body: body as Buffer }));
  }
  await element(page, { view: 'roll', text: 'The', token: 1, layer: 3 });
  await matchesSnapshot(page, 'roll-256-experts', OVERVIEW);
});
