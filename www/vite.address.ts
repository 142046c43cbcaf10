// The public address, `homepage` in Cargo.toml: it replaces `%HOMEPAGE%` in the built pages.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const CARGO = join(import.meta.dirname, '../Cargo.toml');

export function publicAddress(): Plugin {
  const [, address] = /^homepage = "(https:\/\/[^"]+\/)"$/mu.exec(readFileSync(CARGO, 'utf8')) ?? [];
  if (address === undefined)
    throw new Error(`${CARGO} has no homepage that starts with https:// and ends with a slash`);
  return {
    name: 'moescope:public-address',
    transformIndexHtml: { order: 'pre', handler: html => html.replaceAll('%HOMEPAGE%', address) },
  };
}
