// Measures how fast the page answers: steps by key (also with the processor slowed down four times), scrubbing through
// a full context, opening a view, moving the playhead while a view is open, and a what-if.
// A key's time is the browser's Event Timing: from the key to the end of the next paint, in units of 8 ms. This paint
// shows the step's sentence. The picture is drawn one frame later, and its time is measured too.
// A view's time is from the click or key to the end of the frame in which all numbers of the view are drawn.

import { onSite } from './browser.mjs';

const VIEWPORT = { width: 1440, height: 900 };
const SENTENCE = 'The little girl saw a fox in the dark wood and ran home.';
const KEYS = 60;
const THROTTLE = 4;
/** Time from key to key, ms. With `quick` steps are not animated; with `slow` a key comes while the last step moves. */
const PACE = { quick: 250, slow: 1000 };
/** The names of the views' buttons. Each view is opened TURNS times; then the playhead is moved TURNS times. */
const VIEWS = { router: 'router', next: 'next token', flow: 'flow', attention: 'attention', cache: 'cache', grid: 'grid' };
const TURNS = 8;
/** Number of times that SENTENCE is in a text of 256 tokens. */
const LONG = 17;

/** A link whose text is SENTENCE, repeated `sentences` times. */
const link = (sentences, more = '') =>
  `#v=1&text=${encodeURIComponent(Array(sentences).fill(SENTENCE).join(' '))}&token=0${more}`;

export async function measureInteraction(browser, dist) {
  const steps = await onSite(browser, dist, { viewport: VIEWPORT }, async (page, address) => {
    await open(page, `${address}${link(5)}`, 'End');
    await page.keyboard.press('Home');
    return {
      fast: await stepping(page, 1, PACE.quick),
      slow: await stepping(page, THROTTLE, PACE.quick),
      moving: await stepping(page, THROTTLE, PACE.slow),
    };
  });
  const scrub = await onSite(browser, dist, { viewport: VIEWPORT }, async (page, address) => {
    await open(page, `${address}${link(45)}`, 'End');
    return scrubbing(page);
  });
  const views = await onSite(browser, dist, { viewport: VIEWPORT }, async (page, address) => {
    await open(page, `${address}${link(LONG)}`, 'End');
    const times = [];
    for (const [view, name] of Object.entries(VIEWS)) times.push({ name, ...(await viewing(page, view, name)) });
    return times;
  });
  const whatIf = await onSite(browser, dist, { viewport: VIEWPORT }, async (page, address) => {
    await open(page, `${address}${link(LONG, '&view=whatif&layer=2')}`, 'End');
    return changing(page);
  });
  const ms = (what, times, part, budget) => ({ what, unit: 'ms', ...(budget && { budget }), page: round(quantile(times, part)) });
  return [
    ms('a step, key to paint, half of them', steps.fast.answers, 0.5),
    ms('a step, key to paint, 95 of 100', steps.fast.answers, 0.95),
    ms('a step, key to picture, 95 of 100', steps.fast.pictures, 0.95),
    ms('the longest task of a step', steps.fast.tasks, 1, { atMost: 50 }),
    ms(`a step, slowed down ${THROTTLE} times, half`, steps.slow.answers, 0.5),
    ms(`a step, slowed down ${THROTTLE} times, 95 of 100`, steps.slow.answers, 0.95, { atMost: 50 }),
    ms(`the same to the picture, 95 of 100`, steps.slow.pictures, 0.95),
    ms(`the same while the last step moves, 95 of 100`, steps.moving.answers, 0.95),
    ms('scrubbing 512 tokens, a frame, 95 of 100', scrub.frames, 0.95),
    ms('scrubbing 512 tokens, the longest task', scrub.tasks, 1, { atMost: 50 }),
    ms(`a what-if on a text of 256 tokens, the slowest of ${TURNS}`, whatIf.changed, 1, { atMost: 150 }),
    ms('a what-if: the longest task', whatIf.tasks, 1, { atMost: 50 }),
    ...views.flatMap(({ name, opened, sought, tasks }) => [
      ms(`${name}: opened in a text of 256 tokens, the slowest of ${TURNS}`, opened, 1, { atMost: 100 }),
      ms(`${name}: a seek in it, the slowest of ${TURNS}`, sought, 1, { atMost: 100 }),
      ms(`${name}: the longest task of both`, tasks, 1, { atMost: 50 }),
    ]),
  ];
}

