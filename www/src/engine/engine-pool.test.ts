import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePort } from '../testing/fake-port';
import { must } from '../testing/must';
import type { EngineClient } from './client';
import { openEngine } from './engine-pool';
import type { EngineSources, Progress } from './fetch-files';
import type { Bytes } from './messages';
import type { EnginePort } from './start';

const ports: FakePort[] = [];
let refusesToStart = false;

vi.mock('./start', () => ({
  start: (): Promise<EnginePort> => {
    if (refusesToStart) return Promise.reject(new Error('no more'));
    const port = new FakePort();
    ports.push(port);
    return Promise.resolve(port);
  },
}));

/** Each file's content on the server, or the status of its answer. */
let files: Record<string, string | number>;
let asked: string[];
/** While set, answers wait for it. */
let gate: Promise<void> | null;
let clients: EngineClient[];
let number = 0;

/** New addresses in each call, so that no two tests share an engine. */
function sources(): EngineSources {
  number++;
  const at = (name: string): string => `/${number}/${name}`;
  return {
    worker: { code: '' },
    wasm: at('wasm'),
    config: at('config'),
    checkpoint: at('checkpoint'),
    tokenizer: at('tokenizer'),
    presets: '',
  };
}

async function open(
  from: EngineSources,
  signal = new AbortController().signal,
  broken: EngineClient | null = null,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<EngineClient> {
  const client = await openEngine(from, onProgress, signal, broken);
  clients.push(client);
  return client;
}

/** Waits for one turn of the event loop, so that promises that can settle have settled. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Returns a list to which the signal of each later request of a file is added. */
function watchSignals(): AbortSignal[] {
  const signals: AbortSignal[] = [];
  const fetching = fetch;
  vi.stubGlobal('fetch', (url: string, options: { readonly signal: AbortSignal }) => {
    signals.push(options.signal);
    return fetching(url, options);
  });
  return signals;
}

/** The `config.json` that was sent to the engine. */
function configOf(port: FakePort | undefined): Bytes | undefined {
  const load = port?.asked.find(request => request.call === 'load');
  return load?.ask.model.config;
}

beforeEach(() => {
  ports.length = 0;
  refusesToStart = false;
  files = { wasm: 'w', config: 'config', checkpoint: 'checkpoint', tokenizer: 'tokenizer' };
  asked = [];
  gate = null;
  clients = [];
  vi.stubGlobal('fetch', async (url: string, { signal }: { readonly signal: AbortSignal }) => {
    asked.push(url);
    await gate;
    signal.throwIfAborted();
    const file = must(files[url.replace(/.*\//u, '')]);
    if (typeof file === 'number') return new Response('', { status: file });
    return new Response(file, { headers: { 'Content-Length': String(file.length) } });
  });
});
afterEach(() => {
  for (const client of clients) client.close();
  vi.unstubAllGlobals();
});

describe('a model', () => {
  test('is fetched from four addresses, and its progress grows to the sum of all files', async () => {
    const heard: Progress[] = [];
    await open(sources(), undefined, null, progress => heard.push(progress));
    expect(asked).toHaveLength(4);
    expect(new TextDecoder().decode(configOf(ports[0]))).toBe('config');
    expect(heard[0]).toEqual({ loaded: 0, total: null });
    expect(heard.at(-1)).toEqual({ loaded: 1 + 6 + 10 + 9, total: 26 });
    const loaded = heard.map(progress => progress.loaded);
    expect(loaded).toEqual(loaded.toSorted((one, other) => one - other));
  });

  test('is not fetched if its bytes are given', async () => {
    const bytes = new TextEncoder().encode('there');
    await open({
      ...sources(),
      wasm: bytes,
      config: bytes,
      checkpoint: new Blob(['x']),
      tokenizer: bytes,
    });
    expect(asked).toEqual([]);
    expect(configOf(ports[0])).toBe(bytes);
  });

  test('with a file that the server does not have gives a fault with the file’s name', async () => {
    files.checkpoint = 404;
    await expect(open(sources())).rejects.toMatchObject({ kind: 'fetch', message: 'model.safetensors: HTTP 404' });
  });

  test('whose connection breaks gives a fault with the reason', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(open(sources())).rejects.toMatchObject({ kind: 'fetch', message: 'moescope.wasm: Failed to fetch' });
  });

  test('with one file that cannot be loaded stops the downloads of the other files', async () => {
    const signals = watchSignals();
    files.config = 404;
    await expect(open(sources())).rejects.toMatchObject({ kind: 'fetch' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
  });

  test('that failed to load is fetched again on the next try', async () => {
    const from = sources();
    files.config = 500;
    await expect(open(from)).rejects.toMatchObject({ message: 'config.json: HTTP 500' });
    files.config = 'config';
    expect((await open(from)).loaded.info.num_hidden_layers).toBe(5);
  });
});

describe('two users', () => {
  test('of the same files share one download and one engine', async () => {
    const from = sources();
    const [one, two] = await Promise.all([open(from), open(from)]);
    expect(asked).toHaveLength(4);
    expect(ports).toHaveLength(1);
    one.close();
    expect(ports[0]?.ended).toBe(false);
    two.close();
    expect(ports[0]?.ended).toBe(true);
  });

  test('have two engines if the second user reports the first one’s engine as broken', async () => {
    const from = sources();
    const one = await open(from);
    await open(from, undefined, one);
    expect(ports).toHaveLength(2);
  });

  test('have two engines if the first user’s engine could not be restarted', async () => {
    const from = sources();
    const one = await open(from);
    refusesToStart = true;
    ports[0]?.crash('unreachable');
    await turn();
    refusesToStart = false;
    const two = await open(from);
    expect(asked).toHaveLength(8);
    expect(ports).toHaveLength(2);
    await expect(one.set('x', [])).rejects.toMatchObject({ kind: 'panic', message: 'no more' });
    one.close();
    expect(ports[1]?.ended).toBe(false);
    two.close();
    expect(ports[1]?.ended).toBe(true);
  });

  test('of different files have two engines', async () => {
    await Promise.all([open(sources()), open(sources())]);
    expect(ports).toHaveLength(2);
  });
});

describe('leaving before the model is loaded', () => {
  test('ends the download if no other user waits for it', async () => {
    gate = new Promise(() => undefined);
    const job = new AbortController();
    const signals = watchSignals();
    void open(sources(), job.signal).catch(() => undefined);
    await turn();
    job.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
  });

  test('fails at once as cancelled, and the download continues for the other users', async () => {
    let release = (): void => undefined;
    gate = new Promise(resolve => (release = resolve));
    const from = sources();
    const job = new AbortController();
    const left = open(from, job.signal);
    const stayed = open(from);
    job.abort();
    await expect(left).rejects.toMatchObject({ kind: 'cancelled' });
    release();
    expect((await stayed).loaded.info.vocab_size).toBe(2048);
    expect(ports[0]?.ended).toBe(false);
  });

  test('loads nothing if the signal is aborted before the request', async () => {
    await expect(open(sources(), AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(asked).toEqual([]);
  });
});
