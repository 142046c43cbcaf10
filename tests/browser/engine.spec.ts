// The engine is restarted after a trap (a crash of the wasm code), but not after a second trap. Runs can be
// interrupted. The last test sends messages to the worker directly.

import { float, inspect } from './support/native';
import { expect, test } from './support/scope';
import { matches } from './support/truth';

const TEXT = 'Once upon a time there was a little girl who';

/** Makes the engine's next step fail as in a trap: setting a record's `position` throws the error of a trap. */
const poison = (): void => {
  Object.defineProperty(Object.prototype, 'position', {
    set() {
      throw new WebAssembly.RuntimeError('unreachable');
    },
  });
};

test('after a trap the engine is restarted, and the text stays', async ({ scope, page }) => {
  const native = inspect(TEXT);
  await scope.open();
  await scope.openNumbers();
  // The first picture needs no engine, but a step to the next token does.
  await scope.next.click();
  await scope.at(8, 12);
  const [first] = page.workers();
  if (!first) throw new Error('there is no worker');
  await first.evaluate(poison);
  await scope.next.click();
  await expect(scope.fault.locator('p')).toHaveText(
    'The engine stopped and was restarted; your text is still here. Reason: unreachable.',
  );
  await scope.at(9, 12);
  expect(page.workers()).toHaveLength(1);
  expect(page.workers()[0]).not.toBe(first);
  await scope.last.click();
  await scope.at(11, 12);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(scope.fault.locator('p')).toHaveCount(0);
  matches(await scope.see(), native, 11, 12);
});

test('an engine that fails twice is not restarted until the user tries again', async ({ scope, page }) => {
  await scope.open();
  await scope.next.click();
  await scope.at(8, 12);
  // The route stays until the end of the test, because a worker's script could be loading when the route is removed.
  let poisoned = true;
  await page.route(/worker-.*\.js$/u, async route => {
    const response = await route.fetch();
    const script = await response.text();
    await route.fulfill({ response, body: poisoned ? `(${poison.toString()})();${script}` : script });
  });
  const [first] = page.workers();
  if (!first) throw new Error('there is no worker');
  await first.evaluate(poison);
  await scope.next.click();
  await expect(scope.fault.locator('p')).toContainText('failed twice');
  await expect(scope.text).toHaveValue(TEXT);
  poisoned = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await scope.at(9, 12);
  await expect(scope.fault.locator('p')).toHaveCount(0);
  matches(await scope.see(), inspect(TEXT), 9, 10);
});

test('a run can be interrupted by a new text, by typing letter by letter, and by a step back', async ({
  scope,
  page,
}) => {
  await scope.open();
  await scope.openNumbers();
  await test.step('a new text', async () => {
    const native = inspect('The fox.');
    const count = native.ids.length;
    await scope.text.fill('a '.repeat(600));
    await scope.at(0, 512);
    await scope.last.click();
    await scope.type('The fox.');
    await scope.at(count - 1, count);
    matches(await scope.see(), native, count - 1, count);
  });
  await test.step('letter by letter', async () => {
    const text = 'The fox saw the wood.';
    const native = inspect(text);
    const count = native.ids.length;
    await scope.type('');
    await scope.text.focus();
    await page.keyboard.type(text);
    await scope.at(count - 1, count);
    matches(await scope.see(), native, count - 1, count);
  });
  await test.step('a step back', async () => {
    await scope.tokens.focus();
    await page.keyboard.press('Home');
    await scope.text.fill('a '.repeat(300));
    await scope.at(0, 302);
    await scope.tokens.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    // The run stops after its current step. The playhead is then at this step, and the next key moves on from there.
    const standing = async (): Promise<string> =>
      (await scope.tokens.locator('[aria-selected=true]').textContent())?.replace(/\s+/gu, ' ') ?? '';
    await expect(scope.sentence).toContainText(', and stored');
    await scope.settled();
    const before = await standing();
    await page.keyboard.press('ArrowRight');
    await expect.poll(standing).not.toBe(before);
  });
});

