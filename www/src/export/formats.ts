// The text formats of exports, without the code that writes them.

export const EXPORT_FORMATS = ['svg', 'csv', 'json', 'session'] as const;
export type Format = (typeof EXPORT_FORMATS)[number];
