// Entry point of the single file: opened directly it is the page, in a frame it is one view. The engine and the model
// are in the document, compressed.

import { Alone } from '../shell/one-view';
import { Page } from '../shell/page';
import { boot } from '../start/boot';
import { PAGE_ELEMENTS } from '../start/page-elements';
import { register } from '../start/register';
import { unpack } from '../start/unpack';
import { frame } from './frame-messages';

/** Text of the document's element with the id `moescope-NAME`. */
function written(name: string): string {
  return document.getElementById(`moescope-${name}`)?.textContent ?? '';
}

function pageOf(): Page {
  const page = new Page();
  page.isOneFile = true;
  // No other file is beside this one, so the page "About" is in the document.
  page.about = URL.createObjectURL(new Blob([written('about')], { type: 'text/html;charset=utf-8' }));
  return page;
}

async function start(): Promise<void> {
  register({ ...PAGE_ELEMENTS, 'moe-alone': Alone });
  const framed = window.parent !== window;
  const shell = framed ? new Alone() : pageOf();
  // In a frame made from `srcdoc` there is no address; the state is in the document.
  const scope = await boot(shell, await unpack(written), location.hash || written('state'));
  if (framed) frame(scope, shell);
}

void start();
