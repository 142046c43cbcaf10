// The names of the text formats of exports, in a file without the code that writes these formats.

export const EXPORT_FORMATS = ['svg', 'csv', 'json', 'session'] as const;
export type Format = (typeof EXPORT_FORMATS)[number];
