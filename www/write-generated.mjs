// Writes the files that are generated from `src/scope/fields.ts` (`cargo xtask fields`).

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/** @type {{ module: { generated: () => Promise<Map<string, string>> } }} */
const { module } = await runnerImport(fileURLToPath(new URL('generated-files.ts', import.meta.url)));
for (const [path, text] of await module.generated()) await writeFile(new URL(`../${path}`, import.meta.url), text);
