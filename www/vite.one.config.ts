// The script of the one file: everything in a classic script, for a page that may load nothing. `cargo xtask build` puts
// it into `dist/moescope.html` with the engine and the model.

import { defineConfig } from 'vite';
import { inlined } from './vite.inlined';

export default defineConfig(inlined('one', 'src/faces/one-file.ts', 'iife'));
