// The page's side of the protocol: promises instead of messages. It keeps the bytes of the engine and the model, so
// that after a panic a fresh engine takes over. May import: detail, messages, start, types.

import type { DetailArrays } from './detail';
import { blankDetail } from './detail';
import type { Bytes, Call, Calls, Loaded, ModelBytes, Reply, TextSet } from './messages';
import { EngineFault } from './messages';
import type { EnginePort, WorkerSource } from './start';
import { start } from './start';
import type { Compared, Distribution, Load, Loss, ModelInfo, Plan, StepRecord } from './types';

/** Everything that an engine is made of, arrived. */
export interface EngineBytes {
  readonly worker: WorkerSource;
  readonly wasm: Bytes;
  readonly model: ModelBytes;
}

interface Waiting {
  readonly settle: (answer: unknown) => void;
  readonly fail: (fault: EngineFault) => void;
  readonly onRecord: (record: StepRecord) => void;
  readonly onCompared: (compared: readonly Compared[]) => void;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onRecord?: ((record: StepRecord) => void) | undefined;
  readonly onCompared?: ((compared: readonly Compared[]) => void) | undefined;
  readonly transfer?: Transferable[];
}

export class EngineClient {
  readonly #bytes: EngineBytes;
  readonly #waiting = new Map<number, Waiting>();
  #port: EnginePort;
  /** Null until the first load. */
  #loaded: Loaded | null = null;
  /** Pending while a fresh engine takes over from a broken one; rejected where that broke too. */
  #ready: Promise<void> = Promise.resolve();
  /** Whether the engine at the port has its model. */
  #up = false;
  #lastId = 0;
  #closed = false;

  private constructor(bytes: EngineBytes, port: EnginePort) {
    this.#bytes = bytes;
    this.#port = port;
    this.#listen();
  }

  /**
   * Starts an engine and builds the model in it.
   * @throws EngineFault of kind `wasm`, `config`, `checkpoint` or `tokenizer`.
   */
  static async open(bytes: EngineBytes): Promise<EngineClient> {
    const client = new EngineClient(bytes, await start(bytes.worker));
    try {
      await client.#load();
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  get loaded(): Loaded {
    if (!this.#loaded) throw new EngineFault({ kind: 'session', message: 'no model is loaded' });
    return this.#loaded;
  }

  /** The model's `config.json`. */
  get config(): Bytes {
    return this.#bytes.model.config;
  }

  /** Where the engine runs. */
  get where(): EnginePort['where'] {
    return this.#port.where;
  }

  /** Replaces the text, and the tokens appended to it by id. */
  set(text: string, appended: readonly number[], signal?: AbortSignal): Promise<TextSet> {
    return this.#call('set', { text, appended }, { signal });
  }

  /** Runs the model up to position `to`; gives the records of `from` to `to` as they come. */
  async run(from: number, to: number, onRecord: (record: StepRecord) => void, signal?: AbortSignal): Promise<void> {
    await this.#call('run', { from, to }, { signal, onRecord });
  }

  /** Runs to the end of the text, giving records from `from` on, and chooses the token that follows. */
  generate(
    sampling: { readonly temperature: number; readonly seed: number },
    from: number,
    onRecord: (record: StepRecord) => void,
    signal?: AbortSignal,
  ): Promise<number> {
    return this.#call('generate', { ...sampling, from }, { signal, onRecord });
  }

  /** What follows a position that has a record, at a temperature. */
  distribution(position: number, temperature: number, signal?: AbortSignal): Promise<Distribution> {
    return this.#call('distribution', { position, temperature }, { signal });
  }

  /** How the tokens up to a position that has a record were spread over the experts. */
  expertLoad(position: number, signal?: AbortSignal): Promise<Load> {
    return this.#call('expertLoad', { position }, { signal });
  }

  /**
   * Takes a what-if, as JSON.
   * @throws EngineFault of kind `what-if` where the model cannot have it.
   */
  change(settings: string, signal?: AbortSignal): Promise<Plan> {
    return this.#call('change', { settings }, { signal });
  }

  /** Runs the model with the what-if up to position `to`; gives what it changes from `from` on as it comes. */
  compare(
    from: number,
    to: number,
    onCompared: (compared: readonly Compared[]) => void,
    signal?: AbortSignal,
  ): Promise<Loss> {
    return this.#call('compare', { from, to }, { signal, onCompared });
  }

  /** Recomputes the rest of a step that has a record. */
  detail(position: number, signal?: AbortSignal): Promise<DetailArrays> {
    return this.#detail('detail', this.loaded.info, position, signal);
  }

  /** The rest of a step in the run with the what-if, of which so many experts are chosen. */
  changedDetail(position: number, num_experts_per_tok: number, signal?: AbortSignal): Promise<DetailArrays> {
    return this.#detail('changedDetail', { ...this.loaded.info, num_experts_per_tok }, position, signal);
  }

  #detail(
    call: 'detail' | 'changedDetail',
    info: ModelInfo,
    position: number,
    signal: AbortSignal | undefined,
  ): Promise<DetailArrays> {
    const arrays = blankDetail(info, position);
    const transfer = Object.values(arrays).map(({ buffer }) => buffer);
    return this.#call(call, { position, arrays }, { signal, transfer });
  }

  /** Ends the engine; what is still asked of it fails as cancelled. */
  close(): void {
    this.#closed = true;
    this.#port.end();
    this.#failAll(new EngineFault({ kind: 'cancelled', message: '' }));
  }

  async #load(): Promise<void> {
    const { wasm, model } = this.#bytes;
    this.#loaded = await this.#send('load', { wasm, model }, {});
    this.#up = true;
  }

  async #call<C extends Call>(call: C, ask: Calls[C]['ask'], options: CallOptions): Promise<Calls[C]['answer']> {
    await this.#ready;
    return this.#send(call, ask, options);
  }

