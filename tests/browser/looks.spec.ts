// Layout and accessibility: the page never scrolls sideways, from a small phone to a large screen; nothing jumps when
// the model arrives; there are a light and a dark theme; axe-core finds no problem.

import type { Page } from '@playwright/test';
import { addressed, countOf, FIRST, holdBack, openFresh, scrollWidth, VIEWS } from './support/journey';
import { clean, cleanContrast, LOOKS } from './support/looks';
import { go, resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, openMenu, test } from './support/scope';
import { misalignedHeads, unfold as unfoldView } from './support/views';

const WIDTHS = [320, 599, 600, 768, 1099, 1100, 1440, 1920];
/** Widths for states in which the breakpoints make no difference. */
const FEW_WIDTHS = [320, 768, 1440];
const COUNT = countOf(FIRST.text);
/** Texts, each with the number of tokens that the model reads. */
const TEXTS: readonly (readonly [string, number])[] = [
  ['a '.repeat(600), 512],
  ...['x'.repeat(400), 'שלום עולם '.repeat(20), ''].map(text => [text, countOf(text)] as const),
];
const BROKEN = [
  { name: 'config.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
  { name: 'model.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from('') },
  { name: 'tokenizer.json', mimeType: 'application/json', buffer: Buffer.from('{}') },
];

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

/** Expects no sideways scrolling at each width. */
async function fits(scope: ScopePage, what: string, widths = WIDTHS): Promise<void> {
  for (const width of widths) {
    await resize(scope, width, 800);
    expect.soft(await scrollWidth(scope.page), `${what}, ${width} px`).toBeLessThanOrEqual(width);
  }
}

/** Opens the roll's tables, and the form for opening another model. */
async function unfold(page: Page): Promise<void> {
  await page.locator('moe-roll summary').click();
  await openMenu(page);
  await page.getByText('Open another model').click();
  await expect(page.locator('moe-roll table').first()).toBeVisible();
}

async function openBroken(scope: ScopePage): Promise<void> {
  await scope.page.getByLabel('Files of the model').setInputFiles(BROKEN);
  await expect(scope.fault.locator('p')).toContainText('cannot be opened');
}

async function dismiss(scope: ScopePage): Promise<void> {
  // The open menu can lie over the button; a press outside closes the menu.
  await scope.page.getByRole('heading', { level: 1 }).click();
  await scope.page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(scope.fault.locator('p')).toHaveCount(0);
}

for (const views of [VIEWS.slice(0, 5), VIEWS.slice(5)]) {
  test(`the page with ${views.join(', ')} never scrolls sideways`, async ({ scope }) => {
    await scope.open();
    for (const view of views) {
      await go(scope, `v=1&view=${view}&token=7`);
      await expect(scope.page.locator(`moe-${view}`)).toBeVisible();
      await fits(scope, view);
    }
  });
}

test('with the tables and the form for a model open, and with an error, the page never scrolls sideways', async ({
  scope,
  page,
}) => {
  await scope.open('./#v=1&view=roll&token=7');
  await unfold(page);
  await fits(scope, 'roll, unfolded');
  await openBroken(scope);
  await fits(scope, 'roll, with an error', FEW_WIDTHS);
  await dismiss(scope);
  await go(scope, 'v=1&view=router&token=7');
  await fits(scope, 'router, unfolded');
  await openBroken(scope);
  await fits(scope, 'router, with an error', FEW_WIDTHS);
});

test('with a text that is very long, has no spaces, runs from right to left or is empty, the page never scrolls sideways', async ({
  scope,
  page,
}) => {
  await scope.open('./#v=1&view=next&token=7');
  for (const [text, count] of TEXTS) {
    await scope.type(text);
    await addressed(page, { text });
    await scope.ready();
    await scope.at(count - 1, count);
    await fits(scope, `a text of ${text.length} characters`, FEW_WIDTHS);
  }
});

for (const width of WIDTHS) {
  test(`loaded at ${width} px, the page never scrolls sideways`, { tag: '@all' }, async ({ scope, page }) => {
    await page.setViewportSize({ width, height: 800 });
    const fits = async (what: string): Promise<void> => {
      expect(await scrollWidth(page), what).toBeLessThanOrEqual(width);
    };
    for (const view of VIEWS) {
      await openFresh(page, `./#v=1&view=${view}&token=7`);
      await scope.ready();
      await fits(view);
      // The folded parts are the same beside every view, so they are opened only with these two.
      if (view !== 'roll' && view !== 'router') continue;
      await unfold(page);
      await fits(`${view}, unfolded`);
      await openBroken(scope);
      await fits(`${view}, with an error`);
    }
    await openFresh(page, './#v=1&view=next&token=7');
    await scope.ready();
    for (const [text, count] of TEXTS) {
      await scope.type(text);
      await addressed(page, { text });
      await scope.ready();
      await scope.at(count - 1, count);
      await fits(`a text of ${text.length} characters`);
    }
  });
}

test('at a zoom of 200 %, and at 320 px, the user can step and open a layer', async ({ scope, page }) => {
  await test.step('a zoom of 200 % in a window of 1440 px shows the page at 720 px', async () => {
    await page.setViewportSize({ width: 720, height: 450 });
    await scope.open();
    expect(await scrollWidth(page)).toBe(720);
    await scope.next.click();
    await scope.at(FIRST.position + 1, COUNT);
    await scope.openRouter(2);
    await expect(page.locator('moe-router')).toBeInViewport();
    expect(await scrollWidth(page)).toBe(720);
  });
  await test.step('at 320 px a layer opens from the overview', async () => {
    await openFresh(page, 'about:blank');
    await page.setViewportSize({ width: 320, height: 640 });
    await scope.open();
    await expect(scope.next).toBeInViewport();
    await page.getByRole('button', { name: 'Open layer 2' }).click();
    await expect(page.locator('#expert-2-0')).toHaveCount(1);
    await expect(page.locator('#expert-4-0')).toHaveCount(0);
    await scope.next.click();
    await scope.at(FIRST.position + 1, COUNT);
    await expect(scope.sentence).toContainText('layer 2 ran');
  });
});

/** The name, position and size of every view, and of the sections, tables and header of the page. */
function places(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        // The browser lays out what is in a closed menu at any time.
        if (element.closest('.pop-up:not([open]) > .content')) continue;
        if (element.localName.startsWith('moe-') || element.matches('section, summary, header, header *, table')) {
          const { x, y, width, height } = element.getBoundingClientRect();
          // The size of a summary or a table depends on its content, so only the top left corner is compared.
          const size = element.matches('summary, table') ? '' : `${width} ${height}`;
          found.push(`${element.localName} ${x} ${y} ${size}`);
        }
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
    return found;
  });
}

