// Identifies a model that was opened from files, by its name and by a hash of its three files.

import { sha256 } from './checkpoint-hash';
import type { Bytes, ModelBytes } from './messages';

export interface ModelIdentity {
  readonly name: string;
  /**
   * SHA-256 of a text: the hexadecimal SHA-256 of config.json, model.safetensors and tokenizer.json, one after another.
   * Null if the browser cannot compute it.
   */
  readonly sha256: string | null;
}

/** Maximum length of a name, in characters. */
export const MOST_NAME = 64;
/** The name of a model whose config.json contains no name. */
const NAMELESS = 'model';

/** True if two models have the same hash or, if neither hash is known, the same name. */
export function isSameModel(one: ModelIdentity | null, other: ModelIdentity | null): boolean {
  if (one === null || other === null) return one === other;
  return one.sha256 === other.sha256 && (one.sha256 !== null || one.name === other.name);
}

/** The name in quotation marks and the start of the hash, because different models can have the same name. */
export function quotedName({ name, sha256 }: ModelIdentity): string {
  return sha256 === null ? `“${name}”` : `“${name}” (${sha256.slice(0, 12)}…)`;
}

/** Computes the identity of a model from its files; `checkpointHash` is the SHA-256 of the checkpoint. */
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
