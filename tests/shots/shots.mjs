// Writes the eight pictures in docs/ from the built site: `cargo xtask shots`.

import { fileURLToPath } from 'node:url';
import { launch, onSite } from '../bench/browser.mjs';

const dist = new URL('../../www/dist/', import.meta.url);
const docs = new URL('../../docs/', import.meta.url);

const TEXT = 'Once upon a time there was a little fox who lived in the dark wood. One day the fox saw';
const link = (more = '') => `#v=1&text=${encodeURIComponent(TEXT)}${more}`;
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const SHOTS = [
  { name: 'roll', viewport: DESKTOP, colorScheme: 'light', hash: '&token=17&view=start' },
  { name: 'roll-dark', viewport: DESKTOP, colorScheme: 'dark', hash: '&token=17&view=start' },
  { name: 'phone', viewport: PHONE, colorScheme: 'light', hash: '&token=17&layer=3' },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark', hash: '&token=17&layer=3' },
  { name: 'what-if', viewport: DESKTOP, colorScheme: 'light', hash: '&token=17&layer=3&view=whatif&off=3.5' },
  { name: 'router', viewport: DESKTOP, colorScheme: 'light', hash: '&token=17&layer=3&view=router' },
  { name: 'lesson', viewport: DESKTOP, colorScheme: 'light', lesson: '#v=1&lesson=router&at=3' },
];

/** The picture `step.png`: layer 2 after each of four stages of one step, side by side. */
const STAGES = {
  name: 'step',
  layer: 2,
  stages: [
    { stage: 9, says: 'attends' },
    { stage: 10, says: 'scores' },
    { stage: 11, says: 'rules out groups' },
    { stage: 12, says: 'chooses' },
  ],
};

const browser = await launch();
try {
  for (const { name, viewport, colorScheme, hash, lesson } of SHOTS) {
    await shoot(viewport, colorScheme, async (page, address) => {
      if (lesson) await openLesson(page, `${address}${lesson}`);
      else await open(page, `${address}${link(hash)}`);
      await page.screenshot({ path: pathOf(name) });
    });
  }
  await shoot(DESKTOP, 'light', async (page, address) => {
    const figures = [];
    for (const { stage, says } of STAGES.stages) {
      await page.goto('about:blank');
      await open(page, `${address}${link(`&token=17&layer=${STAGES.layer}&stage=${stage}`)}`);
      const picture = (await page.screenshot({ clip: await around(page, STAGES.layer) })).toString('base64');
      figures.push(`<figure><img src="data:image/png;base64,${picture}"><figcaption>${says}</figcaption></figure>`);
    }
    await page.setContent(`<style>
        body { margin: 0; display: inline-flex; gap: 24px; padding: 16px; background: #fff }
        figure { margin: 0; font: 13px/20px system-ui, sans-serif; text-align: end }
        img { display: block }
      </style>${figures.join('')}`);
    await page.locator('body').screenshot({ path: pathOf(STAGES.name) });
  });
} finally {
  await browser.close();
}

function shoot(viewport, colorScheme, use) {
  return onSite(browser, dist, { viewport, colorScheme, reducedMotion: 'reduce' }, use);
}

/** Opens a link, runs its text to the end, and moves back to the link's token, so that later tokens are drawn too. */
async function open(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => document.querySelector('moe-page')?.scope.store.snapshot.engine.is === 'running');
  const { state } = await page.evaluate(() => ({ state: document.querySelector('moe-page').scope.store.snapshot.state }));
  await seek(page, Number.MAX_SAFE_INTEGER);
  await seek(page, state.position);
  await page.evaluate(state => document.querySelector('moe-page').scope.ask({ do: 'go', state, complaints: [] }), state);
  await page.evaluate(() => document.querySelector('moe-page').settled);
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Opens a lesson's link and waits for its step. */
async function openLesson(page, address) {
  await page.goto(address);
  await page.locator('moe-lesson-bar .place').waitFor();
  await page.evaluate(() => document.querySelector('moe-page').settled);
  await page.locator('moe-lesson-marks [data-outline]').first().waitFor();
}

async function seek(page, position) {
  await page.evaluate(position => document.querySelector('moe-page').scope.ask({ do: 'seek', position }), position);
  await page.evaluate(() => document.querySelector('moe-page').settled);
}

/** The rectangle to cut out of the page: a layer's opened column, 176 px to its left, and the cache below it. */
async function around(page, layer) {
  const stave = await page.locator(`moe-roll g[data-opened="${layer}"]`).boundingBox();
  const opened = await page.locator('moe-roll svg.opened').boundingBox();
  return { x: opened.x - 176, y: stave.y, width: opened.width + 176, height: stave.height + 28 };
}

function pathOf(name) {
  return fileURLToPath(new URL(`${name}.png`, docs));
}
