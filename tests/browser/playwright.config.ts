// Tests of the built page in Chromium. Two servers send the page with a strict content security policy: one at the root
// path, one under a longer path. `cargo xtask test browser` builds the page first and sets MOESCOPE_CHROMIUM.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { BASE, ROOT_URL, SUB_URL } from './support/addresses';
import { RESULTS } from './support/native';

const server = (port: string, base: string) => ({
  command: `cargo xtask serve --no-build --port ${port} --base ${base}`,
  cwd: '../..',
  url: `http://127.0.0.1:${port}${base}`,
  reuseExistingServer: false,
  // xtask may have to be compiled first.
  timeout: 300_000,
});

/** MOESCOPE_SHARD=K/N runs part K of N of the tests. Without this variable, all tests run. */
const [current, total] = (process.env['MOESCOPE_SHARD'] ?? '').split('/').map(Number);

// Playwright's workers also read this file. They inherit the variable, so only the first process makes the folder.
if (!process.env[RESULTS]) {
  const folder = mkdtempSync(join(tmpdir(), 'moescope-native-'));
  process.env[RESULTS] = folder;
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
}

export default defineConfig({
  shard: current && total ? { current, total } : null,
  outputDir: 'results',
  reporter: 'list',
  globalSetup: './support/native-setup.ts',
  // `cargo xtask test all` also runs the tests tagged @all.
  grepInvert: process.env['MOESCOPE_TESTS'] === 'all' ? [] : /@all/,
  fullyParallel: true,
  // One more than CI's two cores, because tests often wait for the page or the engine. Six workers also passed.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: ROOT_URL,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env['MOESCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: [server(new URL(ROOT_URL).port, '/'), server(new URL(SUB_URL).port, BASE)],
});
