// The element `<moe-scope>` in somebody's page: attributes and methods in, events out; several share one engine; the
// page around keeps its keys; what is taken away leaves nothing behind.

import type { MoeScope } from '../../www/public/moescope';
import { assign, COUNT, element, host, NATIVE, next, own, said, sentence, TEXT } from './support/element';
import { heapOf } from './support/heap';
import { focused, scrollWidth, VIEWS } from './support/journey';
import { inspect } from './support/native';
import { expect, test } from './support/scope';

test('it shows what its attributes say, and follows them', async ({ page }) => {
  await host(page, `<moe-scope view="router" text="${TEXT}" layer="2" token="3"><p>no script</p></moe-scope>`);
  await expect(sentence(page)).toContainText(said(3, 2));
  await expect(element(page).locator('moe-router')).toBeVisible();
  await expect(page.getByText('no script')).toBeHidden();
  await expect(element(page).getByRole('alert').locator('p')).toHaveCount(0);
  await element(page).evaluate(scope => {
    scope.setAttribute('layer', '4');
  });
  await expect(sentence(page)).toContainText(said(3, 4));
  await next(page).click();
  await expect(sentence(page)).toContainText(said(4, 4));
  // What a person did stays where another attribute changes.
  await element(page).evaluate(scope => {
    scope.setAttribute('view', 'cache');
  });
  await expect(element(page).locator('moe-cache')).toBeVisible();
  await expect(sentence(page)).toContainText(said(4, 4));
  await element(page).evaluate(scope => {
    scope.setAttribute('layer', 'above');
  });
  await expect(element(page).getByRole('alert')).toContainText('layer');
  await expect(sentence(page)).toContainText(said(4, 4));
});

test('what an attribute says that there is not is told, and nothing else', async ({ page }) => {
  await host(page, `<moe-scope view="router" text="${TEXT}" layer="77" token="3"></moe-scope>`);
  await expect(sentence(page)).toContainText(said(3, 4));
  const alert = element(page).getByRole('alert').locator('p');
  await expect(alert).toHaveCount(1);
  await expect(alert).toContainText('“layer” is 77');
  await expect(alert).not.toContainText('token');
});

