// The path of the packed package, and functions that run programs.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('../', import.meta.url));
export const PROJECT = join(HERE, '../..');

/** The fields of a `package.json` that the tests read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

export const { version: VERSION } = manifest(join(PROJECT, 'www'));
export const TARBALL = process.env['MOESCOPE_PACKAGE'] ?? join(PROJECT, `target/npm/moescope-${VERSION}.tgz`);

/** The exit status of a program, and its output. */
export interface Ended {
  readonly status: number | null;
  readonly printed: string;
}

/** Runs a program in a folder. */
export function run(program: string, args: readonly string[], cwd = HERE): Ended {
  // Playwright sets FORCE_COLOR, which would add colour codes to the output.
  const env = { ...process.env, FORCE_COLOR: '0' };
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  return { status, printed: `${stdout}${stderr}${error?.message ?? ''}` };
}

/** Runs a program from the npm packages of tests/package. */
export function tool(name: string, args: readonly string[], cwd = HERE): Ended {
  return run(join(HERE, 'node_modules/.bin', name), args, cwd);
}
