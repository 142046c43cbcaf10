// Compiles the native engine's `inspect` once, before any test waits for it, and tells the tests where it is.

import { execFileSync } from 'node:child_process';
import { INSPECT, PROJECT } from './native';

export default function setUp(): void {
  const args = ['build', '--release', '--package', 'moescope', '--example', 'inspect', '--message-format', 'json'];
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const messages = execFileSync('cargo', args, {
    cwd: PROJECT,
    encoding: 'utf8',
    stdio: [...stdio],
    maxBuffer: 2 ** 26,
  });
  const built = messages
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as { executable?: string | null; target?: { name: string } })
    .find(({ executable, target }) => executable && target?.name === 'inspect');
  if (!built?.executable) throw new Error('cargo built no inspect');
  process.env[INSPECT] = built.executable;
}
