// The entry of one view alone, for a frame: `embed.html#v=1&view=...`. May import: boot, the view alone.

import { boot } from './boot';
import { register } from './elements';
import { frame } from './frame';
import { SOURCES } from './sources';
import { Alone } from './views/alone';

register({ 'moe-alone': Alone });
const alone = new Alone();
void boot(alone, SOURCES).then(scope => {
  if (window.parent !== window) frame(scope, alone);
});
