// Tests of the packed npm package, installed in a temporary project, in Debian's Chromium. `cargo xtask test package`
// packs the package first and sets MOESCOPE_PACKAGE (the tarball), MOESCOPE_CHROMIUM (the browser) and MOESCOPE_INSPECT
// (the native engine).

import { defineConfig } from '@playwright/test';

export default defineConfig({
  outputDir: 'results',
  reporter: 'list',
  // One worker, because all tests share one project with the package.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env['MOESCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    },
  },
});
