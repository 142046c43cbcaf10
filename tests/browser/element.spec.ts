// The element `<moe-scope>` in a host page: attributes, properties and methods change its state, and events report the
// changes; several elements share one engine; keys pressed outside stay with the host page; a removed element frees its
// memory.

import type { Page } from '@playwright/test';
import type { MoeScope } from '../../www/public/moescope';
import {
  alert,
  assign,
  COUNT,
  element,
  host,
  NATIVE,
  next,
  own,
  expectedSentence,
  sentence,
  TEXT,
} from './support/element';
import { heapOf } from './support/heap';
import { focused, scrollWidth, VIEWS } from './support/journey';
import type { Native } from './support/native';
import { inspect } from './support/native';
import { must, percent, usedExperts } from './support/printed';
import { expect, test } from './support/scope';
import { contains } from './support/soon';

const TOP = NATIVE.info.num_hidden_layers - 1;

test('an element follows its attributes, keeps its state when it is moved in the page, and takes keys only while it has the focus', async ({
  page,
}) => {
  await host(
    page,
    `<div id="place"></div><button>around</button>
     <moe-scope view="router" text="${TEXT}" layer="2" token="3"><p>no script</p></moe-scope>
     <moe-scope text="${TEXT}" layer="77" token="3"></moe-scope>`,
  );

  await test.step('attributes set the state', async () => {
    await contains(sentence(page), expectedSentence(3, 2));
    await expect(element(page).locator('moe-router')).toBeVisible();
    await expect(page.getByText('no script')).toBeHidden();
    await expect(alert(page)).toHaveCount(0);
  });

  await test.step('the alert names only the attribute that is out of range', async () => {
    await contains(sentence(page, 1), expectedSentence(3, TOP));
    await expect(alert(page, 1)).toHaveCount(1);
    await contains(alert(page, 1), 'There is no layer 77');
    await expect(alert(page, 1)).not.toContainText('token');
  });

  await test.step('changing an attribute changes only its field', async () => {
    const set = (name: string, value: string): Promise<void> =>
      element(page).evaluate(
        (scope, [name, value]) => {
          scope.setAttribute(name, value);
        },
        [name, value] as const,
      );
    await set('layer', '4');
    await contains(sentence(page), expectedSentence(3, 4));
    await next(page).click();
    await contains(sentence(page), expectedSentence(4, 4));
    await set('view', 'cache');
    await expect(element(page).locator('moe-cache')).toBeVisible();
    await contains(sentence(page), expectedSentence(4, 4));
    await set('layer', 'above');
    await contains(alert(page), 'layer');
    await contains(sentence(page), expectedSentence(4, 4));
  });

  await test.step('keys belong to the host page until the focus is inside the element', async () => {
    await page.evaluate(() => {
      Object.assign(globalThis, { keys: [] as string[] });
      document.addEventListener('keydown', ({ key, defaultPrevented }) => {
        (globalThis as unknown as { keys: string[] }).keys.push(defaultPrevented ? `${key}!` : key);
      });
    });
    const keys = (): Promise<string[]> =>
      page.evaluate(() => (globalThis as unknown as { keys: string[] }).keys.splice(0));
    await page.getByRole('button', { name: 'around' }).focus();
    for (const key of ['ArrowRight', 'Space', 'End', 'Escape']) await page.keyboard.press(key);
    expect(await keys()).toEqual(['ArrowRight', ' ', 'End', 'Escape']);
    await contains(sentence(page, 1), expectedSentence(3, TOP));
    await element(page, 1).getByRole('listbox', { name: 'Tokens' }).focus();
    await page.keyboard.press('ArrowRight');
    await contains(sentence(page, 1), expectedSentence(4, TOP));
    expect(await keys()).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('body');
    await keys();
    await page.keyboard.press('ArrowRight');
    expect(await keys()).toEqual(['ArrowRight']);
    await contains(sentence(page, 1), expectedSentence(4, TOP));
  });

  await test.step('a moved element keeps its state and the engine', async () => {
    await page.evaluate(() => {
      document.querySelector('#place')?.append(document.querySelector('moe-scope') ?? '');
    });
    await expect(page.locator('#place moe-scope moe-cache')).toBeVisible();
    await contains(sentence(page), expectedSentence(4, 4));
    expect(page.workers()).toHaveLength(1);
  });
});

