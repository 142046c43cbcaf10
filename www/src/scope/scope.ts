// A scope: a store, and an engine that follows it. Views send intents; the scope loads models, sets the text, runs the
// model up to the playhead, and passes the results to the store.

import type { EngineClient } from '../engine/client';
import type { EngineSources } from '../engine/engine-pool';
import { fetchPresets, openEngine } from '../engine/engine-pool';
import { reasonOf } from '../engine/error-message';
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
} from './select';
import type { Intent, ShownFault, Snapshot } from './state';
import { Store } from './store';
import type { CacheSetting, WhatIf } from './what-if';
import { commonCacheSettings, isPlain, PLAIN, sameCacheSetting, settingsOf } from './what-if';

export class Scope {
  readonly store: Store;
  /** What was asked for last, which may have failed. */
  #wanted: EngineSources;
  /** What the engine was made of. */
  #used: EngineSources;
  #engine: EngineClient | null = null;
  /** The text that the engine has, so that it is not set twice. */
  #engineText: { readonly text: string; readonly appended: readonly number[] } | null = null;
  /** The what-if that the engine has. */
  #engineWhatIf: WhatIf | null = null;
  /** How many of the records are this engine's own: the others were made when the site was built. */
  #recorded = 0;
  /** What the engine is doing. Only one thing at a time: whatever is newer cancels it. */
  #job = new AbortController();
  /** How far the job runs; below 0 where there is none. */
  #goal = -1;
  #opening = new AbortController();
  /** The published models; fetched on first use. */
  #presets: Bytes | null = null;
  /** The survey that is being made; whatever is newer cancels it. */
  #surveying: { readonly asked: string; readonly engine: EngineClient; readonly job: AbortController } | null = null;
  readonly #player: Player;
  /** Crashes since the engine last did what it was asked: after the second in a row it is left alone. */
  #crashes = 0;
  readonly #ending = new AbortController();
  /** Aborted when the scope is not used any more. */
  readonly ended = this.#ending.signal;

