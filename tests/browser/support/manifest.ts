// The element's manifest (custom-elements.json), as an editor reads it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './native';
import { must } from './printed';

interface Declaration {
  readonly attributes: readonly {
    readonly name: string;
    /** Set only for the old name of a field. */
    readonly deprecated?: string;
    /** A type in TypeScript's syntax. */
    readonly type: { readonly text: string };
    /** Markdown, as in the table of docs/embedding.md. */
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
