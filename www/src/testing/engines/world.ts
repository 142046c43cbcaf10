// Users, a server and engine scripts whose actions the property test chooses. After each turn of the event loop, the
// page's engines are compared with the simplified engines of `model.ts`.

import { expect } from 'vitest';
import type { EngineClient } from '../../engine/client';
import { openEngine } from '../../engine/engine-pool';
import type { Progress } from '../../engine/fetch-files';
import { EngineFault } from '../../engine/messages';
import type { EnginePort, WorkerSource } from '../../engine/start';
import { FakePort } from '../fake-port';
import { must } from '../must';
import { MODEL, recordsOf, RUN } from '../snapshots';
import type { Posted } from './checks';
import { FILE_SIZE, postedOn, problems } from './checks';
import type { Ask, Engine, File, Start, User } from './model';
import { EngineModel, isOver, missing, PENDING } from './model';

/** All actions; actions with a larger number are chosen more often. */
export const DEEDS = {
  join: 5,
  retry: 2,
  'give up': 3,
  'abort too late': 1,
  close: 3,
  set: 3,
  run: 3,
  distribution: 2,
  cut: 2,
  cancel: 2,
  'a file arrives': 2,
  'a file is lost': 1,
  'an engine goes on': 12,
  'a script is refused': 1,
  'a script starts too late': 1,
  'a model is refused': 2,
  'a reply says panic': 2,
  'a port says error': 2,
  'a late panic': 1,
  answer: 4,
  refuse: 1,
  record: 2,
  'a late answer': 1,
} as const;

export type Deed = keyof typeof DEEDS;

export interface Action {
  readonly deed: Deed;
  /** Chooses the user, request, file or script: its index in the list of possible ones, modulo the list's length. */
  readonly who: number;
  /** True if the event loop turns before the next action, so that promises settle. */
  readonly turns: boolean;
}

let worlds = 0;

export class EngineWorld {
  /** A part of the files' addresses. Each world has a different number, so two worlds never share an engine. */
  readonly #number = ++worlds;
  readonly #model = new EngineModel();
  readonly #ports = new Map<FakePort, Engine>();
  readonly #files: File[] = [];
  readonly #starts = new Set<Start>();
  /** Engines that were running at the last turn of the event loop. */
  #steady: readonly Engine[] = [];
  /** Called with each situation that occurs, so that the test can check that all situations occurred. */
  readonly #notice: (situation: string) => void;

  constructor(notice: (situation: string) => void) {
    this.#notice = notice;
  }

  /** Replaces the browser's `fetch`. */
  readonly fetch = (_: string, { signal }: { readonly signal: AbortSignal }): Promise<Response> =>
    new Promise((resolve, reject) => {
      const lose = (): void => {
        reject(new TypeError('Failed to fetch'));
      };
      const arrive = (): void => {
        const chunks = [{ done: false, value: new Uint8Array(FILE_SIZE) }];
        const body = { getReader: () => ({ read: () => Promise.resolve(chunks.pop() ?? { done: true }) }) };
        const headers = new Headers({ 'Content-Length': String(FILE_SIZE) });
        resolve({ ok: true, headers, body } as unknown as Response);
      };
      signal.addEventListener('abort', lose);
      this.#files.push({ signal, arrive, lose, hasArrived: false });
    });

