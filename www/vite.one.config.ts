// The script of the one file: everything in a classic script, for a page that may load nothing. `cargo xtask build` puts
// it into `dist/moescope.html` with the engine and the model.

import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'pkg/one',
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rolldownOptions: {
      input: { one: 'src/one.ts' },
      // Nothing is beside the file: what the engine would look for there it is given.
      transform: { define: { 'import.meta': '{}' } },
      output: {
        format: 'iife',
        codeSplitting: false,
        entryFileNames: '[name].js',
        assetFileNames: '[name][extname]',
      },
    },
  },
});
