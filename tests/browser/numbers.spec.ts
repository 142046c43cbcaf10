// Typing, stepping, stages, routers and next tokens: every number and mark of the page equals the native engine's result
// and is drawn at the right position.

import type { Page } from '@playwright/test';
import { TALL } from './support/journey';
import { inspect } from './support/native';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';
import { resize } from './support/same-load';
import { seePage } from './support/seen';
import { explanationOf, matches, matchesBeside, SHIPPED_SHAPE, stagesOf } from './support/truth';
import { open } from './support/views';

const FIRST = 'Once upon a time there was a little girl who';
const TEXTS = {
  'a sentence': 'The fox saw the dark wood, and ran.',
  arithmetic: 'What is 12 + 7?\n19\n',
  code: "def read_file(path, mode='r'):\n\treturn open(path)",
};

test('every number in an English sentence, in arithmetic and in code equals the engine’s, stepping forward by button and back by key', async ({
  scope,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scope.open();
  await scope.openNumbers();
  for (const [name, text] of Object.entries(TEXTS)) {
    await test.step(name, async () => {
      const native = inspect(text);
      const count = native.ids.length;
      await scope.type(text);
      await scope.at(count - 1, count);
      await scope.tokens.focus();
      await page.keyboard.press('Home');
      // Typing has run the whole text. Going back does not delete records.
      for (let position = 0; position < count; position++) {
        matches(await scope.see(), native, position, count);
        // The pointer is still on the button, so this clicks the button again.
        if (position === 0) await scope.next.click();
        else if (position < count - 1) await clickAgain(page);
      }
      await expect(scope.last).toHaveAttribute('aria-disabled', 'true');
      await scope.tokens.focus();
      for (let position = count - 1; position >= 0; position--) {
        if ([count - 2, Math.floor(count / 2), 0].includes(position)) {
          matches(await scope.see(), native, position, count);
        }
        await page.keyboard.press('ArrowLeft');
      }
      await scope.at(0, count);
      await expect(scope.previous).toHaveAttribute('aria-disabled', 'true');
      // Typing at the end of a text keeps the playhead at the end.
      await page.keyboard.press('End');
    });
  }
});

/** Clicks at the pointer's current position. */
async function clickAgain(page: Page): Promise<void> {
  await page.mouse.down();
  await page.mouse.up();
}

test('the first paint, before the model arrives, shows the native engine’s numbers', async ({ scope, page }) => {
  let arrive: () => void = () => undefined;
  const held = new Promise<void>(resolve => (arrive = resolve));
  await page.route('**/model.safetensors', async route => {
    await held;
    await route.continue();
  });
  await page.goto('./#v=1');
  await scope.at(7, 12);
  await expect(page.getByRole('progressbar')).toBeVisible();
  // The records that were made when the site was built have rounded decimals, so they need a tolerance.
  const native = inspect(FIRST);
  matches(await scope.seePrepared(), native, 7, 8, { tolerance: 1e-5 });
  arrive();
  await scope.up();
  // The page's engine computes exactly the native engine's numbers.
  await expect(async () => {
    matches(await scope.see(), native, 7, 8);
  }).toPass();
});

test('the model runs only up to the last position that the playhead has reached', async ({ scope, page }) => {
  const native = inspect(FIRST);
  await scope.open();
  await scope.openNumbers();
  await scope.next.click();
  await scope.at(8, 12);
  matches(await scope.see(), native, 8, 9);
  await scope.previous.click();
  await scope.at(7, 12);
  matches(await scope.see(), native, 7, 9);
  await scope.last.click();
  await scope.at(11, 12);
  matches(await scope.see(), native, 11, 12);
  await scope.tokens.focus();
  await page.keyboard.press('Home');
  await scope.at(0, 12);
  matches(await scope.see(), native, 0, 12);
  await page.keyboard.press('End');
  await scope.at(11, 12);
  await scope.tokens.getByRole('option').nth(3).click();
  await scope.at(3, 12);
  matches(await scope.see(), native, 3, 12);
});

test('arrow keys step without a click and in the page’s controls, but not in the text box', async ({ scope, page }) => {
  await scope.open();
  await scope.at(7, 12);
  await page.keyboard.press('ArrowRight');
  await scope.at(8, 12);
  await scope.text.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  await scope.at(8, 12);
  await scope.next.focus();
  await page.keyboard.press('ArrowRight');
  await scope.at(9, 12);
});

test('Page Down, Page Up and a link show a step up to a stage; results of later stages are hidden', async ({
  scope,
  page,
}) => {
  const native = inspect(FIRST, { details: true });
  const stages = stagesOf();
  await page.setViewportSize(TALL);
  await scope.link({ text: FIRST, token: 9, stage: 0 });
  await scope.openNumbers();
  await scope.at(9, 12);
  await scope.tokens.focus();
  for (let stage = 0; stage < stages.length; stage++) {
    if (stages[stage]?.endsWith('attend')) {
      await expect(page.locator('moe-roll .attention path')).toHaveAttribute('d', /h/u);
    }
    matches(await scope.see(), native, 9, 10, { stage: stage === stages.length - 1 ? Infinity : stage });
    await page.keyboard.press('PageDown');
  }
  // After the last stage, Page Down shows the first stage again. Page Up goes back one stage.
  matches(await scope.see(), native, 9, 10, { stage: 0 });
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageUp');
  await expect(page.locator('moe-roll .attention path')).toHaveAttribute('d', /h/u);
  matches(await scope.see(), native, 9, 10, { stage: 1 });
  // After a move to another token, the whole step is shown.
  await page.keyboard.press('ArrowLeft');
  await scope.at(8, 12);
  matches(await scope.see(), native, 8, 10);

  for (const stage of ['0 dense', '2 score', '3 cut', '4 choose']) {
    const index = stagesOf().indexOf(stage);
    await open(page, { text: FIRST, token: 8, layer: 2, stage: index }, './');
    await scope.at(8, 12);
    matches(await scope.see(), native, 8, 10, { stage: index });
  }
});

test('in the router of every layer, every number equals the engine’s, at every token by link and at three tokens by key', async ({
  scope,
  page,
}) => {
  const native = inspect(FIRST, { details: true });
  const count = native.ids.length;
  for (let position = count - 1; position >= 0; position--) {
    for (let layer = 0; layer < SHIPPED_SHAPE.layers; layer++) {
      await open(page, { text: FIRST, token: position, layer, view: 'router' }, './');
      matchesBeside(await seePage(page, true), native, position);
    }
    matches(await scope.see(), native, position, count);
  }
  await open(page, { text: FIRST, token: count - 1, view: 'router' }, './');
  await scope.tokens.focus();
  for (let position = count - 2; position >= 0; position--) {
    await page.keyboard.press('ArrowLeft');
    if ([count - 2, 5, 0].includes(position)) matches(await scope.see(), native, position, count);
  }
});

/** Waits until the router of a layer is shown with its logits, which arrive last. */
async function routed(scope: ScopePage, title: string): Promise<void> {
  await expect(scope.page.locator('moe-router h2')).toContainText(title);
  await expect(scope.logit).not.toBeEmpty();
}

test('the selected expert is marked in the column and in the router; each number of the router is explained', async ({
  scope,
  page,
}) => {
  const native = inspect(FIRST, { details: true });
  const [expert = NaN] = native.records[7]?.routes[1]?.experts ?? [];
  await scope.link({ text: FIRST, token: 7, layer: 2, expert, view: 'router' });
  await routed(scope, 'in layer 2');
  matches(await scope.see(), native, 7, 8, { expert });
  await scope.experts.focus();
  await page.keyboard.press(expert === 15 ? 'ArrowUp' : 'ArrowDown');
  const other = expert === 15 ? 14 : expert + 1;
  await expect(page.locator(`moe-router [data-expert="${other}"]`)).toHaveAttribute('aria-selected', 'true');
  matches(await scope.see(), native, 7, 8, { expert: other });

  await open(page, { text: FIRST, token: 7, layer: 3, view: 'router' }, './');
  const columns = ['logit', 'score', 'bias', 'choice', 'group', 'chosen', 'share', 'weight'];
  await page.locator('moe-router [data-expert="0"] [data-cell=logit]').focus();
  for (const [index, column] of columns.entries()) {
    await page.keyboard.press('Control+Home');
    for (let presses = 0; presses < index; presses++) await page.keyboard.press('ArrowRight');
    const seen = await scope.see();
    matches(seen, native, 7, 8, { explained: { expert: 0, column } });
    for (let expert = 0; expert < 16; expert += column === 'group' ? 4 : 1) {
      const cell = { expert, column };
      expect(await page.locator('moe-router').evaluate(explained)).toEqual({
        cells: [cell],
        ...explanationOf(seen, native, 7, cell),
      });
      await page.keyboard.press('ArrowDown');
    }
  }
});

/** The cells of the router that the current explanation is about, and the explanation, after two animation frames. */
async function explained(router: Element) {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const root = router.shadowRoot ?? router;
  return {
    cells: [...root.querySelectorAll('.explained')].map(cell => ({
      expert: Number(cell.closest('[data-expert]')?.getAttribute('data-expert')),
      column: cell.getAttribute('data-cell') ?? '',
    })),
    heading: (root.querySelector('.explanation h3')?.textContent ?? '').replace(/\s+/gu, ' ').trim(),
    equation: root.querySelector('.explanation math')?.getAttribute('aria-label') ?? '',
  };
}

test('at every position, all next tokens equal the engine’s, at temperatures 0, 0.7, 1 and 2', async ({
  scope,
  page,
}) => {
  const runs = [0, 0.7, 1, 2].map(temperature => ({ temperature, native: inspect(FIRST, { temperature }) }));
  const count = runs[0]?.native.ids.length ?? NaN;
  for (let position = count - 1; position >= 0; position--) {
    for (const { temperature, native } of runs) {
      await open(page, { text: FIRST, token: position, temperature, view: 'next' }, './');
      matchesBeside(await seePage(page, true), native, position, { temperature });
    }
    for (const { temperature, native } of runs.slice(-1)) {
      matches(await scope.see(), native, position, count, { temperature });
    }
  }
  await scope.next.click();
  await scope.at(1, count);
  for (const { temperature, native } of runs.slice(-1)) matches(await scope.see(), native, 1, count, { temperature });
});

test('clicking a layer’s name selects the layer; pointing at a mark shows its numbers; a click selects the mark’s token, layer and expert', async ({
  scope,
  page,
}) => {
  await test.step('clicking the name of a layer', async () => {
    const native = inspect(FIRST, { details: true });
    await scope.link({ text: FIRST, token: 7 });
    await scope.openRouter(2);
    await expect(scope.sentence).toContainText('layer 2 ran');
    await routed(scope, 'in layer 2');
    matches(await scope.see(), native, 7, 8);
    await scope.openRouter(0);
    await expect(scope.sentence).toHaveText(
      'For “was”, layer 0 is dense: it ran its only network, and stored 192 bytes; expanded into keys and values for every head they would be 2,560.',
    );
    matches(await scope.see(), native, 7, 8);
  });
  await test.step('pointing at a mark', async () => {
    const native = inspect(FIRST);
    await open(page, { text: FIRST, token: 7 }, './');
    await scope.at(7, 12);
    const { roll } = await scope.see();
    const { left, width } = JSON.parse(roll.columns) as { left: number; width: number };
    const exact = (value: number | undefined): string => (value ?? NaN).toFixed(4);
    // "upon" is before the playhead; layer 3 is the second stave from the top.
    const route = native.records[3]?.routes.find(({ layer }) => layer === 3);
    expect(route).toBeDefined();
    for (const [expert, score] of route?.scores.entries() ?? []) {
      const rank = route?.experts.indexOf(expert) ?? -1;
      const mixed = `chosen, share ${exact(route?.shares[rank])}, weight ${exact(route?.weights[rank])}`;
      const kept = route?.kept_groups.includes(Math.floor(expert / 4));
      const what = rank >= 0 ? mixed : kept ? 'not chosen' : 'group ruled out';
      const group = Math.floor(expert / 4);
      const y = 16 * roll.pitch + 3 * 4 + 32 + (expert + 0.5) * roll.pitch + 4 * group;
      await page.locator('moe-roll .staves').hover({ position: { x: left + 3.5 * width, y } });
      const said = `“upon”, layer 3, expert ${expert}: score ${exact(score)}, ${what}`;
      await expect(page.locator('moe-roll .chip')).toHaveText(said);
    }
  });
  await test.step('clicking a mark', async () => {
    const native = inspect(FIRST, { details: true });
    await page.mouse.move(0, 0);
    await open(page, { text: FIRST }, './');
    await scope.at(11, 12);
    const { roll } = await scope.see();
    const { left, width } = JSON.parse(roll.columns) as { left: number; width: number };
    // The mark of the fourth token's third expert in layer 3. Layer 3 is the second stave from the top.
    const stave = 16 * roll.pitch + 3 * 4 + 32;
    const where = { x: left + 3 * width + width / 2, y: stave + 2 * roll.pitch + roll.pitch / 2 };
    await page.locator('moe-roll .staves').click({ position: where });
    await scope.at(3, 12);
    await expect(page.locator('moe-roll .chip')).toContainText('layer 3, expert 2: score');
    await routed(scope, 'in layer 3');
    await page.mouse.move(0, 0);
    matches(await scope.see(), native, 3, 12, { expert: 2 });
  });
});

test('labels, columns, discs, caches and next tokens are aligned on the screen, at each width', async ({
  scope,
  page,
}) => {
  const native = inspect(FIRST);
  await scope.link({ text: FIRST, token: 11 });
  await scope.tokens.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await scope.at(9, 12);
  // Each line: the window's size, the height of a row, the width of a column, and the first visible token; the last
  // two lengths in px of the page, which is larger by 15% in the widest window.
  for (const [width, height, pitch, column, first] of [
    [1440, 900, 6, 80, 0],
    [1440, 1000, 7, 80, 0],
    [768, 1024, 7, 32, 0],
    [360, 740, 12, 20, 3],
    [1024, 700, 6, 52, 0],
    [320, 640, 12, 20, 5],
    [1920, 1200, 7, 80, 0],
  ] as const) {
    await resize(scope, width, height);
    const seen = await scope.see();
    matches(seen, native, 9, 12);
    const columns = JSON.parse(seen.roll.columns) as { left: number; width: number; open: number; first: number };
    expect([seen.roll.pitch, columns.width, columns.first]).toEqual([pitch, column, first]);
    const phone = width < 600;
    const boxes = await page.evaluate(inBoxes);
    const x = (position: number): number =>
      boxes.staves.x + columns.left + (position - columns.first) * columns.width + (position > 9 ? columns.open : 0);

    // Labels, marks and the opened column are aligned.
    boxes.labels.forEach(({ x: left, width }, index) => {
      const position = columns.first + index;
      const middle = x(position) + (columns.width + (position === 9 ? columns.open : 0)) / 2;
      expect(Math.abs(left + width / 2 - middle)).toBeLessThanOrEqual(0.5);
    });
    // Browsers round places to 1/64 px of the window.
    const near = (value: number, wanted: number): void => {
      expect(Math.abs(value - wanted)).toBeLessThan(0.05);
    };
    near(boxes.opened.x, x(9));
    near(boxes.opened.y, boxes.staves.y);
    near(boxes.opened.width, columns.width + columns.open);
    for (const side of ['x', 'y', 'width', 'height'] as const) near(boxes.drawing[side], boxes.staves[side]);

    // The areas of all discs are proportional to their shares, with the same factor.
    const route = native.records[9]?.routes.find(({ layer }) => layer === 4);
    const areas = boxes.discs.map(({ width, height }) => {
      expect(Math.abs(width - height)).toBeLessThan(0.01);
      return (width / 2) ** 2;
    });
    expect(areas).toHaveLength(4);
    areas.forEach((area, rank) => {
      expect(area / seen.roll.pitch ** 2).toBeCloseTo(route?.shares[rank] ?? NaN, 3);
    });

    // The latent (48 values) and the expanded cache (640 values) are drawn with the same scale.
    const strip = boxes.strips.reduce((sum, { height }) => sum + height, 0);
    const [top] = boxes.strips;
    expect(strip).toBeCloseTo((48 * 80) / 640, 3);
    expect(boxes.expanded.y + boxes.expanded.height + 0.5 - (top?.y ?? NaN)).toBeCloseTo(80, 1);

    // The next tokens fill their stack, except for gaps; the block “others” stands for all tokens without a block.
    const { next } = native.records[9] ?? {};
    const [start, size] = phone ? (['x', 'width'] as const) : (['y', 'height'] as const);
    const stack = boxes.stack;
    if (phone) near(stack.width, seen.roll.width);
    else {
      near(stack.y, boxes.staves.y);
      near(stack.y + stack.height, boxes.lowestStrip?.y ?? NaN);
    }
    let end = stack[start];
    next?.probabilities.forEach((probability, rank) => {
      const extent = probability * stack[size];
      const block = boxes.nextTokens[rank];
      if (extent - 2 < (phone ? 44 : 12)) {
        expect(block).toBeUndefined();
        return;
      }
      expect(block?.[start]).toBeCloseTo(end, 1);
      expect(block?.[size]).toBeCloseTo(extent - 2, 1);
      end += extent;
    });
    expect(boxes.others[start]).toBeCloseTo(end, 1);
    expect(boxes.others[start] + boxes.others[size]).toBeCloseTo(stack[start] + stack[size], 1);

    // On a wide page the rows have the largest height with which the picture still fits on the page; the smallest rows
    // do not fit on every page.
    if (width >= 1440) {
      const pitches = [12, 10, 8, 7, 6];
      const foot = boxes.staves.y + boxes.staves.height;
      const taller = pitches[pitches.indexOf(pitch) - 1] ?? Infinity;
      const visible = height / boxes.zoom;
      if (pitch > 6) expect(foot).toBeLessThanOrEqual(visible);
      expect(foot + 64 * (taller - pitch)).toBeGreaterThan(visible);
    }
    for (const block of boxes.nextTokens) {
      expect(block.y).toBeGreaterThanOrEqual(stack.y - 0.1);
      expect(block.y + block.height).toBeLessThanOrEqual(stack.y + stack.height + 0.1);
      expect(block.x).toBeGreaterThanOrEqual(stack.x - 0.1);
      expect(block.x + block.width).toBeLessThanOrEqual(stack.x + stack.width + 0.1);
    }
  }
});

/** The places of elements in px of the page, which wide windows enlarge; runs in the page after all animations. */
async function inBoxes() {
  const roll = document.querySelector('moe-page')?.shadowRoot?.querySelector('moe-roll')?.shadowRoot;
  const labels = roll?.querySelector('moe-tokens')?.shadowRoot;
  if (!roll || !labels) throw new Error('there is no roll');
  const moving = [roll, labels].flatMap(root => root.getAnimations());
  await Promise.all(moving.map(animation => animation.finished.catch(() => undefined)));
  const box = (element: Element | null | undefined) => {
    if (!element) throw new Error('an element is missing');
    const { x, y, width, height } = element.getBoundingClientRect();
    const zoom = element.currentCSSZoom;
    return { x: x / zoom, y: y / zoom, width: width / zoom, height: height / zoom };
  };
  const all = (root: ParentNode, selector: string) => [...root.querySelectorAll(selector)].map(box);
  return {
    staves: box(roll.querySelector('.staves')),
    drawing: box(roll.querySelector('svg.closed')),
    opened: box(roll.querySelector('svg.opened')),
    labels: all(labels, '[role=option]'),
    discs: all(roll, '[data-opened="4"] circle.note'),
    strips: [...roll.querySelectorAll('svg.opened [data-motion=grow]')].map(strip => all(strip, 'rect')).at(-1) ?? [],
    expanded: box(roll.querySelector('[data-scheme=expanded]')),
    lowestStrip: all(roll, 'svg.opened [data-motion=grow]:not([data-layer="0"]) .ckv').at(-1),
    stack: box(roll.querySelector('.next-tokens')),
    nextTokens: all(roll, '.next-token'),
    others: box(roll.querySelector('.others')),
    zoom: document.querySelector('moe-page')?.currentCSSZoom ?? NaN,
  };
}

test('generating at temperature 0 adds the tokens that the native engine adds', async ({ scope }) => {
  const text = 'What is 6 times 7?\n';
  const native = inspect(text, { greedy: 4 });
  const continued = inspect([...native.ids, ...native.greedy]);
  await scope.open();
  await scope.openNumbers();
  await scope.type(text);
  for (let step = 1; step <= 4; step++) {
    await scope.openSettings();
    await scope.generate.click();
    const count = native.ids.length + step;
    await scope.at(count - 1, count);
    const sofar = { ...continued, ids: continued.ids.slice(0, count) };
    matches(await scope.see(), sofar, count - 1, count);
  }
  expect((await scope.see()).text).toBe(text + continued.tokens.slice(native.ids.length).join(''));
});

test('generating with the same temperature and seed adds the same tokens', async ({ scope, page }) => {
  const sample = async (seed: string): Promise<readonly number[]> => {
    await scope.type('Once upon a time');
    await scope.at(5, 6);
    await scope.openSettings();
    await page.getByLabel('temperature').fill('1.5');
    await page.getByLabel('seed').fill(seed);
    for (let count = 7; count <= 12; count++) {
      await scope.openSettings();
      await scope.generate.click();
      await scope.at(count - 1, count);
    }
    return (await scope.see()).roll.tokens.map(token => token.id);
  };
  await scope.open();
  const ids = await sample('7');
  expect(await sample('8')).not.toEqual(ids);
  expect(await sample('7')).toEqual(ids);
  matches(await scope.see(), inspect(ids), 11, 12);
});

test('a click on a next token adds the token to the text; inside a text, the token replaces the rest of the text', async ({
  scope,
}) => {
  await scope.open();
  await scope.type('Once upon a time');
  await scope.at(5, 6);
  let { nextTokens, tokens } = (await scope.see()).roll;
  await scope.nextTokens.nth(1).click();
  await scope.at(6, 7);
  let ids = [...tokens.map(token => token.id), nextTokens[1]?.id ?? NaN];
  matches(await scope.see(), inspect(ids), 6, 7);

  // A next token that does not continue the text replaces the rest of the text; the tokens before it keep their ids.
  await scope.tokens.getByRole('option').nth(3).click();
  await scope.at(3, 7);
  ({ nextTokens, tokens } = (await scope.see()).roll);
  const other = nextTokens.findIndex(({ real }) => !real);
  await scope.nextTokens.nth(other).click();
  await scope.at(4, 5);
  ids = [...ids.slice(0, 4), nextTokens[other]?.id ?? NaN];
  const native = inspect(ids);
  matches(await scope.see(), native, 4, 5);
  expect((await scope.see()).text).toBe(native.tokens.slice(1).join(''));
});
