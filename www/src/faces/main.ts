// Entry point of the page.

import { Header } from '../shell/header';
import { LessonList } from '../shell/lesson-list';
import { Page } from '../shell/page';
import { Choose } from '../shell/view-menu';
import { boot } from '../start/boot';
import { register } from '../start/register';
import { SOURCES } from '../start/sources';
import { Start } from '../views/start/start';

register({
  'moe-choose': Choose,
  'moe-header': Header,
  'moe-lessons': LessonList,
  'moe-page': Page,
  'moe-start': Start,
});
void boot(new Page(), SOURCES);