test('properties and methods change the state, and an event reports each step', async ({ page }) => {
  await host(page, '<p>nothing yet</p>', '');

  await test.step('properties take effect if set before the script is loaded, before the element is in the page, or later', async () => {
    await page.evaluate(async text => {
      const early = document.createElement('moe-scope');
      Object.assign(early, { text, token: 2, view: 'router', layer: 3, home: 'https://early.example/embed.html' });
      document.body.append(early);
      const define = './define.js';
      await import(define);
      const later = document.createElement('moe-scope');
      Object.assign(later, { text, token: 4, autoplay: false });
      document.body.append(later);
    }, TEXT);
    await contains(sentence(page, 0), expectedSentence(2, 3));
    await expect(element(page, 0).locator('moe-router')).toBeVisible();
    await contains(sentence(page, 1), expectedSentence(4, 4));
    expect(
      await page.locator('moe-scope').evaluateAll(scopes => scopes.flatMap(scope => scope.getAttributeNames())),
      'properties write no attribute',
    ).toEqual([]);
    const link = (): Promise<unknown> =>
      element(page).evaluate(async scope => {
        const { permalink } = JSON.parse(await (scope as MoeScope).export('json')) as { permalink: string };
        return permalink.replace(/#.*$/u, '');
      });
    expect(await link()).toBe('https://early.example/embed.html');
    await assign(page, { home: 'https://later.example/embed.html' });
    expect([await link(), await own(page, 'home')]).toEqual(Array(2).fill('https://later.example/embed.html'));
    // Setting a value again has an effect if the user has changed the field in between.
    await next(page).click();
    await contains(sentence(page), expectedSentence(3, 3));
    expect(await own(page, 'token')).toBe(3);
    await assign(page, { token: 2 });
    await contains(sentence(page), expectedSentence(2, 3));
    await assign(page, { layer: null, view: undefined });
    await contains(sentence(page), expectedSentence(2, 4));
    await expect(element(page).locator('moe-roll').first()).toBeVisible();
    expect([await own(page, 'view'), await own(page, 'layer'), await own(page, 'text')]).toEqual(['roll', 4, TEXT]);
  });

  await test.step('methods change the state, and events report it', async () => {
    await page.evaluate(text => {
      const scope = document.createElement('moe-scope');
      Object.assign(globalThis, { heard: [] as unknown[] });
      for (const type of ['ready', 'step', 'statechange', 'error']) {
        scope.addEventListener(type, event => {
          const { detail } = event as CustomEvent<{ position?: number; token?: number; record?: { next: unknown } }>;
          (globalThis as unknown as { heard: unknown[] }).heard.push(
            type === 'step' ? [type, detail.position, detail.token, detail.record?.next] : [type],
          );
        });
      }
      scope.setAttribute('text', text);
      scope.setAttribute('token', '2');
      document.body.append(scope);
    }, TEXT);
    const shows = (position: number, layer: number): Promise<void> =>
      contains(sentence(page, 2), expectedSentence(position, layer));
    await shows(2, 4);
    const ask = (what: string, ...given: readonly unknown[]): Promise<unknown> =>
      element(page, 2).evaluate(
        (scope, [what, given]) => {
          const method = (scope as unknown as Record<string, (...given: readonly unknown[]) => unknown>)[what];
          return method?.apply(scope, [...given]) ?? null;
        },
        [what, given] as const,
      );
    await ask('step');
    await shows(3, 4);
    await ask('step', -2);
    await shows(1, 4);
    await ask('seek', 4);
    await shows(4, 4);
    await ask('set', { layer: 1, view: 'grid' });
    await shows(4, 1);
    await expect(element(page, 2).locator('moe-grid')).toBeVisible();
    await ask('set', 'https://somewhere/embed.html#v=1&token=5');
    await shows(5, 1);
    expect(await own(page, 'state', 2)).toContain('token=5');
    expect(await ask('get', 'layer')).toBe('1');
    expect(await ask('get', 'speed')).toBeNull();
    const heard = await page.evaluate(() => (globalThis as unknown as { heard: unknown[][] }).heard);
    expect(heard.filter(([type]) => type === 'ready')).toHaveLength(1);
    expect(heard.filter(([type]) => type === 'error')).toHaveLength(0);
    const steps = heard.filter(([type]) => type === 'step');
    expect(steps.map(([, position]) => position)).toEqual([2, 3, 1, 4, 5]);
    for (const [, position, token, following] of steps) {
      const record = NATIVE.records[position as number];
      expect(token).toBe(record?.token);
      expect((following as { tokens: number[] }).tokens).toEqual(record?.next.tokens);
    }
    await ask('play');
    await expect(element(page, 2).getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
    await ask('pause');
    await expect(element(page, 2).getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  });
});

/** The content of an element, and its last `step` event. */
interface Drawn {
  readonly view: string;
  readonly sentence: string;
  readonly step: {
    readonly position: number;
    readonly token: number;
    readonly record: Native['records'][number];
  };
  /** All text in the element's shadow trees. */
  readonly words: string;
}

/** Sets properties, awaits `settled`, and reads the drawn content; `later` is the text ten animation frames later. */
function settle(page: Page, fields: object): Promise<Drawn & { readonly later: string }> {
  return element(page).evaluate(async (element, fields) => {
    const scope = element as MoeScope;
    const read = (root: Node): string =>
      [...root.childNodes]
        .map(node => {
          if (node instanceof Text) return node.data;
          if (!(node instanceof Element) || node.localName === 'style') return '';
          return (node.shadowRoot ? read(node.shadowRoot) : '') + read(node);
        })
        .join('|');
    const heard: Drawn['step'][] = [];
    const hear = ({ detail }: { readonly detail: unknown }): void => void heard.push(detail as Drawn['step']);
    scope.addEventListener('step', hear);
    Object.assign(scope, fields);
    await scope.settled;
    scope.removeEventListener('step', hear);
    const shell = scope.shadowRoot?.querySelector('moe-alone')?.shadowRoot;
    const step = heard.at(-1);
    if (!shell || !step) throw new Error('no step event before settled resolved');
    const drawn = {
      view: shell.querySelector('.view > *')?.localName ?? '',
      sentence: shell.querySelector('moe-status')?.shadowRoot?.querySelector('[role=status]')?.textContent ?? '',
      step,
      words: read(scope.shadowRoot),
    };
    // If the promise resolved too early, the picture changes in these animation frames.
    for (let frame = 0; frame < 10; frame++) await new Promise(resolve => requestAnimationFrame(resolve));
    await scope.settled;
    return { ...drawn, later: read(scope.shadowRoot) };
  }, fields);
}

/** The what-if that is set with the what-if view, in the engine's form. */
const OFF = { experts_off: [{ layer: 2, expert: 3 }] };

test('settled resolves when a changed text and view are computed and drawn', async ({ page }) => {
  await host(page, '<moe-scope text="The fox"></moe-scope>');
  await page.evaluate(() => customElements.whenDefined('moe-scope'));
  const texts = [TEXT, 'The fox ran.', `${TEXT} ${TEXT} ${TEXT}`].map(text => [text, inspect(text)] as const);
  for (const [index, view] of VIEWS.entries()) {
    await test.step(view, async () => {
      // Each view gets a text that differs from the shown text.
      const [text, native] = must(texts[index % 3]);
      const last = native.records.length - 1;
      const layer = 1 + (index % TOP);
      const change = view === 'whatif' ? { off: '2.3' } : { off: null };
      const { what_if } = view === 'whatif' ? inspect(text, { whatIf: OFF }) : { what_if: undefined };
      const records = what_if ? what_if.compared.map(({ record }) => record) : native.records;
      const { step, ...drawn } = await settle(page, { text, view, layer, ...change });
      expect(drawn.view).toBe(`moe-${view}`);
      expect(drawn.sentence.replace(/\s+/gu, ' ')).toContain(usedExperts({ records }, last, layer));
      expect(step.position).toBe(last);
      expect(step.token).toBe(native.ids[last]);
      expect(step.record.next.tokens).toEqual(records[last]?.next.tokens);
      expect(step.record.routes.map(route => route.experts)).toEqual(records[last]?.routes.map(route => route.experts));
      if (view === 'next') expect(drawn.words).toContain(percent(native.records[last]?.next.probabilities[0] ?? NaN));
      expect(drawn.later).toBe(drawn.words);
    });
  }
});

/** “resolved”, or the error with which `settled` rejects, as text. */
const outcome = (page: Page): Promise<string> =>
  element(page).evaluate(scope =>
    (scope as MoeScope).settled.then(
      () => 'resolved',
      (error: unknown) => String(error),
    ),
  );

test('a model that cannot be loaded causes an error event and rejects settled, until trying again succeeds', async ({
  page,
  problems,
}) => {
  problems.allow(/404/u);
  await page.route('**/model.safetensors', route => route.fulfill({ status: 404, body: '' }));
  await host(page, '<p>later</p>');
  await page.evaluate(text => {
    const scope = document.createElement('moe-scope');
    Object.assign(globalThis, { heard: [] as string[] });
    for (const type of ['ready', 'error', 'recovered']) {
      scope.addEventListener(type, () => (globalThis as unknown as { heard: string[] }).heard.push(type));
    }
    scope.setAttribute('text', text);
    scope.setAttribute('token', '2');
    document.body.append(scope);
  }, TEXT);
  const heard = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);

  await test.step('a missing file causes an error event and rejects settled', async () => {
    expect(await outcome(page)).toBe('Error: model.safetensors: HTTP 404');
    await expect.poll(heard).toEqual(['error']);
  });

  await test.step('Try again loads the model, and settled resolves', async () => {
    await page.unroute('**/model.safetensors');
    await element(page).getByRole('button', { name: 'Try again' }).click();
    expect(await outcome(page)).toBe('resolved');
    await contains(sentence(page), expectedSentence(2, 4));
    expect(await heard()).toEqual(['error', 'ready', 'recovered']);
  });

  await test.step('fields out of range cause error events, and dismissing the alert causes a recovered event', async () => {
    await element(page).evaluate(scope => {
      (scope as MoeScope).set({ layer: 77, head: 77 });
    });
    await expect.poll(heard).toEqual(['error', 'ready', 'recovered', 'error', 'error']);
    await next(page).click();
    await contains(sentence(page), expectedSentence(3, 4));
    expect(await heard()).toHaveLength(5);
    await element(page).getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(heard).toEqual(['error', 'ready', 'recovered', 'error', 'error', 'recovered']);
  });

  await test.step('removing the element rejects settled, read before and after; settled resolves when the element is put back', async () => {
    const outcomes = await element(page).evaluate(async (element, text) => {
      const scope = element as MoeScope;
      const outcome = (settled: Promise<void>): Promise<string> =>
        settled.then(
          () => 'resolved',
          (error: unknown) => String(error),
        );
      scope.text = `${text} ${text}`;
      const pending = outcome(scope.settled);
      scope.remove();
      const removed = [await pending, await outcome(scope.settled)];
      document.body.append(scope);
      return [...removed, await outcome(scope.settled)];
    }, TEXT);
    expect(outcomes).toEqual([
      'Error: moescope: the view has left the page',
      'Error: moescope: the element is not in a page',
      'resolved',
    ]);
  });
});

test('ten elements on one page use one engine and one model, and each shows its own text', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname));
  const texts = Array.from({ length: 10 }, (_, index) => NATIVE.tokens.slice(1, 3 + (index % 4)).join(''));
  await host(page, texts.map(text => `<moe-scope view="next" text="${text}"></moe-scope>`).join(''));
  for (const [index, text] of texts.entries()) {
    const native = inspect(text);
    const token = native.tokens.at(-1) ?? '';
    await expect(element(page, index).getByRole('heading', { level: 2 })).toHaveText(`After “${token.trimStart()}”`, {
      useInnerText: true,
    });
    const probability = native.records.at(-1)?.next.probabilities[0] ?? 0;
    await expect(element(page, index).locator('moe-next tbody tr').first()).toContainText(
      `${(probability * 100).toFixed(2)}%`,
    );
  }
  expect(page.workers()).toHaveLength(1);
  for (const file of ['safetensors', '.wasm', 'tokenizer.json']) {
    expect(asked.filter(path => path.endsWith(file))).toHaveLength(1);
  }
});

