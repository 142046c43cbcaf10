// How the page is built: plain static files with relative addresses, that work under any path and a strict policy; and
// beside them the module with the element, under a name that stays.

import { defineConfig } from 'vite';

const MODULES = ['moescope', 'define'];

export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    manifest: true,
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
  // A classic script: it also runs from a blob.
  worker: { format: 'iife' },
});
