// Identifies a model that was opened from files: by its name and by a hash of all files that its numbers depend on.

import { sha256 } from './checkpoint-hash';
import type { Bytes, ModelBytes } from './messages';

export interface ModelIdentity {
  readonly name: string;
  /**
   * SHA-256 of the hashes of config.json, model.safetensors and tokenizer.json, in hexadecimal, one after the other;
   * null if the browser cannot compute it.
   */
  readonly sha256: string | null;
}

/** Maximum length of a name, characters. */
export const MOST_NAME = 64;
/** Name of a model whose config.json has none. */
const NAMELESS = 'model';

/** True if two identities are of the same model, by their hashes; by their names if neither hash is known. */
export function isSameModel(one: ModelIdentity | null, other: ModelIdentity | null): boolean {
  if (one === null || other === null) return one === other;
  return one.sha256 === other.sha256 && (one.sha256 !== null || one.name === other.name);
}

/** The name in quotation marks, with the start of the hash, because different models can have the same name. */
export function quotedName({ name, sha256 }: ModelIdentity): string {
  return sha256 === null ? `“${name}”` : `“${name}” (${sha256.slice(0, 12)}…)`;
}

/** The identity of a model's files; `checkpointHash` is the checkpoint's SHA-256. */
export async function identityOf(
  { config, tokenizer }: Omit<ModelBytes, 'checkpoint'>,
  checkpointHash: string | null,
): Promise<ModelIdentity> {
  const hashes = [await sha256(config), checkpointHash, await sha256(tokenizer)];
  const isKnown = hashes.every(hash => hash !== null);
  return {
    name: nameIn(config),
    sha256: isKnown ? await sha256(new TextEncoder().encode(hashes.join(''))) : null,
  };
}

/** The name in a config.json: the last part of `_name_or_path`, which may be a path, or the `model_type`. */
function nameIn(config: Bytes): string {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder().decode(config));
  } catch {
    return NAMELESS;
  }
  const { _name_or_path: path, model_type: type } = (read ?? {}) as Readonly<Record<string, unknown>>;
  const last = typeof path === 'string' ? path.split(/[/\\]/u).findLast(part => part !== '') : undefined;
  const name = last ?? (typeof type === 'string' ? type : '');
  return (
    name
      .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '')
      .slice(0, MOST_NAME)
      .trim() || NAMELESS
  );
}
