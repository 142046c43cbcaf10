import { beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePort } from '../testing/fake-port';
import { PLAIN, settingsOf } from '../scope/what-if';
import { must } from '../testing/must';
import { MODEL, recordsOf, RUN } from '../testing/snapshots';
import { EngineClient } from './client';
import { Engine } from './engine';
import type { EngineSources } from './fetch-files';
import { EngineFault } from './messages';
import type { EnginePort } from './start';
import type { Survey } from './types';

const ports: FakePort[] = [];
let refusesToStart = false;

vi.mock('./start', () => ({
  start: (): Promise<EnginePort> => {
    if (refusesToStart) return Promise.reject(new Error('no more'));
    const port = new FakePort();
    ports.push(port);
    return Promise.resolve(port);
  },
}));

const NO_BYTES = new Uint8Array();
const SOURCES: EngineSources = {
  worker: { code: '' },
  wasm: NO_BYTES,
  config: NO_BYTES,
  checkpoint: new TextEncoder().encode('abc'),
  tokenizer: NO_BYTES,
  presets: NO_BYTES,
};

let ends = 0;

async function open(): Promise<{ engine: Engine; client: EngineClient; port: FakePort }> {
  const engine = new Engine(SOURCES, () => ends++);
  return { engine, client: await join(engine), port: must(ports[0]) };
}

async function join(engine: Engine): Promise<EngineClient> {
  const session = engine.lease();
  return new EngineClient(engine, session, await engine.opened);
}

/** Lets pending replies arrive. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** The kind of the fault that rejects a promise. */
async function faultOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => 'no fault',
    (error: unknown) => error,
  );
  return error instanceof EngineFault ? error.kind : String(error);
}

beforeEach(() => {
  ports.length = 0;
  refusesToStart = false;
  ends = 0;
});

describe('asking', () => {
  test('an engine loads its model before any other request', async () => {
    const { client, port } = await open();
    expect(port.calls).toEqual(['load']);
    expect(client.loaded).toBe(MODEL);
    expect(client.where).toBe('worker');
    expect(await client.fingerprint()).toMatch(/^ba7816bf/u);
  });

  test('a text is answered with its tokens', async () => {
    const { client, port } = await open();
    const answer = client.set('A fox', [5]);
    await turn();
    expect(port.last).toMatchObject({ call: 'set', ask: { text: 'A fox', appended: [5] } });
    port.answer({ tokens: [0, 1, 2], continuation: '', beyond: '' });
    expect(await answer).toEqual({ tokens: [0, 1, 2], continuation: '', beyond: '' });
  });

  test('a run delivers each record at once', async () => {
    const { client, port } = await open();
    const heard: number[] = [];
    const run = client.run(1, 2, ({ position }) => heard.push(position));
    await turn();
    const { id } = port.last;
    for (const record of recordsOf(2, 1)) port.say({ reply: 'record', id, record });
    expect(heard).toEqual([1, 2]);
    port.answer(null);
    await run;
  });

  test('a comparison delivers its steps at once, and its loss at the end', async () => {
    const { client, port } = await open();
    const heard: number[] = [];
    const loss = client.compare(0, 3, compared => heard.push(compared.length));
    await turn();
    port.say({ reply: 'compared', id: port.last.id, compared: RUN.compared.slice(0, 2) });
    port.answer({ compared: RUN.compared.slice(2), loss: RUN.loss });
    expect(await loss).toBe(RUN.loss);
    expect(heard).toEqual([2, 1]);
  });

  test('a detail is requested for one run; the answer has all arrays with their shapes', async () => {
    const { client, port } = await open();
    const detail = client.detail('changed', RUN.position);
    await turn();
    expect(port.last).toMatchObject({ call: 'detail', ask: { run: 'changed', position: RUN.position } });
    port.answer(RUN.changedDetail);
    expect(await detail).toBe(RUN.changedDetail);
  });

  test('a distribution, an expert load and a generated token are requested of one run', async () => {
    const { client, port } = await open();
    void client.distribution('changed', 2, 0.5).catch(() => undefined);
    void client.expertLoad('changed', 2).catch(() => undefined);
    const heard: number[] = [];
    const asked = { run: 'changed', temperature: 0.5, seed: 7, from: 1 } as const;
    const token = client.generate(asked, ({ position }) => heard.push(position));
    await turn();
    expect(port.asked.slice(1)).toMatchObject([
      { call: 'distribution', ask: { run: 'changed', position: 2, temperature: 0.5 } },
      { call: 'expertLoad', ask: { run: 'changed', position: 2 } },
      { call: 'generate', ask: asked },
    ]);
    for (const record of recordsOf(2, 1)) port.say({ reply: 'record', id: port.last.id, record });
    port.answer(77);
    expect(await token).toBe(77);
    expect(heard).toEqual([1, 2]);
  });

  test('another text is tokenized in a session that ends afterwards', async () => {
    const { client, port } = await open();
    const cut = client.cut('another', []);
    await turn();
    const request = port.last;
    port.answer({ tokens: [7, 8], continuation: '', beyond: '' });
    expect(await cut).toEqual([7, 8]);
    expect(port.last).toMatchObject({ call: 'leave' });
    expect('session' in request && 'session' in port.last && request.session === port.last.session).toBe(true);
  });

  test('two clients of one engine have two sessions', async () => {
    const { engine, client, port } = await open();
    const other = await join(engine);
    void client.set('one', []).catch(() => undefined);
    void other.set('two', []).catch(() => undefined);
    await turn();
    const sessions = port.asked.slice(1).map(request => ('session' in request ? request.session : 0));
    expect(new Set(sessions).size).toBe(2);
  });
});

