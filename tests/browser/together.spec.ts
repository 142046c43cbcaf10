// Several `<moe-scope>` on one page that come and go: whoever is left goes on, with the one engine.

import type { Page } from '@playwright/test';
import type { MoeScope } from '../../www/public/moescope';
import { alert, COUNT, element, host, next, said, sentence, TEXT } from './support/element';
import { holdBack } from './support/journey';
import { expect, test } from './support/scope';

const one = (token: number): string => `<moe-scope text="${TEXT}" token="${token}"></moe-scope>`;

/** An element shows a step, and goes on to the next: its engine is there. */
async function goesOn(page: Page, position: number, index = 0): Promise<void> {
  await expect(sentence(page, index)).toContainText(said(position, 4));
  await next(page, index).click();
  await expect(sentence(page, index)).toContainText(said(position + 1, 4));
}

for (const [how, replace] of [
  ['in its place', (old: Element, fresh: Element) => void old.replaceWith(fresh)],
  [
    'after it',
    (old: Element, fresh: Element) => {
      old.remove();
      document.body.append(fresh);
    },
  ],
] as const) {
  test(`one that comes ${how} in the same moment has an engine`, async ({ page }) => {
    await host(page, one(1));
    await goesOn(page, 1);
    await page.evaluate(
      ([text, replace]) => {
        const fresh = document.createElement('moe-scope');
        fresh.setAttribute('text', text);
        fresh.setAttribute('token', '3');
        const old = document.querySelector('moe-scope');
        (new Function(`return ${replace}`)() as (old: unknown, fresh: Element) => void)(old, fresh);
      },
      [TEXT, replace.toString()] as const,
    );
    await goesOn(page, 3);
    expect(page.workers()).toHaveLength(1);
  });
}

for (const gone of [0, 1]) {
  test(`of two that wait for the engine, number ${gone + 1} goes: the other has it`, async ({ page }) => {
    const release = await holdBack(page, '**/model.safetensors');
    await host(page, one(1) + one(3));
    await expect(element(page, 1).getByRole('progressbar')).toBeVisible();
    await page.evaluate(gone => {
      document.querySelectorAll('moe-scope')[gone]?.remove();
    }, gone);
    release();
    await goesOn(page, gone === 0 ? 3 : 1);
    expect(page.workers()).toHaveLength(1);
  });
}

test('of two that wait for the engine both go: nothing is left, and the next one brings it anew', async ({ page }) => {
  const release = await holdBack(page, '**/model.safetensors');
  await host(page, one(1) + one(3));
  await expect(element(page, 1).getByRole('progressbar')).toBeVisible();
  await page.evaluate(() => {
    for (const scope of document.querySelectorAll('moe-scope')) scope.remove();
  });
  release();
  await expect.poll(() => page.workers().length).toBe(0);
  await page.evaluate(body => {
    document.body.insertAdjacentHTML('beforeend', body);
  }, one(2));
  await goesOn(page, 2);
});

test('the same one comes back, with another there all the time and without', async ({ page }) => {
  await host(page, one(1) + one(3));
  await goesOn(page, 1);
  await goesOn(page, 3, 1);
  const away = (index: number): Promise<void> =>
    page.evaluate(async index => {
      const scope = document.querySelectorAll('moe-scope')[index];
      scope?.remove();
      await new Promise(resolve => requestAnimationFrame(resolve));
      document.body.append(scope ?? '');
    }, index);
  await away(0);
  // It stands last now, and shows what its attributes say.
  await goesOn(page, 1, 1);
  await goesOn(page, 4, 0);
  expect(page.workers()).toHaveLength(1);
  await page.evaluate(() => {
    document.querySelector('moe-scope')?.remove();
  });
  await away(0);
  await goesOn(page, 1);
  expect(page.workers()).toHaveLength(1);
});

test('several that try again after a failure share one engine', async ({ page, problems }) => {
  problems.allow(/Failed to load resource/u);
  await page.route('**/model.safetensors', route => route.fulfill({ status: 503, body: '' }));
  await host(page, one(1) + one(3) + one(0));
  for (const index of [0, 1, 2]) await expect(alert(page, index)).toContainText('HTTP 503');
  // What is said to the page around is what stands there.
  const heard = await page.evaluate(
    body =>
      new Promise<unknown>(resolve => {
        document.body.insertAdjacentHTML('beforeend', body);
        document.querySelector('moe-scope:last-of-type')?.addEventListener('error', event => {
          resolve((event as unknown as CustomEvent).detail);
        });
      }),
    one(2),
  );
  expect(heard).toEqual({ kind: 'fetch', message: await alert(page, 3).innerText() });
  const asked: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).pathname));
  await page.unroute('**/model.safetensors');
  const release = await holdBack(page, '**/model.safetensors');
  for (const index of [0, 1, 2, 3]) {
    await element(page, index).getByRole('button', { name: 'Try again' }).click();
    // Where the sentence goes, what stands below moves up.
    await expect(alert(page, index)).toHaveCount(0);
  }
  release();
  await goesOn(page, 1);
  await goesOn(page, 3, 1);
  await goesOn(page, 0, 2);
  await goesOn(page, 2, 3);
  expect(page.workers()).toHaveLength(1);
  expect(asked.filter(path => path.endsWith('model.safetensors'))).toHaveLength(1);
});

test('one of a second copy of moescope says why it stays empty, and the first goes on', async ({ page }) => {
  await page.route('**/copy/**', async route => {
    const response = await route.fetch({ url: route.request().url().replace('/copy/', '/') });
    await route.fulfill({ response });
  });
  await host(page, one(1));
  await goesOn(page, 1);
  const said = await page.evaluate(async () => {
    const address = './copy/moescope.js';
    const { MoeScope } = (await import(address)) as { MoeScope: CustomElementConstructor };
    customElements.define('other-scope', MoeScope);
    const other = document.createElement('other-scope');
    const heard = new Promise<string>(resolve => {
      other.addEventListener('error', event => {
        resolve((event as unknown as CustomEvent<{ message: string }>).detail.message);
      });
    });
    document.body.append(other);
    return heard;
  });
  expect(said).toContain('Another copy of moescope runs on this page');
  await expect(page.locator('other-scope').getByRole('alert')).toHaveText(said);
  await goesOn(page, 2);
});

test('who changes it while it tells has the last word', async ({ page }) => {
  await host(page, '<p>later</p>');
  const said = (): Promise<string[]> => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  await page.evaluate(
    ([text, last]) => {
      const scope = document.createElement('moe-scope') as MoeScope;
      const said: string[] = [];
      Object.assign(globalThis, { said });
      scope.addEventListener('step', () => {
        scope.set({ layer: 1 });
      });
      scope.addEventListener('statechange', event => {
        said.push((event as CustomEvent<{ state: string }>).detail.state);
      });
      scope.setAttribute('text', text);
      scope.setAttribute('token', String(last));
      document.body.append(scope);
    },
    [TEXT, COUNT - 2] as const,
  );
  await expect.poll(said).not.toEqual([]);
  await next(page).click();
  await expect(sentence(page)).toContainText('layer 1 used');
  const shown = await element(page).evaluate(scope => (scope as MoeScope).state);
  await expect.poll(async () => (await said()).at(-1)).toBe(shown);
  // Whoever keeps what is said was never told to go back.
  const all = await said();
  const first = all.findIndex(state => state.includes('layer=1'));
  expect(all.slice(first).filter(state => !state.includes('layer=1'))).toEqual([]);
});
