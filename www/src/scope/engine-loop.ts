// The loop that asks the engine: performs the next task, tells the store its answer, and asks `nextTask` again. A new job
// cancels the running one, whose later answers are ignored.

import type { EngineClient } from '../engine/client';
import { EngineFault } from '../engine/messages';
import type { ResolvedWhatIf, StepRecord } from '../engine/types';
import type { Job, Task } from './next-task';
import { EMPTY_ENGINE, isUnderWay, nextTask } from './next-task';
import type { News } from './state';
import { sharedTokens } from './shared-tokens';
import type { Store } from './store';
import type { WhatIf } from './what-if';
import { PLAIN, settingsOf } from './what-if';

/** Number of tokens with which the runs continue the text. */
const CONTINUED = 16;

export interface LoopEvents {
  /** The model has chosen a token, which is to be appended. */
  readonly onToken: (token: number) => void;
  readonly onFault: (error: unknown) => void;
  /** A job has computed everything that it was started for. */
  readonly onDone: () => void;
}

export class EngineLoop {
  readonly #store: Store;
  readonly #events: LoopEvents;
  #engine: EngineClient | null = null;
  #has = EMPTY_ENGINE;
  #job = new AbortController();
  /** The running job's task; null without a job. */
  #task: Task | null = null;

  constructor(store: Store, events: LoopEvents) {
    this.#store = store;
    this.#events = events;
  }

  /** True if no job is running. */
  get isIdle(): boolean {
    return this.#task === null;
  }

  /** Uses another engine, or none, from the next job on. */
  use(engine: EngineClient | null): void {
    this.cancel();
    this.#engine = engine;
    this.forget();
  }

  /** After a restart, the engine has no text, no what-if and no records. */
  forget(): void {
    this.#has = EMPTY_ENGINE;
  }

