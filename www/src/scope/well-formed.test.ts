import { expect, test } from 'vitest';
import { wellFormed } from './well-formed';

test('an unpaired half of a surrogate pair becomes the replacement character; pairs do not change', () => {
  expect(wellFormed('a\ud83eb🦊')).toBe('a\ufffdb🦊');
  expect(wellFormed('🦊'.slice(0, 1))).toBe('\ufffd');
  expect(wellFormed('🦊'.slice(1))).toBe('\ufffd');
});
