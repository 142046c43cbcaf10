// Identifies a model by the SHA-256 of its checkpoint.

import type { Bytes } from './messages';

/** The hash in hexadecimal; null on insecure origins, where browsers offer no hash function. */
export async function sha256(bytes: Bytes): Promise<string | null> {
  const { subtle } = crypto as Partial<Crypto>;
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}
