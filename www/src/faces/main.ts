// Entry point of the page.

import { Open } from '../shell/open-model';
import { Page } from '../shell/page';
import { Choose } from '../shell/view-menu';
import { boot } from '../start/boot';
import { register } from '../start/register';
import { SOURCES } from '../start/sources';

register({ 'moe-choose': Choose, 'moe-open': Open, 'moe-page': Page });
void boot(new Page(), SOURCES);