/** Adds up layout shifts from the start of the document, as browsers report them. */
async function countJumps(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counted = globalThis as unknown as { jumped: number };
    counted.jumped = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) counted.jumped += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** The sum of all layout shifts since the last call of this function. */
function jumps(page: Page): Promise<number> {
  return page.evaluate(() => {
    const counted = globalThis as unknown as { jumped: number };
    const { jumped } = counted;
    counted.jumped = 0;
    return jumped;
  });
}

const JUMP_WIDTHS = [320, 768, 1440, 1920] as const;

/** Checks that nothing moves when the model arrives, at `width`; at the widths `others`, only the final layout. */
async function staysInPlace(scope: ScopePage, view: string, width: number, others: readonly number[]): Promise<void> {
  const { page } = scope;
  const everywhere = async (): Promise<Record<number, string[]>> => {
    const found: Record<number, string[]> = { [width]: await places(page) };
    for (const other of others) {
      await resize(scope, other);
      found[other] = await places(page);
    }
    if (others.length > 0) await resize(scope, width);
    return found;
  };
  await countJumps(page);
  await page.setViewportSize({ width, height: 900 });
  const release = await holdBack(page, '**/model.safetensors', '**/*.wasm');
  await page.goto(`./#v=1&view=${view}`);
  await expect(page.getByRole('progressbar')).toBeVisible();
  // The published models take the whole width, without the roll.
  if (view === 'models') await expect(page.locator('moe-models')).toBeVisible();
  else await expect(page.locator('moe-roll svg.opened circle.note').first()).toBeAttached();
  await scope.drawn();
  const atStart = await jumps(page);
  const before = await everywhere();
  for (const found of Object.values(before)) expect(found.length).toBeGreaterThan(8);
  // Drops the shifts that were caused by resizing.
  await jumps(page);
  release();
  await scope.ready();
  if (view === 'next') await expect(page.locator('td[data-probability=T]').first()).toContainText('%');
  await scope.settled();
  expect(atStart + (await jumps(page))).toBeLessThan(0.02);
  // The view of published models gets its numbers from the engine, so it changes when the engine arrives.
  if (view !== 'models') expect(await everywhere()).toEqual(before);
}

