// Which packages of other authors are in the built files, found without the code that writes THIRD_PARTY.txt.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './native';

/** The builds whose modules are listed in `www/pkg/bundled`. */
export type Build = 'site' | 'worker' | 'one' | 'widget';

/** Phrases of Lit's BSD-3-Clause licence: its copyright line and its third condition. */
export const LIT = ['Copyright (c) 2017 Google LLC. All rights reserved.', 'Neither the name of the copyright holder'];

/** The names and versions of the list at the beginning of THIRD_PARTY.txt. */
export function listed(text: string): string[] {
  return [...text.matchAll(/^ {2}(\S.*?): \S/gmu)].map(([, name = '']) => name);
}

/** The names and versions above the licence texts. */
export function headed(text: string): string[] {
  return [...text.matchAll(/^={80}\n(.+)\n={80}\n\n *\S/gmu)].flatMap(([, names = '']) => names.split(', '));
}

/** The npm packages whose modules are in a build, with their versions. */
export function bundled(build: Build): string[] {
  const modules = JSON.parse(readFileSync(join(PROJECT, `www/pkg/bundled/${build}.json`), 'utf8')) as string[];
  const folders = modules.flatMap(module => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(module)?.[0] ?? []);
  return [...new Set(folders)].map(folder => {
    const { name, version } = JSON.parse(readFileSync(join(PROJECT, 'www', folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
    };
    return `${name} ${version}`;
  });
}

/** The crates in the wasm, with their versions, as `cargo tree` prints them. */
export function linked(): string[] {
  const args = '--locked -p moescope --target wasm32-unknown-unknown -e normal,no-proc-macro --prefix none -f {p}';
  const printed = execFileSync('cargo', ['tree', ...args.split(' ')], { cwd: PROJECT, encoding: 'utf8' });
  const crates = printed.split('\n').flatMap(line => /^(\S+) v(\S+)/u.exec(line)?.slice(1).join(' ') ?? []);
  return [...new Set(crates)].filter(name => !name.startsWith('moescope '));
}