  /** Replaces the `start` of an engine script. */
  readonly start = (worker: WorkerSource): Promise<EnginePort> =>
    new Promise((resolve, reject) => {
      const engine = must(this.#model.engines.find(each => each.worker === worker));
      const refuse = (): void => {
        reject(new Error('refused'));
      };
      this.#starts.add({ engine, arrive: resolve, refuse });
    });

  /** Returns null if the next action follows at once, before any promise settles. */
  act({ deed, who, turns }: Action): Promise<void> | null {
    const takesEffectLater = this.#deeds[deed](who);
    return turns || takesEffectLater ? this.#turn() : null;
  }

  /** Everything that has begun goes on to its end; then all users leave. */
  async finish(): Promise<void> {
    const { engines, users, asks } = this.#model;
    await this.#turn();
    while (this.#unfinished().length > 0) {
      this.#deeds['an engine goes on'](0);
      await this.#turn();
    }
    while (this.#answerable().length > 0) {
      this.#deeds.answer(0);
      await this.#turn();
    }
    expect([...users, ...asks].filter(({ outcome }) => outcome === PENDING)).toEqual([]);
    for (const user of users) this.#close(user);
    while (this.#starts.size > 0) this.#deeds['a script starts too late'](0);
    await this.#turn();
    expect(engines.filter(({ life }) => life !== 'ended')).toEqual([]);
    expect([...this.#ports.keys()].map(({ ends }) => ends)).toEqual(Array.from(this.#ports, () => 1));
    // The pool holds no engine: the next users have new ones.
    for (const key of [0, 1]) this.#giveUp(this.#join(key, null));
    await this.#turn();
  }

  /** A deed returns true if its effect comes only with the next turn of the event loop. */
  readonly #deeds: Readonly<Record<Deed, (who: number) => boolean>> = {
    join: who => {
      this.#join(who % 2, null);
      return false;
    },
    retry: who => {
      const user = pick(this.#clients(), who);
      if (user) this.#join(user.engine.key, user);
      return false;
    },
    'give up': who => {
      const waiting = this.#model.users.filter(({ outcome, hasLeft }) => outcome === PENDING && !hasLeft);
      const user = pick(waiting, who);
      if (user) this.#giveUp(user);
      return false;
    },
    // An abort after the user got its client changes nothing.
    'abort too late': who => {
      pick(this.#clients(), who)?.job.abort();
      return false;
    },
    close: who => {
      const user = pick(this.#clients(), who);
      if (user) this.#close(user);
      return false;
    },
    set: who => this.#ask('set', who),
    run: who => this.#ask('run', who),
    distribution: who => this.#ask('distribution', who),
    cut: who => this.#ask('cut', who),
    cancel: who => {
      const { asks } = this.#model;
      const ask = pick(asks, who);
      // The request `cut` takes no signal, so it cannot be cancelled.
      if (!ask || ask.call === 'cut') return false;
      ask.job.abort();
      if (ask.expected === PENDING) this.#model.settle(ask, 'cancelled');
      return false;
    },
    'a file arrives': who => {
      const engine = pick(this.#in('fetching'), who);
      const file = engine && pick(missing(engine), who);
      if (file) this.#arrive(engine, file);
      return false;
    },
    'a file is lost': who => {
      const engine = pick(this.#in('fetching'), who);
      if (!engine) return false;
      pick(missing(engine), who)?.lose();
      this.#fail(engine, 'fetch');
      return true;
    },
    'an engine goes on': who => {
      const engine = pick(this.#unfinished(), who);
      if (engine) this.#goOn(engine);
      return false;
    },
    'a script is refused': who => {
      const waiting = [...this.#starts].filter(({ engine }) => engine.life === 'starting');
      const start = pick(waiting, who);
      if (!start) return false;
      this.#starts.delete(start);
      start.refuse();
      this.#fail(start.engine, 'panic');
      return true;
    },
    'a script starts too late': who => {
      const late = [...this.#starts].filter(({ engine }) => isOver(engine));
      const start = pick(late, who);
      if (!start) return false;
      this.#notice('a script starts after its engine has ended');
      this.#arriveScript(start);
      return false;
    },
    'a model is refused': who => {
      const engine = pick(this.#in('loading').filter(isLoading), who);
      if (!engine) return false;
      must(engine.port).refuse({ kind: 'config', message: 'refused' });
      this.#fail(engine, 'config');
      return true;
    },
    'a reply says panic': who =>
      this.#crash(who, port => {
        port.refuse({ kind: 'panic', message: 'unreachable' });
      }),
    'a port says error': who =>
      this.#crash(who, port => {
        port.crash('unreachable');
      }),
    'a late panic': who => {
      const over = [...this.#ports.keys()].filter(({ ended }) => ended);
      const port = pick(over, who);
      port?.crash('late');
      port?.say({ reply: 'fault', id: 1, fault: { kind: 'panic', message: 'late' } });
      return false;
    },
    answer: who => {
      const posted = pick(this.#answerable(), who);
      if (!posted) return false;
      answer(posted);
      this.#model.settle(posted.ask, outcomeOf(posted.ask));
      return posted.ask.call === 'cut';
    },
    refuse: who => {
      const posted = pick(this.#answerable(), who);
      if (!posted) return false;
      posted.port.refuse({ kind: 'session', message: 'refused' }, posted.id);
      this.#model.settle(posted.ask, 'session');
      return posted.ask.call === 'cut';
    },
    record: who => {
      const runs = this.#posted().filter(({ ask }) => ask.call === 'run');
      const posted = pick(runs, who);
      if (!posted) return false;
      posted.port.say({ reply: 'record', id: posted.id, record: must(recordsOf(1)[0]) });
      if (posted.ask.expected === PENDING) posted.ask.expectedRecords++;
      return false;
    },
    'a late answer': who => {
      const settled = this.#posted().filter(({ ask }) => ask.expected !== PENDING);
      const posted = pick(settled, who);
      if (posted) answer(posted);
      return false;
    },
  };

  #join(key: number, broken: User | null): User {
    const at = (name: string): string => `/${this.#number}/${key}/${name}`;
    const worker = { code: 'script' };
    const files = { wasm: at('wasm'), config: at('config'), checkpoint: at('checkpoint'), tokenizer: at('tokenizer') };
    const joined = this.#model.joined(key, broken);
    this.#noticeJoin(key, joined, broken);
    const engine = joined ?? this.#model.addEngine(key, worker);
    const progress: Progress[] = [];
    const user = this.#model.addUser(engine, new AbortController(), progress);
    const filesBefore = this.#files.length;
    openEngine(
      { worker, ...files, presets: '' },
      each => progress.push(each),
      user.job.signal,
      broken?.client ?? null,
    ).then(
      client => {
        user.outcome = 'client';
        user.client = client;
        user.generation = engine.generation;
      },
      (error: unknown) => (user.outcome = kindOf(error)),
    );
    const fetched = this.#files.slice(filesBefore);
    expect(fetched).toHaveLength(joined ? 0 : 4);
    if (!joined) engine.files = fetched;
    return user;
  }

  #noticeJoin(key: number, joined: Engine | null, broken: User | null): void {
    const before = this.#model.engines.filter(engine => engine.key === key);
    if (joined && broken) this.#notice('a retry joins an engine that is not the broken one');
    else if (joined?.loaded) this.#notice(`a user joins an engine that is ${joined.life}, after its load`);
    else if (joined) this.#notice(`a user joins an engine that is ${joined.life}`);
    else if (broken && !isOver(broken.engine)) this.#notice('a retry does not join the broken engine');
    else if (before.length > 0) this.#notice(`a user comes after an engine that has ${before.at(-1)?.life ?? ''}`);
  }

  #giveUp(user: User): void {
    const { life, leases } = user.engine;
    if (leases.size > 1) this.#notice(`a user gives up while the engine is ${life}, and others stay`);
    else if (!isOver(user.engine)) this.#notice(`the last user gives up while the engine is ${life}`);
    user.job.abort();
    this.#model.giveUp(user);
  }

  #close(user: User): void {
    user.client?.close();
    if (!user.client || user.hasLeft) return;
    const { engine } = user;
    const { life } = engine;
    this.#model.close(user);
    if (this.#model.open(engine).some(ask => ask.user === user)) this.#notice('a cut outlives its client');
    if (isOver(engine)) this.#notice(`the last user leaves while the engine is ${life}`);
    else if (this.#running().includes(engine)) expect(must(engine.port).last.call).toBe('leave');
  }

  #ask(call: Ask['call'], who: number): boolean {
    const user = pick(this.#clients(), who);
    if (!user) return false;
    const ask = this.#model.addAsk(user, call);
    this.#notice(`a request is ${ask.expected}, and the engine is ${user.engine.life}`);
    send(must(user.client), ask).then(
      () => (ask.outcome = outcomeOf(ask)),
      (error: unknown) => (ask.outcome = kindOf(error)),
    );
    return false;
  }

  #goOn(engine: Engine): void {
    switch (engine.life) {
      case 'fetching':
        for (const file of missing(engine)) this.#arrive(engine, file);
        return;
      case 'starting': {
        const start = [...this.#starts].find(each => each.engine === engine);
        if (!start) return;
        engine.life = 'loading';
        engine.port = this.#arriveScript(start);
        return;
      }
      case 'loading': {
        if (!isLoading(engine)) return;
        const port = must(engine.port);
        // Each script answers with its own object, so that the test sees from which script a client has its answer.
        const loaded = { ...MODEL };
        this.#model.run(engine, loaded);
        port.say({ reply: 'answer', id: port.last.id, answer: loaded });
        return;
      }
      case 'running':
      case 'failed':
      case 'ended':
    }
  }

  #arrive(engine: Engine, file: File): void {
    this.#model.arrive(engine, file);
    file.arrive();
  }

  #arriveScript(start: Start): FakePort {
    const port = new FakePort(null);
    this.#ports.set(port, start.engine);
    this.#starts.delete(start);
    start.arrive(port);
    return port;
  }

  /**
   * Crashes a script that loads its model or runs. A script that loaded its model since the last turn does not crash,
   * because then its engine may either restart or fail.
   */
  #crash(who: number, crash: (port: FakePort) => void): boolean {
    const engine = pick([...this.#in('loading').filter(isLoading), ...this.#running()], who);
    if (!engine) return false;
    const open = this.#model.open(engine);
    this.#notice(`an engine crashes that is ${engine.life}${open.length > 0 ? ', with open requests' : ''}`);
    crash(must(engine.port));
    this.#model.crash(engine);
    return open.some(({ call }) => call === 'cut');
  }

  #fail(engine: Engine, fault: string): void {
    this.#notice(`${fault} fails ${engine.loaded ? 'a restart' : 'a load'}`);
    this.#model.fail(engine, fault);
  }

  async #turn(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve));
    expect(problems(this.#model, this.#ports, this.#starts)).toEqual([]);
    this.#steady = this.#in('running');
  }

  #clients(): User[] {
    return this.#model.users.filter(({ client }) => client);
  }

  #in(life: Engine['life']): Engine[] {
    return this.#model.engines.filter(engine => engine.life === life);
  }

  /** Engines that run now and were running at the last turn of the event loop. */
  #running(): Engine[] {
    return this.#steady.filter(({ life }) => life === 'running');
  }

  #unfinished(): Engine[] {
    return [...this.#in('fetching'), ...this.#in('starting'), ...this.#in('loading')];
  }

  /** The requests that running scripts have received. */
  #posted(): Posted[] {
    return this.#in('running').flatMap(({ port }) => postedOn(must(port), this.#model.asks));
  }

  #answerable(): Posted[] {
    return this.#posted().filter(({ ask }) => ask.expected === PENDING);
  }
}

function pick<T>(all: readonly T[], who: number): T | undefined {
  return all[who % all.length];
}

/** True if the script has been asked to load the model. */
function isLoading({ port }: Engine): boolean {
  return port?.calls.includes('load') ?? false;
}

async function send(client: EngineClient, ask: Ask): Promise<void> {
  const { tag, job } = ask;
  switch (ask.call) {
    case 'set':
      expect((await client.set(String(tag), [], job.signal)).tokens).toEqual([tag]);
      return;
    case 'run':
      await client.run(tag, tag, () => ask.records++, job.signal);
      return;
    case 'distribution':
      expect((await client.distribution('plain', tag, 1, job.signal)).position).toBe(tag);
      return;
    case 'cut':
      expect(await client.cut(String(tag), [])).toEqual([tag]);
  }
}

function answer({ port, id, ask }: Posted): void {
  const { call, tag } = ask;
  switch (call) {
    case 'set':
    case 'cut':
      port.say({ reply: 'answer', id, answer: { tokens: [tag], continuation: '', beyond: '' } });
      return;
    case 'run':
      port.say({ reply: 'answer', id, answer: null });
      return;
    case 'distribution':
      port.say({ reply: 'answer', id, answer: { ...RUN.distribution, position: tag } });
  }
}

function outcomeOf({ tag }: Ask): string {
  return `answer ${tag}`;
}

function kindOf(error: unknown): string {
  return error instanceof EngineFault ? error.kind : String(error);
}
