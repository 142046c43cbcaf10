// The built-in lessons, in their order. Their files are loaded when a lesson is opened; a test compares this list with
// the files.

export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
}

export const LESSONS = [
  { id: 'experts', title: 'Why run only 4 of 16 experts?', minutes: 3 },
  { id: 'router', title: 'How does the router choose?', minutes: 4 },
  { id: 'bias', title: 'What is the bias for, and why does it never mix?', minutes: 3 },
  { id: 'groups', title: 'Why groups?', minutes: 3 },
  { id: 'memory', title: 'What does a model remember?', minutes: 3 },
  { id: 'keys-values', title: 'Where did K and V go, and is anything lost?', minutes: 4 },
  { id: 'rope', title: 'Why is the RoPE key separate?', minutes: 3 },
  { id: 'deepseek-v3', title: '37 of 671 billion', minutes: 3 },
] as const satisfies readonly CatalogueEntry[];

export type LessonId = (typeof LESSONS)[number]['id'];

/** The lesson after a built-in lesson; undefined after the last one, and for a teacher's own. */
export function lessonAfter(id: string): CatalogueEntry | undefined {
  const index = LESSONS.findIndex(lesson => lesson.id === id);
  return index < 0 ? undefined : LESSONS[index + 1];
}
