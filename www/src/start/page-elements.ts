// The custom elements that only the page needs, beside those of every entry point (`register.ts`).

import { Header } from '../shell/header';
import { LessonList } from '../shell/lesson-list';
import { Page } from '../shell/page';
import { Choose } from '../shell/view-menu';
import { Start } from '../views/start/start';

export const PAGE_ELEMENTS = {
  'moe-choose': Choose,
  'moe-header': Header,
  'moe-lessons': LessonList,
  'moe-page': Page,
  'moe-start': Start,
} as const;
