// The entry of one view alone, for a frame: `embed.html#v=1&view=...`. May import: boot, the view alone.

import { boot } from './boot';
import { Alone } from './views/alone';

customElements.define('moe-alone', Alone);
void boot(new Alone());