for (const [index, view] of VIEWS.entries()) {
  const width = JUMP_WIDTHS[index % JUMP_WIDTHS.length] ?? NaN;
  test(`${view}: nothing jumps when the model arrives`, async ({ scope }) => {
    await staysInPlace(scope, view, width, [width === 320 ? 1440 : 320]);
  });
}

for (const width of JUMP_WIDTHS) {
  for (const view of VIEWS) {
    test(`loaded at ${width} px, ${view}: nothing jumps when the model arrives`, { tag: '@all' }, async ({ scope }) => {
      await staysInPlace(scope, view, width, []);
    });
  }
}

type Look = (width: number) => Promise<void>;
const LOOKS_ALL: readonly (typeof LOOKS)[number][] = LOOKS;

/** Runs all rules of axe-core in the light theme, and only the rule about contrast in the dark theme. */
async function cleanInEachLook(scope: ScopePage, check?: Look, without?: string, looks = LOOKS_ALL): Promise<void> {
  const { page } = scope;
  const part = without === undefined ? undefined : { fromShadowDom: ['moe-page', without] as [string, string] };
  for (const { width, colorScheme } of looks) {
    await test.step(`${width} px, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await resize(scope, width);
      await check?.(width);
      await (colorScheme === 'light' ? clean : cleanContrast)(page, undefined, part);
    });
  }
}

const A_STATE = 'token=7&layer=3&expert=5';
/** The views that this file tests in embed.html; each other view has a spec file that does this. */
const ALONE = ['roll', 'router', 'next'] as const;
const TOO_MUCH = 'v=1&layer=77&token=1';
const MIDST = 'v=1&stage=9&view=next&temperature=0.7';

for (const views of [VIEWS.slice(0, 5), VIEWS.slice(5)]) {
  test(`axe-core finds no problem in the page with ${views.join(', ')}`, async ({ scope, page }) => {
    await scope.open(`./#v=1&${A_STATE}`);
    await unfold(page);
    for (const view of views) {
      await go(scope, `v=1&view=${view}&${A_STATE}`);
      await expect(page.locator(`moe-${view}`)).toBeVisible();
      // Only the roll and the router are checked in each look. Every other view is checked in one look and without the
      // roll, which is the same beside every view; the view's own spec file checks the other looks.
      const isWhole = view === 'roll' || view === 'router';
      const looks = LOOKS_ALL.filter(({ width }) => isWhole || width === 768);
      await test.step(view, () => cleanInEachLook(scope, undefined, isWhole ? undefined : 'moe-roll', looks));
    }
  });
}

test('axe-core finds no problem in the roll, the router and the next-token view, each in embed.html', async ({
  scope,
  page,
}) => {
  await page.goto('./embed.html#v=1');
  await scope.ready();
  for (const view of ALONE) {
    await go(scope, `v=1&view=${view}&token=7`);
    await expect(page.locator(`moe-${view}`)).toBeVisible();
    await test.step(view, () => cleanInEachLook(scope));
  }
});

