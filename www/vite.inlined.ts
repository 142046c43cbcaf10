// Build of a script that contains everything, for places where it cannot load other files.

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
        // The script has no files beside it; the engine gets its files from memory.
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
