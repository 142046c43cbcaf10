// The fields of the element can be set as properties, as attributes, by `set` and by a link, and can be reset.

import type { MoeScope } from '../../www/public/moescope';
import {
  alert,
  assign,
  COUNT,
  element,
  fieldOf,
  host,
  next,
  own,
  expectedSentence,
  sentence,
  TEXT,
} from './support/element';
import { inspect } from './support/native';
import { expect, test } from './support/scope';

const ONE = `<moe-scope text="${TEXT}" token="3" layer="2"></moe-scope>`;

test('a field that was set can be reset to its default', async ({ page }) => {
  await host(page, ONE);
  await expect(sentence(page)).toContainText(expectedSentence(3, 2));
  for (const [fields, back, name, value] of [
    [{ only: 'view' }, { only: null }, 'only', 'view'],
    [{ only: 'controls sentence' }, { only: null }, 'only', 'controls_sentence'],
    [{ hide: 'text' }, { only: null }, 'hide', 'text'],
    [{ only: 'view' }, { hide: null }, 'only', 'view'],
    [{ bias: false }, { bias: true }, 'bias', 'off'],
    [{ bias: 'off' }, { bias: 'on' }, 'bias', 'off'],
    [{ off: '2.3_4.1' }, { off: '' }, 'off', '2.3_4.1'],
    [{ forced: '2.3' }, { forced: '' }, 'forced', '2.3'],
    [{ shifts: '2.3.0.5' }, { shifts: '' }, 'shifts', '2.3.0.5'],
    [{ hide: 'text' }, { hide: '' }, 'hide', 'text'],
    [{ ids: '5.6' }, { ids: '' }, 'ids', '5.6'],
    [{ temperature: 0.0000001 }, { temperature: 0 }, 'temperature', '0.0000001'],
  ] as const) {
    await assign(page, fields);
    expect(await fieldOf(page, name), JSON.stringify(fields)).toBe(value);
    await assign(page, back);
    expect(await fieldOf(page, name), JSON.stringify(back)).toBeNull();
  }
  await assign(page, { token: 3 });
  await expect(sentence(page)).toContainText(expectedSentence(3, 2));
  await expect(alert(page)).toHaveCount(0);
});

test('reading a property gives a value of its field’s type; setting it accepts this type or the text of a link', async ({
  page,
}) => {
  await host(page, ONE);
  await expect(sentence(page)).toContainText(expectedSentence(3, 2));
  const values = (): Promise<Record<string, unknown>> =>
    element(page).evaluate(scope => {
      const { token, ran, layer, expert, stage, view, hide, autoplay, off, bias, shifts, temperature, ids, published } =
        scope as MoeScope;
      return { token, ran, layer, expert, stage, view, hide, autoplay, off, bias, shifts, temperature, ids, published };
    });
  const before = {
    token: 3,
    ran: 3,
    layer: 2,
    expert: null,
    stage: null,
    view: 'roll',
    hide: [],
    autoplay: false,
    off: [],
    bias: true,
    shifts: [],
    temperature: 0,
    ids: [],
    published: 'deepseek-v3',
  };
  expect(await values()).toEqual(before);
  const off = [{ layer: 2, expert: 3 }];
  const typed = { expert: 5, hide: ['text', 'legend'], off, bias: false, shifts: [{ ...off[0], by: -0.25 }] };
  await assign(page, { ...typed, temperature: 0.5 });
  expect(await values()).toEqual({ ...before, ...typed, temperature: 0.5 });
  expect(await fieldOf(page, 'shifts')).toBe('2.3.-0.25');
  await assign(page, {
    expert: '6',
    hide: 'prose',
    off: '4.1_2.3',
    bias: 'on',
    stage: 11,
    model: 'kimi-k2',
    token: '4',
  });
  expect(await values()).toEqual({
    ...before,
    token: 4,
    ran: 4,
    expert: 6,
    stage: '2.cut',
    hide: ['prose'],
    off: [{ layer: 4, expert: 1 }, ...off],
    shifts: typed.shifts,
    temperature: 0.5,
    published: 'kimi-k2',
  });
  // Until the engine has split a text into tokens, the playhead is at the end of the text.
  expect(
    await page.evaluate(() => {
      const { token, layer } = Object.assign(document.createElement('moe-scope'), { text: 'It ran' }) as MoeScope;
      return [token, layer];
    }),
  ).toEqual([Infinity, 4]);
});

