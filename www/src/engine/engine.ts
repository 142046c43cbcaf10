// The engine of a model: loads the model's files and starts a script (usually a worker) that runs the model. After a
// crash, a new script replaces the crashed one. Each user of the engine holds a lease, and has its own session. The
// engine ends when the last lease is given back.

import { sha256 } from './checkpoint-hash';
import type { EngineBytes, EngineSources, Progress } from './fetch-files';
import { fetchEngine } from './fetch-files';
import type { Call, Calls, EngineFault } from './messages';
import { cancelled } from './messages';
import type { ModelIdentity } from './model-identity';
import { identityOf } from './model-identity';
import type { CallOptions, Opened } from './script';
import { NO_SESSION, Script } from './script';

type State =
  /** The files are being fetched, the script is loading or running the model, or a new script starts after a crash. */
  | { readonly is: 'open'; readonly script: Script }
  /** A load or a restart has failed. */
  | { readonly is: 'failed'; readonly fault: EngineFault }
  | { readonly is: 'ended' };

export class Engine {
  /**
   * Resolves when the first script has loaded the model.
   * @throws EngineFault of kind `fetch`, `wasm`, `config`, `checkpoint`, `tokenizer`, `panic` or `cancelled`.
   */
  readonly opened: Promise<Opened>;
  readonly #bytes: Promise<EngineBytes>;
  readonly #fetching = new AbortController();
  readonly #onOver: () => void;
  /** The progress listener of each lease, by session number. */
  readonly #leases = new Map<number, (progress: Progress) => void>();
  #state: State;
  #progress: Progress = { loaded: 0, total: null };
  /** Number of scripts started so far. A new script does not have the texts of the script before it. */
  #generation = 0;
  #lastSession = NO_SESSION;
  #fingerprint: Promise<string | null> | null = null;

  /** Calls `onOver` as soon as the engine has failed or ended. */
  constructor(sources: EngineSources, onOver: () => void) {
    this.#onOver = onOver;
    const { signal } = this.#fetching;
    const report = (progress: Progress): void => {
      if (signal.aborted) return;
      this.#progress = progress;
      for (const onProgress of this.#leases.values()) onProgress(progress);
    };
    this.#bytes = fetchEngine(sources, report, signal);
    const script = this.#newScript();
    this.#state = { is: 'open', script };
    this.opened = script.opened;
  }

  get generation(): number {
    return this.#generation;
  }

  /** The checkpoint's SHA-256, computed on first use; null if the browser cannot compute it. */
  fingerprint(): Promise<string | null> {
    return (this.#fingerprint ??= this.#bytes.then(({ model }) => sha256(model.checkpoint)));
  }

  /** The model's name and the hash of its files. */
  async identity(): Promise<ModelIdentity> {
    const { model } = await this.#bytes;
    return identityOf(model, await this.fingerprint());
  }

  /**
   * Makes a lease and returns its session number; `giveBack` ends the lease. Calls `onProgress` at once, and while the
   * files are being fetched.
   * @throws EngineFault of kind `cancelled` if the engine has ended.
   */
  lease(onProgress: (progress: Progress) => void = () => undefined): number {
    if (this.#state.is === 'ended') throw cancelled();
    const session = ++this.#lastSession;
    this.#leases.set(session, onProgress);
    onProgress(this.#progress);
    return session;
  }

  /** Ends a lease's session; its pending requests fail as cancelled. The last lease ends the engine. */
  giveBack(session: number): void {
    if (!this.#leases.delete(session)) return;
    if (this.#leases.size === 0) this.#end();
    else if (this.#state.is === 'open') this.#state.script.leave(session);
  }

  /** Sends a request in a lease's session. During a load or a restart, the request waits. */
  call<C extends Call>(
    session: number,
    call: C,
    ask: Calls[C]['ask'],
    options: CallOptions,
  ): Promise<Calls[C]['answer']> {
    if (this.#state.is === 'ended' || !this.#leases.has(session)) return Promise.reject(cancelled());
    if (this.#state.is === 'failed') return Promise.reject(this.#state.fault);
    return this.#state.script.call(session, call, ask, options);
  }

  #newScript(): Script {
    this.#generation += 1;
    return new Script(this.#bytes, (fault, wasRunning) => {
      // A script that crashed while it loaded the model would crash again, so there is no restart.
      if (wasRunning) this.#state = { is: 'open', script: this.#newScript() };
      else this.#close({ is: 'failed', fault });
    });
  }

  #end(): void {
    const state = this.#state;
    this.#close({ is: 'ended' });
    if (state.is === 'open') state.script.end(cancelled());
  }

  #close(state: Exclude<State, { readonly is: 'open' }>): void {
    this.#state = state;
    this.#fetching.abort();
    this.#onOver();
  }
}
