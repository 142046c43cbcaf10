// Lessons: every step of the built-in ones against the native engine, journeys by mouse and by keys, a teacher's file,
// lessons in an element and a frame, and models that a lesson does not fit.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { element, host } from './support/element';
import { address, FIRST, focused, scrollWidth } from './support/journey';
import { clean, cleanContrast } from './support/looks';
import { allDense, wide } from './support/models';
import type { ModelFiles } from './support/models';
import type { Native } from './support/native';
import { float, inspect, PROJECT } from './support/native';
import { must } from './support/printed';
import { go, resize } from './support/same-load';
import type { ScopePage } from './support/scope';
import { expect, test } from './support/scope';

const FOLDER = join(PROJECT, 'www/src/lessons/en');
const IDS = readdirSync(FOLDER)
  .filter(name => name.endsWith('.md'))
  .map(name => name.replace('.md', ''));
/** The texts on which the questions are asked, besides the lesson's own. */
const OTHERS = ["def read_file(path, mode='r'):", 'The fox saw the dark wood.'];

const BAR = { fromShadowDom: ['moe-page', 'moe-lesson-bar'] as [string, string] };

const bar = (page: Page) => page.locator('moe-lesson-bar');
const lessons = (page: Page) => page.getByRole('button', { name: 'Lessons', exact: true });
const next = (page: Page) => bar(page).getByRole('button', { name: 'Next', exact: true });
const announced = (page: Page) => bar(page).locator('[data-announced]');

