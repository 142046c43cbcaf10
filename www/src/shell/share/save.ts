// Offers an export as a download.

import type { Exportable } from '../../export/export';
import type { Format } from '../../export/formats';

export const SAVE_FORMATS = ['svg', 'png', 'csv', 'json', 'session'] as const satisfies readonly (Format | 'png')[];

const TYPES: Readonly<Record<Format, string>> = {
  svg: 'image/svg+xml',
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
  session: 'application/json',
};

/**
 * Saves an export of a shell and returns the file's name.
 * @throws Error if the export fails.
 */
export async function save(shell: Exportable, format: (typeof SAVE_FORMATS)[number]): Promise<string> {
  const { exported, png } = await import('../../export/export');
  const blob = format === 'png' ? await png(shell) : new Blob([await exported(shell, format)], { type: TYPES[format] });
  const { view } = shell.scope.store.snapshot.state;
  const name = `moescope-${view}.${format === 'session' ? 'session.json' : format}`;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file later, so its address is released after a delay.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, RELEASE_AFTER);
  return name;
}

/** Time until a saved file is released from memory, ms. */
const RELEASE_AFTER = 60_000;