describe('cancelling and surveys', () => {
  test('a cancelled request is reported to the engine and fails at once', async () => {
    const { client, port } = await open();
    const job = new AbortController();
    const heard: number[] = [];
    const run = client.run(0, 9, ({ position }) => heard.push(position), job.signal);
    await turn();
    const { id } = port.last;
    job.abort();
    expect(await faultOf(run)).toBe('cancelled');
    expect(port.last).toEqual({ call: 'cancel', id });
    // A record that was already sent is ignored.
    port.say({ reply: 'record', id, record: must(recordsOf(1)[0]) });
    expect(heard).toEqual([]);
  });

  test('a request with an aborted signal is never sent', async () => {
    const { client, port } = await open();
    const asked = port.asked.length;
    expect(await faultOf(client.set('x', [], AbortSignal.abort()))).toBe('cancelled');
    expect(port.asked).toHaveLength(asked);
  });

  test('a survey sends the bytes of the presets and the question, and needs no text', async () => {
    const { client, port } = await open();
    const presets = new Uint8Array([1]);
    const question = { context: 1, users: 2, memory: 3, bits: 16, weights: 8, config: '' };
    const answer = client.survey(presets, question, new AbortController().signal);
    await turn();
    expect(port.last).toMatchObject({ call: 'survey', ask: { presets, question } });
    const survey = { question, models: [] } as unknown as Survey;
    port.answer(survey);
    expect(await answer).toBe(survey);
  });

  test('cancelling after the answer sends nothing', async () => {
    const { client, port } = await open();
    const job = new AbortController();
    const answer = client.run(0, 1, () => undefined, job.signal);
    await turn();
    port.answer(null);
    await answer;
    job.abort();
    expect(port.calls).not.toContain('cancel');
  });
});

