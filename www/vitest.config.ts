// Unit tests of code that needs no browser. `tests/browser` tests the pictures.

import { defineConfig } from 'vitest/config';

// Lit's production build, as in the page; its development build prints a warning.
process.env.NODE_ENV = 'production';

export default defineConfig({
  test: { environment: 'node', include: ['src/**/*.test.ts', '*.test.{js,ts}'] },
});