/** The question of each step, as its file has it; null for a step without one. */
function asksOf(id: string): (string | null)[] {
  const [, ...steps] = readFileSync(join(FOLDER, `${id}.md`), 'utf8').split(/^## /mu);
  return steps.map(step => /^ask: (.*)$/mu.exec(step)?.[1] ?? null);
}

/** What the bar shows: where the reader is, the answer, and the outlines whose element is not drawn. */
function see(page: Page) {
  return bar(page).evaluate(element => {
    const root = element.shadowRoot;
    const marks = (element.getRootNode() as ShadowRoot).querySelector('moe-lesson-marks')?.shadowRoot;
    const outlines = [...(marks?.querySelectorAll<HTMLElement>('[data-outline]') ?? [])];
    return {
      where: root?.querySelector<HTMLElement>('[data-where]')?.dataset['where'],
      at: Number(root?.querySelector<HTMLElement>('[data-at]')?.dataset['at']),
      answer: root?.querySelector<HTMLElement>('[data-answer]')?.dataset['answer'],
      text: [...(root?.querySelectorAll('.text, td') ?? [])].map(each => each.textContent).join(' '),
      missing: outlines.filter(each => each.hidden).map(each => each.dataset['outline']),
      outlined: outlines.length,
    };
  });
}

/** The what-if fields of a link, as settings of the engine's what-if. */
function whatIfOf(fields: Readonly<Record<string, string>>): object | undefined {
  const [layer, expert, ...by] = (fields['off'] ?? fields['shifts'] ?? '').split('.');
  const place = { layer: Number(layer), expert: Number(expert) };
  const all = {
    ...('off' in fields ? { experts_off: [place] } : {}),
    ...('shifts' in fields ? { bias_shifts: [{ ...place, by: Number(by.join('.')) }] } : {}),
    ...('chosen' in fields ? { num_experts_per_tok: Number(fields['chosen']) } : {}),
    ...('groups' in fields ? { topk_group: Number(fields['groups']) } : {}),
    ...('bias' in fields ? { selection_bias: false } : {}),
    ...('rank' in fields ? { latent_rank: Number(fields['rank']) } : {}),
    ...('format' in fields ? { cache_format: fields['format'] } : {}),
  };
  return Object.keys(all).length > 0 ? all : undefined;
}

/** The numbers that lessons ask for, computed here from the native engine's output and from the papers' figures. */
function numbers(native: Native, position: number, layer: number, expert: number): Record<string, number> {
  const { info, selection_biases: biases, records } = native;
  const route = records[position]?.routes.find(each => each.layer === layer);
  const routed = info.num_hidden_layers - info.first_k_dense_replace;
  const { c_kv, rope_key } = info.cache_values;
  const [kept, out] = [true, false].map(isKept =>
    (route?.group_scores ?? []).filter((_, group) => route?.kept_groups.includes(group) === isKept).map(float),
  );
  const row = (biases[layer - info.first_k_dense_replace] ?? []).map(float);
  const plain = 2 * info.num_attention_heads * info.v_head_dim;
  return {
    'experts-run': routed * (info.num_experts_per_tok + info.n_shared_experts),
    'active-share': (100 * info.parameters.active) / info.parameters.total,
    'expert-choice-score': float(route?.choice_scores[expert] ?? NaN),
    'weight-sum': info.routed_scaling_factor,
    'bias-spread': Math.max(...row) - Math.min(...row),
    candidates: (info.n_routed_experts / info.n_group) * info.topk_group,
    'group-gap': Math.min(...(kept ?? [])) - Math.max(...(out ?? [])),
    'bytes-per-token': (c_kv + rope_key) * 4 * info.num_hidden_layers,
    'mha-bytes': plain * 4,
    'mha-ratio': plain / (c_kv + rope_key),
    'rebuilt-ratio': info.attention_work.rebuilt.per_token / info.attention_work.absorbed.per_token,
    'own-rope-values': c_kv + info.num_attention_heads * rope_key,
    'v3-bytes-per-token': 70_272,
    'v3-active-share': (100 * 37) / 671,
    'v3-experts-run': 522,
    'v3-candidates': 128,
    'v3-stored-values': 576,
  };
}

/** The native engine's answer to a question in the state after it; null if there is none. */
function nativeAnswer(ask: string, fields: Readonly<Record<string, string>>): unknown {
  const [kind, name = ''] = ask.split(' ');
  const whatIf = whatIfOf(fields);
  const position = Number(fields['token']);
  const native = inspect(must(fields['text']), whatIf ? { whatIf } : {});
  const layer = Number(fields['layer'] ?? native.info.num_hidden_layers - 1);
  const expert = Number(fields['expert'] ?? 0);
  const routeOf = (records: Native['records']) => records[position]?.routes.find(each => each.layer === layer);
  const route = routeOf(native.records);
  if (ask === 'group ruled-out') return [0, 1, 2, 3].filter(group => !route?.kept_groups.includes(group));
  if (ask === 'expert chosen') return route?.experts;
  if (kind === 'number') return numbers(native, position, layer, expert)[name];
  const changed = must(native.what_if);
  if (name === 'expert-weight') {
    const after = routeOf(changed.compared.map(({ record }) => record));
    const [before, now] = [route, after].map(each => each?.weights[each.experts.indexOf(expert)]);
    if (before === undefined || now === undefined) return null;
    return Math.abs(now - before) < 5e-5 ? 'same' : now > before ? 'higher' : 'lower';
  }
  expect(name).toBe('loss');
  const { steps, error, cost } = lossUpTo(changed, position);
  expect(steps).toBeGreaterThan(0);
  return Math.abs(cost) < error || Math.abs(cost) < 0.005 ? 'same' : cost > 0 ? 'higher' : 'lower';
}

/** The cost over the tokens up to the playhead's next one, as the page has run the text. */
function lossUpTo({ compared }: NonNullable<Native['what_if']>, position: number) {
  const differences = compared.slice(0, position + 1).flatMap(({ loss }) => (loss ? [loss.changed - loss.plain] : []));
  const steps = differences.length;
  const cost = differences.reduce((sum, each) => sum + each, 0) / steps;
  const variance = differences.reduce((sum, each) => sum + (each - cost) ** 2, 0) / (steps - 1);
  return { steps, cost, error: Math.sqrt(variance / steps) };
}

/** Asks for the answer, if it is not shown yet, and compares it with the native engine's. */
async function compareAnswer(scope: ScopePage, ask: string, title: string): Promise<void> {
  const { page } = scope;
  const show = bar(page).getByRole('button', { name: 'Show me' });
  if (await show.isVisible()) {
    await show.click();
    await scope.settled();
  }
  const written = new URLSearchParams(await page.locator('moe-page').evaluate(stateOf));
  // A step that shows the first example needs no other state than that of its link.
  const fields = { text: FIRST.text, token: String(FIRST.position), ...Object.fromEntries(written) };
  const expected = nativeAnswer(ask, fields);
  const { answer, text } = await see(page);
  if (expected === null) {
    expect(text, title).toBe('For the token that is shown, this question has no answer.');
    return;
  }
  const found = JSON.parse(must(answer)) as unknown;
  if (typeof expected === 'number') expect(found, title).toBeCloseTo(expected, 5);
  else expect(found, title).toEqual(expected);
  expect(text, title).not.toMatch(/…|undefined|NaN/u);
}

/** The state of the page as the part of a link after `#`. */
async function stateOf(shell: Element): Promise<string> {
  await (shell as Element & { settled: Promise<void> }).settled;
  // The page writes its address some time after a change, and at once when it is left.
  dispatchEvent(new Event('pagehide'));
  return location.hash.slice(1);
}

for (const id of IDS) {
  test(`the steps of “${id}” show their marks and have the native engine’s answers`, async ({ scope, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await scope.open(`./#v=1&lesson=${id}`);
    for (const [index, ask] of asksOf(id).entries()) {
      const title = `${id}, step ${index + 1}`;
      if (index > 0) await go(scope, `v=1&lesson=${id}&at=${index + 1}`);
      await scope.settled();
      await expect.poll(async () => (await see(page)).where, title).toBe('here');
      await expect.poll(async () => (await see(page)).missing, title).toEqual([]);
      expect((await see(page)).text, title).not.toMatch(/…|undefined|NaN/u);
      if (ask === null) continue;
      await compareAnswer(scope, ask, title);
      await expect.poll(async () => (await see(page)).missing, `${title}, after`).toEqual([]);
      const link = await page.locator('moe-page').evaluate(stateOf);
      for (const text of OTHERS) {
        const fields = new URLSearchParams(link);
        fields.set('text', text);
        fields.set('token', String(inspect(text).ids.length - 2));
        await go(scope, fields.toString());
        await compareAnswer(scope, ask, `${title}, “${text}”`);
      }
    }
  });
}

test('by mouse: a lesson is opened, answered, left and found again', async ({ scope, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scope.open();
  await lessons(page).click();
  await page.getByRole('button', { name: 'How does the router choose?' }).click();
  await expect(bar(page).getByText('1 of 7 · 4 min')).toBeVisible();
  await expect(scope.text).toHaveValue('What is 6 times 7?\n');
  await expect(bar(page).locator('.text')).toContainText('For “7”, the router of layer 4');
  await next(page).click();
  await expect(bar(page).locator('.place').getByText('2 of 7')).toBeVisible();
  // The step selects expert 10. Its numbers cover nothing until the pointer is on a mark.
  await expect(page.locator('moe-roll .mark .number')).toHaveText('10');
  await expect(page.locator('moe-roll .chip')).toHaveCount(0);
  await page.locator('#expert-4-10 rect').hover({ force: true });
  await expect(page.locator('moe-roll .chip')).toContainText('layer 4, expert 10: score 0.8148');
  await page.mouse.move(0, 0);
  await expect(page.locator('moe-roll .chip')).toHaveCount(0);

  const answer = bar(page).getByRole('textbox', { name: 'Your answer' });
  await answer.fill('much');
  await answer.press('Enter');
  await expect(bar(page).getByText('Type a number, for example 128.')).toBeVisible();
  await answer.fill('0.5');
  await bar(page).getByRole('button', { name: 'Check' }).click();
  await expect(bar(page).locator('.result')).toHaveText('Not 0.5. The answer: 0.8881.');
  await expect(page.locator('moe-router [data-cell=choice]').first()).toBeVisible();

  // The answer is hidden until it is given: no group is ruled out yet.
  await next(page).click();
  await expect(bar(page).locator('.place').getByText('3 of 7')).toBeVisible();
  await scope.settled();
  await expect(page.locator('moe-router tr.cut')).toHaveCount(0);
  await bar(page).getByRole('button', { name: 'experts 4–7' }).click();
  await expect(bar(page).locator('.result')).toHaveText('Right: experts 4–7 and experts 12–15.');
  await expect(page.locator('moe-router tr.cut')).toHaveCount(8);

  // Each step is one entry of the history.
  await expect.poll(() => address(page)).toMatchObject({ at: '3', stage: '4.cut' });
  await page.goBack();
  await expect(bar(page).locator('.place').getByText('2 of 7')).toBeVisible();
  await page.goForward();
  await expect(bar(page).locator('.place').getByText('3 of 7')).toBeVisible();
  await expect(bar(page).locator('.result')).toHaveText('The answer: experts 4–7 and experts 12–15.');

  // The reader looks around, and returns.
  await page.getByRole('button', { name: 'cache', exact: true }).click();
  await expect(bar(page).locator('.notice')).toContainText('You have left this step of the lesson.');
  await expect(page.locator('moe-lesson-marks [data-outline]:visible')).toHaveCount(0);
  await bar(page).getByRole('button', { name: 'Back to the lesson’s place' }).click();
  await expect(page.locator('moe-router')).toBeVisible();
  await scope.previous.click();
  await expect(bar(page).locator('.notice')).toContainText('The numbers are now those of “␣”');
  await bar(page).getByRole('button', { name: 'Back to the lesson’s place' }).click();
  await expect(bar(page).locator('.notice')).toHaveCount(0);

  await bar(page).getByRole('button', { name: 'Close the lesson' }).click();
  await expect(bar(page)).toBeHidden();
  expect(await address(page)).not.toHaveProperty('lesson');
});

test('by keys alone: the words of a screen reader equal the committed transcript', async ({ scope, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scope.open();
  for (let presses = 0; presses < 60 && !(await lessons(page).evaluate(isFocused)); presses++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  // The focus is on the first lesson of the list.
  await expect(page.getByRole('button', { name: 'Why run only 4 of 16 experts?' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(announced(page)).toContainText('Step 1 of 7');
  // The focus is in the bar.
  await expect(bar(page).getByRole('heading')).toBeFocused();
  const heard: string[] = [];
  const hear = async (): Promise<void> => void heard.push((await announced(page).textContent()) ?? '');
  await hear();

  await page.keyboard.press('Alt+PageDown');
  await expect(announced(page)).toContainText('Step 2 of 7');
  await hear();
  await page.keyboard.press('Tab');
  await expect(bar(page).getByRole('textbox', { name: 'Your answer' })).toBeFocused();
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await expect(announced(page)).toContainText('Right');
  await hear();
  await expect(next(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(announced(page)).toContainText('Step 3 of 7');
  await hear();
  await page.keyboard.press('Alt+PageUp');
  await page.keyboard.press('Alt+PageDown');
  await page.keyboard.press('Alt+PageDown');
  await page.keyboard.press('Alt+PageDown');
  await expect(announced(page)).toContainText('Step 5 of 7');
  await hear();
  expect(await focused(page)).toBe('Next');
  await page.keyboard.press('Shift+Tab');
  for (let presses = 0; presses < 5 && (await focused(page)) !== 'lower'; presses++)
    await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(announced(page)).toContainText('Not lower');
  await hear();

  const lines = [await bar(page).ariaSnapshot(), '', ...heard];
  const file = join(PROJECT, 'tests/browser/transcripts/lesson.txt');
  if (process.env['MOESCOPE_UPDATE_TRANSCRIPTS']) {
    mkdirSync(join(PROJECT, 'tests/browser/transcripts'), { recursive: true });
    writeFileSync(file, `${lines.join('\n')}\n`);
  }
  expect(`${lines.join('\n')}\n`).toBe(readFileSync(file, 'utf8'));
});

/** True if the element has the focus, also inside shadow roots. */
function isFocused(element: Element): boolean {
  return (element.getRootNode() as Document | ShadowRoot).activeElement === element;
}

const TEACHERS =
  /^````markdown\n([\s\S]*?)^````$/mu.exec(readFileSync(join(PROJECT, 'docs/lessons.md'), 'utf8'))?.[1] ?? '';
const BROKEN = TEACHERS.replace('minutes: 2', 'minutes: soon').replace('{{token}}', '{{tokn}}');
const SENTENCES = [
  'Line 20: found “{{tokn}}”, expected a value of docs/lessons.md, such as “{{token}}”.',
  'Line 4, field “minutes”: found “soon”, expected a whole number from 1 to 99.',
];
const file = (text: string) => ({ name: 'mine.md', mimeType: 'text/markdown', buffer: Buffer.from(text) });

test('a teacher’s file is opened from disk, with errors first, and dropped on the page', async ({ scope, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scope.open();
  await lessons(page).click();
  await page.getByText('Open your own lesson').click();
  await page.getByLabel('File of a lesson').setInputFiles(file(BROKEN));
  await expect(bar(page).getByRole('alert').locator('p')).toHaveText(SENTENCES);
  await bar(page).getByLabel('Open a lesson file').setInputFiles(file(TEACHERS));
  await expect(bar(page).getByText('1 of 3 · 2 min')).toBeVisible();
  await expect(bar(page).locator('.text')).toContainText('Layer 4 has scored its 16 experts for “7”.');
  await bar(page).getByRole('button', { name: 'Show me' }).click();
  await expect(bar(page).locator('.result')).toHaveText('The answer: experts 4–7 and experts 12–15.');
  await expect.poll(() => address(page)).toMatchObject({ lesson: 'one-token', view: 'router' });

  // A new page does not have the file.
  await page.reload();
  await expect(bar(page).getByRole('alert')).toContainText(
    'The lesson “one-token” is not one of the built-in lessons.',
  );
  const data = await page.evaluateHandle(text => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'mine.md', { type: 'text/markdown' }));
    return transfer;
  }, TEACHERS);
  await page.locator('moe-page').dispatchEvent('drop', { dataTransfer: data });
  await expect(bar(page).getByText('1 of 3 · 2 min')).toBeVisible();
});

test('an element shows the lesson of its address, and reports its errors', async ({ page }) => {
  const files: Record<string, string> = { 'good.md': TEACHERS, 'bad.md': BROKEN };
  await page.route('**/*.md', route => {
    const text = files[route.request().url().replace(/^.*\//u, '')];
    return route.fulfill(text === undefined ? { status: 404 } : { body: text, contentType: 'text/markdown' });
  });
  await host(page, '<moe-scope lesson-src="good.md"></moe-scope>');
  const inside = element(page).locator('moe-lesson-bar');
  await expect(inside.getByText('1 of 3 · 2 min')).toBeVisible();
  await inside.getByRole('button', { name: 'Next' }).click();
  await inside.getByRole('textbox', { name: 'Your answer, bytes' }).fill('960');
  await inside.getByRole('textbox', { name: 'Your answer' }).press('Enter');
  await expect(inside.locator('.result')).toHaveText('Right: 960.');
  expect(await element(page).evaluate(scope => (scope as unknown as { lesson: string; at: number }).at)).toBe(2);
  // The bar is at the foot of the element and covers nothing of it.
  const covers = await inside.evaluate(each => {
    const shell = (each.getRootNode() as ShadowRoot).host;
    const main = shell.shadowRoot?.querySelector('main')?.getBoundingClientRect();
    return {
      position: getComputedStyle(each).position,
      below: each.getBoundingClientRect().top >= (main?.bottom ?? 0),
    };
  });
  expect(covers).toEqual({ position: 'static', below: true });
  await clean(page, 'moe-scope');

  const errors = await element(page).evaluateHandle(scope => {
    const heard: unknown[] = [];
    for (const kind of ['error', 'recovered']) {
      scope.addEventListener(kind, event => heard.push([kind, (event as CustomEvent).detail]));
    }
    scope.setAttribute('lesson-src', 'bad.md');
    return heard;
  });
  await expect.poll(() => errors.jsonValue()).toEqual([['error', { kind: 'lesson', message: SENTENCES.join(' ') }]]);
  await element(page).evaluate(scope => {
    scope.setAttribute('lesson-src', 'good.md');
  });
  await expect.poll(async () => (await errors.jsonValue()).length).toBe(2);
});

test('a frame shows a lesson of its link', async ({ scope, page }) => {
  await page.goto('./embed.html#v=1&lesson=memory&at=2&hide=text_controls');
  await expect(bar(page).getByText('2 of 7 · 3 min')).toBeVisible();
  await bar(page).getByRole('button', { name: 'Show me' }).click();
  await expect(bar(page).locator('.result')).toHaveText('The answer: 960.');
  await scope.settled();
  expect(await scrollWidth(page)).toBeLessThanOrEqual(1440);
});

async function withModel(page: Page, files: ModelFiles): Promise<void> {
  for (const [name, body] of Object.entries(files)) {
    await page.route(`**/model/${name}`, route => route.fulfill({ body }));
  }
}

test('with a model of another shape, a lesson works or says why it cannot', async ({ scope, page }) => {
  await withModel(page, wide());
  await scope.open('./#v=1&lesson=router&at=3');
  await expect(bar(page).locator('.text')).toContainText('The 256 experts are in 8 groups.');
  await expect(bar(page).getByRole('button', { name: 'experts 224–255' })).toBeVisible();
  await go(scope, 'v=1&lesson=rope&at=1');
  await expect(bar(page).getByRole('alert')).toHaveText(
    'This lesson cannot be shown with this model: it needs a compressed query, and the model has none.',
  );
  await withModel(page, allDense());
  await page.reload();
  await scope.settled();
  await go(scope, 'v=1&lesson=experts&at=1');
  await expect(bar(page).getByRole('alert')).toHaveText(
    'This lesson cannot be shown with this model: it needs layers with routed experts, and the model has none.',
  );
});

test('at every width the bar covers nothing, and axe-core finds nothing', async ({ scope, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await scope.open('./#v=1&lesson=router&at=3');
  await expect(bar(page).getByRole('button', { name: 'Show me' })).toBeVisible();
  for (const width of [320, 1920, 1440, 768]) {
    await resize(scope, width);
    expect.soft(await scrollWidth(page), `${width} px`).toBeLessThanOrEqual(width);
    const { bottom, reserved, isPinned } = await bar(page).evaluate(element => {
      scrollTo(0, 0);
      const pinned = element.getBoundingClientRect();
      scrollTo(0, document.documentElement.scrollHeight);
      const end = element.getBoundingClientRect();
      const last = (element.getRootNode() as ShadowRoot).querySelector('footer')?.getBoundingClientRect();
      return {
        isPinned: pinned.bottom <= innerHeight && pinned.top < innerHeight,
        bottom: end.top - (last?.bottom ?? 0),
        reserved: parseFloat(document.documentElement.style.scrollPaddingBottom) >= element.clientHeight - 40,
      };
    });
    expect.soft({ isPinned, reserved, clear: bottom >= 0 }, `${width} px`).toEqual({
      isPinned: true,
      reserved: true,
      clear: true,
    });
  }
  await clean(page, BAR);
  await bar(page).getByRole('button', { name: 'experts 0–3' }).click();
  await expect(bar(page).locator('.result')).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  await scope.settled();
  await cleanContrast(page, BAR);
});