test('in every table, the header of each column is aligned like its cells', async ({ scope, page }) => {
  await scope.open(`./#v=1&${A_STATE}`);
  for (const view of VIEWS) {
    await go(scope, `v=1&view=${view}&${A_STATE}&off=2.3`);
    const opened = page.locator(`moe-${view}`);
    await expect(opened).toBeVisible();
    await unfoldView(opened);
    expect.soft(await misalignedHeads(opened), view).toEqual([]);
    // The Start panel has no table.
    if (view !== 'start') expect.soft(await opened.locator('table').count(), view).toBeGreaterThan(0);
  }
});

/** Types a text that is longer than the context. */
async function typeTooMuch(scope: ScopePage): Promise<void> {
  await scope.type('a '.repeat(600));
  await expect(scope.page.getByText('The rest of your text is not read')).toBeVisible();
  await scope.at(511, 512);
}

test('axe-core finds no problem in a partly shown step, with an error, or with a text beyond the context', async ({
  scope,
  page,
}) => {
  await scope.open(`./#${MIDST}`);
  await test.step('a partly shown step', () =>
    cleanInEachLook(scope, width => expect(page.locator('moe-roll [data-cursor]')).toHaveCount(width === 320 ? 0 : 1)));
  await go(scope, TOO_MUCH);
  await expect(scope.fault.locator('p')).toContainText('There is no layer 77');
  await test.step('a link with a layer that is too large', () => cleanInEachLook(scope));
  await typeTooMuch(scope);
  await scope.openMenu();
  await page.getByText('Open another model').click();
  await openBroken(scope);
  await test.step('a text beyond the context, and an error', () => cleanInEachLook(scope));
});

for (const { width, colorScheme } of LOOKS) {
  test.describe(`loaded at ${width} px, ${colorScheme}`, { tag: '@all' }, () => {
    test.beforeEach(async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
    });

    for (const view of VIEWS) {
      test(`axe-core finds no problem in the page with ${view}`, async ({ scope, page }) => {
        await scope.open(`./#v=1&view=${view}&${A_STATE}`);
        await unfold(page);
        await clean(page);
      });
    }

    for (const view of ALONE) {
      test(`axe-core finds no problem in ${view} alone`, async ({ scope, page }) => {
        await page.goto(`./embed.html#v=1&view=${view}&token=7`);
        await scope.ready();
        await clean(page);
      });
    }

    test('axe-core finds no problem in a partly shown step, with an error, or with a text beyond the context', async ({
      scope,
      page,
    }) => {
      await scope.open(`./#${MIDST}`);
      await expect(page.locator('moe-roll [data-cursor]')).toHaveCount(width === 320 ? 0 : 1);
      await clean(page);
      await openFresh(page, `./#${TOO_MUCH}`);
      await scope.ready();
      await expect(scope.fault.locator('p')).toContainText('There is no layer 77');
      await clean(page);
      await typeTooMuch(scope);
      await scope.openMenu();
      await page.getByText('Open another model').click();
      await openBroken(scope);
      await clean(page);
    });
  });
}

test('the theme follows the system, unless the link sets light or dark', async ({ scope, page }) => {
  const DARK = 'rgb(16, 19, 22)';
  const LIGHT = 'rgb(255, 255, 255)';
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('./#v=1&theme=auto');
  await scope.ready();
  for (const [system, theme, colour] of [
    ['dark', 'auto', DARK],
    ['light', 'auto', LIGHT],
    ['dark', 'light', LIGHT],
    ['light', 'dark', DARK],
  ] as const) {
    await page.emulateMedia({ colorScheme: system });
    await go(scope, `v=1&theme=${theme}`);
    const colours = await page.evaluate(() => {
      const page = document.querySelector('moe-page');
      const { color, fontFamily } = getComputedStyle(page ?? document.body);
      return { body: getComputedStyle(document.body).backgroundColor, ink: color, has: fontFamily !== '' };
    });
    expect(colours.body, `${theme} on ${system}`).toBe(colour);
    expect(colours.ink).toBe(colour === DARK ? 'rgb(236, 239, 242)' : 'rgb(22, 25, 29)');
  }
});
