// Entry point of a single view in a frame: `embed.html#v=1&view=...`.

import { Alone } from '../shell/one-view';
import { boot } from '../start/boot';
import { register } from '../start/register';
import { SOURCES } from '../start/sources';
import { frame } from './frame-messages';

register({ 'moe-alone': Alone });
const alone = new Alone();
void boot(alone, SOURCES).then(scope => {
  if (window.parent !== window) frame(scope, alone);
});
