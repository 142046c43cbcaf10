// Build of the notebook widget: one module with the engine and the model, which `cargo xtask build` packs into
// `pkg/packed.json` first. It then puts the module into the Python package.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { inlined } from './vite.inlined';

export default defineConfig({
  ...inlined('widget', 'src/faces/notebook.ts', 'es'),
  // A notebook cannot load the site's files, so they are embedded.
  resolve: {
    alias: [
      {
        find: '../start/sources',
        replacement: fileURLToPath(new URL('src/start/embedded-sources.ts', import.meta.url)),
      },
    ],
  },
});
