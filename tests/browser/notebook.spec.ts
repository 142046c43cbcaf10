// The notebook widget: in the HTML that nbconvert writes, where no Python runs; and in JupyterLab, where the page and
// Python have the same state. MOESCOPE_PYTHON is the path of a Python with the packages of tests/hosts/requirements.txt.

import { expect, test } from '@playwright/test';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { inspect, PROJECT } from './support/native';
import { usedExperts } from './support/printed';
import { contains, SOON } from './support/soon';

const TEXT = 'The fox ran.';
const NATIVE = inspect(TEXT);
const TOP = NATIVE.info.num_hidden_layers - 1;
const SCOPE = `scope = moescope.Scope(text="${TEXT}", view="router", token=2)`;

/** The folder of the notebooks. */
let home = '';

test.beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'moescope-notebook-'));
});

test.afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Environment variables that make Jupyter use only folders of this test, and not those of the user's Jupyter. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PYTHONPATH: join(PROJECT, 'python/src'),
    PYTHONDONTWRITEBYTECODE: '1',
    IPYTHONDIR: join(home, 'ipython'),
    JUPYTER_CONFIG_DIR: join(home, 'config'),
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: join(home, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'),
    JUPYTER_PREFER_ENV_PATH: '1',
  };
}

function python(): string {
  const path = process.env['MOESCOPE_PYTHON'];
  if (!path) throw new Error('MOESCOPE_PYTHON is not set: it names a Python with tests/hosts/requirements.txt');
  return path;
}

