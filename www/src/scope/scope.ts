// A scope: a store, and an engine that follows it. Views send intents; the scope loads models, sets the text, runs the
// model up to the playhead, and passes the results to the store.

import type { EngineClient } from '../engine/client';
import { openEngine } from '../engine/engine-pool';
import { reasonOf } from '../engine/error-message';
import type { EngineSources } from '../engine/fetch-files';
import { fetchPresets } from '../engine/fetch-files';
import type { Bytes } from '../engine/messages';
import { EngineFault } from '../engine/messages';
import type { ResolvedWhatIf, StepRecord } from '../engine/types';
import { Player } from './player';
import {
  hasDistribution,
  hasSurvey,
  isCompared,
  isMeasured,
  isWhole,
  predictedCount,
  questionOf,
  runTo,
  shownRun,
  shownRunName,
} from './select';
import type { Intent } from './intents';
import { INTENTS } from './intents';
import type { Run, ShownFault, Snapshot } from './state';
import { Store } from './store';
import type { CacheSetting, WhatIf } from './what-if';
import { commonCacheSettings, isPlain, PLAIN, sameCacheSetting, settingsOf } from './what-if';

/** Number of tokens with which the runs continue the text. */
const CONTINUED = 16;

export class Scope {
  readonly store: Store;
  /** The sources that were requested last; loading them may have failed. */
  #wanted: EngineSources;
  /** The sources of the running engine. */
  #used: EngineSources;
  #engine: EngineClient | null = null;
  /** The engine's text, so that it is not set twice. */
  #engineText: { readonly text: string; readonly appended: readonly number[] } | null = null;
  /** The engine's what-if. */
  #engineWhatIf: WhatIf | null = null;
  /** Number of records computed by this engine; later ones in the snapshot were made at build time. */
  #recorded = 0;
  /** The engine's current job. A new job cancels it. */
  #job = new AbortController();
  /** The position that the job runs to; -1 without a job. */
  #goal = -1;
  #opening = new AbortController();
  /** The published models; fetched on first use. */
  #presets: Bytes | null = null;
  /** The survey that is being computed; a new question cancels it. */
  #surveying: { readonly asked: string; readonly engine: EngineClient; readonly job: AbortController } | null = null;
  readonly #player: Player;
  /** Crashes since the last finished job; after the second in a row, the text is not run again. */
  #crashes = 0;
  readonly #ending = new AbortController();
  /** Aborted when the scope ends. */
  readonly ended = this.#ending.signal;

