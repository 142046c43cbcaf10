// Compares the page's engines with the simplified engines of `model.ts`. Each difference is reported as one sentence.

import type { Bytes, Request } from '../../engine/messages';
import type { FakePort } from '../fake-port';
import type { Ask, Engine, EngineModel, Start, User } from './model';
import { isOver, PENDING } from './model';

/** Length of each of the four files of an engine, in bytes. */
export const FILE_SIZE = 10;

/** A request that a script has received. */
export interface Posted {
  readonly port: FakePort;
  readonly id: number;
  readonly session: number;
  readonly ask: Ask;
}

export function postedOn(port: FakePort, asks: readonly Ask[]): Posted[] {
  return port.asked.flatMap(request => {
    const ask = asks[tagOf(request) - 1];
    return ask && request.call !== 'cancel' ? [{ port, id: request.id, session: request.session, ask }] : [];
  });
}

/** The unique number of a user's request, which is also one of its arguments; 0 for other messages. */
function tagOf(request: Request): number {
  if (request.call === 'set') return Number(request.ask.text);
  if (request.call === 'run') return request.ask.from;
  return request.call === 'distribution' ? request.ask.position : 0;
}

export function problems(
  { engines, users, asks }: EngineModel,
  ports: ReadonlyMap<FakePort, Engine>,
  starts: ReadonlySet<Start>,
): string[] {
  const posted = [...ports.keys()].flatMap(port => postedOn(port, asks));
  return [
    ...users.flatMap(problemsOfUser),
    ...engines.flatMap(engine => {
      const own = [...ports].filter(([, each]) => each === engine).map(([port]) => port);
      const waiting = [...starts].filter(start => start.engine === engine).length;
      return [...problemsOfEngine(engine, own, waiting), ...own.flatMap(port => problemsOfPort(port, engine, asks))];
    }),
    ...asks.flatMap(ask => {
      const own = posted.filter(each => each.ask === ask).map(({ port }) => port);
      return problemsOfAsk(ask, own);
    }),
  ];
}

/** The keys whose value is true. */
function those(sentences: Readonly<Record<string, boolean>>): string[] {
  return Object.keys(sentences).filter(sentence => sentences[sentence]);
}

function problemsOfUser({ engine, client, expected, outcome, progress }: User): string[] {
  const loaded = progress.map(each => each.loaded);
  const arrived = FILE_SIZE * engine.files.filter(({ hasArrived }) => hasArrived).length;
  return those({
    [`a user is ${outcome}, expected ${expected}`]: outcome !== expected,
    'a client has another model than its engine’s first': client !== null && client.loaded !== engine.loaded,
    'progress goes backwards': loaded.some((bytes, index) => bytes < (loaded[index - 1] ?? 0)),
    [`a waiting user knows of ${loaded.at(-1) ?? 'no'} bytes, expected ${arrived}`]:
      outcome === PENDING && loaded.at(-1) !== arrived,
  });
}

function problemsOfEngine(engine: Engine, ports: readonly FakePort[], waiting: number): string[] {
  const { life, files } = engine;
  const [first = [], ...others] = ports.flatMap(bytesOf);
  return those({
    [`a ${life} engine has ${waiting} scripts that start`]:
      !isOver(engine) && waiting !== (life === 'starting' ? 1 : 0),
    [`the fetches of a ${life} engine are not all ${isOver(engine) ? 'stopped' : 'kept'}`]: files.some(
      ({ signal }) => signal.aborted !== isOver(engine),
    ),
    'a restart loads other bytes': others.some(other => other.some((bytes, index) => bytes !== first[index])),
  });
}

/** The files that a script was asked to load. */
function bytesOf({ asked }: FakePort): Bytes[][] {
  return asked.flatMap(request => {
    if (request.call !== 'load') return [];
    const { wasm, model } = request.ask;
    return [[wasm, model.config, model.checkpoint, model.tokenizer]];
  });
}

function problemsOfPort(port: FakePort, { port: alive, life }: Engine, asks: readonly Ask[]): string[] {
  const owners = new Map<number, User | Ask>();
  const sessions = new Map<User | Ask, number>();
  for (const { session, ask } of postedOn(port, asks)) {
    const owner = ask.call === 'cut' ? ask : ask.user;
    if (!owners.has(session)) owners.set(session, owner);
    if (!sessions.has(owner)) sessions.set(owner, session);
  }
  const isMixed = [...sessions].some(([owner, session]) => owners.get(session) !== owner);
  return those({
    [`a port of a ${life} engine was ended ${port.ends} times`]: port.ends !== (port === alive ? 0 : 1),
    'a script has another request before its model': port.calls.indexOf('load') > 0,
    'a script has a request while it loads':
      port === alive && life === 'loading' && port.calls.some(call => call !== 'load'),
    'two users have one session, or one user has two': isMixed || owners.size !== sessions.size,
  });
}

function problemsOfAsk({ user, call, ...ask }: Ask, ports: readonly FakePort[]): string[] {
  const { life, port } = user.engine;
  const isHere = ports.length === 1 && ports[0] === port;
  return those({
    [`a ${call} is ${ask.outcome}, expected ${ask.expected}`]: ask.outcome !== ask.expected,
    [`a ${call} got ${ask.records} records, expected ${ask.expectedRecords}`]: ask.records !== ask.expectedRecords,
    [`a ${call} was posted ${ports.length} times`]: ports.length > 1,
    [`a pending ${call} of a ${life} engine is on a wrong port, or on none`]:
      ask.outcome === PENDING && life === 'running' && !isHere,
    [`a pending ${call} of a ${life} engine was already posted`]:
      ask.outcome === PENDING && life !== 'running' && ports.length > 0,
  });
}
