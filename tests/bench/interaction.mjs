// How soon the page answers: steps by key with the processor slowed down four times, and scrubbing through a full
// context. Times are of the browser's own clock, from the key's event to the end of the frame that shows its step.

import { onSite } from './browser.mjs';

const VIEWPORT = { width: 1440, height: 900 };
const SENTENCE = 'The little girl saw a fox in the dark wood and ran home.';
const KEYS = 60;
const THROTTLE = 4;

/** A text of about so many tokens, as a link. */
const link = (sentences, more = '') =>
  `#v=1&text=${encodeURIComponent(Array(sentences).fill(SENTENCE).join(' '))}&token=0${more}`;

export async function measureInteraction(browser, dist) {
  const steps = await onSite(browser, dist, { viewport: VIEWPORT }, async (page, address) => {
    await open(page, `${address}${link(5)}`, 'End');
    await page.keyboard.press('Home');
    const fast = await stepping(page, 1);
    const slow = await stepping(page, THROTTLE);
    return { fast, slow };
  });
  const scrub = await onSite(browser, dist, { viewport: VIEWPORT }, async (page, address) => {
    await open(page, `${address}${link(45)}`, 'End');
    return scrubbing(page);
  });
  const ms = (what, times, part, budget) => ({ what, unit: 'ms', ...(budget && { budget }), page: round(quantile(times, part)) });
  return [
    ms('a step, key to frame, half of them', steps.fast.frames, 0.5),
    ms('a step, key to frame, 95 of 100', steps.fast.frames, 0.95),
    ms('the longest task of a step', steps.fast.tasks, 1, { atMost: 50 }),
    ms(`a step, slowed down ${THROTTLE} times, half`, steps.slow.frames, 0.5),
    ms(`a step, slowed down ${THROTTLE} times, 95 of 100`, steps.slow.frames, 0.95, { atMost: 50 }),
    ms('scrubbing 512 tokens, a frame, 95 of 100', scrub.frames, 0.95),
    ms('scrubbing 512 tokens, the longest task', scrub.tasks, 1, { atMost: 50 }),
  ];
}

/** Opens a link, runs its text to the end, and puts the focus into the widget. */
async function open(page, address, key) {
  await page.goto(address);
  const tokens = page.getByRole('listbox').first();
  await tokens.focus();
  await page.waitForFunction(() => {
    const { up, linked } = document.querySelector('moe-page')?.scope.store.snapshot ?? {};
    return up && !linked;
  });
  await page.keyboard.press(key);
  await page.waitForFunction(() => {
    const { records, tokens, model } = document.querySelector('moe-page').scope.store.snapshot;
    return records.length === Math.min(tokens.length, model.info.max_position_embeddings);
  });
  await page.evaluate(() => {
    globalThis.frames = [];
    globalThis.tasks = [0];
    globalThis.watch = start => {
      // A frame is over when the task after its callbacks begins.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => globalThis.frames.push(performance.now() - start);
        port2.postMessage(null);
      });
    };
    addEventListener('keydown', event => globalThis.watch(event.timeStamp), true);
    addEventListener('input', event => globalThis.watch(event.timeStamp), true);
    new PerformanceObserver(list => globalThis.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
}

async function stepping(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  await page.keyboard.press('Home');
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    globalThis.frames.length = 0;
    globalThis.tasks.length = 1;
  });
  for (let step = 0; step < KEYS; step++) {
    await page.keyboard.press('ArrowRight');
    // As fast as a person presses who looks at what comes.
    await page.waitForTimeout(250);
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await session.detach();
  return page.evaluate(() => ({ frames: globalThis.frames, tasks: globalThis.tasks }));
}

/** The scrubber, dragged over the whole context. */
async function scrubbing(page) {
  const range = page.getByRole('slider', { name: 'Token' });
  const { x, y, width, height } = await range.boundingBox();
  await page.mouse.move(x + width - 8, y + height / 2);
  await page.mouse.down();
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    globalThis.frames.length = 0;
    globalThis.tasks.length = 1;
  });
  for (let at = 0; at <= 60; at++) await page.mouse.move(x + 8 + ((width - 16) * (60 - at)) / 60, y + height / 2);
  await page.mouse.up();
  return page.evaluate(() => ({ frames: globalThis.frames, tasks: globalThis.tasks }));
}

function quantile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

function round(value) {
  return Math.round(value * 10) / 10;
}