/**
 * Adds and removes elements one by one, with each view in turn. Every third element is drawn before it is removed, the
 * others are removed at once. With 30 elements, each view is drawn once.
 */
function addAndRemove(page: Page, times: number): Promise<void> {
  return page.evaluate(
    async ([times, text, views]) => {
      const place = document.querySelector('#place');
      const frame = (): Promise<unknown> => new Promise(resolve => requestAnimationFrame(resolve));
      for (let time = 0; time < times; time++) {
        const view = views[time % views.length] ?? '';
        const scope = document.createElement('moe-scope');
        scope.setAttribute('text', text);
        scope.setAttribute('view', view);
        const ready = new Promise(resolve => {
          scope.addEventListener('step', resolve, { once: true });
        });
        place?.append(scope);
        if (time % 3 === 0) {
          await ready;
          if (view !== 'roll') await customElements.whenDefined(`moe-${view}`);
          await frame();
          await frame();
        }
        scope.remove();
        await frame();
      }
    },
    [times, TEXT, VIEWS] as const,
  );
}

/** Adds one more element after the removals, and checks the element's sentence. */
async function oneMoreWorks(page: Page): Promise<void> {
  await page.evaluate(text => {
    const scope = document.createElement('moe-scope');
    scope.setAttribute('text', text);
    document.querySelector('#place')?.append(scope);
  }, TEXT);
  await contains(sentence(page), expectedSentence(COUNT - 1, 4));
}