/** Opens a link, puts the focus on the tokens, runs the text to the end with `key`, and starts to record times. */
async function open(page, address, key) {
  await page.goto(address);
  const tokens = page.getByRole('listbox').first();
  await tokens.focus();
  await page.waitForFunction(() => {
    const { engine, text } = document.querySelector('moe-page')?.scope.store.snapshot ?? {};
    return engine?.is === 'running' && !text.link;
  });
  await page.keyboard.press(key);
  await page.waitForFunction(() => {
    const { plain, text, model } = document.querySelector('moe-page').scope.store.snapshot;
    return plain.records.length === Math.min(text.tokens.length, model.info.max_position_embeddings);
  });
  await page.evaluate(() => {
    const shell = document.querySelector('moe-page');
    const roll = shell.shadowRoot.querySelector('moe-roll');
    Object.assign(globalThis, { answers: [], pictures: [], frames: [], tasks: [0], whole: [] });
    // Calls `then` when the next animation frame ends: in the first task after the callbacks of this frame.
    const afterFrame = then => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = then;
        port2.postMessage(null);
      });
    };
    const isDrawn = () => shell.snapshot === shell.scope.store.snapshot && !shell.isUpdatePending && !roll.isUpdatePending;
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const look = () => (isDrawn() ? globalThis.pictures.push(performance.now() - timeStamp) : afterFrame(look));
        afterFrame(look);
      },
      true,
    );
    // True if the shown view has drawn all numbers of the playhead's position.
    const isWhole = () => {
      const { state, plain } = shell.snapshot;
      const { detail, expertLoad, distribution } = plain;
      const view = state.view === 'roll' ? roll : shell.shadowRoot.querySelector(`moe-${state.view}`);
      const has = [detail, expertLoad, distribution].every(part => part?.position === state.position);
      return isDrawn() && has && view?.snapshot === shell.snapshot && !view.isUpdatePending;
    };
    for (const kind of ['keydown', 'click']) {
      addEventListener(
        kind,
        ({ timeStamp }) => {
          const look = () => (isWhole() ? globalThis.whole.push(performance.now() - timeStamp) : afterFrame(look));
          afterFrame(look);
        },
        true,
      );
    }
    addEventListener(
      'input',
      ({ timeStamp }) => {
        afterFrame(() => globalThis.frames.push(performance.now() - timeStamp));
      },
      true,
    );
    const durations = list => list.getEntries().map(({ duration }) => duration);
    new PerformanceObserver(list => globalThis.tasks.push(...durations(list))).observe({ type: 'longtask' });
    // A key that was answered within 16 ms has no entry here; `stepping` counts it as 16 ms.
    const keys = list => list.getEntries().filter(({ name }) => name === 'keydown');
    new PerformanceObserver(list => globalThis.answers.push(...keys(list).map(({ duration }) => duration))).observe({
      type: 'event',
      durationThreshold: 16,
    });
  });
}

async function stepping(page, rate, pace) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  await page.keyboard.press('Home');
  await page.waitForTimeout(500);
  await forget(page);
  for (let step = 0; step < KEYS; step++) {
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(pace);
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await session.detach();
  const { answers, pictures, tasks } = await measured(page);
  const soon = Array(Math.max(0, KEYS - answers.length)).fill(16);
  return { answers: [...soon, ...answers], pictures, tasks };
}

/** Opens a view TURNS times, then moves the playhead TURNS times from one end of the text to the other. */
async function viewing(page, view, name) {
  const button = page.getByRole('navigation').getByRole('button', { name, exact: true });
  const whole = () => page.evaluate(() => globalThis.whole);
  await forget(page);
  const opened = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await button.click();
    await page.waitForFunction(() => globalThis.whole.length > 0);
    await page.waitForTimeout(PACE.quick);
    opened.push(...(await whole()));
    await page.evaluate(() => (globalThis.whole.length = 0));
    if (turn + 1 === TURNS) break;
    await button.click();
    await page.waitForFunction(() => globalThis.whole.length > 0);
    await page.waitForTimeout(PACE.quick);
    await page.evaluate(() => (globalThis.whole.length = 0));
  }
  await page.getByRole('listbox').first().focus();
  for (let turn = 0; turn < TURNS; turn++) {
    await page.keyboard.press(turn % 2 === 0 ? 'Home' : 'End');
    await page.waitForFunction(wanted => globalThis.whole.length > wanted, turn);
    await page.waitForTimeout(PACE.quick);
  }
  const sought = await whole();
  const { tasks } = await measured(page);
  await button.click();
  await page.waitForTimeout(PACE.slow);
  return { opened, sought, tasks: [...tasks] };
}

/** Switches off one expert after another. A time is from the click until the changed run of the whole text is drawn. */
async function changing(page) {
  await page.evaluate(() => {
    const shell = document.querySelector('moe-page');
    const isChanged = () => {
      const { changed, state } = shell.snapshot;
      const parts = ['moe-roll', 'moe-whatif'].map(name => shell.shadowRoot.querySelector(name));
      const drawn = shell.snapshot === shell.scope.store.snapshot && parts.every(part => !part.isUpdatePending);
      return drawn && changed?.is === 'compared' && changed.whatIf === state.whatIf && changed.progress.is === 'level';
    };
    addEventListener(
      'click',
      ({ timeStamp }) => {
        const look = () =>
          isChanged() ? globalThis.whole.push(performance.now() - timeStamp) : requestAnimationFrame(look);
        requestAnimationFrame(look);
      },
      true,
    );
  });
  await page.waitForTimeout(PACE.slow);
  await forget(page);
  const changed = [];
  for (let expert = 0; expert < TURNS; expert++) {
    await page.evaluate(() => (globalThis.whole.length = 0));
    await page.locator(`moe-whatif [data-expert="${expert}"]`).click();
    await page.waitForTimeout(PACE.slow);
    changed.push(...(await page.evaluate(() => globalThis.whole.slice(-1))));
  }
  const { tasks } = await measured(page);
  return { changed, tasks: [...tasks] };
}

/** Drags the scrubber from the end of the context to its start. */
async function scrubbing(page) {
  const range = page.getByRole('slider', { name: 'Token' });
  const { x, y, width, height } = await range.boundingBox();
  await page.mouse.move(x + width - 8, y + height / 2);
  await page.mouse.down();
  await page.waitForTimeout(500);
  await forget(page);
  for (let at = 0; at <= 60; at++) await page.mouse.move(x + 8 + ((width - 16) * (60 - at)) / 60, y + height / 2);
  await page.mouse.up();
  return measured(page);
}

function forget(page) {
  return page.evaluate(() => {
    for (const times of [globalThis.answers, globalThis.pictures, globalThis.frames, globalThis.whole]) times.length = 0;
    globalThis.tasks.length = 1;
  });
}

function measured(page) {
  return page.evaluate(() => {
    const { answers, pictures, frames, tasks } = globalThis;
    return { answers, pictures, frames, tasks };
  });
}

function quantile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

function round(value) {
  return Math.round(value * 10) / 10;
}
