// Before the first test, compiles the native engine's example `inspect` and puts its path into the environment.
// `cargo xtask test` sets the path itself; then nothing is compiled.

import { execFileSync } from 'node:child_process';
import { INSPECT, PROJECT } from './native';

export default function setUp(): void {
  if (process.env[INSPECT]) return;
  const args = [
    'build',
    '--profile',
    'quick',
    '--package',
    'moescope',
    '--example',
    'inspect',
    '--message-format',
    'json',
  ];
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