test('every field is a property: before it is registered, before it is in the page, and after', async ({ page }) => {
  await host(page, `<p>nothing yet</p>`, '');
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
  await expect(sentence(page, 0)).toContainText(said(2, 3));
  await expect(element(page, 0).locator('moe-router')).toBeVisible();
  await expect(sentence(page, 1)).toContainText(said(4, 4));
  const link = (): Promise<unknown> =>
    element(page).evaluate(async scope => {
      const { permalink } = JSON.parse(await (scope as MoeScope).export('json')) as { permalink: string };
      return permalink.replace(/#.*$/u, '');
    });
  expect(await link()).toBe('https://early.example/embed.html');
  await assign(page, { home: 'https://later.example/embed.html' });
  expect([await link(), await own(page, 'home')]).toEqual(Array(2).fill('https://later.example/embed.html'));
  // The same again, after a person has gone on.
  await next(page).click();
  await expect(sentence(page)).toContainText(said(3, 3));
  expect(await own(page, 'token')).toBe('3');
  await assign(page, { token: 2 });
  await expect(sentence(page)).toContainText(said(2, 3));
  await assign(page, { layer: null, view: undefined });
  await expect(sentence(page)).toContainText(said(2, 4));
  await expect(element(page).locator('moe-roll').first()).toBeVisible();
  expect([await own(page, 'view'), await own(page, 'layer'), await own(page, 'text')]).toEqual([null, '4', TEXT]);
});

test('methods in, events out', async ({ page }) => {
  await host(page, '<p>later</p>');
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
  await expect(sentence(page)).toContainText(said(2, 4));
  const ask = (what: string, ...given: readonly unknown[]): Promise<unknown> =>
    element(page).evaluate(
      (scope, [what, given]) => {
        const method = (scope as unknown as Record<string, (...given: readonly unknown[]) => unknown>)[what];
        return method?.apply(scope, [...given]) ?? null;
      },
      [what, given] as const,
    );
  await ask('step');
  await expect(sentence(page)).toContainText(said(3, 4));
  await ask('step', -2);
  await expect(sentence(page)).toContainText(said(1, 4));
  await ask('seek', 4);
  await expect(sentence(page)).toContainText(said(4, 4));
  await ask('set', { layer: 1, view: 'grid' });
  await expect(sentence(page)).toContainText(said(4, 1));
  await expect(element(page).locator('moe-grid')).toBeVisible();
  await ask('set', 'https://somewhere/embed.html#v=1&token=5');
  await expect(sentence(page)).toContainText(said(5, 1));
  expect(await element(page).evaluate(scope => (scope as MoeScope).state)).toContain('token=5');
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
  await expect(element(page).getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await ask('pause');
  await expect(element(page).getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('what is no longer wrong is said, too', async ({ page, problems }) => {
  problems.allow(/net::ERR_FAILED/u);
  await page.route('**/model.safetensors', route => route.abort());
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
  await expect.poll(heard).toEqual(['error']);
  await page.unroute('**/model.safetensors');
  await element(page).getByRole('button', { name: 'Try again' }).click();
  await expect(sentence(page)).toContainText(said(2, 4));
  expect(await heard()).toEqual(['error', 'ready', 'recovered']);
  await element(page).evaluate(scope => {
    (scope as MoeScope).set({ layer: 77, head: 77 });
  });
  await expect.poll(heard).toEqual(['error', 'ready', 'recovered', 'error', 'error']);
  await next(page).click();
  await expect(sentence(page)).toContainText(said(3, 4));
  expect(await heard()).toHaveLength(5);
  await element(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect.poll(heard).toEqual(['error', 'ready', 'recovered', 'error', 'error', 'recovered']);
});

test('ten on one page: one engine, one model, ten texts', async ({ page }) => {
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

test('what is taken away leaves nothing: 100 times, in every view', async ({ page }) => {
  test.slow();
  await host(page, '<div id="place"></div>');
  const used = await heapOf(page);
  const cycle = async (times: number): Promise<void> => {
    await page.evaluate(
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
          // Some go before their engine is up; of each view some are drawn.
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
  };
  await cycle(30);
  const before = await used();
  await cycle(70);
  await expect.poll(() => page.workers().length).toBe(0);
  // What one element keeps is some hundred kB; 70 of them would be tens of MB.
  expect((await used()) - before).toBeLessThan(3_000_000);
  await page.evaluate(text => {
    const scope = document.createElement('moe-scope');
    scope.setAttribute('text', text);
    document.querySelector('#place')?.append(scope);
  }, TEXT);
  await expect(sentence(page)).toContainText(said(COUNT - 1, 4));
});

test('moved to another place it stays what it is', async ({ page }) => {
  await host(page, `<moe-scope text="${TEXT}" token="1"></moe-scope><div id="place"></div>`);
  await next(page).click();
  await expect(sentence(page)).toContainText(said(2, 4));
  await page.evaluate(() => {
    document.querySelector('#place')?.append(document.querySelector('moe-scope') ?? '');
  });
  await expect(page.locator('#place moe-scope')).toHaveCount(1);
  await expect(sentence(page)).toContainText(said(2, 4));
  expect(page.workers()).toHaveLength(1);
});

test('the page around keeps its keys, until the focus is inside', async ({ page }) => {
  await host(page, `<button>around</button><moe-scope text="${TEXT}" token="1"></moe-scope>`);
  await expect(sentence(page)).toContainText(said(1, 4));
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
  await expect(sentence(page)).toContainText(said(1, 4));
  await element(page).getByRole('listbox', { name: 'Tokens' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(sentence(page)).toContainText(said(2, 4));
  expect(await keys()).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await focused(page)).toBe('body');
  await keys();
  await page.keyboard.press('ArrowRight');
  expect(await keys()).toEqual(['ArrowRight']);
  await expect(sentence(page)).toContainText(said(2, 4));
});

test('parts can be left out', async ({ page }) => {
  await host(
    page,
    `<moe-scope view="router" text="${TEXT}" hide="text tables"></moe-scope>
     <moe-scope view="router" text="${TEXT}" only="controls"></moe-scope>
     <moe-scope view="roll" text="${TEXT}" only="view"></moe-scope>`,
  );
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
    element(page, 2).locator('summary'),
    element(page, 2).getByRole('slider'),
  ]) {
    await expect(hidden).toBeHidden();
  }
});

test('it takes on no theme, language or colour of the page, and gives none', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await host(page, `<moe-scope text="${TEXT}" theme="dark"></moe-scope><moe-scope text="${TEXT}"></moe-scope>`);
  await expect(sentence(page, 1)).toContainText(said(COUNT - 1, 4));
  const ground = (index: number): Promise<string> =>
    element(page, index).evaluate(scope => getComputedStyle(scope).backgroundColor);
  expect(await ground(0)).toBe('rgb(16, 19, 22)');
  expect(await ground(1)).toBe('rgb(255, 255, 255)');
  expect(await page.locator('html').getAttribute('lang')).toBe('fr');
  expect(await page.locator('html').getAttribute('data-theme')).toBeNull();
  await expect(element(page)).toHaveAttribute('lang', 'en');
});

test('it plays by itself where that is asked for, and not where less motion is preferred', async ({ page }) => {
  const body = `<moe-scope text="${TEXT}" token="0" autoplay speed="8"></moe-scope>`;
  await host(page, body);
  await expect(sentence(page)).toContainText(said(COUNT - 1, 4));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await expect(sentence(page)).toContainText(said(0, 4));
  await expect(element(page).getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('a name that is taken stays as it is', async ({ page }) => {
  await page.addInitScript(() => {
    customElements.define('moe-scope', class extends HTMLElement {});
  });
  await host(page, `<moe-scope text="${TEXT}">another version’s</moe-scope>`);
  await expect(page.getByText('another version’s')).toBeVisible();
  expect(page.workers()).toHaveLength(0);
});

test('without scripts its content stands there', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await host(page, '<moe-scope><a href="#">the picture</a></moe-scope>');
  await expect(page.getByRole('link', { name: 'the picture' })).toBeVisible();
  await context.close();
});

for (const width of [320, 768, 1440]) {
  test(`${width} px: two under one another fit`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await host(page, `<moe-scope view="flow" text="${TEXT}"></moe-scope><moe-scope text="${TEXT}"></moe-scope>`);
    await expect(sentence(page, 1)).toContainText(said(COUNT - 1, 4));
    expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
    const [first, second] = await page.locator('moe-scope').evaluateAll(scopes =>
      scopes.map(scope => {
        const { top, bottom } = scope.getBoundingClientRect();
        const buttons = scope.shadowRoot?.querySelector('moe-alone')?.shadowRoot?.querySelector('moe-transport');
        const steps = buttons?.shadowRoot?.querySelector('.steps')?.getBoundingClientRect();
        return { top, bottom, steps: steps?.top ?? NaN };
      }),
    );
    // No bar of one lies over the other.
    expect(first?.steps).toBeGreaterThanOrEqual(first?.top ?? NaN);
    expect(first?.steps).toBeLessThan(first?.bottom ?? NaN);
    expect(second?.steps).toBeGreaterThanOrEqual(second?.top ?? NaN);
  });
}