  constructor(first: Snapshot, sources: EngineSources) {
    this.store = new Store(first);
    this.#wanted = sources;
    this.#used = sources;
    this.#player = new Player(this.store, () => {
      this.ask({ do: 'advance' });
    });
  }

  start(): void {
    void this.#openModel();
  }

  ask(intent: Intent): void {
    const { fault } = this.store.snapshot;
    this.store.ask(intent);
    void this.#survey();
    this.#player.follow();
    switch (INTENTS[intent.do].asks) {
      case 'nothing':
        return;
      case 'state':
        this.#follow();
        return;
      case 'state, after the job':
        if (this.#goal < 0 && !isMeasured(this.store.snapshot)) this.#follow();
        return;
      case 'token':
        void this.#generate();
        return;
      case 'cache settings':
        void this.#work(this.store.snapshot.state.reach, async (engine, signal) => {
          await this.#steps(engine, signal);
          await this.#sweep(engine, signal);
        });
        return;
      case 'continuations':
        void this.#continue();
        return;
      case 'model':
        this.#load(intent, fault);
    }
  }

  /** Loads the files of an opened model, or the files of the load or the run that has failed. */
  #load(intent: Intent, fault: ShownFault | null): void {
    if (intent.do === 'open') {
      const { config, checkpoint, tokenizer } = intent.files;
      this.#wanted = { ...this.#wanted, config, checkpoint, tokenizer };
      void this.#openModel();
      return;
    }
    const isRun = fault?.during === 'run';
    this.#crashes = 0;
    if (isRun) this.#wanted = this.#used;
    void this.#openModel(isRun ? this.#engine : null);
  }

  /** The SHA-256 of the model's checkpoint; null if the browser cannot compute it, or no model is loaded. */
  async fingerprint(): Promise<string | null> {
    return (await this.#engine?.fingerprint()) ?? null;
  }

  /** Token ids of a text with tokens appended to it; null if no model is loaded. */
  async cut(text: string, appended: readonly number[]): Promise<readonly number[] | null> {
    return (await this.#engine?.cut(text, appended)) ?? null;
  }

  /** A view's file could not be loaded: shows the roll and a fault; selecting the view again retries. */
  viewFailed(): void {
    this.store.ask({ do: 'view', view: 'roll' });
    this.store.tell({ news: 'fault', fault: { kind: 'view', message: '', during: 'run', recovered: true } });
  }

  /** Loads a model; the old one is used until the new one is ready. */
  async #openModel(broken: EngineClient | null = null): Promise<void> {
    this.#opening.abort();
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    const sources = this.#wanted;
    try {
      const engine = await openEngine(
        sources,
        progress => {
          if (!signal.aborted) this.store.tell({ news: 'progress', progress });
        },
        signal,
        broken,
      );
      if (signal.aborted) {
        engine.close();
        return;
      }
      this.#job.abort();
      this.#engine?.close();
      this.#engine = engine;
      this.#used = sources;
      this.#engineText = null;
      this.#engineWhatIf = null;
      this.#recorded = 0;
      this.store.tell({ news: 'model', model: engine.loaded, inPage: engine.where === 'main thread' });
      this.#follow();
      void this.#survey();
    } catch (error) {
      if (!signal.aborted) this.#fault(error, 'load');
    }
  }

  /** Starts a job that computes what the state needs and the snapshot lacks. */
  #follow(): void {
    const { snapshot } = this.store;
    const { state, plain } = snapshot;
    const text = this.#engineText;
    const sameText = text !== null && text.text === state.text && text.appended === state.appended;
    const hasRecords = sameText && state.reach < Math.min(plain.records.length, this.#recorded);
    // If nothing is missing, only the running job is stopped.
    if (hasRecords && isWhole(snapshot) && isCompared(snapshot) && isMeasured(snapshot)) {
      this.#cancel();
      return;
    }
    if (sameText && !hasRecords && this.#goal === state.reach) return;
    void this.#work(state.reach, async (engine, signal) => {
      await this.#steps(engine, signal);
    });
  }

  /** Computes everything that the state needs: text, records, detail, changed run, plain loss. */
  async #steps(engine: EngineClient, signal: AbortSignal): Promise<void> {
    await this.#setText(engine, signal);
    await this.#run(engine, signal);
    if (shownRunName(this.store.snapshot) === 'plain') await this.#fetchRest(engine, signal);
    await this.#compare(engine, signal);
    await this.#fetchRest(engine, signal);
    if (!isMeasured(this.store.snapshot)) await this.#try(PLAIN, engine, signal);
  }

  /** Tries the common cache settings, except those already tried on this number of tokens. */
  async #sweep(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { model, tried } = this.store.snapshot;
    const tokens = predictedCount(this.store.snapshot);
    const isKnown = (setting: CacheSetting): boolean =>
      tried.some(known => sameCacheSetting(known.setting, setting) && known.loss.tokens === tokens);
    const wanted = commonCacheSettings(model.info.kv_lora_rank).filter(setting => !isKnown(setting));
    for (const [index, setting] of wanted.entries()) {
      if (signal.aborted) return;
      this.store.tell({ news: 'sweeping', left: wanted.length - index });
      await this.#try(setting, engine, signal);
    }
    if (!signal.aborted) this.store.tell({ news: 'sweeping', left: null });
  }

  /**
   * Reruns the text with this cache setting, up to the plain run's position; does nothing if the model does not support
   * it.
   */
  async #try(setting: CacheSetting, engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { latent_rank: rank, cache_format: format } = setting;
    this.#engineWhatIf = null;
    try {
      const plan = await engine.change(settingsOf({ ...PLAIN, latent_rank: rank, cache_format: format }), signal);
      const to = runTo(this.store.snapshot);
      // For the plain setting only the loss is needed, so one position is enough.
      const from = setting === PLAIN ? to : 0;
      const loss = await engine.compare(from, to, () => undefined, signal);
      const tried = { setting: { latent_rank: rank, cache_format: format }, bytes: plan.latent_bytes, loss };
      if (!signal.aborted) this.store.tell({ news: 'tried', tried });
    } catch (error) {
      if (!(error instanceof EngineFault) || error.kind !== 'what-if') throw error;
    }
  }

  /** Lets the model choose the token after the last one, and appends it. */
  async #generate(): Promise<void> {
    await this.#work(Infinity, async (engine, signal) => {
      await this.#setText(engine, signal);
      if (shownRunName(this.store.snapshot) === 'changed') {
        // A token is appended after the shown one, so the changed run must first reach the end of the text.
        await this.#run(engine, signal);
        await this.#compare(engine, signal);
        await this.#restoreWhatIf(engine, signal);
      }
      const run = shownRunName(this.store.snapshot);
      const { temperature, seed } = this.store.snapshot.state;
      const asked = { run, temperature, seed, from: this.#recorded };
      const token = await engine.generate(asked, this.#recorder(signal), signal);
      this.ask({ do: 'append', token });
    });
  }

  /** Lets both runs continue the text, once everything that the state needs is computed. */
  async #continue(): Promise<void> {
    await this.#work(this.store.snapshot.state.reach, async (engine, signal) => {
      await this.#steps(engine, signal);
      await this.#restoreWhatIf(engine, signal);
      const { tokens, state } = this.store.snapshot;
      const { temperature, seed } = state;
      const continuations = await engine.continuations({ temperature, seed, count: CONTINUED }, signal);
      if (signal.aborted) return;
      this.store.tell({ news: 'continued', continued: { ...continuations, tokens, temperature, seed } });
    });
  }

  async #work(goal: number, work: (engine: EngineClient, signal: AbortSignal) => Promise<void>): Promise<void> {
    const engine = this.#engine;
    this.#cancel();
    if (!engine) return;
    const { signal } = this.#job;
    this.#goal = goal;
    try {
      await work(engine, signal);
      this.#crashes = 0;
    } catch (error) {
      // Faults of a cancelled job are ignored, except a panic, which is always reported.
      const broken = error instanceof EngineFault && error.kind === 'panic';
      if (engine === this.#engine && (broken || !signal.aborted)) this.#fault(error, 'run');
    } finally {
      if (!signal.aborted) this.#goal = -1;
    }
  }

  #cancel(): void {
    this.#job.abort();
    this.#job = new AbortController();
    this.#goal = -1;
    if (this.store.snapshot.sweeping !== null) this.store.tell({ news: 'sweeping', left: null });
  }

  async #setText(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { text, appended } = this.store.snapshot.state;
    if (this.#engineText?.text === text && this.#engineText.appended === appended) return;
    // The engine's text is unknown until it answers.
    this.#engineText = null;
    const set = await engine.set(text, appended, signal);
    if (signal.aborted) return;
    this.#engineText = { text, appended };
    this.store.tell({ news: 'text', text: set });
    this.#recorded = Math.min(this.#recorded, this.store.snapshot.plain.records.length);
  }

  async #run(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { snapshot } = this.store;
    const from = this.#recorded;
    const to = runTo(snapshot);
    this.#goal = snapshot.state.reach;
    if (from <= to) await engine.run(from, to, this.#recorder(signal), signal);
  }

  #recorder(signal: AbortSignal): (record: StepRecord) => void {
    return record => {
      if (signal.aborted) return;
      this.store.tell({ news: 'record', record });
      this.#recorded = Math.max(this.#recorded, record.position + 1);
    };
  }

  /** Fetches the parts of the shown step that its record does not hold, in the shown run. */
  async #fetchRest(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { snapshot } = this.store;
    const { position, temperature } = snapshot.state;
    const run = shownRunName(snapshot);
    const { records, detail, expertLoad } = shownRun(snapshot);
    if (signal.aborted || position >= (run === 'plain' ? this.#recorded : records.length)) return;
    if (run === 'changed' && !isWhole(snapshot)) await this.#restoreWhatIf(engine, signal);
    const tell = (rest: Partial<Omit<Run, 'records'>>): void => {
      if (!signal.aborted) this.store.tell({ news: 'rest', run, ...rest });
    };
    if (detail?.position !== position) {
      tell({ detail: await engine.detail(run, position, signal) });
    }
    if (!hasDistribution(snapshot)) {
      tell({ distribution: await engine.distribution(run, position, temperature, signal) });
    }
    if (expertLoad?.position !== position) tell({ expertLoad: await engine.expertLoad(run, position, signal) });
  }

  /** Sets the what-if of the changed run again, if trying a cache setting has replaced it in the engine. */
  async #restoreWhatIf(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { whatIf } = this.store.snapshot.state;
    if (this.#engineWhatIf === whatIf) return;
    await this.#change(engine, whatIf, signal);
    await engine.compare(runTo(this.store.snapshot), runTo(this.store.snapshot), () => undefined, signal);
  }

  /** Runs the text with the what-if, up to the plain run's position. */
  async #compare(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { whatIf } = this.store.snapshot.state;
    if (isPlain(whatIf) || isCompared(this.store.snapshot)) return;
    const { snapshot } = this.store;
    const isKnown = snapshot.comparison?.whatIf === whatIf;
    const to = runTo(snapshot);
    // If all steps are known, the last one is requested again: the answer carries the loss.
    const from = isKnown ? Math.min(snapshot.comparison.steps.length, to) : 0;
    const refusal = new AbortController();
    const planned =
      isKnown && this.#engineWhatIf === whatIf ? snapshot.comparison.plan : this.#change(engine, whatIf, signal);
    let plan: ResolvedWhatIf | null = null;
    // Sent before the answer to `change` arrives: the engine works in order and need not wait for the page.
    const comparison = engine.compare(
      from,
      to,
      compared => {
        if (!signal.aborted && plan) this.store.tell({ news: 'compared', whatIf, plan, compared });
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
    if (signal.aborted) return;
    this.store.tell({ news: 'loss', loss });
  }

  /** Sets the engine's what-if; null if the model does not support it, or a newer job has started. */
  async #change(engine: EngineClient, whatIf: WhatIf, signal: AbortSignal): Promise<ResolvedWhatIf | null> {
    this.#engineWhatIf = null;
    try {
      const plan = await engine.change(settingsOf(whatIf), signal);
      if (signal.aborted) return null;
      this.#engineWhatIf = whatIf;
      return plan;
    } catch (error) {
      if (!(error instanceof EngineFault) || error.kind !== 'what-if') throw error;
      this.store.tell({ news: 'refused', sentence: error.message });
      return null;
    }
  }

  /** Computes the survey of published models, if its view is open and the answer is missing. */
  async #survey(): Promise<void> {
    const { snapshot } = this.store;
    const engine = this.#engine;
    const question = questionOf(snapshot);
    if (!engine || !question || hasSurvey(snapshot)) return;
    const asked = JSON.stringify(question);
    if (this.#surveying?.asked === asked && this.#surveying.engine === engine) return;
    this.#surveying?.job.abort();
    const surveying = { asked, engine, job: new AbortController() };
    this.#surveying = surveying;
    const { signal } = surveying.job;
    try {
      this.#presets ??= await fetchPresets(this.#used, signal);
      const survey = await engine.survey(this.#presets, question, signal);
      if (this.#surveying === surveying && engine === this.#engine) this.store.tell({ news: 'survey', survey });
    } catch (error) {
      // The file of published models may be broken, so the next try fetches it again.
      if (error instanceof EngineFault && error.kind === 'survey') this.#presets = null;
      if (this.#surveying === surveying && engine === this.#engine) this.#fault(error, 'run');
    } finally {
      if (this.#surveying === surveying) this.#surveying = null;
    }
  }

  /** After a restart: the new engine has no text, no what-if and no records. */
  #resetEngineState(): void {
    this.#engineText = null;
    this.#engineWhatIf = null;
    this.#recorded = 0;
  }

  /** Ends the scope and its use of the engine. */
  end(): void {
    this.#ending.abort(new Error('moescope: the view has left the page'));
    this.#opening.abort();
    this.#surveying?.job.abort();
    this.#cancel();
    this.ask({ do: 'play', on: false });
    this.#engine?.close();
    this.#engine = null;
  }

  /** Shows a fault; after a first panic, the text runs again in a new engine. */
  #fault(error: unknown, during: ShownFault['during']): void {
    const fault = error instanceof EngineFault ? error : new EngineFault({ kind: 'panic', message: reasonOf(error) });
    const { kind, message } = fault;
    if (kind === 'cancelled') return;
    if (kind === 'restarted') {
      this.#resetEngineState();
      this.#follow();
      return;
    }
    const broken = during === 'run' && kind === 'panic';
    if (broken) {
      this.#crashes++;
      this.#resetEngineState();
    }
    const recovered = broken && this.#crashes < 2;
    this.store.tell({ news: 'fault', fault: { kind, message, during, recovered } });
    if (recovered) this.#follow();
  }
}
