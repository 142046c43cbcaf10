// The formats in which what is shown can be had as text; known before what makes them is brought. May import nothing.

export const FORMATS = ['svg', 'csv', 'json', 'session'] as const;
export type Format = (typeof FORMATS)[number];
