// Entry point of the page.

import { LessonList } from '../shell/lesson-list';
import { Page } from '../shell/page';
import { Choose } from '../shell/view-menu';
import { boot } from '../start/boot';
import { register } from '../start/register';
import { SOURCES } from '../start/sources';

register({ 'moe-choose': Choose, 'moe-lessons': LessonList, 'moe-page': Page });
void boot(new Page(), SOURCES);
