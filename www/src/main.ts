// The page's entry. May import: boot, the page.

import { boot } from './boot';
import { Choose } from './views/choose';
import { Open } from './views/open';
import { Page } from './views/page';

customElements.define('moe-choose', Choose);
customElements.define('moe-open', Open);
customElements.define('moe-page', Page);
void boot(new Page());