test('removing 30 elements frees their memory while another element stays; the engine ends when that element is removed', async ({
  page,
}) => {
  // The element that stays keeps the engine running, so that the other elements are drawn soon.
  await host(page, `<div id="place"></div><moe-scope view="next" text="${TEXT}"></moe-scope>`);
  await contains(sentence(page), expectedSentence(COUNT - 1, 4));
  const used = await heapOf(page);
  await addAndRemove(page, 30);
  const before = await used();
  await addAndRemove(page, 30);
  // An element that is not freed takes several hundred kB, so 30 elements would take several MB.
  expect((await used()) - before).toBeLessThan(1_500_000);
  await element(page).evaluate(scope => {
    scope.remove();
  });
  await expect.poll(() => page.workers().length).toBe(0);
  await oneMoreWorks(page);
});

test('removing 100 elements frees their memory and ends the engine', { tag: '@all' }, async ({ page }) => {
  test.slow();
  await host(page, '<div id="place"></div>');
  const used = await heapOf(page);
  await addAndRemove(page, 30);
  const before = await used();
  await addAndRemove(page, 70);
  await expect.poll(() => page.workers().length).toBe(0);
  // An element that is not freed takes several hundred kB, so 70 elements would take tens of MB.
  expect((await used()) - before).toBeLessThan(3_000_000);
  await oneMoreWorks(page);
});

