// How the page is built: plain static files with relative addresses, that work under any path and a strict policy.

import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const config = JSON.parse(readFileSync(new URL('public/model/config.json', import.meta.url), 'utf8')) as Record<
  string,
  number
>;

/** What `shipped.ts` needs of the shipped model's config.json. */
function shape(): Record<string, number | undefined> {
  const names = [
    'num_hidden_layers',
    'first_k_dense_replace',
    'n_routed_experts',
    'n_shared_experts',
    'num_experts_per_tok',
    'n_group',
    'topk_group',
  ];
  return Object.fromEntries(names.map(name => [name, config[name]]));
}

export default defineConfig({
  base: './',
  define: { __SHIPPED_SHAPE__: JSON.stringify(shape()) },
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
  },
  // A classic script: it also runs from a blob.
  worker: { format: 'iife' },
});
