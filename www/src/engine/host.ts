// The engine's side of the protocol: answers requests with the wasm `Engine`. Runs in a worker, or on the main thread
// if the browser refuses workers; the code is the same.

import init, { Engine } from '../../pkg/moescope';
import { reasonOf } from './error-message';
import type { Call, Calls, Fault, Reply, Request } from './messages';
import { cancelled, EngineFault } from './messages';
import type { Compared, DetailArray, StepDetail } from './types';

/** Time until the first comparisons are sent, ms. */
const FIRST_REPLY_AFTER = 150;
/** Factor by which this time grows after each reply with comparisons. */
const LONGER = 2;
/** Minimum time between two looks at the message queue, ms. */
const LOOK_AFTER = 8;

/** A worker's global scope, or one end of a `MessageChannel`. */
export interface HostPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

type Work = {
  [C in Call]: (ask: Calls[C]['ask'], session: number, id: number) => Promise<Calls[C]['answer']> | Calls[C]['answer'];
};

/** Answers the requests that arrive at a port. */
export function serve(port: HostPort): void {
  /** The engine with the loaded model and no text; sessions are made from it. */
  let model: Engine | null = null;
  /** The engine of each session, which has the session's text. */
  const sessions = new Map<number, Engine>();
  /** Requests without an answer, by id; false if cancelled. */
  const wanted = new Map<number, boolean>();
  let queue: Promise<void> = Promise.resolve();
  /** Time of the last look at the message queue, ms. */
  let looked = 0;

  const reply = (reply: Reply, transfer: Transferable[] = []): void => {
    port.postMessage(reply, transfer);
  };

  const loaded = (): Engine => {
    if (!model) throw new EngineFault({ kind: 'session', message: 'no model is loaded' });
    return model;
  };

  const engineOf = (session: number): Engine => {
    const engine = sessions.get(session) ?? loaded().another();
    sessions.set(session, engine);
    return engine;
  };

  /** Lets pending messages in from time to time; throws if one of them has cancelled this request. */
  const look = async (id: number): Promise<void> => {
    if (performance.now() - looked > LOOK_AFTER) {
      await turn();
      looked = performance.now();
    }
    if (!wanted.get(id)) throw cancelled();
  };

  const runTo = async (engine: Engine, from: number, to: number, id: number): Promise<void> => {
    for (let position = Math.min(from, engine.recorded()); position <= to; position++) {
      await look(id);
      const record = engine.seek(position);
      if (position >= from) reply({ reply: 'record', id, record });
    }
  };

  const work: Work = {
    async load({ wasm, model: { config, checkpoint, tokenizer } }) {
      try {
        await init({ module_or_path: wasm });
      } catch (error) {
        throw new EngineFault({ kind: 'wasm', message: reasonOf(error) });
      }
      model = new Engine(config, checkpoint, tokenizer);
      return {
        info: model.info(),
        selectionBiases: model.selection_biases(),
        vocabulary: model.vocabulary(),
        byteTokens: new Map(model.byte_tokens()),
        blank: [...model.set_text('')],
      };
    },

    leave(_, session) {
      sessions.get(session)?.free();
      sessions.delete(session);
      return null;
    },

    set({ text, appended }, session) {
      const engine = engineOf(session);
      const tokens = [...engine.set_text(text), ...appended];
      if (appended.length > 0) engine.set_tokens(Uint32Array.from(tokens));
      const context = engine.info().max_position_embeddings;
      return {
        tokens,
        continuation: engine.decode(Uint32Array.from(appended)),
        beyond: engine.decode(Uint32Array.from(tokens.slice(context))),
      };
    },

    async run({ from, to }, session, id) {
      await runTo(engineOf(session), from, to, id);
      return null;
    },

    async generate({ from, run, temperature, seed }, session, id) {
      const engine = engineOf(session);
      await runTo(engine, from, engine.tokens().length - 1, id);
      return run === 'plain' ? engine.choose_next(temperature, seed) : engine.changed_choose_next(temperature, seed);
    },

    continuations({ temperature, seed, count }, session) {
      return engineOf(session).continuations(temperature, seed, count);
    },

    distribution({ run, position, temperature }, session) {
      const engine = engineOf(session);
      return run === 'plain'
        ? engine.distribution(position, temperature)
        : engine.changed_distribution(position, temperature);
    },

    expertLoad({ run, position }, session) {
      const engine = engineOf(session);
      return run === 'plain' ? engine.load(position) : engine.changed_load(position);
    },

    change({ whatIf }, session) {
      return engineOf(session).set_what_if(whatIf);
    },

    async compare({ from, to }, session, id) {
      const engine = engineOf(session);
      let compared: Compared[] = [];
      // Short comparisons are sent in one reply, because the page redraws the whole text for each reply.
      let wait = FIRST_REPLY_AFTER;
      let sent = performance.now();
      for (let position = from; position <= to; position++) {
        await look(id);
        compared.push(engine.compare(position));
        if (position < to && performance.now() - sent > wait) {
          reply({ reply: 'compared', id, compared });
          compared = [];
          sent = performance.now();
          wait *= LONGER;
        }
      }
      return { compared, loss: engine.loss() };
    },

    detail({ run, position }, session) {
      const engine = engineOf(session);
      return run === 'plain' ? engine.detail(position) : engine.changed_detail(position);
    },

    survey({ presets, question }) {
      return loaded().survey(presets, question);
    },
  };

  const answer = async <C extends Call>(call: C, session: number, id: number, ask: Calls[C]['ask']): Promise<void> => {
    try {
      if (!wanted.get(id)) throw cancelled();
      const answer = await work[call](ask, session, id);
      reply({ reply: 'answer', id, answer }, call === 'detail' ? buffersOf(answer as StepDetail) : []);
    } catch (error) {
      reply({ reply: 'fault', id, fault: faultOf(error) });
    } finally {
      wanted.delete(id);
    }
  };

  port.onmessage = ({ data: request }) => {
    if (request.call === 'cancel') {
      if (wanted.has(request.id)) wanted.set(request.id, false);
      return;
    }
    wanted.set(request.id, true);
    const work = (): Promise<void> => answer(request.call, request.session, request.id, request.ask);
    // A survey uses no text, so it does not wait for a run.
    if (request.call === 'survey') void work();
    else queue = queue.then(work);
  };
  reply({ reply: 'hello' });
}

/** The buffers of a detail's arrays. */
function buffersOf(detail: StepDetail): ArrayBuffer[] {
  const members = Object.values<number | DetailArray>({ ...detail });
  return members.flatMap(member => (typeof member === 'number' ? [] : [member.values.buffer]));
}

/** Waits for one turn of the event loop. A `setTimeout` would take 4 ms. */
async function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise(resolve => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
  port1.close();
}

/** Errors of the engine have names. Any other error (a trap, a panic) means that the engine is broken. */
function faultOf(error: unknown): Fault {
  if (error instanceof EngineFault) return { kind: error.kind, message: error.message };
  if (!(error instanceof Error)) return { kind: 'panic', message: String(error) };
  switch (error.name) {
    case 'config':
    case 'checkpoint':
    case 'tokenizer':
    case 'session':
    case 'survey':
    case 'what-if':
      return { kind: error.name, message: error.message };
    default:
      return { kind: 'panic', message: error.message };
  }
}
