// The page's entry. May import: boot, the page.

import { boot } from './boot';
import { register } from './elements';
import { SOURCES } from './sources';
import { Choose } from './views/choose';
import { Open } from './views/open';
import { Page } from './views/page';

register({ 'moe-choose': Choose, 'moe-open': Open, 'moe-page': Page });
void boot(new Page(), SOURCES);
