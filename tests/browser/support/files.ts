// Serves a folder like the site of another project.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Served } from '../../../www/serve.mjs';
import { serve as serveFolders } from '../../../www/serve.mjs';

export type { Served };

/** Serves a folder at the root of a free port, without the headers of our own site. */
export function serve(folder: string): Promise<Served> {
  // Every browser requests this file, whether a page names it or not; its absence would be an error in the console.
  const icon = join(folder, 'favicon.ico');
  if (!existsSync(icon)) writeFileSync(icon, '');
  return serveFolders({ '/': folder }, { port: 0 });
}
