// Runs one command of a suite and finds the first failing test in its output.

import { spawn } from 'node:child_process';

/** Failures as test runners and compilers print them; the first pattern that matches names the failure. */
const FAILURES = [
  // cargo test
  /^test (.+?) \.\.\. FAILED$/mu,
  // Playwright
  /^\s+1\) (.+?)[\s─]*$/mu,
  // vitest
  /^\s*FAIL\s+(.+)$/mu,
  // tsc
  /^(\S+\(\d+,\d+\): error TS.+)$/mu,
  // rustc; also cargo, if a test ended its whole process
  /^(error(?:\[E\d+\])?: .+)$/mu,
];

const COLOURS = /\u001B\[[\d;]*m/gu;
const KEPT = 4_000_000;
/** Time that Playwright gets to end its servers and browsers after an interrupt, ms. */
const GRACE = 15_000;

/**
 * Runs a shell command in a folder, for at most `minutes` minutes.
 * @returns `passed`: whether it succeeded; if not, `failure`: its first failure in one line
 */
export function perform(command, folder, minutes) {
  return new Promise(resolve => {
    // `detached` makes a process group, so that all processes of the command can be ended.
    const child = spawn('bash', ['-c', command], { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = signal => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The command has already ended.
      }
    };
    let output = '';
    let late = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        output = (output + text).slice(-KEPT);
      });
    }
    let killing;
    const limit = setTimeout(() => {
      late = true;
      end('SIGINT');
      killing = setTimeout(() => end('SIGKILL'), GRACE);
    }, minutes * 60_000);
    const interrupted = () => end('SIGINT');
    process.once('SIGINT', interrupted);
    child.on('close', status => {
      clearTimeout(limit);
      clearTimeout(killing);
      process.off('SIGINT', interrupted);
      if (status === 0 && !late) resolve({ passed: true });
      else resolve({ passed: false, failure: late ? `no end after ${minutes} minutes` : firstFailure(output) });
    });
  });
}

export function firstFailure(output) {
  const plain = output.replace(COLOURS, '');
  for (const pattern of FAILURES) {
    const found = pattern.exec(plain);
    if (found) return found[1].trim();
  }
  return plain.trim().split('\n').at(-1);
}
