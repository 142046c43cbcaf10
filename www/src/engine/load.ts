// Brings the engine and a model: from addresses, with progress, or from bytes that are there already (one offline file,
// a frame without an origin, files from a disk). Who asks for the same shares one engine and one download.
// May import: messages, client, reason, shared, start, survey.

import { reasonOf } from '../reason';
import { EngineClient } from './client';
import type { EngineUsers } from './shared';
import { SharedEngine } from './shared';
import type { Bytes } from './messages';
import { EngineFault } from './messages';
import type { WorkerSource } from './start';
import { Surveyor } from './survey';

/** An address, bytes, or a file from a disk. */
export type Source = string | Bytes | Blob;

export interface EngineSources {
  readonly worker: WorkerSource;
  readonly wasm: Source;
  readonly config: Source;
  readonly checkpoint: Source;
  readonly tokenizer: Source;
  /** The survey's module and the published models, which are brought when they are asked for. */
  readonly survey: Source;
  readonly presets: Source;
}

/** Bytes that have arrived, over all files. */
export interface Progress {
  readonly loaded: number;
  /** Null where a server does not say. */
  readonly total: number | null;
}

/** An engine that is being brought or runs. */
interface Brought {
  readonly engine: Promise<SharedEngine>;
  /** Once it is up. */
  running: SharedEngine | null;
  readonly job: AbortController;
  /** Who waits for it: the engine does not end before each has a text on it, or has left. */
  readonly waiting: Set<(progress: Progress) => void>;
  /** What they have heard last. */
  readonly heard: { progress: Progress };
}

/** By their addresses; what is there already by itself. */
const brought = new Map<string | EngineSources, Brought>();

/**
 * Brings everything and starts the engine, or joins the one that has the same sources; never that of the `broken` one,
 * since it may break again.
 * @throws EngineFault of kind `fetch`, `wasm`, `config`, `checkpoint`, `tokenizer`, or `cancelled`.
 */
export async function load(
  sources: EngineSources,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  broken: EngineClient | null,
): Promise<EngineClient> {
  const { worker, wasm, config, checkpoint, tokenizer } = sources;
  const parts = [wasm, config, checkpoint, tokenizer];
  const key = parts.every(part => typeof part === 'string') ? JSON.stringify([worker, ...parts]) : sources;
  const known = brought.get(key);
  const one = known && !(known.running && broken?.isOn(known.running)) ? known : begin(sources, key);
  one.waiting.add(onProgress);
  onProgress(one.heard.progress);
  const leave = (): void => {
    one.waiting.delete(onProgress);
    if (one.waiting.size > 0) return;
    // Nobody waits for it any more: it is not brought, or ends where nobody came to use it.
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

function begin(sources: EngineSources, key: string | EngineSources): Brought {
  const job = new AbortController();
  const waiting: Brought['waiting'] = new Set();
  const heard: Brought['heard'] = { progress: { loaded: 0, total: null } };
  const forget = (): void => {
    if (brought.get(key) === one) brought.delete(key);
  };
  const engine = bring(
    sources,
    progress => {
      heard.progress = progress;
      for (const listener of waiting) listener(progress);
    },
    job.signal,
    { isAwaited: () => waiting.size > 0, onEnd: forget },
  );
  const one: Brought = { engine, running: null, job, waiting, heard };
  brought.set(key, one);
  engine.then(
    running => {
      one.running = running;
      running.release();
    },
    // Whoever comes after a failure, or after nobody wanted it, brings it anew.
    forget,
  );
  job.signal.addEventListener('abort', forget);
  return one;
}

async function bring(
  sources: EngineSources,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  users: EngineUsers,
): Promise<SharedEngine> {
  // All four from the start: the total is known when the last server has said its part of it.
  const names = ['moescope.wasm', 'config.json', 'model.safetensors', 'tokenizer.json'] as const;
  const parts = new Map<string, Progress>(names.map(name => [name, { loaded: 0, total: null }]));
  const bring = (name: (typeof names)[number], source: Source): Promise<Bytes> =>
    bytesOf(name, source, signal, progress => {
      parts.set(name, progress);
      onProgress(sum([...parts.values()]));
    });
  const [wasm, config, checkpoint, tokenizer] = await Promise.all([
    bring('moescope.wasm', sources.wasm),
    bring('config.json', sources.config),
    bring('model.safetensors', sources.checkpoint),
    bring('tokenizer.json', sources.tokenizer),
  ]);
  const bytes = { worker: sources.worker, wasm, model: { config, checkpoint, tokenizer } };
  return SharedEngine.open(bytes, users);
}

/**
 * Brings the survey and the published models.
 * @throws EngineFault of kind `fetch`, `wasm` or `cancelled`.
 */
export async function loadSurveyor({ survey, presets }: EngineSources, signal: AbortSignal): Promise<Surveyor> {
  const bring = (name: string, source: Source): Promise<Bytes> => bytesOf(name, source, signal, () => undefined);
  const parts = [bring('survey.wasm', survey), bring('presets.json', presets)] as const;
  return Surveyor.open(...(await Promise.all(parts)));
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
  // A compressed answer says its compressed length, and gives the bytes as they were.
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

/** The file's name and the reason, in one. */
function unread(name: string, reason: string): EngineFault {
  return new EngineFault({ kind: 'fetch', message: `${name}: ${reason}` });
}
