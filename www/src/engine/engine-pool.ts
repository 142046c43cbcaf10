// The engines of the page. Callers with the same sources (addresses of files) share one engine and one download.

import { EngineClient } from './client';
import { Engine } from './engine';
import type { EngineSources, Progress } from './fetch-files';
import { cancelled } from './messages';

/**
 * Engines by the addresses of their files, or by the sources object itself if a source is not an address. An engine that
 * has failed or ended is removed, so the next caller starts a new engine.
 */
const engines = new Map<string | EngineSources, Engine>();

/**
 * Loads all files and starts an engine, or joins the engine that has the same sources. A caller whose engine has crashed
 * passes its client as `broken` and never joins the same engine, which may crash again.
 * @throws EngineFault of kind `fetch`, `wasm`, `config`, `checkpoint`, `tokenizer`, `panic` or `cancelled`.
 */
export async function openEngine(
  sources: EngineSources,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  broken: EngineClient | null,
): Promise<EngineClient> {
  if (signal.aborted) throw cancelled();
  return join(engineOf(sources, broken), onProgress, signal);
}

function engineOf(sources: EngineSources, broken: EngineClient | null): Engine {
  const { worker, wasm, config, checkpoint, tokenizer } = sources;
  const parts = [wasm, config, checkpoint, tokenizer];
  const key = parts.every(part => typeof part === 'string') ? JSON.stringify([worker, ...parts]) : sources;
  const known = engines.get(key);
  if (known && !broken?.isOn(known)) return known;
  const engine = new Engine(sources, () => {
    if (engines.get(key) === engine) engines.delete(key);
  });
  engines.set(key, engine);
  return engine;
}

/** Holds a lease while the engine loads, so the engine does not end when another user leaves. */
async function join(
  engine: Engine,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<EngineClient> {
  const session = engine.lease(onProgress);
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      engine.giveBack(session);
      reject(cancelled());
    };
  });
  signal.addEventListener('abort', leave, { once: true });
  try {
    const opened = await Promise.race([engine.opened, left]);
    if (signal.aborted) throw cancelled();
    return new EngineClient(engine, session, opened);
  } catch (error) {
    engine.giveBack(session);
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
