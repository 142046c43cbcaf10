// One running engine and its users; each user has its own text on the same model. Stores the model's bytes, so that a
// new engine can be started after a panic. The engine ends when its last user leaves.

import { sha256 } from './checkpoint-hash';
import type { Bytes, Call, Calls, Loaded, ModelBytes, Reply } from './messages';
import { EngineFault } from './messages';
import type { EnginePort, WorkerSource } from './start';
import { start } from './start';
import type { Compared, StepRecord } from './types';

/** Everything that an engine is started from. The files are loaded; the worker's script may be an address. */
export interface EngineBytes {
  readonly worker: WorkerSource;
  readonly wasm: Bytes;
  readonly model: ModelBytes;
}

export interface EngineUsers {
  /** True while a caller is about to join; the engine then survives its last user leaving. */
  readonly isAwaited: () => boolean;
  readonly onEnd: () => void;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onRecord?: ((record: StepRecord) => void) | undefined;
  readonly onCompared?: ((compared: readonly Compared[]) => void) | undefined;
  readonly transfer?: Transferable[];
}

interface Waiting {
  readonly session: number;
  readonly settle: (answer: unknown) => void;
  readonly fail: (fault: EngineFault) => void;
  readonly onRecord: (record: StepRecord) => void;
  readonly onCompared: (compared: readonly Compared[]) => void;
}

const NO_SESSION = 0;

export class SharedEngine {
  readonly #bytes: EngineBytes;
  readonly #users: EngineUsers;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sessions = new Set<number>();
  #port: EnginePort;
  /** Null until the first load. */
  #loaded: Loaded | null = null;
  /** Pending while a new engine replaces a broken one; rejected if the new one failed too. */
  #ready: Promise<void> = Promise.resolve();
  /** True if the current engine has loaded its model. */
  #up = false;
  /** Number of crashes; after a crash, no session has its text any more. */
  #generation = 0;
  #lastId = 0;
  #lastSession = NO_SESSION;
  #ended = false;
  #fingerprint: Promise<string | null> | null = null;

  private constructor(bytes: EngineBytes, port: EnginePort, users: EngineUsers) {
    this.#bytes = bytes;
    this.#port = port;
    this.#users = users;
    this.#listen();
  }

  /**
   * Starts an engine and loads the model into it.
   * @throws EngineFault of kind `wasm`, `config`, `checkpoint`, `tokenizer` or `panic`.
   */
  static async open(bytes: EngineBytes, users: EngineUsers): Promise<SharedEngine> {
    const engine = new SharedEngine(bytes, await start(bytes.worker), users);
    try {
      await engine.#load();
    } catch (error) {
      engine.#end();
      throw error;
    }
    return engine;
  }

  get loaded(): Loaded {
    if (!this.#loaded) throw new EngineFault({ kind: 'session', message: 'no model is loaded' });
    return this.#loaded;
  }

  /** The checkpoint's SHA-256, computed on first use; null if the browser cannot compute it. */
  fingerprint(): Promise<string | null> {
    return (this.#fingerprint ??= sha256(this.#bytes.model.checkpoint));
  }

  get where(): EnginePort['where'] {
    return this.#port.where;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Opens a session and returns its number. */
  join(): number {
    this.#lastSession += 1;
    this.#sessions.add(this.#lastSession);
    return this.#lastSession;
  }

  /** Ends a session; its pending requests fail as cancelled. May end the engine, as `release` does. */
  leave(session: number): void {
    if (!this.#sessions.delete(session)) return;
    for (const [id, waiting] of this.#waiting) {
      if (waiting.session !== session) continue;
      this.#waiting.delete(id);
      this.#port.post({ call: 'cancel', id }, []);
      waiting.fail(cancelled());
    }
    this.release();
    this.#send(session, 'leave', null, {}).catch(() => undefined);
  }

  /** Ends the engine if it has no session and no caller is waiting. */
  release(): void {
    if (!this.#ended && this.#sessions.size === 0 && !this.#users.isAwaited()) this.#end();
  }

  async call<C extends Call>(
    session: number,
    call: C,
    ask: Calls[C]['ask'],
    options: CallOptions,
  ): Promise<Calls[C]['answer']> {
    await this.#ready;
    return this.#send(session, call, ask, options);
  }

  async #load(): Promise<void> {
    const { wasm, model } = this.#bytes;
    this.#loaded = await this.#send(NO_SESSION, 'load', { wasm, model }, {});
    this.#up = true;
  }

  #send<C extends Call>(
    session: number,
    call: C,
    ask: Calls[C]['ask'],
    { signal, onRecord, onCompared, transfer }: CallOptions,
  ): Promise<Calls[C]['answer']> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      if (this.#ended || signal?.aborted) {
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
        session,
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
      this.#port.post({ call, id, session, ask } as Parameters<EnginePort['post']>[0], transfer ?? []);
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

  /** Pending requests fail. A new engine replaces the broken one, if the broken one had loaded its model. */
  #crashed(message: string): void {
    if (this.#ended) return;
    const fault = new EngineFault({ kind: 'panic', message });
    this.#port.end();
    this.#generation += 1;
    this.#ready = this.#up ? this.#restart() : Promise.reject(fault);
    this.#up = false;
    // A failure is reported by the next call; there may be no caller now.
    this.#ready.catch(() => undefined);
    this.#failAll(fault);
  }

  async #restart(): Promise<void> {
    const port = await start(this.#bytes.worker);
    if (this.#ended) {
      port.end();
      throw cancelled();
    }
    this.#port = port;
    this.#listen();
    await this.#load();
  }

  #end(): void {
    this.#ended = true;
    this.#port.end();
    this.#failAll(cancelled());
    this.#users.onEnd();
  }

  #failAll(fault: EngineFault): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of waiting) fail(fault);
  }
}

function cancelled(): EngineFault {
  return new EngineFault({ kind: 'cancelled', message: '' });
}
