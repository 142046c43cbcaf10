// One text on an engine that other texts may share. Turns messages into promises.

import type { DetailArrays } from './detail';
import { blankDetail } from './detail';
import type { Bytes, Call, Calls, Loaded, TextSet } from './messages';
import { EngineFault } from './messages';
import type { CallOptions, SharedEngine } from './shared-engine';
import type {
  Compared,
  Distribution,
  ExpertLoad,
  Loss,
  ModelInfo,
  Question,
  ResolvedWhatIf,
  StepRecord,
  Survey,
} from './types';

/** What is asked of every published model. */
export type SurveyQuestion = Readonly<Question>;

export class EngineClient {
  readonly #engine: SharedEngine;
  readonly #session: number;
  /** Of the engine that has the text. */
  #generation = 0;

  constructor(engine: SharedEngine) {
    this.#engine = engine;
    this.#session = engine.join();
    this.#generation = engine.generation;
  }

  /** Whether it is on this engine. */
  isOn(engine: SharedEngine): boolean {
    return this.#engine === engine;
  }

  get loaded(): Loaded {
    return this.#engine.loaded;
  }

  /** The checkpoint's SHA-256; null where the browser computes none. */
  fingerprint(): Promise<string | null> {
    return this.#engine.fingerprint();
  }

  /** Where the engine runs. */
  get where(): SharedEngine['where'] {
    return this.#engine.where;
  }

  /**
   * Computes the sizes of published models, of this model and of the question's; needs no text.
   * @throws EngineFault of kind `survey`.
   */
  survey(presets: Bytes, question: SurveyQuestion, signal: AbortSignal): Promise<Survey> {
    const ask = { presets, question: JSON.stringify(question) };
    return this.#engine.call(this.#session, 'survey', ask, { signal });
  }

  /** Replaces the text, and the tokens appended to it by id. */
  set(text: string, appended: readonly number[], signal?: AbortSignal): Promise<TextSet> {
    this.#generation = this.#engine.generation;
    return this.#call('set', { text, appended }, { signal });
  }

  /** How the tokenizer cuts a text with tokens appended to it by id; this one's own text stays. */
  async cut(text: string, appended: readonly number[]): Promise<readonly number[]> {
    const session = this.#engine.join();
    try {
      return (await this.#engine.call(session, 'set', { text, appended }, {})).tokens;
    } finally {
      this.#engine.leave(session);
    }
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
  expertLoad(position: number, signal?: AbortSignal): Promise<ExpertLoad> {
    return this.#call('expertLoad', { position }, { signal });
  }

  /**
   * Takes a what-if, as JSON.
   * @throws EngineFault of kind `what-if` where the model cannot have it.
   */
  change(settings: string, signal?: AbortSignal): Promise<ResolvedWhatIf> {
    return this.#call('change', { settings }, { signal });
  }

  /** Runs the model with the what-if up to position `to`; gives what it changes from `from` on as it comes. */
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

  /** Leaves the engine, which ends with its last user; what is still asked of it fails as cancelled. */
  close(): void {
    this.#engine.leave(this.#session);
  }

  /** @throws EngineFault of kind `restarted` where another user's panic has taken this one's text with it. */
  #call<C extends Call>(call: C, ask: Calls[C]['ask'], options: CallOptions): Promise<Calls[C]['answer']> {
    if (this.#generation !== this.#engine.generation) {
      return Promise.reject(new EngineFault({ kind: 'restarted', message: '' }));
    }
    return this.#engine.call(this.#session, call, ask, options);
  }
}
