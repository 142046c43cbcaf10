import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generated } from './generated-files';

test('the generated files are up to date; if not, run `cargo xtask fields`', async () => {
  for (const [path, text] of await generated()) {
    expect(await readFile(new URL(`../${path}`, import.meta.url), 'utf8'), path).toBe(text);
  }
});
