// Tests of the built page in an unmodified Firefox (Debian's firefox-esr). The project's server sends a strict Content
// Security Policy. `cargo xtask test firefox` builds the page first and sets MOESCOPE_FIREFOX (the browser) and
// MOESCOPE_INSPECT (the native engine).

import { defineConfig } from '@playwright/test';
import { firefox } from './support/firefox';

/** A port that tests/browser does not use. */
const PORT = Number(process.env['MOESCOPE_TEST_PORT'] ?? 4193) + 2;
const URL = `http://127.0.0.1:${PORT}/`;

export default defineConfig({
  outputDir: 'results',
  reporter: 'list',
  // `cargo xtask test all` also runs the tests tagged @all.
  grepInvert: process.env['MOESCOPE_TESTS'] === 'all' ? [] : /@all/,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    browserName: 'firefox',
    // The distributed Firefox, controlled by WebDriver BiDi, not Playwright's patched Firefox.
    channel: 'moz-firefox',
    baseURL: URL,
    viewport: { width: 1440, height: 900 },
    launchOptions: firefox({ dark: false, calm: false }),
  },
  webServer: {
    command: `cargo xtask serve --no-build --port ${PORT}`,
    cwd: '../..',
    url: URL,
    reuseExistingServer: false,
    // xtask may have to be compiled first.
    timeout: 300_000,
  },
});
