// How a script is built that has everything in it, for a place where nothing is beside it.

import type { UserConfig } from 'vite';

export function inlined(name: string, entry: string, format: 'iife' | 'es'): UserConfig {
  return {
    base: './',
    publicDir: false,
    build: {
      target: 'es2022',
      outDir: `pkg/${name}`,
      modulePreload: false,
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      rolldownOptions: {
        input: { [name]: entry },
        preserveEntrySignatures: 'allow-extension',
        // Nothing is beside the file: what the engine would look for there it is given.
        transform: { define: { 'import.meta': '{}' } },
        output: {
          format,
          codeSplitting: false,
          entryFileNames: '[name].js',
          assetFileNames: '[name][extname]',
        },
      },
    },
  };
}
