// The unit tests of the page read one recorded run of the native engine. This test writes the record again if
// MOESCOPE_WRITE_RECORD is set.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { record, RECORD } from './support/record';

test('the recorded run that the unit tests read equals a new run of the native engine', () => {
  const made = record();
  if (process.env['MOESCOPE_WRITE_RECORD'] !== undefined) writeFileSync(RECORD, made);
  expect(readFileSync(RECORD, 'utf8')).toBe(made);
});
