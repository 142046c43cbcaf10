import { afterEach, expect, test, vi } from 'vitest';
import { sha256 } from './checkpoint-hash';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the fingerprint of a checkpoint is its SHA-256 in hexadecimal', async () => {
  // FIPS 180-2, appendix B.1.
  const bytes = new TextEncoder().encode('abc');
  expect(await sha256(bytes)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(await sha256(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('without crypto.subtle (insecure origin) there is no fingerprint', async () => {
  vi.stubGlobal('crypto', {});
  expect(await sha256(new Uint8Array())).toBeNull();
});
