// The kinds of errors that events and messages report.

import { FAULT_KINDS } from '../engine/messages';

/**
 * `link`: a field of a link or an attribute was changed or ignored; `copy`: another copy of moescope is on the page;
 * `model`: the state belongs to a model whose files are not open; `lesson`: a lesson’s file cannot
 * be shown; `export`: an export failed. All other kinds are faults of the engine.
 */
export const ERROR_KINDS = [
  ...FAULT_KINDS.filter(kind => kind !== 'cancelled' && kind !== 'restarted'),
  'link',
  'copy',
  'model',
  'lesson',
  'export',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];