/** Checks that nothing scrolls sideways, and that the buttons of each element are not above or below the element. */
async function fits(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await expect.poll(() => scrollWidth(page)).toBeLessThanOrEqual(width);
  const all = await page.locator('moe-scope:not([only=view])').evaluateAll(scopes =>
    scopes.map(scope => {
      const { top, bottom } = scope.getBoundingClientRect();
      const shell = scope.shadowRoot?.querySelector('moe-alone')?.shadowRoot;
      const steps = shell?.querySelector('moe-transport')?.shadowRoot?.querySelector('.steps');
      return { top, bottom, steps: steps?.getBoundingClientRect().top ?? NaN };
    }),
  );
  for (const { top, bottom, steps } of all) {
    expect(steps).toBeGreaterThanOrEqual(top);
    expect(steps).toBeLessThan(bottom);
  }
}

test('elements hide parts, have their own theme and language, and fit under one another', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await host(
    page,
    `<moe-scope view="router" text="${TEXT}" hide="text tables"></moe-scope>
     <moe-scope view="router" text="${TEXT}" only="controls"></moe-scope>
     <moe-scope view="roll" text="${TEXT}" only="view"></moe-scope>
     <moe-scope view="flow" text="${TEXT}" theme="dark"></moe-scope>
     <moe-scope text="${TEXT}"></moe-scope>
     <div id="dark">
       <moe-scope view="router" text="${TEXT}"></moe-scope>
       <moe-scope view="router" text="${TEXT}" theme="light"></moe-scope>
     </div>`,
  );
  // The policy of the host page does not allow inline styles in its HTML.
  await page.locator('#dark').evaluate((part: HTMLElement) => {
    part.style.colorScheme = 'dark';
  });
  for (const index of [0, 3, 4, 5, 6]) await contains(sentence(page, index), expectedSentence(COUNT - 1, 4));

  await test.step('the attributes hide and only choose the visible parts', async () => {
    await expect(sentence(page)).toBeVisible();
    await expect(element(page).getByRole('textbox')).toBeHidden();
    await expect(next(page)).toBeVisible();
    await expect(next(page, 1)).toBeVisible();
    for (const hidden of [
      sentence(page, 1),
      element(page, 1).getByRole('textbox'),
      element(page, 1).getByRole('heading', { level: 1 }),
    ]) {
      await expect(hidden).toBeHidden();
    }
    await expect(element(page, 2).locator('moe-roll svg.closed')).toBeVisible();
    for (const hidden of [
      next(page, 2),
      element(page, 2).locator('moe-legend p'),
      element(page, 2).locator('moe-settings summary'),
      element(page, 2).locator('moe-roll summary'),
      element(page, 2).getByRole('slider'),
    ]) {
      await expect(hidden).toBeHidden();
    }
  });

  await test.step('theme and language of an element do not change the page', async () => {
    const ground = (index: number): Promise<string> =>
      element(page, index)
        .locator('moe-alone')
        .evaluate(shell => getComputedStyle(shell).backgroundColor);
    const [light, dark] = ['rgb(255, 255, 255)', 'rgb(16, 19, 22)'];
    expect(await ground(3), 'theme="dark" in a light page').toBe(dark);
    expect(await ground(4), 'no theme, in a light page').toBe(light);
    expect(await ground(5), 'no theme, in a part of the page with color-scheme: dark').toBe(dark);
    expect(await ground(6), 'theme="light", in a part of the page with color-scheme: dark').toBe(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ground(4), 'no theme, in a page that has no dark colours, on a dark system').toBe(light);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    expect(await page.locator('html').getAttribute('data-theme')).toBeNull();
    await expect(element(page, 3).locator('moe-alone')).toHaveAttribute('lang', 'en');
    const written = await page
      .locator('moe-scope')
      .evaluateAll(scopes => scopes.map(scope => scope.getAttributeNames().join(' ')));
    const [hides, shows, dressed] = ['view text hide', 'view text only', 'view text theme'];
    expect(written, 'no element has an attribute that the page did not write').toEqual([
      hides,
      shows,
      shows,
      dressed,
      'text',
      'view text',
      dressed,
    ]);
  });

  for (const width of [1440, 768, 320]) await test.step(`${width} px`, () => fits(page, width));
});