  #send<C extends Call>(
    call: C,
    ask: Calls[C]['ask'],
    { signal, onRecord, onCompared, transfer }: CallOptions,
  ): Promise<Calls[C]['answer']> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const cancelled = (): EngineFault => new EngineFault({ kind: 'cancelled', message: '' });
      if (this.#closed || signal?.aborted) {
        reject(cancelled());
        return;
      }
      const cancel = (): void => {
        this.#waiting.delete(id);
        this.#port.post({ call: 'cancel', id }, []);
        reject(cancelled());
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, {
        settle: answer => {
          signal?.removeEventListener('abort', cancel);
          resolve(answer as Calls[C]['answer']);
        },
        fail: fault => {
          signal?.removeEventListener('abort', cancel);
          reject(fault);
        },
        onRecord: onRecord ?? (() => undefined),
        onCompared: onCompared ?? (() => undefined),
      });
      this.#port.post({ call, id, ask } as Parameters<EnginePort['post']>[0], transfer ?? []);
    });
  }

  #listen(): void {
    this.#port.hear(
      reply => {
        this.#hear(reply);
      },
      message => {
        this.#crashed(message);
      },
    );
  }

  #hear(reply: Reply): void {
    if (reply.reply === 'hello') return;
    const waiting = this.#waiting.get(reply.id);
    if (reply.reply === 'fault' && reply.fault.kind === 'panic') {
      this.#crashed(reply.fault.message);
      return;
    }
    if (!waiting) return;
    switch (reply.reply) {
      case 'record':
        waiting.onRecord(reply.record);
        return;
      case 'compared':
        waiting.onCompared(reply.compared);
        return;
      case 'answer':
        this.#waiting.delete(reply.id);
        waiting.settle(reply.answer);
        return;
      case 'fault':
        this.#waiting.delete(reply.id);
        waiting.fail(new EngineFault(reply.fault));
    }
  }

  /** A broken engine is not asked again: everything waiting fails, and a fresh one is started, if it ever ran. */
  #crashed(message: string): void {
    if (this.#closed) return;
    const fault = new EngineFault({ kind: 'panic', message });
    this.#port.end();
    this.#ready = this.#up ? this.#restart() : Promise.reject(fault);
    this.#up = false;
    // Whoever calls next hears of a failure; nobody may be waiting now.
    this.#ready.catch(() => undefined);
    this.#failAll(fault);
  }

  async #restart(): Promise<void> {
    this.#port = await start(this.#bytes.worker);
    this.#listen();
    await this.#load();
  }

  #failAll(fault: EngineFault): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of waiting) fail(fault);
  }
}
