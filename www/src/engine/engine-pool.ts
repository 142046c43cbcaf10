// Opens an engine with a model: files are fetched from addresses, with progress, or come as bytes (one offline file, a
// frame without an origin, files from a disk). Callers with the same sources share one engine and one download.

import { EngineClient } from './client';
import { reasonOf } from './error-message';
import type { Bytes } from './messages';
import { EngineFault } from './messages';
import type { EngineUsers } from './shared-engine';
import { SharedEngine } from './shared-engine';
import type { WorkerSource } from './start';

/** An address, bytes, or a file from a disk. */
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

/** Bytes loaded so far, of one file or of all files. */
export interface Progress {
  readonly loaded: number;
  /** Null until every file's length is known; some servers send none. */
  readonly total: number | null;
}

/** An engine that is being opened or is running. */
interface EngineEntry {
  readonly engine: Promise<SharedEngine>;
  /** The engine, when it is ready. */
  running: SharedEngine | null;
  readonly job: AbortController;
  /** Progress listeners of the callers that wait for the engine. It stays alive until each has it or has given up. */
  readonly waiting: Set<(progress: Progress) => void>;
  /** The last reported progress. */
  readonly heard: { progress: Progress };
}

/** Engines by the addresses of their files; by the sources object itself if a source is no address. */
const engines = new Map<string | EngineSources, EngineEntry>();

/**
 * Fetches all files and starts an engine, or joins the engine that has the same sources. It never joins the engine of
 * `broken`, which may break again.
 * @throws EngineFault of kind `fetch`, `wasm`, `config`, `checkpoint`, `tokenizer`, `panic` or `cancelled`.
 */
export async function openEngine(
  sources: EngineSources,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  broken: EngineClient | null,
): Promise<EngineClient> {
  const { worker, wasm, config, checkpoint, tokenizer } = sources;
  const parts = [wasm, config, checkpoint, tokenizer];
  const key = parts.every(part => typeof part === 'string') ? JSON.stringify([worker, ...parts]) : sources;
  const known = engines.get(key);
  const one = known && !(known.running && broken?.isOn(known.running)) ? known : addEngine(sources, key);
  one.waiting.add(onProgress);
  onProgress(one.heard.progress);
  const leave = (): void => {
    one.waiting.delete(onProgress);
    if (one.waiting.size > 0) return;
    // No caller waits any more: stop fetching, or end the engine if it has no session.
    if (one.running) one.running.release();
    else one.job.abort();
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    const engine = await one.engine;
    if (signal.aborted) throw new EngineFault({ kind: 'cancelled', message: '' });
    return new EngineClient(engine);
  } finally {
    signal.removeEventListener('abort', leave);
    one.waiting.delete(onProgress);
  }
}

function addEngine(sources: EngineSources, key: string | EngineSources): EngineEntry {
  const job = new AbortController();
  const waiting: EngineEntry['waiting'] = new Set();
  const heard: EngineEntry['heard'] = { progress: { loaded: 0, total: null } };
  const forget = (): void => {
    if (engines.get(key) === one) engines.delete(key);
  };
  const engine = start(
    sources,
    progress => {
      heard.progress = progress;
      for (const listener of waiting) listener(progress);
    },
    job.signal,
    { isAwaited: () => waiting.size > 0, onEnd: forget },
  );
  const one: EngineEntry = { engine, running: null, job, waiting, heard };
  engines.set(key, one);
  engine.then(
    running => {
      one.running = running;
      running.release();
    },
    // After a failure, or after all callers have left, the next caller starts again.
    forget,
  );
  job.signal.addEventListener('abort', forget);
  return one;
}

async function start(
  sources: EngineSources,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  users: EngineUsers,
): Promise<SharedEngine> {
  // All files are fetched at once; the total is known when every server has sent its length.
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
  const bytes = { worker: sources.worker, wasm, model: { config, checkpoint, tokenizer } };
  return SharedEngine.open(bytes, users);
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
    if (signal.aborted) throw new EngineFault({ kind: 'cancelled', message: '' });
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
  // For a compressed response, the length header counts compressed bytes, but the body has the original ones.
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
