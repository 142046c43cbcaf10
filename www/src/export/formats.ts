// The text formats of exports, without the code that writes them.

export const FORMATS = ['svg', 'csv', 'json', 'session'] as const;
export type Format = (typeof FORMATS)[number];