/** Writes a notebook into the folder and returns its path. */
function notebook(name: string, ...cells: readonly string[]): string {
  const path = join(home, name);
  const cell = (source: string, index: number): object => ({
    cell_type: 'code',
    id: `cell-${index}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  });
  const metadata = { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } };
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: cells.map(cell) }));
  return path;
}

/** Converts a notebook to a page and returns the page's path. */
async function convert(path: string, ...options: readonly string[]): Promise<string> {
  await promisify(execFile)(python(), ['-m', 'nbconvert', '--to', 'html', ...options, path], {
    cwd: home,
    env: environment(),
  });
  return path.replace(/ipynb$/u, 'html');
}

const expectedSentence = (position: number, layer = TOP): string => usedExperts(NATIVE, position, layer);

const sentence = (place: FrameLocator | Locator): Locator => place.locator('moe-status').getByRole('status');

/** Opens a file without a network. Returns a list to which each address that its frame requests is added. */
async function openAlone(page: Page, path: string): Promise<string[]> {
  const asked: string[] = [];
  page.on('request', request => {
    if (request.frame() !== page.mainFrame()) asked.push(request.url());
  });
  await page.route(
    url => url.protocol !== 'file:',
    route => route.abort(),
  );
  await page.goto(pathToFileURL(path).href);
  return asked;
}

test('nbconvert runs a notebook and writes a page that works offline', async ({ page }) => {
  const path = await convert(notebook('static.ipynb', `import moescope\n${SCOPE}\nscope`), '--execute');
  // The page contains the view as HTML, because the widget's own data needs Python.
  expect(readFileSync(path, 'utf8')).not.toContain('application/vnd.jupyter.widget');
  const asked = await openAlone(page, path);
  const frame = page.frameLocator('iframe');
  await contains(sentence(frame), expectedSentence(2));
  await expect(frame.locator('moe-router')).toBeVisible();
  const next = frame.getByRole('button', { name: 'Next token', exact: true });
  await next.click();
  await contains(sentence(frame), expectedSentence(3));
  await next.press('ArrowLeft');
  await contains(sentence(frame), expectedSentence(2));
  for (const width of [1200, 600]) {
    await page.setViewportSize({ width, height: 700 });
    await expect(async () => {
      const content = await frame.locator('moe-alone').evaluate(alone => alone.getBoundingClientRect());
      const outside = await page.locator('iframe').boundingBox();
      expect(content.width).toBe(outside?.width);
      expect(Math.ceil(content.height)).toBe(outside?.height);
    }).toPass();
  }
  expect(asked.filter(url => !/^(?:blob|data|about):/u.test(url))).toEqual([]);
});

/** A notebook that is open in JupyterLab. */
class Lab {
  #count = 0;

  constructor(readonly page: Page) {}

  cell(index: number): Locator {
    return this.page.locator('.jp-Notebook .jp-CodeCell').nth(index);
  }

  scope(index: number): Locator {
    return this.cell(index).locator('moe-scope');
  }

  /** Runs a cell. Tries again while JupyterLab is starting, because it then ignores keys. */
  async run(index: number): Promise<void> {
    await expect(async () => {
      await this.cell(index).locator('.cm-content').click();
      await this.page.keyboard.press('Control+Enter');
      await expect(this.cell(index).locator('.jp-InputPrompt')).toHaveText(/[\d*]/u, { timeout: 1000 });
    }).toPass();
  }

  /** Runs a statement in the last cell and returns the value of an expression after it. */
  async python(statement: string, expression = 'None'): Promise<string> {
    const cell = this.page.locator('.jp-Notebook .jp-CodeCell').last();
    const mark = `said ${++this.#count}:`;
    await cell.locator('.cm-content').fill(`${statement}; print("${mark}", ${expression})`);
    await this.page.keyboard.press('Control+Enter');
    const outputs = cell.locator('.jp-OutputArea-output');
    let said = '';
    await expect.poll(async () => (said = (await outputs.allInnerTexts()).at(-1) ?? ''), SOON).toContain(mark);
    return said.slice(mark.length).trim();
  }

  /** The value of an expression in Python. */
  value(expression: string): Promise<string> {
    return this.python('pass', expression);
  }
}

test.describe('in JupyterLab', () => {
  let server: ChildProcess;
  let port = 0;

  test.beforeAll(async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    port = typeof address === 'object' && address ? address.port : 0;
    free.close();
    await once(free, 'close');
    notebook('lab.ipynb', `import moescope\n${SCOPE}\nscope`, 'other = moescope.Scope(text="The"); other', 'None');
    const options = [
      `--ServerApp.port=${port}`,
      '--ServerApp.port_retries=0',
      '--ServerApp.ip=127.0.0.1',
      `--ServerApp.root_dir=${home}`,
      '--ServerApp.allow_root=True',
      '--ServerApp.terminals_enabled=False',
      '--ServerApp.open_browser=False',
      '--IdentityProvider.token=',
      '--LabApp.news_url=None',
      '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
    ];
    server = spawn(python(), ['-m', 'jupyterlab', ...options], { cwd: home, env: environment(), stdio: 'ignore' });
    await expect(async () => {
      expect(server.exitCode).toBeNull();
      expect((await fetch(`http://127.0.0.1:${port}/api/status`)).ok).toBe(true);
    }).toPass({ timeout: 60_000, intervals: [100] });
  });

  test.afterAll(async () => {
    if (server.exitCode !== null) return;
    const ended = once(server, 'exit');
    // The server ends its kernels before it exits.
    server.kill('SIGTERM');
    await ended;
  });

  test('the page and Python have the same state', async ({ page }) => {
    // The test opens JupyterLab and runs some thirty cells.
    test.slow();
    const asked: string[] = [];
    page.on('request', request => asked.push(request.url()));
    await page.goto(`http://127.0.0.1:${port}/doc/tree/lab.ipynb`);
    const lab = new Lab(page);
    await lab.run(0);
    await contains(sentence(lab.scope(0)), expectedSentence(2));
    await expect(lab.cell(0).locator('iframe')).toHaveCount(0);

    await test.step('Python has the state and the record of a step in the page', async () => {
      await lab.scope(0).getByRole('button', { name: 'Next token', exact: true }).click();
      await contains(sentence(lab.scope(0)), expectedSentence(3));
      await expect.poll(() => lab.python('import json', 'scope.token'), SOON).toBe('3');
      expect(await lab.value('scope.state')).toContain(`token=3&layer=${TOP}&view=router`);
      const record = await lab.value('json.dumps(scope.record)');
      const { position, token, routes } = JSON.parse(record) as (typeof NATIVE.records)[number];
      expect({ position, token }).toEqual({ position: 3, token: NATIVE.ids[3] });
      const experts = (of: typeof routes): unknown => of.map(({ layer, experts }) => [layer, experts]);
      expect(experts(routes)).toEqual(experts(NATIVE.records[3]?.routes ?? []));
    });

    await test.step('the page shows each change in Python', async () => {
      await lab.python('scope.token = 1');
      await contains(sentence(lab.scope(0)), expectedSentence(1));
      await lab.python('scope.token, scope.layer = 2, 3');
      await contains(sentence(lab.scope(0)), expectedSentence(2, 3));
      await lab.python('scope.view = "cache"');
      await expect(lab.scope(0).locator('moe-cache')).toBeVisible();
      await lab.python('scope.view = scope.layer = None');
      await expect(lab.scope(0).locator('moe-roll')).toBeVisible();
      await contains(sentence(lab.scope(0)), expectedSentence(2));
      await lab.python('scope.step()');
      await contains(sentence(lab.scope(0)), expectedSentence(3));
      await lab.python('scope.step(-2)');
      await contains(sentence(lab.scope(0)), expectedSentence(1));
      await lab.python('scope.seek(2)');
      await contains(sentence(lab.scope(0)), expectedSentence(2));
      await expect.poll(() => lab.value('scope.token'), SOON).toBe('2');
      await lab.python('scope.speed = 8; scope.play()');
      await contains(sentence(lab.scope(0)), expectedSentence(NATIVE.ids.length - 1));
      await lab.python(`scope.state = "#v=1&text=${TEXT.replaceAll(' ', '+')}&token=2&view=router&layer=3"`);
      await contains(sentence(lab.scope(0)), expectedSentence(2, 3));
    });

    await test.step('a field out of range is an error in Python', async () => {
      await lab.python('scope.layer = 77');
      await expect.poll(() => lab.value('scope.error'), SOON).toContain('There is no layer 77');
      expect(await lab.value('scope.layer')).toBe(String(TOP));
      await lab.python('scope.layer = 3');
      await contains(sentence(lab.scope(0)), expectedSentence(2, 3));
      expect(await lab.value('scope.error')).toBe('');
    });

    await test.step('dismissing an alert in the page clears the error in Python', async () => {
      await lab.python('scope.layer = 77');
      await expect.poll(() => lab.value('scope.error'), SOON).toContain('There is no layer 77');
      await lab.scope(0).getByRole('button', { name: 'Dismiss' }).click();
      await expect.poll(() => lab.value('repr(scope.error)'), SOON).toBe("''");
      await lab.python('scope.layer = 3');
      await contains(sentence(lab.scope(0)), expectedSentence(2, 3));
    });

    await test.step('the widget follows JupyterLab’s theme, unless it has its own theme', async () => {
      const ground = (): Promise<string> =>
        lab
          .scope(0)
          .locator('moe-alone')
          .evaluate(shell => getComputedStyle(shell).backgroundColor);
      const turn = async (theme: string): Promise<void> => {
        await page.getByRole('menuitem', { name: 'Settings', exact: true }).click();
        // In JupyterLab, menu items that open another menu have no role.
        const item = (name: string): Locator => page.locator('.lm-Menu-item').getByText(name, { exact: true });
        await item('Theme').hover();
        await item(theme).click();
      };
      await turn('JupyterLab Dark');
      await expect.poll(ground, SOON).toBe('rgb(16, 19, 22)');
      await lab.python('scope.theme = "light"');
      await expect.poll(ground, SOON).toBe('rgb(255, 255, 255)');
      await lab.python('scope.theme = None');
      await expect.poll(ground, SOON).toBe('rgb(16, 19, 22)');
      await turn('JupyterLab Light');
      await expect.poll(ground, SOON).toBe('rgb(255, 255, 255)');
    });

    await test.step('the output of the cell contains the picture', async () => {
      await expect.poll(() => lab.value('"layer=3" in scope.picture'), SOON).toBe('True');
      expect(await lab.value('sorted(scope._repr_mimebundle_()[0])')).toBe(
        "['application/vnd.jupyter.widget-view+json', 'image/svg+xml', 'text/html', 'text/plain']",
      );
    });

    await test.step('while the widget has the focus, keys step it; without the focus, keys go to JupyterLab', async () => {
      const active = page.locator('.jp-Notebook .jp-Cell.jp-mod-active');
      const cells = page.locator('.jp-Notebook .jp-Cell');
      await lab.cell(0).locator('.cm-content').click();
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      await expect(active).toHaveAttribute('data-windowed-list-index', '1');
      await page.keyboard.press('b');
      await expect(cells).toHaveCount(4);
      await page.keyboard.press('d');
      await page.keyboard.press('d');
      await expect(cells).toHaveCount(3);
      await contains(sentence(lab.scope(0)), expectedSentence(2, 3));
      await lab.scope(0).getByRole('button', { name: 'Next token', exact: true }).focus();
      for (const key of ['ArrowRight', 'b', 'd', 'd', 'a', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
      await contains(sentence(lab.scope(0)), expectedSentence(1, 3));
      await expect(cells).toHaveCount(3);
      await lab.scope(0).getByRole('textbox', { name: 'Text' }).fill('');
      await page.keyboard.type('bad day');
      await expect.poll(() => lab.value('scope.text'), SOON).toBe('bad day');
      await expect(cells).toHaveCount(3);
    });

    await test.step('two cells share one engine', async () => {
      await lab.run(1);
      await contains(sentence(lab.scope(1)), '“The”');
      expect(page.workers().filter(worker => worker.url().startsWith('blob:'))).toHaveLength(1);
      await expect.poll(() => lab.value('scope.text + "|" + other.text'), SOON).toBe('bad day|The');
    });

    await test.step('the saved notebook converts to a page that works without Python', async () => {
      await page.keyboard.press('Control+s');
      const saved = join(home, 'lab.ipynb');
      await expect.poll(() => readFileSync(saved, 'utf8').includes('srcdoc'), SOON).toBe(true);
      // nbconvert runs in the server, because its modules are already loaded there.
      const headers = { Referer: `http://127.0.0.1:${port}/` };
      const response = await fetch(`http://127.0.0.1:${port}/nbconvert/html/lab.ipynb`, { headers });
      expect(response.ok).toBe(true);
      const converted = join(home, 'saved.html');
      writeFileSync(converted, await response.text());
      const other = await page.context().newPage();
      await openAlone(other, converted);
      await contains(sentence(other.frameLocator('iframe').first()), expectedSentence(2));
    });

    const outside = asked.filter(url => !url.startsWith(`http://127.0.0.1:${port}/`) && !/^(?:blob|data):/u.test(url));
    expect(outside).toEqual([]);
  });
});
