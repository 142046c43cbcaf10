// The entry of the one file that has everything in it: opened by itself it is the page, in a frame one view. What it
// needs stands in the document, compressed. May import: boot, frame, the page, the view alone.

import { boot } from './boot';
import { register } from './elements';
import type { Bytes } from './engine/messages';
import { frame } from './frame';
import { Alone } from './views/alone';
import { Choose } from './views/choose';
import { Open } from './views/open';
import { Page } from './views/page';

/** What the document has under a name. */
function written(name: string): string {
  return document.getElementById(`moescope-${name}`)?.textContent ?? '';
}

async function bytes(name: string): Promise<Bytes> {
  const packed = Uint8Array.from(atob(written(name)), letter => letter.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/** The page without what is beside it elsewhere. */
function pageOf(): Page {
  const page = new Page();
  page.isOneFile = true;
  return page;
}

async function start(): Promise<void> {
  register({ 'moe-choose': Choose, 'moe-open': Open, 'moe-page': Page, 'moe-alone': Alone });
  const framed = window.parent !== window;
  const shell = framed ? new Alone() : pageOf();
  const names = ['wasm', 'config', 'checkpoint', 'tokenizer', 'survey', 'presets'] as const;
  const [wasm, config, checkpoint, tokenizer, survey, presets] = await Promise.all(names.map(bytes));
  if (!wasm || !config || !checkpoint || !tokenizer || !survey || !presets) return;
  const worker = { code: written('worker') };
  const scope = await boot(shell, { worker, wasm, config, checkpoint, tokenizer, survey, presets });
  if (framed) frame(scope, shell);
}

void start();
