// Serves a folder as another project's site.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Served } from '../../../www/serve.mjs';
import { serve as serveFolders } from '../../../www/serve.mjs';

export type { Served };

/** Serves a folder at the path `/` of a free port, without the strict headers of moescope's own site. */
export function serve(folder: string): Promise<Served> {
  // Browsers request this file even if no page names it. Without the file, the console would show an error.
  const icon = join(folder, 'favicon.ico');
  if (!existsSync(icon)) writeFileSync(icon, '');
  return serveFolders({ '/': folder }, { port: 0 });
}
