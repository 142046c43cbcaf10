// Build of the page: static files with relative addresses, which work under any path and a strict content security
// policy. The element's modules have fixed names.

import { defineConfig } from 'vite';

const MODULES = ['moescope', 'define'];

export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: 'index.html',
        embed: 'embed.html',
        moescope: 'src/faces/element.ts',
        define: 'src/faces/define.ts',
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: ({ name }) => (MODULES.includes(name) ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  // A classic script, because it must also run from a blob.
  worker: { format: 'iife' },
});