  /** Computes what the state needs. If nothing is missing, the running job is only cancelled. */
  follow(): void {
    const next = nextTask(this.#store.snapshot, this.#has, 'state');
    if (isUnderWay(this.#task, next)) return;
    if (next) void this.start('state');
    else this.cancel();
  }

  /** Cancels the running job, and performs the tasks of another one. */
  async start(job: Job): Promise<void> {
    this.cancel();
    const engine = this.#engine;
    if (!engine) return;
    const { signal } = this.#job;
    try {
      let last: Task | null = null;
      for (let task = this.#next(job); task && !isSame(task, last); task = isLast(task) ? null : this.#next(job)) {
        this.#task = task;
        last = task;
        await this.#perform(task, engine, signal);
        if (signal.aborted) return;
      }
      this.#endSweep();
      this.#events.onDone();
    } catch (error) {
      // Faults of a cancelled job are ignored, except a panic, which is always reported.
      const isPanic = error instanceof EngineFault && error.kind === 'panic';
      if (engine === this.#engine && (isPanic || !signal.aborted)) this.#events.onFault(error);
    } finally {
      // A newer job has set its own task.
      if (!signal.aborted) this.#task = null;
    }
  }

  cancel(): void {
    this.#job.abort();
    this.#job = new AbortController();
    this.#task = null;
    this.#endSweep();
  }

  #next(job: Job): Task | null {
    return nextTask(this.#store.snapshot, this.#has, job);
  }

  #endSweep(): void {
    if (this.#store.snapshot.sweeping !== null) this.#store.tell({ news: 'sweeping', left: null });
  }

  async #perform(task: Task, engine: EngineClient, signal: AbortSignal): Promise<void> {
    const tell = (news: News): void => {
      if (!signal.aborted) this.#store.tell(news);
    };
    switch (task.ask) {
      case 'text':
        await this.#setText(task, engine, signal);
        return;
      case 'records':
        await engine.run(task.from, task.to, this.#recorder(signal), signal);
        return;
      case 'detail':
        tell({ news: 'rest', run: task.run, detail: await engine.detail(task.run, task.position, signal) });
        return;
      case 'distribution': {
        const { run, position, temperature } = task;
        tell({ news: 'rest', run, distribution: await engine.distribution(run, position, temperature, signal) });
        return;
      }
      case 'expert load':
        tell({ news: 'rest', run: task.run, expertLoad: await engine.expertLoad(task.run, task.position, signal) });
        return;
      case 'comparison':
        await this.#compare(task, engine, signal);
        return;
      case 'what-if again':
        if (await this.#change(engine, task.whatIf, signal)) {
          await engine.compare(task.to, task.to, () => undefined, signal);
        }
        return;
      case 'cache setting':
        await this.#try(task, engine, signal);
        return;
      case 'token': {
        const { run, temperature, seed, from } = task;
        const token = await engine.generate({ run, temperature, seed, from }, this.#recorder(signal), signal);
        if (!signal.aborted) this.#events.onToken(token);
        return;
      }
      case 'continuations': {
        const { temperature, seed } = task;
        const { tokens } = this.#store.snapshot.text;
        const continuations = await engine.continuations({ temperature, seed, count: CONTINUED }, signal);
        tell({ news: 'continued', continued: { ...continuations, tokens, temperature, seed } });
      }
    }
  }

  async #setText({ text, appended }: TaskOf<'text'>, engine: EngineClient, signal: AbortSignal): Promise<void> {
    // The engine's text is unknown until it answers.
    this.#has = { ...this.#has, text: null };
    const set = await engine.set(text, appended, signal);
    if (signal.aborted) return;
    // Set before the store gets the answer: the store's listeners may ask for something else at once.
    const recorded = Math.min(this.#has.recorded, sharedTokens(this.#store.snapshot.text.tokens, set.tokens));
    this.#has = { ...this.#has, text: { text, appended }, recorded };
    this.#store.tell({ news: 'text', text: set });
  }

  #recorder(signal: AbortSignal): (record: StepRecord) => void {
    return record => {
      if (signal.aborted) return;
      this.#has = { ...this.#has, recorded: Math.max(this.#has.recorded, record.position + 1) };
      this.#store.tell({ news: 'record', record });
    };
  }

  async #compare(task: TaskOf<'comparison'>, engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { whatIf } = task;
    const refusal = new AbortController();
    const planned = task.plan ?? this.#change(engine, whatIf, signal);
    let plan: ResolvedWhatIf | null = null;
    // Sent before the answer to `change` arrives: the engine works in order and need not wait for the page.
    const comparison = engine.compare(
      task.from,
      task.to,
      compared => {
        if (!signal.aborted && plan) this.#store.tell({ news: 'compared', whatIf, plan, compared });
      },
      AbortSignal.any([signal, refusal.signal]),
    );
    comparison.catch(() => undefined);
    plan = await planned;
    if (!plan) {
      refusal.abort();
      return;
    }
    const loss = await comparison;
    if (!signal.aborted) this.#store.tell({ news: 'loss', loss });
  }

  /** Sets the engine's what-if; null if the model does not support it, or a newer job has started. */
  async #change(engine: EngineClient, whatIf: WhatIf, signal: AbortSignal): Promise<ResolvedWhatIf | null> {
    this.#has = { ...this.#has, whatIf: null };
    try {
      const plan = await engine.change(settingsOf(whatIf), signal);
      if (signal.aborted) return null;
      this.#has = { ...this.#has, whatIf };
      return plan;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (!signal.aborted) this.#store.tell({ news: 'refused', sentence: error.message });
      return null;
    }
  }

  /** Reruns the text with this cache setting. */
  async #try(
    { setting, from, to, left }: TaskOf<'cache setting'>,
    engine: EngineClient,
    signal: AbortSignal,
  ): Promise<void> {
    if (left !== null) this.#store.tell({ news: 'sweeping', left });
    this.#has = { ...this.#has, whatIf: null };
    try {
      const plan = await engine.change(settingsOf({ ...PLAIN, ...setting }), signal);
      const loss = await engine.compare(from, to, () => undefined, signal);
      const tried = { setting, bytes: plan.latent_bytes, loss };
      if (!signal.aborted) this.#store.tell({ news: 'tried', tried });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#has = { ...this.#has, unsupported: [...this.#has.unsupported, setting] };
    }
  }
}

type TaskOf<A extends Task['ask']> = Extract<Task, { readonly ask: A }>;

/** True if a task ends its job. */
function isLast({ ask }: Task): boolean {
  return ask === 'token' || ask === 'continuations';
}

/** True if a task is the same request as the last one. Its answer did not help, so asking again would never end. */
function isSame(task: Task, last: Task | null): boolean {
  return last !== null && JSON.stringify(task) === JSON.stringify(last);
}

function isRefusal(error: unknown): error is EngineFault {
  return error instanceof EngineFault && error.kind === 'what-if';
}
