// The files of the built-in lessons, each loaded on its own.

import type { LessonId } from './catalogue';

const EN: Readonly<Record<LessonId, () => Promise<{ readonly default: string }>>> = {
  experts: () => import('./en/experts.md?raw'),
  router: () => import('./en/router.md?raw'),
  bias: () => import('./en/bias.md?raw'),
  groups: () => import('./en/groups.md?raw'),
  memory: () => import('./en/memory.md?raw'),
  'keys-values': () => import('./en/keys-values.md?raw'),
  rope: () => import('./en/rope.md?raw'),
  'deepseek-v3': () => import('./en/deepseek-v3.md?raw'),
};

/** The text of a built-in lesson; null if there is no such lesson. */
export async function lessonFile(id: string): Promise<string | null> {
  return isBuiltIn(id) ? (await EN[id]()).default : null;
}

function isBuiltIn(id: string): id is LessonId {
  return Object.hasOwn(EN, id);
}
