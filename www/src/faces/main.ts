// Entry point of the page.

import { Page } from '../shell/page';
import { boot } from '../start/boot';
import { PAGE_ELEMENTS } from '../start/page-elements';
import { register } from '../start/register';
import { SOURCES } from '../start/sources';

register(PAGE_ELEMENTS);
void boot(new Page(), SOURCES);
