import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generated } from './generated-files';

test('the generated files follow from the fields; `cargo xtask fields` writes them', async () => {
  for (const [path, text] of await generated()) {
    expect(await readFile(new URL(`../${path}`, import.meta.url), 'utf8'), path).toBe(text);
  }
});
