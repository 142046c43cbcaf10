// Entry point of the page.

import { Page } from '../shell/page';
import { Choose } from '../shell/view-menu';
import { boot } from '../start/boot';
import { register } from '../start/register';
import { SOURCES } from '../start/sources';

register({ 'moe-choose': Choose, 'moe-page': Page });
void boot(new Page(), SOURCES);
