// Headless Chromium before a server of its own: does a build's tasks, sees what the site's first visit takes, and opens
// the site for whoever looks at it.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

// The browser tests' Playwright.
const { chromium } = createRequire(new URL('../browser/package.json', import.meta.url))('@playwright/test');

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

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

/** By task, the best time of each of its parts and the work done in all of them; `build` is wasm-pack's folder. */
export function measure(browser, build, model, rounds) {
  const folders = { '/build/': pathToFileURL(`${build}/`), '/model/': model, '/': new URL('.', import.meta.url) };
  return onPage(browser, folders, async (page, address) => {
    await page.goto(`${address}page.html`);
    return page.evaluate(rounds => globalThis.measure(rounds), rounds);
  });
}

/** What the built site asks its server for until it is at rest, the first token shown: path and bytes. */
export function firstVisit(browser, dist) {
  return onPage(browser, { '/': dist }, async (page, address, served) => {
    await page.goto(address, { waitUntil: 'networkidle' });
    return [...served].map(([path, bytes]) => ({ path, bytes }));
  });
}

/** Opens the built site, in a page of its own, for `use`. */
export function onSite(browser, dist, options, use) {
  return onPage(browser, { '/': dist }, use, options);
}

/** Opens a page on folders served by the start of their paths, and hands it to `use` with what is served. */
async function onPage(browser, folders, use, options = {}) {
  const served = new Map();
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname.replace(/\/$/, '/index.html');
    const start = Object.keys(folders).find(start => path.startsWith(start));
    const bytes = await readFile(new URL(path.slice(start.length), folders[start])).catch(() => null);
    if (bytes) served.set(path, bytes);
    response.writeHead(bytes ? 200 : 404, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      // An isolated page has the finer clock: 5 us instead of 100.
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    response.end(bytes ?? undefined);
  });
  await new Promise(listening => server.listen(0, '127.0.0.1', listening));
  const page = await browser.newPage(options);
  try {
    return await use(page, `http://127.0.0.1:${server.address().port}/`, served);
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
  }
}
