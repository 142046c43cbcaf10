// The entry of the one file that has everything in it: opened by itself it is the page, in a frame one view. What it
// needs stands in the document, compressed. May import: boot, frame, unpack, the
// page, the view alone.

import { boot } from './boot';
import { register } from './elements';
import { frame } from './frame';
import { unpack } from './unpack';
import { Alone } from './views/alone';
import { Choose } from './views/choose';
import { Open } from './views/open';
import { Page } from './views/page';

/** What the document has under a name. */
function written(name: string): string {
  return document.getElementById(`moescope-${name}`)?.textContent ?? '';
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
  // In a frame whose page stands in an attribute there is no address to read.
  const scope = await boot(shell, await unpack(written), location.hash || written('state'));
  if (framed) frame(scope, shell);
}

void start();
