// Settings for a script that contains everything, for pages that cannot load other files of the site.

import type { UserConfig } from 'vite';
import { listModules } from './vite.bundled';

/**
 * The oldest versions that support both `light-dark()` and `AbortSignal.any`. For older browsers, Vite would replace
 * `light-dark()` with variables, which do not change with the `color-scheme` that the element inherits.
 */
export const CSS_TARGET = ['chrome123', 'firefox124', 'safari17.5'];

export function inlined(name: string, entry: string, format: 'iife' | 'es'): UserConfig {
  return {
    base: './',
    publicDir: false,
    plugins: [listModules(name)],
    build: {
      target: 'es2022',
      cssTarget: CSS_TARGET,
      outDir: `pkg/${name}`,
      modulePreload: false,
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      rolldownOptions: {
        input: { [name]: entry },
        preserveEntrySignatures: 'allow-extension',
        // The engine gets its files from the page and loads none by `import.meta.url`.
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