test('a step, seek or play right after a new text starts from the position in the new text', async ({ page }) => {
  await host(page, `<moe-scope text="It" layer="2"></moe-scope>`);
  await expect(sentence(page)).toContainText('For “It”');
  const asked = (how: 'forward' | 'back' | 'far' | 'there' | 'play', token: number, text: string): Promise<void> =>
    element(page).evaluate(
      (scope: MoeScope, { how, token, text }) => {
        scope.set({ text, token });
        if (how === 'forward') scope.step();
        else if (how === 'back') scope.step(-1);
        else if (how === 'far') scope.step(3);
        else if (how === 'there') scope.seek(token + 2);
        else {
          scope.play();
          scope.pause();
        }
      },
      { how, token, text },
    );
  for (const [how, token, shown] of [
    ['forward', 4, 5],
    ['back', 5, 4],
    ['far', 3, 6],
    ['there', 2, 4],
    ['play', 3, 3],
  ] as const) {
    await asked(how, token, TEXT);
    await expect(sentence(page)).toContainText(expectedSentence(shown, 2));
    await expect(alert(page)).toHaveCount(0);
    await assign(page, { text: 'It', token: 1 });
    await expect(sentence(page)).toContainText('For “It”');
  }
  // A step forward at the end of the text changes nothing and shows no alert; a `token` beyond the end shows an alert.
  await asked('forward', COUNT - 1, TEXT);
  await expect(sentence(page)).toContainText(expectedSentence(COUNT - 1, 2));
  await expect(alert(page)).toHaveCount(0);
  await asked('there', 200, TEXT);
  await expect(alert(page)).toHaveCount(1);
  await expect(alert(page)).toContainText('no position 200');
});

test('removing an attribute resets only this attribute’s field; later changes of other fields stay', async ({
  page,
}) => {
  await host(page, `<moe-scope text="Once upon" token="1" layer="3" hide="tables"></moe-scope>`);
  await expect(sentence(page)).toContainText('For “O”');
  await assign(page, { text: TEXT, token: 3, layer: 2 });
  await next(page).click();
  await expect(sentence(page)).toContainText(expectedSentence(4, 2));
  await element(page).evaluate(scope => {
    scope.removeAttribute('hide');
  });
  await expect.poll(() => fieldOf(page, 'hide')).toBeNull();
  await expect(element(page).locator('moe-roll summary')).toBeVisible();
  await expect(sentence(page)).toContainText(expectedSentence(4, 2));
  // The attribute `layer` is still 3. Its removal sets the field, now 2, to the default: the last layer.
  await element(page).evaluate(scope => {
    scope.removeAttribute('layer');
  });
  await expect(sentence(page)).toContainText(expectedSentence(4, 4));
});

test('setting a link before the element is in a page reports unknown fields and an unknown version', async ({
  page,
}) => {
  await host(page, ONE);
  const sets = (link: string): Promise<void> =>
    page.evaluate(link => {
      const scope = document.createElement('moe-scope') as MoeScope;
      scope.set(link);
      document.querySelector('moe-scope')?.replaceWith(scope);
    }, link);
  await sets(`https://somewhere/embed.html#v=1&text=${encodeURIComponent(TEXT)}&token=3&layer=2&colour=red`);
  await expect(sentence(page)).toContainText(expectedSentence(3, 2));
  await expect(alert(page)).toContainText('The link has a field “colour” that does not exist');
  await sets(`v=2&text=${encodeURIComponent(TEXT)}&token=3`);
  await expect(alert(page)).toContainText('version 2');
  expect(await own(page, 'text')).not.toBe(TEXT);
});

test('a what-if that the model refuses is reported in an alert, and the next what-if runs', async ({ page }) => {
  await host(page, `<moe-scope view="router" text="${TEXT}" token="3" layer="2" chosen="40"></moe-scope>`);
  await expect(sentence(page)).toContainText(expectedSentence(3, 2));
  await expect(alert(page)).toContainText('num_experts_per_tok is 40');
  const heard = await element(page).evaluate(
    scope =>
      new Promise<unknown>(resolve => {
        scope.addEventListener('error', event => {
          resolve((event as CustomEvent).detail);
        });
        Object.assign(scope, { chosen: 50 });
      }),
  );
  expect(heard).toMatchObject({ kind: 'what-if', message: expect.stringContaining('is 50') as unknown });
  await assign(page, { chosen: 2 });
  await expect(alert(page)).toHaveCount(0);
  const native = inspect(TEXT, { whatIf: { num_experts_per_tok: 2 } });
  const route = native.what_if?.compared[3]?.record.routes.find(({ layer }) => layer === 2);
  const chosen = element(page).locator('moe-router tr.in');
  await expect(chosen).toHaveCount(route?.experts.length ?? 0);
  await assign(page, { off: '9.3' });
  await expect(alert(page)).toContainText('layer is 9');
  await element(page).getByRole('button', { name: 'Undo all changes' }).click();
  await expect(alert(page)).toHaveCount(0);
  expect(await own(page, 'off')).toEqual([]);
});
