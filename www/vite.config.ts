// Builds the page as static files with relative addresses, which work at any path and under a strict content security
// policy. Also builds the two modules of the element, whose file names have no hash.

import { defineConfig } from 'vite';
import { publicAddress } from './vite.address';
import { listModules } from './vite.bundled';
import { CSS_TARGET } from './vite.inlined';

const MODULES = ['moescope', 'define'];

export default defineConfig({
  base: './',
  plugins: [publicAddress(), listModules('site')],
  build: {
    target: 'es2022',
    cssTarget: CSS_TARGET,
    // `cargo xtask build` moves the manifest to pkg/manifest.json.
    manifest: true,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: 'index.html',
        embed: 'embed.html',
        about: 'about.html',
        moescope: 'src/faces/element.ts',
        define: 'src/faces/define.ts',
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: ({ name }) => (MODULES.includes(name) ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  // The worker is a classic script, because the single file runs it from a blob.
  worker: { format: 'iife', plugins: () => [listModules('worker')] },
});