for (const width of [320, 768, 1440]) {
  test(`loaded at ${width} px, two elements fit under one another`, { tag: '@all' }, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await host(page, `<moe-scope view="flow" text="${TEXT}"></moe-scope><moe-scope text="${TEXT}"></moe-scope>`);
    await contains(sentence(page, 1), expectedSentence(COUNT - 1, 4));
    await fits(page, width);
  });
}

test('autoplay plays to the end of the text, but does not start if the user’s system asks for less motion', async ({
  page,
}) => {
  const body = `<moe-scope text="${TEXT}" token="0" autoplay speed="8"></moe-scope>`;
  await host(page, body);
  await contains(sentence(page), expectedSentence(COUNT - 1, 4));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(body => {
    document.body.insertAdjacentHTML('beforeend', body);
  }, body);
  await contains(sentence(page, 1), expectedSentence(0, 4));
  await expect(element(page, 1).getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('a page that already defines moe-scope keeps its own element', async ({ page }) => {
  await page.addInitScript(() => {
    customElements.define('moe-scope', class extends HTMLElement {});
  });
  await host(page, `<moe-scope text="${TEXT}">another version’s</moe-scope>`);
  await expect(page.getByText('another version’s')).toBeVisible();
  expect(page.workers()).toHaveLength(0);
});

test('with scripts disabled, the element shows the HTML inside it', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await host(page, '<moe-scope><a href="#">the picture</a></moe-scope>');
  await expect(page.getByRole('link', { name: 'the picture' })).toBeVisible();
  await context.close();
});
