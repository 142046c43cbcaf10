// A scope: a store, and an engine that follows it. Views send intents; the scope loads models, has the loop ask the
// engine for what the state needs, and restarts the loop after a crash.

import type { EngineClient } from '../engine/client';
import { openEngine } from '../engine/engine-pool';
import { reasonOf } from '../engine/error-message';
import type { EngineSources } from '../engine/fetch-files';
import { fetchPresets } from '../engine/fetch-files';
import type { Bytes } from '../engine/messages';
import { EngineFault } from '../engine/messages';
import type { ModelIdentity } from '../engine/model-identity';
import { isSameModel } from '../engine/model-identity';
import { EngineLoop } from './engine-loop';
import type { Intent } from './intents';
import { INTENTS } from './intents';
import { nextQuestion } from './next-task';
import { Player } from './player';
import { isMeasured, isModelMissing, loadProgress } from './select';
import type { ShownFault, Snapshot } from './state';
import { Store } from './store';

export class Scope {
  readonly store: Store;
  /** Sources of the shipped model, and of each model that the user has opened. */
  readonly #known: { readonly model: ModelIdentity | null; readonly sources: EngineSources }[];
  /** The sources that were requested last; loading them may have failed. */
  #wanted: EngineSources;
  /** The sources of the running engine. */
  #used: EngineSources;
  #engine: EngineClient | null = null;
  #opening = new AbortController();
  /** The published models; fetched on first use. */
  #presets: Bytes | null = null;
  /** The survey that is being computed; a survey with new settings cancels it. */
  #surveying: { readonly asked: string; readonly engine: EngineClient; readonly job: AbortController } | null = null;
  readonly #player: Player;
  readonly #loop: EngineLoop;
  /** Crashes since the last finished job; after the second in a row, the text is not run again. */
  #crashes = 0;
  readonly #ending = new AbortController();
  /** Aborted when the scope ends. */
  readonly ended = this.#ending.signal;

  constructor(first: Snapshot, sources: EngineSources) {
    this.store = new Store(first);
    this.#known = [{ model: null, sources }];
    this.#wanted = sources;
    this.#used = sources;
    this.#player = new Player(this.store, () => {
      this.ask({ do: 'advance' });
    });
    this.#loop = new EngineLoop(this.store, {
      onToken: token => {
        this.ask({ do: 'append', token });
      },
      onFault: error => {
        this.#fault(error, 'run');
      },
      onDone: () => {
        this.#crashes = 0;
      },
    });
  }

  start(): void {
    if (isModelMissing(this.store.snapshot)) this.#openNamed();
    else void this.#openModel();
  }

  ask(intent: Intent): void {
    const { fault, state: before } = this.store.snapshot;
    this.store.ask(intent);
    void this.#survey();
    this.#player.follow();
    const { asks } = INTENTS[intent.do];
    switch (asks) {
      case 'nothing':
        return;
      case 'state':
        // Without an engine, the state may name a model for the first time whose files are known.
        if (!this.#engine && !isSameModel(before.opened, this.store.snapshot.state.opened)) this.#openNamed();
        this.#follow();
        return;
      case 'state, after the job':
        if (this.#loop.isIdle && !isMeasured(this.store.snapshot)) this.#follow();
        return;
      case 'token':
      case 'cache settings':
      case 'continuations':
        void this.#loop.start(asks);
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
      const opened = await this.#identityOf(engine, sources);
      if (signal.aborted) {
        engine.close();
        return;
      }
      this.#loop.use(engine);
      this.#engine?.close();
      this.#engine = engine;
      this.#used = sources;
      this.store.tell({ news: 'model', model: engine.loaded, opened, inPage: engine.where === 'main thread' });
      this.#follow();
      void this.#survey();
    } catch (error) {
      if (!signal.aborted) this.#fault(error, 'load');
    }
  }

  /** The identity of a model that the user opened, whose sources are then known; null for the shipped model. */
  async #identityOf(engine: EngineClient, sources: EngineSources): Promise<ModelIdentity | null> {
    const known = this.#known.find(each => each.sources === sources);
    if (known) return known.model;
    const model = await engine.identity();
    this.#known.push({ model, sources });
    return model;
  }

  /** Loads the model that the state names, if its files are known; otherwise the user has to open them. */
  #openNamed(): void {
    this.#loop.cancel();
    const { state } = this.store.snapshot;
    const isLoading = loadProgress(this.store.snapshot) !== null;
    const sources = this.#known.find(({ model }) => isSameModel(model, state.opened))?.sources;
    if (!sources) {
      // Files that the user has just opened may be those of the missing model.
      if (!this.#known.some(known => known.sources === this.#wanted)) return;
      this.#opening.abort();
      if (isLoading) this.store.tell({ news: 'progress', progress: null });
    } else if (sources !== this.#wanted || !isLoading) {
      this.#wanted = sources;
      void this.#openModel();
    }
  }

  /** Computes what the state needs, with the model that it names. */
  #follow(): void {
    if (isModelMissing(this.store.snapshot)) this.#openNamed();
    else this.#loop.follow();
  }

  /** Computes the survey of published models, if its view is open and the answer is missing. */
  async #survey(): Promise<void> {
    const engine = this.#engine;
    const question = nextQuestion(this.store.snapshot);
    if (!engine || !question) return;
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

  /** Ends the scope and its use of the engine. */
  end(): void {
    this.#ending.abort(new Error('moescope: the view has left the page'));
    this.#opening.abort();
    this.#surveying?.job.abort();
    this.#loop.use(null);
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
      this.#loop.forget();
      this.store.tell({ news: 'restarting' });
      this.#follow();
      return;
    }
    if (during === 'load') {
      this.store.tell({ news: 'fault', fault: { kind, message, during, recovered: false } });
      return;
    }
    const broken = kind === 'panic';
    if (broken) {
      this.#crashes++;
      this.#loop.forget();
    }
    const recovered = broken && this.#crashes < 2;
    this.store.tell({ news: 'fault', fault: { kind, message, during, recovered } });
    if (recovered) this.#follow();
  }
}
