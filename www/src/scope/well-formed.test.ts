import { expect, test } from 'vitest';
import { wellFormed } from './well-formed';

test('half a surrogate pair becomes the replacement character; whole pairs stay', () => {
  expect(wellFormed('a\ud83eb🦊')).toBe('a\ufffdb🦊');
  expect(wellFormed('🦊'.slice(0, 1))).toBe('\ufffd');
  expect(wellFormed('🦊'.slice(1))).toBe('\ufffd');
});
