// The unit tests of the page read one recorded run of the native engine. To write it again, set MOESCOPE_WRITE_RECORD.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { record, RECORD } from './support/record';

test('the recorded run of the unit tests is the native engine’s', () => {
  const made = record();
  if (process.env['MOESCOPE_WRITE_RECORD'] !== undefined) writeFileSync(RECORD, made);
  expect(readFileSync(RECORD, 'utf8')).toBe(made);
});
