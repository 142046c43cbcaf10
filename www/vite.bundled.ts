// Lists the modules that a build puts into its scripts. `cargo xtask build` reads the lists and writes the notices of the
// modules' packages into THIRD_PARTY.txt (xtask/src/notices).

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizePath, type Plugin } from 'vite';

const WWW = normalizePath(import.meta.dirname);
const FOLDER = join(WWW, 'pkg/bundled');

/** Writes the list of a build's modules to `pkg/bundled/NAME.json`. */
export function listModules(name: string): Plugin {
  return {
    name: 'moescope:list-modules',
    apply: 'build',
    generateBundle(_, bundle) {
      const ids = Object.values(bundle).flatMap(file => (file.type === 'chunk' ? file.moduleIds : []));
      const modules = [...new Set(ids.map(fromWww))].sort();
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(modules, null, 2)}\n`);
    },
  };
}

/**
 * A module's path from `www`. Other modules stay as they are: those that the bundler adds start with `\0`, and addresses
 * of files in `public` with a slash.
 */
function fromWww(id: string): string {
  return id.startsWith(`${WWW}/`) ? id.slice(WWW.length + 1) : id;
}
