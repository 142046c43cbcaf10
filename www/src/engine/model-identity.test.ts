import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { identityOf, isSameModel } from './model-identity';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

afterEach(() => {
  vi.unstubAllGlobals();
});

async function nameOf(config: string): Promise<string> {
  return (await identityOf({ config: bytes(config), tokenizer: bytes('{}') }, hash('weights'))).name;
}

test('the hash depends on the config, the checkpoint and the tokenizer', async () => {
  const identity = await identityOf({ config: bytes('{}'), tokenizer: bytes('[]') }, hash('weights'));
  expect(identity.sha256).toBe(hash(hash('{}') + hash('weights') + hash('[]')));
});

test.each([
  ['{"_name_or_path": "deepseek-ai/DeepSeek-V2-Lite", "model_type": "deepseek_v2"}', 'DeepSeek-V2-Lite'],
  ['{"_name_or_path": "C:\\\\models\\\\tiny\\\\"}', 'tiny'],
  ['{"_name_or_path": "", "model_type": "deepseek_v3"}', 'deepseek_v3'],
  ['{"_name_or_path": 7}', 'model'],
  ['null', 'model'],
  ['not JSON', 'model'],
  ['{"model_type": "a\\u0000b\\n"}', 'ab'],
])('the name in the config %s is “%s”', async (config, name) => {
  expect(await nameOf(config)).toBe(name);
});

test('a long name is shortened to 64 characters', async () => {
  expect(await nameOf(JSON.stringify({ model_type: 'x'.repeat(100) }))).toBe('x'.repeat(64));
});

test('on a page without https, the hash is null', async () => {
  vi.stubGlobal('crypto', {});
  expect(await identityOf({ config: bytes('{}'), tokenizer: bytes('{}') }, null)).toEqual({
    name: 'model',
    sha256: null,
  });
});

test('two models count as the same if their hashes are equal or, without hashes, if their names are equal', () => {
  const [one, other] = ['ab'.repeat(32), 'cd'.repeat(32)];
  expect(isSameModel(null, null)).toBe(true);
  expect(isSameModel({ name: 'a', sha256: one }, null)).toBe(false);
  expect(isSameModel(null, { name: 'a', sha256: null })).toBe(false);
  expect(isSameModel({ name: 'a', sha256: one }, { name: 'b', sha256: one })).toBe(true);
  expect(isSameModel({ name: 'a', sha256: one }, { name: 'a', sha256: other })).toBe(false);
  expect(isSameModel({ name: 'a', sha256: one }, { name: 'a', sha256: null })).toBe(false);
  expect(isSameModel({ name: 'a', sha256: null }, { name: 'a', sha256: null })).toBe(true);
  expect(isSameModel({ name: 'a', sha256: null }, { name: 'b', sha256: null })).toBe(false);
});
