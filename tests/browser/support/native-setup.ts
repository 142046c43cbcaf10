// Compiles the native engine's `inspect` once, before any test waits for it.

import { execFileSync } from 'node:child_process';
import { PROJECT } from './native';

export default function setUp(): void {
  const args = ['build', '--release', '--quiet', '--package', 'moescope', '--example', 'inspect'];
  execFileSync('cargo', args, { cwd: PROJECT, stdio: 'inherit' });
}
