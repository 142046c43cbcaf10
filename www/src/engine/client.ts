// One user of an engine, with its own text. The client holds a lease of the engine, and has a method for each request.

import type { Engine } from './engine';
import type { Bytes, Call, Calls, Loaded, RunName, TextSet } from './messages';
import { EngineFault } from './messages';
import type { ModelIdentity } from './model-identity';
import type { CallOptions, Opened } from './script';
import type { EnginePort } from './start';
import type {
  Compared,
  Continuations,
  Distribution,
  ExpertLoad,
  Loss,
  Question,
  ResolvedWhatIf,
  StepDetail,
  StepRecord,
  Survey,
  WhatIf,
} from './types';

export type SurveyQuestion = Readonly<Question>;

export class EngineClient {
  readonly loaded: Loaded;
  /** Where the engine's script runs; after a crash, a new script may run elsewhere. */
  readonly where: EnginePort['where'];
  readonly #engine: Engine;
  readonly #session: number;
  /** The engine's generation when the text was set. A later generation does not have the text. */
  #generation: number;

  /** `session` is the number of a lease, which the client gives back when it closes. */
  constructor(engine: Engine, session: number, { loaded, where }: Opened) {
    this.loaded = loaded;
    this.where = where;
    this.#engine = engine;
    this.#session = session;
    this.#generation = engine.generation;
  }

  /** True if this client uses the given engine. */
  isOn(engine: Engine): boolean {
    return this.#engine === engine;
  }

  /** The checkpoint's SHA-256; null if the browser cannot compute it. */
  fingerprint(): Promise<string | null> {
    return this.#engine.fingerprint();
  }

  /** The model's name and the hash of its files. */
  identity(): Promise<ModelIdentity> {
    return this.#engine.identity();
  }

  /**
   * Computes the sizes of published models, of this model, and of the `config` in `question`; needs no text.
   * @throws EngineFault of kind `survey`.
   */
  survey(presets: Bytes, question: SurveyQuestion, signal: AbortSignal): Promise<Survey> {
    return this.#engine.call(this.#session, 'survey', { presets, question }, { signal });
  }

  /** Replaces the text, and the tokens appended to it by id. */
  set(text: string, appended: readonly number[], signal?: AbortSignal): Promise<TextSet> {
    this.#generation = this.#engine.generation;
    return this.#call('set', { text, appended }, { signal });
  }

  /** Token ids of a text with tokens appended by id; the session's text stays. */
  async cut(text: string, appended: readonly number[]): Promise<readonly number[]> {
    const session = this.#engine.lease();
    try {
      return (await this.#engine.call(session, 'set', { text, appended }, {})).tokens;
    } finally {
      this.#engine.giveBack(session);
    }
  }

  /** Runs the model up to position `to`; calls `onRecord` for positions `from` to `to`. */
  async run(from: number, to: number, onRecord: (record: StepRecord) => void, signal?: AbortSignal): Promise<void> {
    await this.#call('run', { from, to }, { signal, onRecord });
  }

  /** Runs to the end of the text, with records from position `from`; a run then chooses the next token. */
  generate(
    ask: Calls['generate']['ask'],
    onRecord: (record: StepRecord) => void,
    signal?: AbortSignal,
  ): Promise<number> {
    return this.#call('generate', ask, { signal, onRecord });
  }

  /** The tokens with which each run would continue the text, up to `count`; the text stays. */
  continuations(ask: Calls['continuations']['ask'], signal?: AbortSignal): Promise<Continuations> {
    return this.#call('continuations', ask, { signal });
  }

  /** The next token's distribution in a run, at a position that the run has reached. */
  distribution(run: RunName, position: number, temperature: number, signal?: AbortSignal): Promise<Distribution> {
    return this.#call('distribution', { run, position, temperature }, { signal });
  }

  /** The expert load of a run, up to a position that the run has reached. */
  expertLoad(run: RunName, position: number, signal?: AbortSignal): Promise<ExpertLoad> {
    return this.#call('expertLoad', { run, position }, { signal });
  }

  /**
   * Sets a what-if.
   * @throws EngineFault of kind `what-if` if the model does not support it.
   */
  change(whatIf: WhatIf, signal?: AbortSignal): Promise<ResolvedWhatIf> {
    return this.#call('change', { whatIf }, { signal });
  }

  /** Runs the model with the what-if up to position `to`; calls `onCompared` for positions `from` to `to`. */
  async compare(
    from: number,
    to: number,
    onCompared: (compared: readonly Compared[]) => void,
    signal?: AbortSignal,
  ): Promise<Loss> {
    const { compared, loss } = await this.#call('compare', { from, to }, { signal, onCompared });
    onCompared(compared);
    return loss;
  }

  /** Recomputes the detail of a step in a run. */
  detail(run: RunName, position: number, signal?: AbortSignal): Promise<StepDetail> {
    return this.#call('detail', { run, position }, { signal });
  }

  /** Gives the lease back; pending requests fail as cancelled. The engine ends when its last lease is given back. */
  close(): void {
    this.#engine.giveBack(this.#session);
  }

  /** @throws EngineFault of kind `restarted` if the script that had the client's text has crashed. */
  #call<C extends Call>(call: C, ask: Calls[C]['ask'], options: CallOptions): Promise<Calls[C]['answer']> {
    if (this.#generation !== this.#engine.generation) {
      return Promise.reject(new EngineFault({ kind: 'restarted', message: '' }));
    }
    return this.#engine.call(this.#session, call, ask, options);
  }
}