test('the worker’s protocol: runs can be cancelled, a run beyond the text is refused, and the answers equal the native engine’s', async ({
  scope,
  page,
}) => {
  const temperature = 0.7;
  const native = inspect(TEXT, { details: true, loads: true, temperature });
  await scope.open();
  const url = page.workers()[0]?.url() ?? '';
  const said = await page.evaluate(
    async ({ url, text, temperature }) => {
      const bytes = async (name: string) => new Uint8Array(await (await fetch(name)).arrayBuffer());
      const wasm = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('.wasm'))?.name ?? '';
      const worker = new Worker(url);
      interface Said {
        readonly reply: string;
        readonly id?: number;
        readonly fault?: { readonly kind: string };
        readonly answer?: unknown;
        readonly record?: { readonly position: number };
      }
      const heard: Said[] = [];
      let wake: () => void = () => undefined;
      worker.onmessage = ({ data }: MessageEvent<Said>) => {
        heard.push(data);
        wake();
      };
      const until = async (when: (said: Said) => boolean): Promise<Said> => {
        for (;;) {
          const found = heard.find(when);
          if (found) return found;
          await new Promise<void>(resolve => (wake = resolve));
        }
      };
      const ended = (id: number) => until(said => said.id === id && said.reply !== 'record');
      await until(said => said.reply === 'hello');
      worker.postMessage({
        call: 'load',
        id: 1,
        ask: {
          wasm: await bytes(wasm),
          model: {
            config: await bytes('model/config.json'),
            checkpoint: await bytes('model/model.safetensors'),
            tokenizer: await bytes('model/tokenizer.json'),
          },
        },
      });
      const loaded = (await ended(1)).answer as { readonly info: unknown; readonly selectionBiases: unknown };

      // A run that is cancelled after its first record ends early; a run that is cancelled in the queue never starts.
      worker.postMessage({ call: 'set', id: 2, ask: { text: 'a '.repeat(500), appended: [] } });
      worker.postMessage({ call: 'run', id: 3, ask: { from: 0, to: 400 } });
      worker.postMessage({ call: 'run', id: 4, ask: { from: 0, to: 400 } });
      await until(said => said.id === 3 && said.reply === 'record');
      worker.postMessage({ call: 'cancel', id: 4 });
      worker.postMessage({ call: 'cancel', id: 3 });
      const cancelled = [(await ended(3)).fault?.kind, (await ended(4)).fault?.kind];
      const records = (id: number): number[] =>
        heard.filter(said => said.id === id && said.record).map(said => said.record?.position ?? -1);
      const [ran, never] = [records(3), records(4)];

      // The engine refuses a position beyond the text, and keeps working.
      worker.postMessage({ call: 'set', id: 5, ask: { text, appended: [] } });
      worker.postMessage({ call: 'run', id: 6, ask: { from: 0, to: 100 } });
      const refused = (await ended(6)).fault;
      worker.postMessage({ call: 'run', id: 7, ask: { from: 0, to: 11 } });
      await ended(7);
      worker.postMessage({ call: 'detail', id: 8, ask: { run: 'plain', position: 11 } });
      const { position, ...arrays } = (await ended(8)).answer as { readonly position: number } & Readonly<
        Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>
      >;
      worker.postMessage({ call: 'distribution', id: 9, ask: { run: 'plain', position: 10, temperature } });
      const distribution = (await ended(9)).answer;
      worker.postMessage({ call: 'expertLoad', id: 10, ask: { run: 'plain', position: 11 } });
      const load = (await ended(10)).answer;
      worker.terminate();
      return {
        cancelled,
        ran,
        never,
        refused,
        loaded,
        distribution,
        load,
        position,
        arrays: Object.entries(arrays).map(([name, { shape, values }]) => ({ name, shape, values: [...values] })),
      };
    },
    { url, text: TEXT, temperature },
  );
  expect(said.cancelled).toEqual(['cancelled', 'cancelled']);
  expect(said.ran.length).toBeLessThan(400);
  expect(said.ran).toEqual(said.ran.map((_, index) => index));
  expect(said.never).toEqual([]);
  expect(said.refused?.kind).toBe('session');
  const { position, ...arrays } = native.details?.[11] as unknown as { readonly position: number } & Readonly<
    Record<string, readonly unknown[]>
  >;
  expect(said.position).toBe(position);
  expect(said.arrays).toEqual(
    Object.entries(arrays).map(([name, lists]) => {
      const values = lists.flat(2) as number[];
      return { name, shape: shapeOf(lists), values: values.map(float) };
    }),
  );
  expect(said.load).toEqual(floats(native.loads?.[11]));
  const distribution = native.distributions?.[10];
  expect(said.distribution).toEqual(floats(distribution));
  expect(said.loaded.info).toEqual(native.info);
  expect(said.loaded.selectionBiases).toEqual(floats(native.selection_biases));
});

/** The lengths of nested lists, the outermost first. */
function shapeOf(lists: unknown): number[] {
  return Array.isArray(lists) ? [lists.length, ...shapeOf(lists[0])] : [];
}

/** A copy of `value` with each number rounded to float32. */
function floats(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === 'number' ? float(inner) : inner,
  ) as unknown;
}
