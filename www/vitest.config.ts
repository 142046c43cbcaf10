// Unit tests: what needs no browser. Everything that a browser draws is tested in `tests/browser`.

import { defineConfig } from 'vitest/config';

// Lit's production build, which is what the page has: the other one warns that it is not.
process.env.NODE_ENV = 'production';

export default defineConfig({
  test: { environment: 'node', include: ['src/**/*.test.ts', '*.test.js'] },
});
