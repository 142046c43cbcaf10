// Build of the single file's classic script. `cargo xtask build` puts it into `dist/moescope.html`, with the engine and
// the model.

import { defineConfig } from 'vite';
import { inlined } from './vite.inlined';

export default defineConfig(inlined('one', 'src/faces/one-file.ts', 'iife'));
