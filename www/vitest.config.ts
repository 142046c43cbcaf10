// Unit tests, which need no browser. Drawing is tested in `tests/browser`.

import { defineConfig } from 'vitest/config';

// Use Lit's production build, as the page does; the development build prints warnings.
process.env.NODE_ENV = 'production';

export default defineConfig({
  test: { environment: 'node', include: ['src/**/*.test.ts', '*.test.js'] },
});
