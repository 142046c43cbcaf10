// The script of the single file: one classic script, for a page that may load nothing. `cargo xtask build` writes the
// script, the engine and the model into `dist/moescope.html`.

import { defineConfig } from 'vite';
import { inlined } from './vite.inlined';

export default defineConfig(inlined('one', 'src/faces/one-file.ts', 'iife'));
