// The recipes of docs/embedding.md put the widget into pages of other tools. The tests run MkDocs and mdBook, and
// imitate the HTML of Quarto, MyST, Moodle and Canvas, whose real pages would load parts from other sites.

import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import { scrollWidth } from './support/journey';
import type { Served } from './support/files';
import { serve } from './support/files';
import { inspect, PROJECT } from './support/native';
import { must, usedExperts } from './support/printed';
import { expect, test } from './support/scope';
import { contains } from './support/soon';

const DIST = join(PROJECT, 'www/dist');
const NATIVE = inspect('The fox ran.');
const [TOKEN, LAYER] = [2, 3];
const expectedSentence = (position: number): string => usedExperts(NATIVE, position, LAYER);

/** The code blocks of a recipe, which is a section of docs/embedding.md, by language. */
async function recipe(heading: string): Promise<Map<string, string>> {
  const docs = await readFile(join(PROJECT, 'docs/embedding.md'), 'utf8');
  const [, after = ''] = docs.split(`\n## ${heading}\n`);
  const [section = ''] = after.split(/\n## /u);
  const blocks = [...section.matchAll(/^(`{3,})(\w+)\n([\s\S]*?)^\1$/gmu)];
  return new Map(blocks.map(([, , language = '', code = '']) => [language, code]));
}

/** The path of a tool's program, from an environment variable that `cargo xtask test` sets. */
const tool = (variable: string): string => must(process.env[variable]);

const sentence = (inside: Locator | FrameLocator): Locator => inside.locator('moe-status').getByRole('status');
const next = (inside: Locator | FrameLocator): Locator =>
  inside.getByRole('button', { name: 'Next token', exact: true });

let folder: string;
let served: Served | undefined;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moescope-host-'));
});

test.afterEach(async ({ page }) => {
  // Stops the requests of the page before the server is closed.
  await page.goto('about:blank');
  await served?.close();
  served = undefined;
  await rm(folder, { recursive: true });
});

/** Writes the host's files, and copies the built site into the folder `site` beside them. */
async function write(files: Readonly<Record<string, string>>, site: string): Promise<void> {
  await cp(DIST, join(folder, site), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

async function open(page: Page, built: string): Promise<void> {
  served = await serve(join(folder, built));
  await page.goto(served.address);
}

/** Checks that the widget appears, steps, and is never wider than its parent. */
async function works(page: Page, widget: Locator): Promise<void> {
  await contains(sentence(widget), expectedSentence(TOKEN));
  await expect(widget.locator('moe-router')).toBeVisible();
  await next(widget).click();
  await contains(sentence(widget), expectedSentence(TOKEN + 1));
  for (const width of [375, 1200]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => scrollWidth(page)).toBeLessThanOrEqual(width);
    const over = (): Promise<number> =>
      widget.evaluate(({ parentElement, clientWidth }) => clientWidth - (parentElement?.clientWidth ?? 0));
    await expect.poll(over).toBeLessThanOrEqual(0);
  }
  await contains(sentence(widget), expectedSentence(TOKEN + 1));
}

test('MkDocs: the widget steps, and takes keys only while it has the focus', async ({ page }) => {
  const code = await recipe('MkDocs');
  await write(
    {
      // Without `highlightjs: false`, MkDocs would load highlight.js from another site.
      'mkdocs.yml': `site_name: Course\ntheme:\n  name: mkdocs\n  highlightjs: false\n${must(code.get('yaml'))}`,
      'docs/index.md': `# Experts\n\nHere they are.\n\n${must(code.get('html'))}\n\nThat was it.\n`,
      'docs/second.md': '# Second\n',
    },
    'docs/moescope',
  );
  execFileSync(tool('MOESCOPE_PYTHON'), ['-m', 'mkdocs', 'build', '--quiet', '--strict'], { cwd: folder });
  await open(page, 'site');
  const widget = page.locator('moe-scope');
  await works(page, widget);
  // MkDocs opens its search with the key s and the next page with n, but not while the focus is in the widget.
  const box = widget.getByRole('textbox', { name: 'Text' });
  await box.press('End');
  await page.keyboard.type(' sun');
  await expect(box).toHaveValue('The fox ran. sun');
  await expect(page.locator('#mkdocs_search_modal')).toBeHidden();
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await expect(page.locator('#mkdocs_search_modal')).toBeVisible();
});

test('mdBook: arrow keys step the widget while it has the focus, and turn the book’s pages while it does not', async ({
  page,
}) => {
  const code = await recipe('mdBook');
  await write(
    {
      'book.toml': '[book]\ntitle = "Course"\n',
      'src/SUMMARY.md': '# Summary\n\n- [First](first.md)\n- [Second](second.md)\n',
      'src/first.md': `# First\n\n${must(code.get('html'))}\n`,
      'src/second.md': '# Second\n',
    },
    'src/moescope',
  );
  execFileSync(tool('MOESCOPE_MDBOOK'), ['build'], { cwd: folder, stdio: 'pipe' });
  await open(page, 'book');
  const widget = page.locator('moe-scope');
  await works(page, widget);
  await widget.getByRole('button', { name: 'Previous token' }).focus();
  await page.keyboard.press('ArrowLeft');
  await contains(sentence(widget), expectedSentence(TOKEN));
  await page.keyboard.press('ArrowRight');
  await contains(sentence(widget), expectedSentence(TOKEN + 1));
  await expect(page.getByRole('heading', { name: 'First' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('heading', { name: 'Second' })).toBeVisible();
});

test('Quarto, MyST, Moodle and Canvas: the code of the recipes works in the HTML of these tools', async ({ page }) => {
  const quarto = must((await recipe('Quarto')).get('markdown'));
  const [, block] = /^```\{=html\}\n([\s\S]*?)^```$/mu.exec(quarto) ?? [];
  expect(quarto).toContain('resources: moescope/');
  const myst = must((await recipe('MyST, Jupyter Book')).get('markdown'));
  const [, address] = /^:::\{iframe\} (\S+)$/mu.exec(myst) ?? [];
  const source = must(address).replace('https://your.site/', '').replaceAll('&', '&amp;');
  const course = must((await recipe('One file')).get('html')).replace(
    /src="[^"]*"/u,
    'src="moescope.html#v=1&amp;view=router&amp;text=The+fox+ran.&amp;token=2&amp;layer=3"',
  );
  await write(
    {
      'index.html': `<!doctype html><html lang="en"><title>Experts</title><body class="fullcontent">
        <div id="quarto-content" class="page-columns page-rows-contents page-layout-article">
        <main class="content" id="quarto-document-content">${must(block)}</main></div></body></html>`,
      'frames/index.html': `<!doctype html><html lang="en"><title>Experts</title><base href="../"><body><figure>
        <div style="position: relative; display: inline-block; padding-bottom: 60%; width: 100%"><iframe
        loading="lazy" width="100%" height="100%" src="${source}" allowfullscreen
        style="width: 100%; height: 100%; position: absolute; top: 0; left: 0; border: none"></iframe></div>
        </figure>${course}</body></html>`,
    },
    'moescope',
  );
  await cp(join(DIST, 'moescope.html'), join(folder, 'moescope.html'));

  await test.step('Quarto: the raw block of a page', async () => {
    await open(page, '.');
    await works(page, page.locator('moe-scope'));
  });

  await page.goto(`${must(served).address}frames/`);
  for (const [index, name] of [
    'MyST: the frame of its directive',
    'Moodle, Canvas: an uploaded file in a frame',
  ].entries()) {
    await test.step(name, async () => {
      const outside = page.locator('iframe').nth(index);
      await outside.scrollIntoViewIfNeeded();
      const frame = outside.contentFrame();
      await contains(sentence(frame), expectedSentence(TOKEN));
      await next(frame).click();
      await contains(sentence(frame), expectedSentence(TOKEN + 1));
    });
  }
});