describe('faults', () => {
  test('a refused request fails with the engine’s own sentence, and the engine keeps running', async () => {
    const { client, port } = await open();
    const whatIf = settingsOf({ ...PLAIN, num_experts_per_tok: 40 });
    const change = client.change(whatIf);
    await turn();
    expect(port.last).toMatchObject({ call: 'change', ask: { whatIf } });
    port.refuse({ kind: 'what-if', message: 'num_experts_per_tok is 40' });
    await expect(change).rejects.toMatchObject({ kind: 'what-if', message: 'num_experts_per_tok is 40' });
    expect(port.ended).toBe(false);
  });

  test('after a panic a new engine starts; the text must be set again', async () => {
    const { client, port } = await open();
    const [one, two] = [client.run(0, 9, () => undefined), client.distribution('plain', 0, 1)];
    await turn();
    port.crash('unreachable');
    expect([await faultOf(one), await faultOf(two)]).toEqual(['panic', 'panic']);
    expect(port.ended).toBe(true);
    await turn();
    // The new engine does not have the text.
    expect(await faultOf(client.run(0, 9, () => undefined))).toBe('restarted');
    const set = client.set('A fox', []);
    await turn();
    const fresh = must(ports[1]);
    expect(fresh.calls).toEqual(['load', 'set']);
    fresh.answer({ tokens: [0], continuation: '', beyond: '' });
    expect((await set).tokens).toEqual([0]);
  });

  test('a panic that arrives as a fault also ends the engine', async () => {
    const { client, port } = await open();
    const run = client.run(0, 9, () => undefined);
    await turn();
    port.refuse({ kind: 'panic', message: 'unreachable' });
    expect(await faultOf(run)).toBe('panic');
    expect(port.ended).toBe(true);
  });

  test('a panic in one session also loses the texts of the other sessions', async () => {
    const { engine, client, port } = await open();
    const other = await join(engine);
    const set = other.set('two', []);
    await turn();
    port.answer({ tokens: [0], continuation: '', beyond: '' });
    await set;
    void client.set('one', []).catch(() => undefined);
    await turn();
    port.crash('unreachable');
    await turn();
    expect(await faultOf(other.run(0, 1, () => undefined))).toBe('restarted');
  });

  test('if no new script can start, the next requests fail, and the engine has failed', async () => {
    const { client, port } = await open();
    refusesToStart = true;
    port.crash('unreachable');
    expect(ends).toBe(0);
    const failure = { kind: 'panic', message: 'no more' };
    await expect(client.set('x', [])).rejects.toMatchObject(failure);
    expect(ends).toBe(1);
    await expect(client.set('x', [])).rejects.toMatchObject(failure);
  });

  test('requests during a restart wait until the model is loaded, or fail at once when they are cancelled', async () => {
    const { client, port } = await open();
    port.crash('unreachable');
    const job = new AbortController();
    const [set, cancelled] = [client.set('A fox', []), client.set('A dog', [], job.signal)];
    job.abort();
    expect(await faultOf(cancelled)).toBe('cancelled');
    await turn();
    const fresh = must(ports[1]);
    expect(fresh.asked).toMatchObject([{ call: 'load' }, { call: 'set', ask: { text: 'A fox' } }]);
    fresh.answer({ tokens: [0], continuation: '', beyond: '' });
    expect((await set).tokens).toEqual([0]);
  });

  test('a late reply of a crashed script changes nothing', async () => {
    const { client, port } = await open();
    port.crash('unreachable');
    await turn();
    port.refuse({ kind: 'panic', message: 'again' });
    port.crash('again');
    await turn();
    expect([ports.length, port.ends, must(ports[1]).ended]).toEqual([2, 1, false]);
    void client.set('x', []).catch(() => undefined);
    await turn();
    expect(must(ports[1]).calls).toEqual(['load', 'set']);
  });
});

describe('the leases of an engine', () => {
  test('when a client leaves, its open requests fail as cancelled; the last one to leave ends the engine', async () => {
    const { engine, client, port } = await open();
    const other = await join(engine);
    const run = client.run(0, 9, () => undefined);
    await turn();
    const { id } = port.last;
    client.close();
    expect(await faultOf(run)).toBe('cancelled');
    expect(port.asked).toContainEqual({ call: 'cancel', id });
    expect(port.last).toMatchObject({ call: 'leave' });
    expect([port.ended, ends]).toEqual([false, 0]);
    expect(await faultOf(client.set('x', []))).toBe('cancelled');
    other.close();
    expect([port.ended, ends]).toEqual([true, 1]);
    expect(await faultOf(client.set('x', []))).toBe('cancelled');
    expect(await faultOf(client.cut('x', []))).toBe('cancelled');
  });

  test('an engine without clients keeps running while a lease is held', async () => {
    const { engine, client, port } = await open();
    const session = engine.lease();
    client.close();
    expect([port.ended, ends]).toEqual([false, 0]);
    engine.giveBack(session);
    engine.giveBack(session);
    expect([port.ends, ends]).toEqual([1, 1]);
  });

  test('when the last client leaves during a restart, the new script ends too', async () => {
    const { client, port } = await open();
    port.crash('unreachable');
    const set = client.set('x', []);
    // At this point, the new script is requested but has not started.
    await Promise.resolve();
    client.close();
    expect(await faultOf(set)).toBe('cancelled');
    await turn();
    expect(ports.map(each => each.ends)).toEqual([1, 1]);
  });

  test('a client recognises its engine', async () => {
    const { engine, client } = await open();
    const other = new Engine(SOURCES, () => undefined);
    expect([client.isOn(engine), client.isOn(other)]).toEqual([true, false]);
  });
});
