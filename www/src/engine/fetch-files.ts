// Loads the engine's files: from addresses, with progress, or from bytes (in the single offline file, in a frame without
// an origin, and for files that the user opened).

import { reasonOf } from './error-message';
import type { Bytes, ModelBytes } from './messages';
import { cancelled, EngineFault } from './messages';
import type { WorkerSource } from './start';

/** An address, bytes, or a file that the user opened. */
export type Source = string | Bytes | Blob;

export interface EngineSources {
  readonly worker: WorkerSource;
  readonly wasm: Source;
  readonly config: Source;
  readonly checkpoint: Source;
  readonly tokenizer: Source;
  /** The published models; fetched on first use. */
  readonly presets: Source;
}

/** Everything that is needed to start an engine: the bytes of all files, and the worker's script or its address. */
export interface EngineBytes {
  readonly worker: WorkerSource;
  readonly wasm: Bytes;
  readonly model: ModelBytes;
}

/** Bytes loaded so far, of one file or of all files. */
export interface Progress {
  readonly loaded: number;
  /** Null until the length of every file is known; some servers send no length. */
  readonly total: number | null;
}

/**
 * Loads the files of the engine and of the model, all at once.
 * @throws EngineFault of kind `fetch` or `cancelled`.
 */
export async function fetchEngine(
  sources: EngineSources,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<EngineBytes> {
  // The total is known when every server has sent its file's length.
  const names = ['moescope.wasm', 'config.json', 'model.safetensors', 'tokenizer.json'] as const;
  const parts = new Map<string, Progress>(names.map(name => [name, { loaded: 0, total: null }]));
  const fetchFile = (name: (typeof names)[number], source: Source): Promise<Bytes> =>
    bytesOf(name, source, signal, progress => {
      parts.set(name, progress);
      onProgress(sum([...parts.values()]));
    });
  const [wasm, config, checkpoint, tokenizer] = await Promise.all([
    fetchFile('moescope.wasm', sources.wasm),
    fetchFile('config.json', sources.config),
    fetchFile('model.safetensors', sources.checkpoint),
    fetchFile('tokenizer.json', sources.tokenizer),
  ]);
  return { worker: sources.worker, wasm, model: { config, checkpoint, tokenizer } };
}

/**
 * Fetches the published models.
 * @throws EngineFault of kind `fetch` or `cancelled`.
 */
export function fetchPresets({ presets }: EngineSources, signal: AbortSignal): Promise<Bytes> {
  return bytesOf('presets.json', presets, signal, () => undefined);
}

function sum(parts: readonly Progress[]): Progress {
  const loaded = parts.reduce((sum, part) => sum + part.loaded, 0);
  const total = parts.reduce<number | null>(
    (sum, part) => (sum === null || part.total === null ? null : sum + part.total),
    0,
  );
  return { loaded, total };
}

async function bytesOf(
  name: string,
  source: Source,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Bytes> {
  try {
    if (typeof source === 'string') return await fetchBytes(name, source, signal, onProgress);
    const bytes = source instanceof Blob ? new Uint8Array(await source.arrayBuffer()) : source;
    onProgress({ loaded: bytes.length, total: bytes.length });
    return bytes;
  } catch (error) {
    if (error instanceof EngineFault) throw error;
    if (signal.aborted) throw cancelled();
    throw unread(name, reasonOf(error));
  }
}

async function fetchBytes(
  name: string,
  url: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Bytes> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw unread(name, `HTTP ${response.status}`);
  // For a compressed response, the length header counts compressed bytes, but the body has the uncompressed bytes.
  const length = response.headers.has('Content-Encoding') ? null : response.headers.get('Content-Length');
  const total = length === null ? null : Number(length);
  onProgress({ loaded: 0, total });
  const chunks: Bytes[] = [];
  let loaded = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    chunks.push(part.value);
    loaded += part.value.length;
    onProgress({ loaded, total });
  }
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The fault of a file that could not be loaded. */
function unread(name: string, reason: string): EngineFault {
  return new EngineFault({ kind: 'fetch', message: `${name}: ${reason}` });
}