  constructor(first: Snapshot, sources: EngineSources) {
    this.store = new Store(first);
    this.#wanted = sources;
    this.#used = sources;
    this.#player = new Player(this.store, () => {
      this.ask({ do: 'advance' });
    });
  }

  /** Brings the model. */
  start(): void {
    void this.#openModel();
  }

  /** Does what a view asks for. */
  ask(intent: Intent): void {
    const { fault } = this.store.snapshot;
    this.store.ask(intent);
    void this.#survey();
    switch (intent.do) {
      case 'open': {
        const { config, checkpoint, tokenizer } = intent.files;
        this.#wanted = { ...this.#wanted, config, checkpoint, tokenizer };
        void this.#openModel();
        return;
      }
      case 'retry':
        this.#crashes = 0;
        if (fault?.during === 'run') this.#wanted = this.#used;
        void this.#openModel(fault?.during === 'run' ? this.#engine : null);
        return;
      case 'generate':
        void this.#generate();
        return;
      case 'sweep':
        void this.#work(this.store.snapshot.state.reach, async (engine, signal) => {
          await this.#steps(engine, signal);
          await this.#sweep(engine, signal);
        });
        return;
      case 'view':
        this.#player.follow();
        // What is being done ends with it anyway.
        if (this.#goal < 0 && !isMeasured(this.store.snapshot)) this.#follow();
        return;
      case 'look':
      case 'head':
      case 'arrange':
      case 'reveal':
      case 'guess':
      case 'theme':
      case 'stage':
      case 'hold':
      case 'speed':
      case 'play':
      case 'survey':
      case 'dismiss':
        this.#player.follow();
        return;
      case 'change':
      case 'sample':
      case 'type':
      case 'example':
      case 'seek':
      case 'step':
      case 'advance':
      case 'append':
      case 'go':
        this.#player.follow();
        this.#follow();
    }
  }

  /** The SHA-256 of the model's checkpoint; null where the browser computes none, or no model is up. */
  async fingerprint(): Promise<string | null> {
    return (await this.#engine?.fingerprint()) ?? null;
  }

  /** How the model cuts a text with tokens appended to it; null where no model is up. */
  async cut(text: string, appended: readonly number[]): Promise<readonly number[] | null> {
    return (await this.#engine?.cut(text, appended)) ?? null;
  }

  /** A view's file did not arrive: the roll stays, and one can try again. */
  viewFailed(): void {
    this.store.ask({ do: 'view', view: 'roll' });
    this.store.tell({ news: 'fault', fault: { kind: 'view', message: '', during: 'run', recovered: true } });
  }

  /** A new model replaces the old one only when it is up. */
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

  /** Makes the engine follow the state: its text, its records as far as it is to be run, the rest of the shown step. */
  #follow(): void {
    const { snapshot } = this.store;
    const { state, records } = snapshot;
    const text = this.#engineText;
    const sameText = text !== null && text.text === state.text && text.appended === state.appended;
    const hasRecords = sameText && state.reach < Math.min(records.length, this.#recorded);
    // Nothing is missing: stepping back to where one was never asks the engine, and stops it.
    if (hasRecords && isWhole(snapshot) && isCompared(snapshot) && isMeasured(snapshot)) {
      this.#cancel();
      return;
    }
    if (sameText && !hasRecords && this.#goal === state.reach) return;
    void this.#work(state.reach, async (engine, signal) => {
      await this.#steps(engine, signal);
    });
  }

  /** All that the state asks of the engine. */
  async #steps(engine: EngineClient, signal: AbortSignal): Promise<void> {
    await this.#setText(engine, signal);
    await this.#run(engine, signal);
    await this.#fetchRest(engine, signal);
    await this.#compare(engine, signal);
    if (!isMeasured(this.store.snapshot)) await this.#try(PLAIN, engine, signal);
  }

  /** The usual ways to keep the cache, but for those that were tried on as many tokens. */
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

  /** Runs the text with the cache kept so, as far as the plain run; nothing where the model cannot have it. */
  async #try(setting: CacheSetting, engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { rank, format } = setting;
    this.#engineWhatIf = null;
    try {
      const plan = await engine.change(settingsOf({ ...PLAIN, rank, format }), signal);
      const to = runTo(this.store.snapshot);
      // Of the plain run only the loss is wanted, and it is soon compared with itself.
      const from = setting === PLAIN ? to : 0;
      const loss = await engine.compare(from, to, () => undefined, signal);
      const tried = { setting: { rank, format }, bytes: plan.latent_bytes, loss };
      if (!signal.aborted) this.store.tell({ news: 'tried', tried });
    } catch (error) {
      if (!(error instanceof EngineFault) || error.kind !== 'what-if') throw error;
    }
  }

  /** Chooses a token after the last, and appends it. */
  async #generate(): Promise<void> {
    await this.#work(Infinity, async (engine, signal) => {
      await this.#setText(engine, signal);
      const { temperature, seed } = this.store.snapshot.state;
      const token = await engine.generate({ temperature, seed }, this.#recorded, this.#recorder(signal), signal);
      this.ask({ do: 'append', token });
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
      // A job that was cancelled has a successor, which reports for itself; a broken engine is everybody's matter.
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
    // Until it answers, nobody knows which text the engine has.
    this.#engineText = null;
    const set = await engine.set(text, appended, signal);
    if (signal.aborted) return;
    this.#engineText = { text, appended };
    this.store.tell({ news: 'text', text: set });
    this.#recorded = Math.min(this.#recorded, this.store.snapshot.records.length);
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

  /** What of the shown step its record does not keep. */
  async #fetchRest(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { snapshot } = this.store;
    const { position, temperature } = snapshot.state;
    if (position >= this.#recorded) return;
    if (snapshot.detail?.position !== position) {
      const arrays = await engine.detail(position, signal);
      if (signal.aborted) return;
      this.store.tell({ news: 'detail', detail: { ...arrays, position } });
    }
    if (!hasDistribution(snapshot)) {
      const distribution = await engine.distribution(position, temperature, signal);
      if (signal.aborted) return;
      this.store.tell({ news: 'distribution', distribution });
    }
    if (snapshot.expertLoad?.position !== position) {
      const expertLoad = await engine.expertLoad(position, signal);
      if (!signal.aborted) this.store.tell({ news: 'expert load', expertLoad });
    }
  }

  /** The run with the what-if, as far as the plain one. */
  async #compare(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { whatIf } = this.store.snapshot.state;
    if (isPlain(whatIf) || isCompared(this.store.snapshot)) return;
    const { snapshot } = this.store;
    const isKnown = snapshot.comparison?.whatIf === whatIf;
    const to = runTo(snapshot);
    // The last one again where all have come: the loss is of what the engine has run since the change was made.
    const from = isKnown ? Math.min(snapshot.comparison.steps.length, to) : 0;
    const refusal = new AbortController();
    const planned =
      isKnown && this.#engineWhatIf === whatIf ? snapshot.comparison.plan : this.#change(engine, whatIf, signal);
    let plan: ResolvedWhatIf | null = null;
    // Asked for at once: the engine does one after the other, and need not wait for the page in between.
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
    await this.#fetchChangedDetail(engine, signal);
  }

  /** Gives the engine a what-if; null where the model cannot have it, or something newer is asked. */
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

  /** What of the shown step in the run with the what-if its record does not keep. */
  async #fetchChangedDetail(engine: EngineClient, signal: AbortSignal): Promise<void> {
    const { state, comparison } = this.store.snapshot;
    const { position } = state;
    if (!comparison || position >= comparison.steps.length || comparison.detail?.position === position) return;
    const arrays = await engine.changedDetail(position, comparison.plan.num_experts_per_tok, signal);
    if (!signal.aborted) this.store.tell({ news: 'changed detail', detail: { ...arrays, position } });
  }

  /** Asks for the published models where they are shown and are not known yet. */
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
      // The file itself may be broken: the next try fetches it again.
      this.#presets = null;
      if (this.#surveying === surveying && engine === this.#engine) this.#fault(error, 'run');
    } finally {
      if (this.#surveying === surveying) this.#surveying = null;
    }
  }

  /** A fresh engine has no text, and has run nothing. */
  #resetEngineState(): void {
    this.#engineText = null;
    this.#engineWhatIf = null;
    this.#recorded = 0;
  }

  /** Ends it: the scope is not used any more. */
  end(): void {
    this.#ending.abort(new Error('moescope: the view has left the page'));
    this.#opening.abort();
    this.#surveying?.job.abort();
    this.#cancel();
    this.ask({ do: 'play', on: false });
    this.#engine?.close();
    this.#engine = null;
  }

  /** Shows what went wrong; after a panic the text is set and run again in the fresh engine. */
  #fault(error: unknown, during: ShownFault['during']): void {
    const fault = error instanceof EngineFault ? error : new EngineFault({ kind: 'panic', message: reasonOf(error) });
    if (fault.kind === 'cancelled') return;
    if (fault.kind === 'restarted') {
      this.#resetEngineState();
      this.#follow();
      return;
    }
    const broken = during === 'run' && fault.kind === 'panic';
    if (broken) {
      this.#crashes++;
      this.#resetEngineState();
    }
    const recovered = broken && this.#crashes < 2;
    this.store.tell({ news: 'fault', fault: { kind: fault.kind, message: fault.message, during, recovered } });
    if (recovered) this.#follow();
  }
}
