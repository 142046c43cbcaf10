// The packed npm package, installed by a project as users install it, and shown in Debian's Chromium.
// `cargo xtask test package` packs it first and names the tarball in MOESCOPE_PACKAGE, the browser in MOESCOPE_CHROMIUM
// and the native engine in MOESCOPE_INSPECT.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  outputDir: 'results',
  reporter: 'list',
  // One worker: one project has the package for all tests.
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
