// How the page is built: plain static files with relative addresses, that work under any path and a strict policy.

import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', 'embed.html'] },
  },
  // A classic script: it also runs from a blob.
  worker: { format: 'iife' },
});
