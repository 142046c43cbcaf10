// Headless Chromium on the project's static server: runs the tasks of a wasm build, lists the files that a first visit
// of the site loads, and opens the site for other scripts.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serve } from '../../www/serve.mjs';

// Playwright is installed in tests/browser.
const { chromium } = createRequire(new URL('../browser/package.json', import.meta.url))('@playwright/test');

export function launch() {
  return chromium.launch({
    executablePath: process.env.MOESCOPE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** For each task: the best time of each part, and the work of all parts. `build` is wasm-pack's output folder. */
export function measure(browser, build, model, rounds) {
  const folders = { '/build/': pathToFileURL(`${build}/`), '/model/': model, '/': new URL('.', import.meta.url) };
  return onPage(browser, folders, async (page, address) => {
    await page.goto(`${address}page.html`);
    return page.evaluate(rounds => globalThis.measure(rounds), rounds);
  });
}

/** The files that a first visit of the built site loads until the network is idle, each with its path and its bytes. */
export function firstVisit(browser, dist) {
  return onPage(browser, { '/': dist }, async (page, address, sent) => {
    await page.goto(address, { waitUntil: 'networkidle' });
    return [...sent].map(([path, file]) => ({ path, bytes: readFileSync(file) }));
  });
}

/** Serves the built site, and calls `use` with a new page and the site's address. */
export function onSite(browser, dist, options, use) {
  return onPage(browser, { '/': dist }, use, options);
}

/** Serves folders, each at its base path. `use` gets a new page, the server's address, and the files sent so far. */
async function onPage(browser, folders, use, options = {}) {
  const sent = new Map();
  const server = await serve(
    Object.fromEntries(Object.entries(folders).map(([base, folder]) => [base, fileURLToPath(folder)])),
    {
      port: 0,
      // With these headers the page is cross-origin isolated, and its clock has steps of 5 us instead of 100 us.
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      onFile: (path, file) => sent.set(path, file),
    },
  );
  const page = await browser.newPage(options);
  try {
    return await use(page, server.address, sent);
  } finally {
    await page.close();
    await server.close();
  }
}
