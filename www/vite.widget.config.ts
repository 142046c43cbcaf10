// The notebook widget: one module with the engine and the model. `cargo xtask build` packs both into `pkg/packed.json`
// before this build, and copies the module into the Python package after it.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { inlined } from './vite.inlined';

export default defineConfig({
  ...inlined('widget', 'src/faces/notebook.ts', 'es'),
  // A notebook cannot load the files of the site, so they are embedded.
  resolve: {
    alias: [
      {
        find: '../start/sources',
        replacement: fileURLToPath(new URL('src/start/embedded-sources.ts', import.meta.url)),
      },
    ],
  },
});
