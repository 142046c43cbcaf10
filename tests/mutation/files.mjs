// Finds source files.

import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const SKIPPED = new Set(['node_modules', 'target', 'dist', 'pkg', '.git', '.tools']);

/** The files under `folder` whose names end with `ending`, sorted, relative to `root`. */
export function filesUnder(root, folder, ending) {
  const found = [];
  const visit = path => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(child);
      else if (entry.isFile() && entry.name.endsWith(ending)) found.push(relative(root, child).replaceAll('\\', '/'));
    }
  };
  visit(join(root, folder));
  return found.sort();
}
