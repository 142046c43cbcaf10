// The page's side of one running script of the engine: passes it the model's files, sends requests to it, and gets the
// answers. A crash ends the script.

import { reasonOf } from './error-message';
import type { EngineBytes } from './fetch-files';
import type { Call, Calls, Loaded, Reply, Request } from './messages';
import { cancelled, EngineFault } from './messages';
import type { EnginePort } from './start';
import { start } from './start';
import type { Compared, StepRecord } from './types';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onRecord?: ((record: StepRecord) => void) | undefined;
  readonly onCompared?: ((compared: readonly Compared[]) => void) | undefined;
  readonly transfer?: Transferable[];
}

/** The facts about a script that has loaded the model. */
export interface Opened {
  readonly loaded: Loaded;
  readonly where: EnginePort['where'];
}

type State =
  /** The files are being fetched, or the script is starting. */
  | { readonly is: 'starting' }
  | { readonly is: 'loading' | 'running'; readonly port: EnginePort }
  | { readonly is: 'over'; readonly fault: EngineFault };

/** A request without an answer. */
interface OpenRequest {
  readonly session: number;
  readonly message: Request;
  readonly transfer: Transferable[];
  readonly settle: (answer: unknown) => void;
  readonly fail: (fault: EngineFault) => void;
  readonly onRecord: (record: StepRecord) => void;
  readonly onCompared: (compared: readonly Compared[]) => void;
}

/** The session number of the request `load`, which belongs to no user. */
export const NO_SESSION = 0;

export class Script {
  /** Resolves when the model is loaded; rejects with the fault if the script ends before. */
  readonly opened: Promise<Opened>;
  readonly #onFailure: (fault: EngineFault, wasRunning: boolean) => void;
  /** Requests without an answer, by id. Those made before the model is loaded are posted when it is, in their order. */
  readonly #requests = new Map<number, OpenRequest>();
  #state: State = { is: 'starting' };
  #lastId = 0;

  /** Calls `onFailure` once if the script fails. `wasRunning` is true if the model was loaded by then. */
  constructor(bytes: Promise<EngineBytes>, onFailure: (fault: EngineFault, wasRunning: boolean) => void) {
    this.#onFailure = onFailure;
    this.opened = this.#open(bytes);
    // Callers hear of a failure from `onFailure`, so a rejection without a listener is not an error.
    this.opened.catch(() => undefined);
  }

  /** Sends a request of a session as soon as the model is loaded. */
  call<C extends Call>(
    session: number,
    call: C,
    ask: Calls[C]['ask'],
    options: CallOptions,
  ): Promise<Calls[C]['answer']> {
    if (this.#state.is === 'over') return Promise.reject(this.#state.fault);
    if (options.signal?.aborted) return Promise.reject(cancelled());
    const { id, answer } = this.#add(session, call, ask, options);
    if (this.#state.is === 'running') this.#post(id);
    return answer;
  }

  /** Ends a session; its pending requests fail as cancelled. */
  leave(session: number): void {
    for (const [id, request] of this.#requests) if (request.session === session) this.#cancel(id);
    // A script that has not loaded the model has no sessions yet.
    if (this.#state.is === 'running') this.call(session, 'leave', null, {}).catch(() => undefined);
  }

  /** Ends the script; its pending requests fail with this fault. */
  end(fault: EngineFault): void {
    const state = this.#state;
    if (state.is === 'over') return;
    this.#state = { is: 'over', fault };
    if (state.is !== 'starting') state.port.end();
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const { fail } of requests) fail(fault);
  }

  async #open(bytes: Promise<EngineBytes>): Promise<Opened> {
    try {
      const { worker, wasm, model } = await bytes;
      this.#throwIfOver();
      const port = await start(worker);
      this.#listen(port);
      const { id, answer } = this.#add(NO_SESSION, 'load', { wasm, model }, {});
      this.#post(id);
      const loaded = await answer;
      this.#throwIfOver();
      this.#state = { is: 'running', port };
      for (const waiting of this.#requests.keys()) this.#post(waiting);
      return { loaded, where: port.where };
    } catch (error) {
      const fault = error instanceof EngineFault ? error : panic(reasonOf(error));
      this.#fail(fault);
      throw fault;
    }
  }

  #listen(port: EnginePort): void {
    if (this.#state.is === 'over') {
      port.end();
      throw this.#state.fault;
    }
    this.#state = { is: 'loading', port };
    port.hear(
      reply => {
        this.#hear(reply);
      },
      message => {
        this.#fail(panic(message));
      },
    );
  }

  #add<C extends Call>(
    session: number,
    call: C,
    ask: Calls[C]['ask'],
    { signal, onRecord, onCompared, transfer }: CallOptions,
  ): { readonly id: number; readonly answer: Promise<Calls[C]['answer']> } {
    const id = ++this.#lastId;
    const answer = new Promise<Calls[C]['answer']>((resolve, reject) => {
      const cancel = (): void => {
        this.#cancel(id);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#requests.set(id, {
        session,
        message: { call, id, session, ask } as Request,
        transfer: transfer ?? [],
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
    });
    return { id, answer };
  }

  #post(id: number): void {
    const request = this.#requests.get(id);
    if (request && 'port' in this.#state) this.#state.port.post(request.message, request.transfer);
  }

  #cancel(id: number): void {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    if (this.#state.is === 'running') this.#state.port.post({ call: 'cancel', id }, []);
    request?.fail(cancelled());
  }

  #hear(reply: Reply): void {
    if (reply.reply === 'hello') return;
    if (reply.reply === 'fault' && reply.fault.kind === 'panic') {
      this.#fail(new EngineFault(reply.fault));
      return;
    }
    const request = this.#requests.get(reply.id);
    switch (reply.reply) {
      case 'record':
        request?.onRecord(reply.record);
        return;
      case 'compared':
        request?.onCompared(reply.compared);
        return;
      case 'answer':
        this.#requests.delete(reply.id);
        request?.settle(reply.answer);
        return;
      case 'fault':
        this.#requests.delete(reply.id);
        request?.fail(new EngineFault(reply.fault));
    }
  }

  #fail(fault: EngineFault): void {
    const { is } = this.#state;
    if (is === 'over') return;
    this.end(fault);
    this.#onFailure(fault, is === 'running');
  }

  #throwIfOver(): void {
    if (this.#state.is === 'over') throw this.#state.fault;
  }
}

function panic(message: string): EngineFault {
  return new EngineFault({ kind: 'panic', message });
}
