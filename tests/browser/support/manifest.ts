// The element's manifest (custom-elements.json), as an editor reads it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './native';
import { must } from './printed';

interface Declaration {
  readonly attributes: readonly {
    readonly name: string;
    /** Set for the older name of a field. */
    readonly deprecated?: string;
    /** As TypeScript writes it. */
    readonly type: { readonly text: string };
    /** In Markdown, as the documentation has it. */
    readonly default: string;
  }[];
  readonly members: readonly { readonly name: string }[];
}

interface Manifest {
  readonly modules: readonly { readonly declarations: readonly Declaration[] }[];
}

export function declared(): Declaration {
  const text = readFileSync(join(PROJECT, 'www/public/custom-elements.json'), 'utf8');
  return must((JSON.parse(text) as Manifest).modules[0]?.declarations[0]);
}
