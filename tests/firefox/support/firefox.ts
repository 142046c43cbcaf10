// How Firefox is started. WebDriver BiDi cannot set the colour scheme or reduced motion of a page: these are
// preferences of the whole browser, so a test file that needs them starts its own browser.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Person {
  /** Prefers dark colours. */
  readonly dark: boolean;
  /** Prefers reduced motion. */
  readonly calm: boolean;
}

export function firefox({ dark, calm }: Person) {
  // A home folder for Firefox: it writes files there, and as root it refuses to run in another user's home folder.
  const home = fileURLToPath(new URL('../results/home/', import.meta.url));
  mkdirSync(home, { recursive: true });
  return {
    executablePath: process.env['MOESCOPE_FIREFOX'] ?? '/usr/bin/firefox-esr',
    env: { ...process.env, HOME: home } as Record<string, string>,
    firefoxUserPrefs: {
      'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
      'ui.systemUsesDarkTheme': dark ? 1 : 0,
      'ui.prefersReducedMotion': calm ? 1 : 0,
    },
  };
}
