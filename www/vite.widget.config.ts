// The notebook widget: everything in one module, with the engine and the model. `cargo xtask build` packs these into
// `pkg/packed.json` first, and puts the module into the Python package.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { inlined } from './vite.inlined';

export default defineConfig({
  ...inlined('widget', 'src/faces/notebook.ts', 'es'),
  // A notebook has no folder of the site beside it.
  resolve: {
    alias: [
      {
        find: '../start/sources',
        replacement: fileURLToPath(new URL('src/start/embedded-sources.ts', import.meta.url)),
      },
    ],
  },
});
