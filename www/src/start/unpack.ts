// Unpacks the files of the engine and the model from text in the document or module. All are compressed, except the
// worker's script. `xtask/src/dist.rs` packs them under the same names.

import type { EngineSources } from '../engine/fetch-files';
import type { Bytes } from '../engine/messages';

/** Decodes and unpacks each file from its text. */
export async function unpack(written: (name: string) => string): Promise<EngineSources> {
  const bytes = async (name: string): Promise<Bytes> => {
    const packed = Uint8Array.from(atob(written(name)), letter => letter.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  };
  const [wasm, config, checkpoint, tokenizer, presets] = await Promise.all([
    bytes('wasm'),
    bytes('config'),
    bytes('checkpoint'),
    bytes('tokenizer'),
    bytes('presets'),
  ]);
  return { worker: { code: written('worker') }, wasm, config, checkpoint, tokenizer, presets };
}
