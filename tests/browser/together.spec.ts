// Several `<moe-scope>` elements are added to a page and removed; the elements that remain share one engine.

import type { Page } from '@playwright/test';
import type { MoeScope } from '../../www/public/moescope';
import { alert, COUNT, element, host, next, expectedSentence, sentence, TEXT } from './support/element';
import { holdBack } from './support/journey';
import { expect, test } from './support/scope';
import { contains } from './support/soon';

const one = (token: number): string => `<moe-scope text="${TEXT}" token="${token}"></moe-scope>`;

/** Checks that an element shows a step and then the next one, so its engine runs. */
async function goesOn(page: Page, position: number, index = 0): Promise<void> {
  await contains(sentence(page, index), expectedSentence(position, 4));
  await next(page, index).click();
  await contains(sentence(page, index), expectedSentence(position + 1, 4));
}

/** Adds an element and removes the first element, in the same task of the event loop. */
function replaceIn(page: Page, where: 'in place' | 'at the end', token: number): Promise<void> {
  return page.evaluate(
    ([text, where, token]) => {
      const fresh = document.createElement('moe-scope');
      fresh.setAttribute('text', text);
      fresh.setAttribute('token', String(token));
      const old = document.querySelector('moe-scope');
      if (where === 'in place') {
        old?.replaceWith(fresh);
      } else {
        old?.remove();
        document.body.append(fresh);
      }
    },
    [TEXT, where, token] as const,
  );
}

test('elements that are replaced, or removed and put back, continue with one engine', async ({ page }) => {
  await host(page, one(1));
  await goesOn(page, 1);
  for (const [where, token] of [
    ['in place', 3],
    ['at the end', 0],
  ] as const) {
    await test.step(`another element replaces the only one ${where}`, async () => {
      await replaceIn(page, where, token);
      await goesOn(page, token);
      expect(page.workers()).toHaveLength(1);
    });
  }

  /** Removes an element, waits for an animation frame, and puts the element at the end of the page. */
  const away = (index: number): Promise<void> =>
    page.evaluate(async index => {
      const scope = document.querySelectorAll('moe-scope')[index];
      scope?.remove();
      await new Promise(resolve => requestAnimationFrame(resolve));
      document.body.append(scope ?? '');
    }, index);

  await test.step('an element is removed and put back while another element stays', async () => {
    await page.evaluate(body => {
      document.body.insertAdjacentHTML('beforeend', body);
    }, one(3));
    await goesOn(page, 3, 1);
    await away(0);
    // The element is now the last element of the page, and shows the state of its attributes.
    await goesOn(page, 0, 1);
    await goesOn(page, 4, 0);
    expect(page.workers()).toHaveLength(1);
  });

  await test.step('the only element is removed and put back', async () => {
    await page.evaluate(() => {
      document.querySelector('moe-scope')?.remove();
    });
    await away(0);
    await goesOn(page, 0);
    expect(page.workers()).toHaveLength(1);
  });
});

test('while two elements wait for the engine, one or both can be removed', async ({ page }) => {
  await host(page, '<p>later</p>');
  for (const [gone, left] of [
    [[0], 3],
    [[1], 1],
    [[0, 1], null],
  ] as const) {
    const step =
      left === null ? 'both are removed, and the engine ends' : `number ${gone[0] + 1} is removed, and the other runs`;
    await test.step(step, async () => {
      const release = await holdBack(page, '**/model.safetensors');
      await page.evaluate(
        body => {
          document.body.insertAdjacentHTML('beforeend', body);
        },
        one(1) + one(3),
      );
      await expect(element(page, 1).getByRole('progressbar')).toBeVisible();
      await page.evaluate(gone => {
        const all = document.querySelectorAll('moe-scope');
        for (const index of gone) all[index]?.remove();
      }, gone);
      release();
      if (left !== null) {
        await goesOn(page, left);
        expect(page.workers()).toHaveLength(1);
        await element(page).evaluate(scope => {
          scope.remove();
        });
      }
      await expect.poll(() => page.workers().length).toBe(0);
      await page.unroute('**/model.safetensors');
    });
  }
  await test.step('the next element starts an engine again', async () => {
    await page.evaluate(body => {
      document.body.insertAdjacentHTML('beforeend', body);
    }, one(2));
    await goesOn(page, 2);
  });
});

test('several elements that try again after a failure share one engine', async ({ page, problems }) => {
  problems.allow(/Failed to load resource/u);
  await page.route('**/model.safetensors', route => route.fulfill({ status: 503, body: '' }));
  await host(page, one(1) + one(3) + one(0));
  for (const index of [0, 1, 2]) await contains(alert(page, index), 'HTTP 503');
  // The error event has the same sentence as the alert.
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
    // When an alert disappears, the buttons below it move up.
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

test('an element of a second copy of moescope says why it is empty, and the first copy still works', async ({
  page,
}) => {
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
  expect(said).toContain('This page loads moescope twice');
  await expect(page.locator('other-scope').getByRole('alert')).toHaveText(said);
  await goesOn(page, 2);
});

test('if a listener of an event changes the state, the element has the changed state', async ({ page }) => {
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
  await contains(sentence(page), 'layer 1 ran');
  const shown = await element(page).evaluate(scope => (scope as MoeScope).state);
  await expect.poll(async () => (await said()).at(-1)).toBe(shown);
  // No event after the change reports the state from before the change.
  const all = await said();
  const first = all.findIndex(state => state.includes('layer=1'));
  expect(all.slice(first).filter(state => !state.includes('layer=1'))).toEqual([]);
});
