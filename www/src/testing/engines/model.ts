// A simplified version of the page's engines, for the property test: the leases of each engine, and the expected result
// of each promise. It was written from the documentation of `openEngine` and `EngineClient`, not from their code.

import type { EngineClient } from '../../engine/client';
import type { Progress } from '../../engine/fetch-files';
import type { Loaded } from '../../engine/messages';
import type { EnginePort, WorkerSource } from '../../engine/start';
import type { FakePort } from '../fake-port';

/** The result of a promise: `pending`, `client`, `answer` with a request's number, or the kind of a fault. */
export type Outcome = string;

export const PENDING: Outcome = 'pending';

/** A file that was requested from the server. */
export interface File {
  readonly signal: AbortSignal;
  readonly arrive: () => void;
  readonly lose: () => void;
  hasArrived: boolean;
}

/** A script that was requested and has not started. */
export interface Start {
  readonly engine: Engine;
  readonly arrive: (port: EnginePort) => void;
  readonly refuse: () => void;
}

export interface Engine {
  readonly key: number;
  /** The worker of the user for whom the engine was made. */
  readonly worker: WorkerSource;
  files: readonly File[];
  /** Users, and requests `cut`, each of which has its own session. */
  readonly leases: Set<User | Ask>;
  life: 'fetching' | 'starting' | 'loading' | 'running' | 'failed' | 'ended';
  /** The fault of a failed engine. */
  fault: Outcome;
  /** The port of the script that runs; at most one script of an engine runs. */
  port: FakePort | null;
  /** The facts about the model, from the first script; null until the model is loaded. */
  loaded: Loaded | null;
  /** Number of scripts started so far. */
  generation: number;
}

export interface User {
  readonly engine: Engine;
  readonly job: AbortController;
  readonly progress: readonly Progress[];
  expected: Outcome;
  outcome: Outcome;
  client: EngineClient | null;
  hasLeft: boolean;
  /** The engine's generation when the text was set. */
  generation: number;
}

export interface Ask {
  readonly call: 'set' | 'run' | 'distribution' | 'cut';
  /** A number that no other request has. */
  readonly tag: number;
  readonly user: User;
  readonly job: AbortController;
  expected: Outcome;
  outcome: Outcome;
  expectedRecords: number;
  records: number;
}

export class EngineModel {
  readonly engines: Engine[] = [];
  readonly users: User[] = [];
  readonly asks: Ask[] = [];
  /** For each key, the engine that the next user joins. */
  readonly #held = new Map<number, Engine>();

  /** The engine that a user joins; null if the user must get a new engine. */
  joined(key: number, broken: User | null): Engine | null {
    const held = this.#held.get(key);
    return held && held !== broken?.engine ? held : null;
  }

  addEngine(key: number, worker: WorkerSource): Engine {
    const engine: Engine = {
      key,
      worker,
      files: [],
      leases: new Set(),
      life: 'fetching',
      fault: '',
      port: null,
      loaded: null,
      generation: 1,
    };
    this.engines.push(engine);
    this.#held.set(key, engine);
    return engine;
  }

  addUser(engine: Engine, job: AbortController, progress: readonly Progress[]): User {
    const expected = engine.loaded ? 'client' : PENDING;
    const user: User = {
      ...{ engine, job, progress, expected, outcome: PENDING },
      ...{ client: null, hasLeft: false, generation: 0 },
    };
    this.users.push(user);
    engine.leases.add(user);
    return user;
  }

  addAsk(user: User, call: Ask['call']): Ask {
    const { engine } = user;
    const tag = this.asks.length + 1;
    const ask: Ask = {
      ...{ call, tag, user, job: new AbortController() },
      ...{ expected: PENDING, outcome: PENDING, expectedRecords: 0, records: 0 },
    };
    this.asks.push(ask);
    if (call === 'set') user.generation = engine.generation;
    if (call !== 'cut' && user.generation !== engine.generation) ask.expected = 'restarted';
    else if (engine.life === 'ended' || (call !== 'cut' && user.hasLeft)) ask.expected = 'cancelled';
    else if (engine.life === 'failed') ask.expected = engine.fault;
    else if (call === 'cut') engine.leases.add(ask);
    return ask;
  }

  /** A user gives up before it has a client. */
  giveUp(user: User): void {
    user.expected = 'cancelled';
    user.hasLeft = true;
    this.#release(user.engine, user);
  }

  close(user: User): void {
    user.hasLeft = true;
    for (const ask of this.open(user.engine)) {
      if (ask.user === user && ask.call !== 'cut') ask.expected = 'cancelled';
    }
    this.#release(user.engine, user);
  }

  settle(ask: Ask, outcome: Outcome): void {
    ask.expected = outcome;
    this.#release(ask.user.engine, ask);
  }

  arrive(engine: Engine, file: File): void {
    file.hasArrived = true;
    if (missing(engine).length === 0) engine.life = 'starting';
  }

  /** The script has loaded its model. */
  run(engine: Engine, loaded: Loaded): void {
    engine.life = 'running';
    engine.loaded ??= loaded;
    for (const user of this.#waiting(engine)) user.expected = 'client';
  }

  /** The script crashes. A new script replaces it if the model was loaded; otherwise the engine fails. */
  crash(engine: Engine): void {
    if (engine.life !== 'running') {
      this.fail(engine, 'panic');
      return;
    }
    engine.life = 'starting';
    engine.port = null;
    engine.generation++;
    for (const ask of this.open(engine)) this.settle(ask, 'panic');
  }

  fail(engine: Engine, fault: Outcome): void {
    this.#over(engine, 'failed');
    engine.fault = fault;
    for (const ask of this.open(engine)) this.settle(ask, fault);
    for (const user of this.#waiting(engine)) {
      user.expected = fault;
      this.#release(engine, user);
    }
  }

  /** The engine's requests without an answer. */
  open(engine: Engine): Ask[] {
    return this.asks.filter(({ user, expected }) => user.engine === engine && expected === PENDING);
  }

  #waiting(engine: Engine): User[] {
    return this.users.filter(user => user.engine === engine && user.expected === PENDING);
  }

  #release(engine: Engine, holder: User | Ask): void {
    if (engine.leases.delete(holder) && engine.leases.size === 0) this.#over(engine, 'ended');
  }

  #over(engine: Engine, life: 'failed' | 'ended'): void {
    engine.life = life;
    engine.port = null;
    if (this.#held.get(engine.key) === engine) this.#held.delete(engine.key);
  }
}

export function missing(engine: Engine): File[] {
  return engine.files.filter(({ hasArrived }) => !hasArrived);
}

export function isOver({ life }: Engine): boolean {
  return life === 'failed' || life === 'ended';
}
