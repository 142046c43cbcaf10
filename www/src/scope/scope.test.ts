import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { EngineClient, SurveyQuestion } from '../engine/client';
import type { EngineSources, Progress } from '../engine/fetch-files';
import type { Calls, Fault, Loaded, RunName, TextSet } from '../engine/messages';
import { EngineFault } from '../engine/messages';
import type { ModelIdentity } from '../engine/model-identity';
import type {
  Compared,
  Continuations,
  Distribution,
  ExpertLoad,
  Loss,
  ResolvedWhatIf,
  StepDetail,
  StepRecord,
  Survey,
  WhatIf as EngineWhatIf,
} from '../engine/types';
import { must } from '../testing/must';
import { comparedIn, LOADING, MODEL, modelOf, recordedSnapshot, recordsOf, RUN } from '../testing/snapshots';
import { Scope } from './scope';
import { hasModel, isWhole, shownContinuations } from './select';
import type { Intent } from './intents';
import type { Snapshot } from './state';
import { EMPTY_RUN } from './state';
import type { WhatIf } from './what-if';
import { PLAIN } from './what-if';
import { END } from './values';

/** How a call is listed: calls of the plain run have no prefix. */
const named = (run: RunName, call: string): string => (run === 'plain' ? call : `${run} ${call}`);

type Asked = keyof FakeEngine & ('set' | 'run' | 'detail' | 'change' | 'generate');

/** An engine without a model: one token per character, one record per token. */
class FakeEngine {
  readonly where = 'worker';
  readonly config = new Uint8Array();
  readonly loaded: Loaded = MODEL;
  readonly calls: string[] = [];
  closed = false;
  /** Faults that the next calls of a method throw, in order. */
  readonly fails: Partial<Record<Asked, Fault['kind'][]>> = {};
  /** While set, a run waits for it before each record. */
  gate: Promise<void> | null = null;
  /** True if what-ifs change nothing. */
  neutral = false;
  #tokens: readonly number[] = [];

  async set(text: string, appended: readonly number[], signal?: AbortSignal): Promise<TextSet> {
    await this.#begin('set', `set “${text}”${appended.length > 0 ? ` ${appended.join('.')}` : ''}`, signal);
    this.#tokens = [0, ...Array.from(text, letter => letter.charCodeAt(0)), ...appended];
    return { tokens: this.#tokens, continuation: appended.map(() => '+').join(''), beyond: '' };
  }

  async run(from: number, to: number, onRecord: (record: StepRecord) => void, signal?: AbortSignal): Promise<void> {
    await this.#begin('run', `run ${from}–${to}`, signal);
    for (let position = from; position <= to; position++) {
      await (this.gate ?? turn());
      if (signal?.aborted) throw fault('cancelled');
      onRecord({ ...must(recordsOf(1, position)[0]), token: must(this.#tokens[position]) });
    }
  }

  async detail(run: RunName, position: number, signal?: AbortSignal): Promise<StepDetail> {
    await this.#begin('detail', named(run, `detail ${position}`), signal);
    return { ...RUN.detail, position };
  }

  distribution(run: RunName, position: number, temperature: number): Promise<Distribution> {
    this.calls.push(named(run, `distribution ${position} at ${temperature}`));
    return Promise.resolve({ ...RUN.distribution, position, temperature: Math.fround(temperature) });
  }

  expertLoad(run: RunName, position: number): Promise<ExpertLoad> {
    this.calls.push(named(run, `load ${position}`));
    return Promise.resolve({ ...RUN.load, position });
  }

  async generate(
    { run, temperature, seed, from }: Calls['generate']['ask'],
    onRecord: (record: StepRecord) => void,
    signal?: AbortSignal,
  ): Promise<number> {
    await this.#begin('generate', named(run, `generate at ${temperature} with ${seed}`), signal);
    for (let position = from; position < this.#tokens.length; position++) {
      onRecord({ ...must(recordsOf(1, position)[0]), token: must(this.#tokens[position]) });
    }
    return 77;
  }

  continuations({ temperature, seed, count }: Calls['continuations']['ask']): Promise<Continuations> {
    this.calls.push(`continuations of ${count} at ${temperature} with ${seed}`);
    return Promise.resolve({ plain: [1, 2], changed: [1, 3] });
  }

  async change(whatIf: EngineWhatIf, signal?: AbortSignal): Promise<ResolvedWhatIf> {
    const { num_experts_per_tok: chosen, latent_rank: rank, cache_format: format } = whatIf;
    await this.#begin('change', `change ${chosen ?? rank ?? format}`, signal);
    return { ...RUN.plan, num_experts_per_tok: chosen ?? 4, neutral: this.neutral };
  }

  compare(from: number, to: number, onCompared: (compared: readonly Compared[]) => void): Promise<Loss> {
    this.calls.push(`compare ${from}–${to}`);
    return turn().then(() => {
      const records = recordsOf(to - from + 1, from);
      onCompared(records.map(record => ({ record, route_changes: [], kl_bits: 0, moves: [] }) as unknown as Compared));
      return { ...RUN.loss, tokens: to + 1 };
    });
  }

  survey: EngineClient['survey'] = (presets, question) => {
    expect(presets).toBe(PRESETS);
    surveys.push(question);
    if (question.config === 'broken') return Promise.reject(fault('survey'));
    return Promise.resolve({ question, models: [] } as unknown as Survey);
  };

  /** The name of the engine's model, if the model was opened from files. */
  name = 'opened';

  identity(): Promise<ModelIdentity> {
    return Promise.resolve({ name: this.name, sha256: null });
  }

  fingerprint(): Promise<string | null> {
    return Promise.resolve('abc');
  }

  cut(text: string): Promise<readonly number[]> {
    return Promise.resolve([text.length]);
  }

  close(): void {
    this.closed = true;
  }

  async #begin(what: Asked, call: string, signal: AbortSignal | undefined): Promise<void> {
    this.calls.push(call);
    await turn();
    if (signal?.aborted) throw fault('cancelled');
    const kind = this.fails[what]?.shift();
    if (kind) throw fault(kind);
  }
}

function fault(kind: Fault['kind']): EngineFault {
  return new EngineFault({ kind, message: kind === 'panic' ? 'unreachable' : `${kind} refused` });
}

/** One call of `openEngine`. */
interface Loading {
  readonly sources: EngineSources;
  readonly broken: unknown;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

const loads: Loading[] = [];
/** The next results of `openEngine`: an engine or a fault. */
const next: (FakeEngine | Fault['kind'])[] = [];
const surveys: SurveyQuestion[] = [];
const PRESETS = new Uint8Array();
let presetFetches = 0;

vi.mock('../engine/engine-pool', () => ({
  openEngine: async (
    sources: EngineSources,
    onProgress: Loading['onProgress'],
    signal: AbortSignal,
    broken: EngineClient | null,
  ): Promise<EngineClient> => {
    loads.push({ sources, broken, signal, onProgress });
    await turn();
    const engine = next.shift() ?? new FakeEngine();
    if (typeof engine === 'string') throw fault(engine);
    return engine as unknown as EngineClient;
  },
}));

vi.mock('../engine/fetch-files', () => ({
  fetchPresets: () => {
    presetFetches++;
    return Promise.resolve(PRESETS);
  },
}));

const SOURCES = { worker: { code: '' }, wasm: '', config: '', checkpoint: '', tokenizer: '', presets: '' };

/** Waits for one turn of the event loop. */
function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Waits long enough for all started work to finish, or to wait for something else. */
async function rest(): Promise<void> {
  for (let turns = 0; turns < 100; turns++) await turn();
}

/** A scope on a text of 4 tokens, “abc” after the start marker; it has no prepared records. */
function scopeOf(state: Partial<Snapshot['state']> = {}): Scope {
  const first = recordedSnapshot({ state: { text: 'abc', position: 3, reach: 3, ...state } });
  return new Scope(
    {
      ...first,
      engine: LOADING,
      text: { is: 'waiting', link: null, tokens: [], continuation: '', beyond: '' },
      plain: EMPTY_RUN,
    },
    SOURCES,
  );
}

/** A scope whose engine has run the text up to `reach`. */
async function up(state: Partial<Snapshot['state']> = {}): Promise<{ scope: Scope; engine: FakeEngine }> {
  const engine = new FakeEngine();
  next.push(engine);
  const scope = scopeOf(state);
  scope.start();
  await rest();
  return { scope, engine };
}

/** A scope whose engine has run the text, and run it again with a change. */
async function changed(
  state: Partial<Snapshot['state']> = {},
  whatIf: Partial<WhatIf> = { num_experts_per_tok: 3 },
): Promise<{ scope: Scope; engine: FakeEngine }> {
  const { scope, engine } = await up(state);
  await asks(scope, engine, { do: 'change', whatIf });
  return { scope, engine };
}

/** The engine calls that an intent causes. */
async function asks(scope: Scope, engine: FakeEngine, intent: Intent): Promise<string[]> {
  const before = engine.calls.length;
  scope.ask(intent);
  await rest();
  return engine.calls.slice(before);
}

beforeEach(() => {
  presetFetches = 0;
  loads.length = 0;
  next.length = 0;
  surveys.length = 0;
});

describe('a model', () => {
  test('gets the text, runs it to the playhead, and computes that step’s detail, distribution and load', async () => {
    const { scope, engine } = await up({ position: 2, reach: 2 });
    expect(engine.calls).toEqual(['set “abc”', 'run 0–2', 'detail 2', 'distribution 2 at 0', 'load 2']);
    const { snapshot } = scope.store;
    expect(snapshot).toMatchObject({
      engine: { is: 'running', inPage: false, next: null },
      fault: null,
      text: { is: 'tokenized', tokens: [0, 97, 98, 99] },
    });
    expect(snapshot.plain.records).toHaveLength(3);
    expect(snapshot.plain.detail?.position).toBe(2);
  });

  test('shows its progress while it loads', () => {
    const scope = scopeOf();
    scope.start();
    loads[0]?.onProgress({ loaded: 5, total: 10 });
    expect(scope.store.snapshot.engine).toEqual({ is: 'loading', progress: { loaded: 5, total: 10 } });
  });

  test('gives its fingerprint and tokenizes other texts; before it is loaded, both results are null', async () => {
    const { scope } = await up();
    expect(await scope.fingerprint()).toBe('abc');
    expect(await scope.cut('four', [])).toEqual([4]);
    const nobody = scopeOf();
    expect([await nobody.fingerprint(), await nobody.cut('four', [])]).toEqual([null, null]);
  });
});

describe('intents', () => {
  test('a step forward runs one more token', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    expect(await asks(scope, engine, { do: 'step', by: 1 })).toEqual([
      'run 2–2',
      'detail 2',
      'distribution 2 at 0',
      'load 2',
    ]);
  });

  test('a step back requests only the detail, distribution and load of that step', async () => {
    const { scope, engine } = await up();
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual(['detail 2', 'distribution 2 at 0', 'load 2']);
  });

  test('selecting another layer requests nothing', async () => {
    const { scope, engine } = await up();
    expect(await asks(scope, engine, { do: 'look', layer: 2 })).toEqual([]);
    expect(await asks(scope, engine, { do: 'view', view: 'flow' })).toEqual([]);
  });

  test('another temperature requests only its distribution', async () => {
    const { scope, engine } = await up();
    expect(await asks(scope, engine, { do: 'sample', temperature: 0.5 })).toEqual(['distribution 3 at 0.5']);
  });

  test('another text is set and run from its first changed token', async () => {
    const { scope, engine } = await up();
    expect(await asks(scope, engine, { do: 'type', text: 'abxy' })).toEqual([
      'set “abxy”',
      'run 3–4',
      'detail 4',
      'distribution 4 at 0',
      'load 4',
    ]);
  });

  test('typing letter by letter ends with the last text', async () => {
    const { scope, engine } = await up();
    for (const text of ['t', 'th', 'the']) scope.ask({ do: 'type', text });
    await rest();
    expect(scope.store.snapshot.text.tokens).toHaveLength(4);
    expect(scope.store.snapshot.plain.records.map(({ token }) => token)).toEqual([0, 116, 104, 101]);
    expect(engine.calls.filter(call => call.startsWith('set')).at(-1)).toBe('set “the”');
  });

  test('a new text cancels a long run', async () => {
    const { scope, engine } = await up();
    engine.gate = new Promise(() => undefined);
    scope.ask({ do: 'type', text: 'a'.repeat(300) });
    await rest();
    engine.gate = null;
    scope.ask({ do: 'type', text: 'xy' });
    await rest();
    expect(scope.store.snapshot.plain.records).toHaveLength(3);
    expect(scope.store.snapshot.fault).toBeNull();
  });

  test('stepping back during a run stops the run', async () => {
    const { scope, engine } = await up();
    let release = (): void => undefined;
    scope.ask({ do: 'type', text: 'a'.repeat(300) });
    for (let turns = 0; turns < 50; turns++) await turn();
    engine.gate = new Promise(resolve => (release = resolve));
    await rest();
    const ran = scope.store.snapshot.plain.records.length;
    expect(ran).toBeLessThan(301);
    scope.ask({ do: 'step', by: -1 });
    release();
    await rest();
    const { plain, state } = scope.store.snapshot;
    expect(plain.records.length).toBeLessThanOrEqual(ran + 1);
    expect(state.position).toBeLessThan(ran);
  });
});

describe('the loop that asks the engine', () => {
  test('does not repeat a request if the answer does not fit it', async () => {
    const { scope, engine } = await up();
    engine.distribution = (_, position) => {
      engine.calls.push('wrong');
      return Promise.resolve({ ...RUN.distribution, position, temperature: 9 });
    };
    expect(await asks(scope, engine, { do: 'sample', temperature: 0.5 })).toEqual(['wrong']);
  });

  test('sets a text once, even if a listener moves the playhead as soon as the tokens are known', async () => {
    const { scope, engine } = await up();
    const leave = scope.store.listen(({ text }) => {
      if (text.tokens.length !== 5) return;
      leave();
      scope.ask({ do: 'seek', position: 1 });
    });
    const asked = await asks(scope, engine, { do: 'type', text: 'axyz' });
    expect(asked).toEqual(['set “axyz”', 'detail 1', 'distribution 1 at 0', 'load 1']);
  });

  test('ignores the tokens of an older text, even if they come after the newer text was set', async () => {
    const { scope, engine } = await up();
    const usual = engine.set.bind(engine);
    let answer: ((set: TextSet) => void) | undefined;
    engine.set = () => {
      engine.set = usual;
      return new Promise(resolve => (answer = resolve));
    };
    scope.ask({ do: 'type', text: 'old' });
    await asks(scope, engine, { do: 'type', text: 'ab' });
    must(answer)({ tokens: [0, 9, 9, 9, 9], continuation: '', beyond: '' });
    await rest();
    expect(scope.store.snapshot.text.tokens).toEqual([0, 97, 98]);
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual(['detail 1', 'distribution 1 at 0', 'load 1']);
  });

  test('keeps a run to the playhead when something else changes, and restarts it when the playhead moves', async () => {
    const { scope, engine } = await up({ position: 0, reach: 0 });
    let release = (): void => undefined;
    engine.gate = new Promise(resolve => (release = resolve));
    expect(await asks(scope, engine, { do: 'step', by: 1 })).toEqual(['run 1–1']);
    expect(await asks(scope, engine, { do: 'sample', temperature: 0.5 })).toEqual([]);
    expect(await asks(scope, engine, { do: 'step', by: 1 })).toEqual(['run 1–2']);
    release();
    await rest();
    expect(engine.calls.slice(-3)).toEqual(['detail 2', 'distribution 2 at 0.5', 'load 2']);
  });

  test('measures the plain loss at the end of a running job, when a view that shows it is opened', async () => {
    const { scope, engine } = await up();
    let release = (): void => undefined;
    const usual = engine.detail.bind(engine);
    engine.detail = async (run, position, signal) => {
      engine.calls.push('waiting');
      await new Promise<void>(resolve => (release = resolve));
      return usual(run, position, signal);
    };
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual(['waiting']);
    expect(await asks(scope, engine, { do: 'view', view: 'cachelab' })).toEqual([]);
    engine.detail = usual;
    const before = engine.calls.length;
    release();
    await rest();
    const loss = ['change f32', 'compare 3–3'];
    expect(engine.calls.slice(before)).toEqual(['detail 2', 'distribution 2 at 0', 'load 2', ...loss]);
  });

  test('requests no record twice, even if a listener moves the playhead at a record', async () => {
    const { scope, engine } = await up({ position: 0, reach: 0 });
    const leave = scope.store.listen(({ plain }) => {
      if (plain.records.length !== 2) return;
      leave();
      scope.ask({ do: 'step', by: 1 });
    });
    const asked = await asks(scope, engine, { do: 'step', by: 1 });
    expect(asked.slice(0, 2)).toEqual(['run 1–1', 'run 2–2']);
  });
});

describe('generating a token', () => {
  test('runs to the end of the text and appends the token that the model chose', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1, temperature: 0.8, seed: 5 });
    const asked = await asks(scope, engine, { do: 'generate' });
    expect(asked.slice(0, 3)).toEqual(['generate at 0.8 with 5', 'set “abc” 77', 'run 4–4']);
    const { state, text, plain } = scope.store.snapshot;
    expect(state).toMatchObject({ appended: [77], position: 4 });
    expect([text.tokens.at(-1), plain.records.length]).toEqual([77, 5]);
  });
});

describe('generating a token with a change', () => {
  const state = { position: 1, reach: 1, temperature: 0.8, seed: 5 };

  test('lets the changed run reach the end of the text and choose it, and runs the changed run on from there', async () => {
    const { scope, engine } = await changed(state);
    expect(await asks(scope, engine, { do: 'generate' })).toEqual([
      'run 2–3',
      'compare 2–3',
      'changed generate at 0.8 with 5',
      'set “abc” 77',
      'run 4–4',
      'compare 3–4',
      'changed detail 4',
      'changed distribution 4 at 0.8',
      'changed load 4',
    ]);
    expect(scope.store.snapshot.state).toMatchObject({ text: 'abc', appended: [77], position: 4 });
    expect(comparedIn(scope.store.snapshot)?.run.records).toHaveLength(5);
  });

  test('lets the plain run choose it while that run is shown', async () => {
    const { scope, engine } = await changed(state);
    await asks(scope, engine, { do: 'show run', shown: 'plain' });
    expect((await asks(scope, engine, { do: 'generate' }))[0]).toBe('generate at 0.8 with 5');
  });

  // At position 3 the changed run has all of the text, so nothing is compared before.
  test.each([1, 3])('after a sweep sets the change again first, from position %i', async position => {
    const { scope, engine } = await changed({ ...state, position, reach: position });
    await asks(scope, engine, { do: 'sweep' });
    const asked = await asks(scope, engine, { do: 'generate' });
    expect(asked.filter(call => /^change|generate/u.test(call)).slice(0, 2)).toEqual([
      'change 3',
      'changed generate at 0.8 with 5',
    ]);
  });
});

describe('changed runs', () => {
  test('a what-if is run up to the position of the plain run', async () => {
    const { scope, engine } = await up({ position: 2, reach: 2 });
    expect(await asks(scope, engine, { do: 'change', whatIf: { num_experts_per_tok: 3 } })).toEqual([
      'change 3',
      'compare 0–2',
      'changed detail 2',
      'changed distribution 2 at 0',
      'changed load 2',
    ]);
    expect(comparedIn(scope.store.snapshot)).toMatchObject({
      plan: { num_experts_per_tok: 3 },
      run: { detail: { position: 2 }, distribution: { position: 2 }, expertLoad: { position: 2 } },
      progress: { is: 'level' },
    });
    expect(comparedIn(scope.store.snapshot)?.steps).toHaveLength(3);
  });

  test('a step runs in both runs, but asks for detail, distribution and load of the changed run only', async () => {
    const { scope, engine } = await changed({ position: 2, reach: 2 });
    expect(await asks(scope, engine, { do: 'step', by: 1 })).toEqual([
      'run 3–3',
      'compare 3–3',
      'changed detail 3',
      'changed distribution 3 at 0',
      'changed load 3',
    ]);
    expect(scope.store.snapshot.plain.detail?.position).toBe(2);
    expect(comparedIn(scope.store.snapshot)?.run.detail?.position).toBe(3);
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual([
      'changed detail 2',
      'changed distribution 2 at 0',
      'changed load 2',
    ]);
  });

  test('another temperature asks for the distribution of the changed run only', async () => {
    const { scope, engine } = await changed();
    expect(await asks(scope, engine, { do: 'sample', temperature: 0.5 })).toEqual(['changed distribution 3 at 0.5']);
  });

  test('showing the plain run requests its detail, distribution and load; a step then requests none of the changed run', async () => {
    const { scope, engine } = await changed({ position: 1, reach: 1 });
    await asks(scope, engine, { do: 'step', by: 1 });
    expect(await asks(scope, engine, { do: 'show run', shown: 'plain' })).toEqual([
      'detail 2',
      'distribution 2 at 0',
      'load 2',
    ]);
    expect(await asks(scope, engine, { do: 'show run', shown: 'auto' })).toEqual([]);
    expect(await asks(scope, engine, { do: 'show run', shown: 'plain' })).toEqual([]);
    expect(await asks(scope, engine, { do: 'step', by: 1 })).toEqual([
      'run 3–3',
      'detail 3',
      'distribution 3 at 0',
      'load 3',
      'compare 3–3',
    ]);
    expect(await asks(scope, engine, { do: 'show run', shown: 'auto' })).toEqual([
      'changed detail 3',
      'changed distribution 3 at 0',
      'changed load 3',
    ]);
  });

  test('the what-if of a link shows the plain run until the changed run is complete', async () => {
    const { scope, engine } = await up({ position: 2, reach: 2, whatIf: { ...PLAIN, num_experts_per_tok: 3 } });
    expect(engine.calls).toEqual([
      'set “abc”',
      'run 0–2',
      'detail 2',
      'distribution 2 at 0',
      'load 2',
      'change 3',
      'compare 0–2',
      'changed detail 2',
      'changed distribution 2 at 0',
      'changed load 2',
    ]);
    expect(isWhole(scope.store.snapshot)).toBe(true);
  });

  test('for a neutral what-if, no detail, distribution or expert load of the changed run is requested', async () => {
    const { scope, engine } = await up();
    engine.neutral = true;
    expect(await asks(scope, engine, { do: 'change', whatIf: { num_experts_per_tok: 4 } })).toEqual([
      'change 4',
      'compare 0–3',
    ]);
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual(['detail 2', 'distribution 2 at 0', 'load 2']);
  });

  test('a what-if that replaces another shows the plain run until its own run is complete', async () => {
    const { scope, engine } = await changed({ position: 1, reach: 1 });
    await asks(scope, engine, { do: 'step', by: 1 });
    expect(await asks(scope, engine, { do: 'change', whatIf: { num_experts_per_tok: 2 } })).toEqual([
      'detail 2',
      'distribution 2 at 0',
      'load 2',
      'change 2',
      'compare 0–2',
      'changed detail 2',
      'changed distribution 2 at 0',
      'changed load 2',
    ]);
  });

  test('a new text is run again from its first changed token', async () => {
    const { scope, engine } = await changed();
    expect(await asks(scope, engine, { do: 'type', text: 'abxy' })).toEqual([
      'set “abxy”',
      'run 3–4',
      // The last unchanged token has another next token, and so another loss.
      'compare 2–4',
      'changed detail 4',
      'changed distribution 4 at 0',
      'changed load 4',
    ]);
    expect(comparedIn(scope.store.snapshot)).toMatchObject({ progress: { is: 'level', loss: { tokens: 5 } } });
    expect(comparedIn(scope.store.snapshot)?.run.records).toHaveLength(5);
  });

  test('with a truncated latent, a new text is run again from its start', async () => {
    const { scope, engine } = await changed({}, { latent_rank: 16 });
    const asked = await asks(scope, engine, { do: 'type', text: 'abxy' });
    expect(asked).toContain('compare 0–4');
    expect(asked.at(-1)).toBe('changed load 4');
  });

  test('after a sweep, the what-if is set again before anything else is asked of the changed run', async () => {
    const { scope, engine } = await changed({ position: 2 });
    const swept = await asks(scope, engine, { do: 'sweep' });
    // The last setting that the sweep tried is still set.
    expect(swept.filter(call => call.startsWith('change ')).at(-1)).toBe('change 16');
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual([
      'change 3',
      'compare 3–3',
      'changed detail 1',
      'changed distribution 1 at 0',
      'changed load 1',
    ]);
    expect(comparedIn(scope.store.snapshot)?.plan.num_experts_per_tok).toBe(3);
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual([
      'changed detail 0',
      'changed distribution 0 at 0',
      'changed load 0',
    ]);
  });

  test('after a sweep, the what-if is not set again while the plain run is shown', async () => {
    const { scope, engine } = await changed({ position: 2 });
    await asks(scope, engine, { do: 'show run', shown: 'plain' });
    await asks(scope, engine, { do: 'sweep' });
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toEqual(['detail 1', 'distribution 1 at 0', 'load 1']);
  });

  test('“continue” lets both runs continue the text, and leaves the text as it is', async () => {
    const { scope, engine } = await changed({ temperature: 0.8, seed: 5 });
    await asks(scope, engine, { do: 'sweep' });
    expect(await asks(scope, engine, { do: 'continue' })).toEqual([
      'change 3',
      'compare 3–3',
      'continuations of 16 at 0.8 with 5',
    ]);
    const { snapshot } = scope.store;
    expect(snapshot.text.tokens).toEqual([0, 97, 98, 99]);
    expect(shownContinuations(snapshot)).toMatchObject({ plain: [1, 2], changed: [1, 3] });
  });

  test('a what-if does not get the loss of the what-if that it replaced', async () => {
    const { scope, engine } = await up({ position: 2, reach: 2 });
    const usual = engine.compare.bind(engine);
    let answer: ((loss: Loss) => void) | undefined;
    engine.compare = (from, to, onCompared) => {
      engine.compare = usual;
      void usual(from, to, onCompared);
      return new Promise(resolve => (answer = resolve));
    };
    await asks(scope, engine, { do: 'change', whatIf: { num_experts_per_tok: 3 } });
    await asks(scope, engine, { do: 'change', whatIf: { num_experts_per_tok: 2 } });
    must(answer)({ ...RUN.loss, tokens: 99 });
    await rest();
    expect(comparedIn(scope.store.snapshot)).toMatchObject({
      plan: { num_experts_per_tok: 2 },
      progress: { loss: { tokens: 3 } },
    });
  });

  test('a what-if that the model does not support is refused in a sentence, and the next what-if is run', async () => {
    const { scope, engine } = await up();
    engine.fails.change = ['what-if'];
    await asks(scope, engine, { do: 'change', whatIf: { num_experts_per_tok: 40 } });
    expect(scope.store.snapshot).toMatchObject({
      changed: { is: 'refused', sentence: 'what-if refused' },
      fault: null,
    });
    await asks(scope, engine, { do: 'change', whatIf: { num_experts_per_tok: 2 } });
    expect(comparedIn(scope.store.snapshot)?.plan.num_experts_per_tok).toBe(2);
    expect(await asks(scope, engine, { do: 'change', whatIf: PLAIN })).toEqual([]);
  });

  test('a sweep tries each common cache setting once', async () => {
    const { scope, engine } = await up({ view: 'cachelab' });
    const left: (number | null)[] = [];
    scope.store.listen(({ sweeping }) => {
      if (left.at(-1) !== sweeping) left.push(sweeping);
    });
    const asked = await asks(scope, engine, { do: 'sweep' });
    // The whole latent was measured when the view was opened.
    expect(asked.filter(call => call.startsWith('change'))).toEqual([
      'change f16',
      'change int8',
      'change int4',
      'change 24',
      'change 16',
      'change 8',
      'change 16',
      'change 16',
    ]);
    expect(left).toEqual([null, 8, 7, 6, 5, 4, 3, 2, 1, null]);
    expect(scope.store.snapshot.tried).toHaveLength(9);
    expect((await asks(scope, engine, { do: 'sweep' })).filter(call => call.startsWith('change'))).toEqual([]);
  });

  test('a cache setting that the model does not support is left out of a sweep', async () => {
    const { scope, engine } = await up({ view: 'cachelab' });
    engine.fails.change = ['what-if'];
    const changes = (calls: readonly string[]): string[] => calls.filter(call => call.startsWith('change'));
    expect(changes(await asks(scope, engine, { do: 'sweep' }))).toHaveLength(8);
    expect(scope.store.snapshot).toMatchObject({ sweeping: null, changed: null, fault: null });
    expect(scope.store.snapshot.tried).toHaveLength(8);
  });

  test('typing ends a sweep', async () => {
    const { scope, engine } = await up({ view: 'cachelab' });
    scope.ask({ do: 'sweep' });
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(scope.store.snapshot.sweeping).not.toBeNull();
    await asks(scope, engine, { do: 'type', text: 'x' });
    expect(scope.store.snapshot.sweeping).toBeNull();
    expect(scope.store.snapshot.tried.length).toBeLessThan(9);
  });
});

describe('a crash', () => {
  test('is reported, and the text is set and run again', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    engine.fails.run = ['panic'];
    const asked = await asks(scope, engine, { do: 'step', by: 1 });
    expect(asked.slice(0, 3)).toEqual(['run 2–2', 'set “abc”', 'run 0–2']);
    expect(scope.store.snapshot.fault).toEqual({
      kind: 'panic',
      message: 'unreachable',
      during: 'run',
      recovered: true,
    });
    expect(scope.store.snapshot.engine.is).toBe('running');
    expect(scope.store.snapshot.plain.records).toHaveLength(3);
    expect(scope.store.snapshot.plain.detail?.position).toBe(2);
  });

  test('restarts the engine until it has the text again', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    const states: string[] = [];
    scope.store.listen(snapshot => {
      if (states.at(-1) !== snapshot.engine.is) states.push(snapshot.engine.is);
    });
    for (const kind of ['panic', 'restarted'] as const) {
      engine.fails.run = [kind];
      await asks(scope, engine, { do: 'step', by: 1 });
      expect(states.splice(0), kind).toEqual(['running', 'restarting', 'running']);
    }
  });

  test('with a change sets the change again, and keeps the records of the changed run', async () => {
    const { scope, engine } = await changed({ position: 1, reach: 1 });
    engine.fails.run = ['panic'];
    expect(await asks(scope, engine, { do: 'step', by: 1 })).toEqual([
      'run 2–2',
      'set “abc”',
      'run 0–2',
      'change 3',
      'compare 2–2',
      'changed detail 2',
      'changed distribution 2 at 0',
      'changed load 2',
    ]);
    expect(comparedIn(scope.store.snapshot)?.run.records).toHaveLength(3);
    expect(scope.store.snapshot.fault).toMatchObject({ recovered: true });
  });

  test('of a cancelled run is reported, too', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    engine.run = (_, __, ___, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(fault('panic'));
        });
      });
    scope.ask({ do: 'step', by: 1 });
    await asks(scope, engine, { do: 'type', text: 'x' });
    expect(scope.store.snapshot.fault).toMatchObject({ kind: 'panic', recovered: true });
  });

  test('that happens twice in a row stops the engine until the user retries', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    engine.fails.run = ['panic', 'panic'];
    const asked = await asks(scope, engine, { do: 'step', by: 1 });
    expect(asked).toEqual(['run 2–2', 'set “abc”', 'run 0–2']);
    expect(scope.store.snapshot.fault).toMatchObject({ during: 'run', recovered: false });
    expect(scope.store.snapshot.engine).toMatchObject({ is: 'failed', during: 'run', sentence: 'unreachable' });
    expect(scope.store.snapshot.state.text).toBe('abc');

    const fresh = new FakeEngine();
    next.push(fresh);
    scope.ask({ do: 'retry' });
    await rest();
    // The crashed engine is not reused.
    expect(loads.at(-1)?.broken).toBe(engine);
    expect(engine.closed).toBe(true);
    expect(fresh.calls.slice(0, 2)).toEqual(['set “abc”', 'run 0–2']);
    expect(scope.store.snapshot).toMatchObject({ engine: { is: 'running' }, fault: null, state: { position: 2 } });
  });

  test('after a completed run counts as the first again', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    for (const by of [1, 1] as const) {
      engine.fails.run = ['panic'];
      await asks(scope, engine, { do: 'step', by });
      expect(scope.store.snapshot.fault).toMatchObject({ recovered: true });
    }
    expect(scope.store.snapshot.plain.records).toHaveLength(4);
  });

  test('of a run in another session: this session sends its text again, without a message', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    engine.fails.run = ['restarted'];
    const asked = await asks(scope, engine, { do: 'step', by: 1 });
    expect(asked.slice(0, 3)).toEqual(['run 2–2', 'set “abc”', 'run 0–2']);
    expect(scope.store.snapshot.fault).toBeNull();
  });

  test('is not reported for a request that the engine refuses', async () => {
    const { scope, engine } = await up({ position: 1, reach: 1 });
    engine.fails.run = ['session'];
    expect(await asks(scope, engine, { do: 'step', by: 1 })).toEqual(['run 2–2']);
    expect(scope.store.snapshot.fault).toMatchObject({ kind: 'session', recovered: false });
  });
});

describe('loading', () => {
  test('a missing file is a fault, and a retry loads the model again', async () => {
    next.push('fetch');
    const scope = scopeOf();
    scope.start();
    await rest();
    expect(scope.store.snapshot).toMatchObject({
      engine: { is: 'failed', during: 'load', kind: 'fetch', sentence: 'fetch refused' },
      fault: { kind: 'fetch', during: 'load', recovered: false },
    });
    scope.ask({ do: 'type', text: 'kept' });
    scope.ask({ do: 'retry' });
    await rest();
    expect(loads[1]?.sources).toBe(SOURCES);
    expect(scope.store.snapshot).toMatchObject({ engine: { is: 'running' }, fault: null, state: { text: 'kept' } });
    expect(scope.store.snapshot.text.tokens).toHaveLength(5);
  });

  const files = { config: new Blob(), checkpoint: new Blob(), tokenizer: new Blob() };

  /** For vitest all blobs are equal, so each is compared by identity. */
  function expectFiles(sources: EngineSources | undefined): void {
    for (const name of ['config', 'checkpoint', 'tokenizer'] as const) expect(sources?.[name]).toBe(files[name]);
  }

  test('another model replaces the running one as soon as its files are loaded', async () => {
    const { scope, engine } = await up();
    const other = new FakeEngine();
    Object.assign(other, { loaded: modelOf({ num_hidden_layers: 3 }) });
    next.push(other);
    scope.ask({ do: 'open', files });
    expect(engine.closed).toBe(false);
    await rest();
    expectFiles(loads[1]?.sources);
    expect(loads[1]?.sources.wasm).toBe('');
    expect(engine.closed).toBe(true);
    expect(other.calls.slice(0, 2)).toEqual(['set “abc”', 'run 0–3']);
    expect(scope.store.snapshot).toMatchObject({ model: other.loaded, state: { layer: 2 } });
  });

  test('if a model is refused, the old one stays usable, and a retry loads the refused one again', async () => {
    const { scope, engine } = await up();
    next.push('config');
    scope.ask({ do: 'open', files });
    await rest();
    expect(scope.store.snapshot.fault).toMatchObject({ kind: 'config', during: 'load' });
    expect(engine.closed).toBe(false);
    expect(await asks(scope, engine, { do: 'step', by: -1 })).toContain('detail 2');
    scope.ask({ do: 'retry' });
    await rest();
    expectFiles(loads.at(-1)?.sources);
  });

  test('opening a model while another is loading cancels the loading of the other', async () => {
    const scope = scopeOf();
    const [late, wanted] = [new FakeEngine(), new FakeEngine()];
    next.push(late, wanted);
    scope.start();
    scope.ask({ do: 'open', files });
    expect(loads[0]?.signal.aborted).toBe(true);
    await rest();
    expect([late.closed, wanted.closed]).toEqual([true, false]);
    expect(late.calls).toEqual([]);
  });
});

describe('the model that a state names', () => {
  const files = { config: new Blob(['{}']), checkpoint: new Blob(['w']), tokenizer: new Blob(['[]']) };
  const tiny = { name: 'tiny', sha256: null };
  const tinyEngine = (): FakeEngine => Object.assign(new FakeEngine(), { name: 'tiny' });
  const go = (scope: Scope, state: Partial<Snapshot['state']>): void => {
    scope.ask({ do: 'go', state: { ...scope.store.snapshot.state, ...state }, complaints: [] });
  };

  test('is not loaded until the user opens its files; then it runs the text', async () => {
    const scope = scopeOf({ opened: tiny });
    scope.start();
    await rest();
    expect(loads).toEqual([]);
    expect(scope.store.snapshot).toMatchObject({ engine: { is: 'empty' }, fault: null });
    const engine = tinyEngine();
    next.push(engine);
    scope.ask({ do: 'open', files });
    await rest();
    expect(engine.calls.slice(0, 2)).toEqual(['set “abc”', 'run 0–3']);
    expect(scope.store.snapshot).toMatchObject({ engine: { is: 'running' }, opened: tiny, state: { opened: tiny } });
  });

  test('gets no requests while the model that the state names is not open', async () => {
    const { scope, engine } = await up();
    const before = engine.calls.length;
    go(scope, { opened: tiny, text: 'abcd' });
    scope.ask({ do: 'step', by: -1 });
    scope.ask({ do: 'change', whatIf: { num_experts_per_tok: 3 } });
    await rest();
    expect(engine.calls).toHaveLength(before);
    expect(engine.closed).toBe(false);
  });

  test('is loaded if it is the shipped model, also on a page that started with a missing model', async () => {
    const scope = scopeOf({ opened: tiny });
    scope.start();
    const engine = new FakeEngine();
    next.push(engine);
    go(scope, { opened: null });
    await rest();
    expect(loads.map(({ sources }) => sources)).toEqual([SOURCES]);
    expect(engine.calls.slice(0, 2)).toEqual(['set “abc”', 'run 0–3']);
  });

  test('is not loaded again if the state returns to it', async () => {
    const { scope, engine } = await up();
    go(scope, { opened: tiny });
    await rest();
    go(scope, { opened: null });
    await rest();
    expect(loads).toHaveLength(1);
    expect(engine.calls.filter(call => call.startsWith('set'))).toHaveLength(2);
    expect(isWhole(scope.store.snapshot)).toBe(true);
  });

  test('is loaded again if the user opened its files before', async () => {
    const { scope } = await up();
    next.push(tinyEngine());
    scope.ask({ do: 'open', files });
    await rest();
    const shipped = new FakeEngine();
    next.push(shipped);
    go(scope, { opened: null });
    await rest();
    expect(loads.at(-1)?.sources).toBe(SOURCES);
    expect(scope.store.snapshot).toMatchObject({ opened: null, state: { opened: null } });
    expect(shipped.calls).toContain('run 0–3');
    const again = tinyEngine();
    next.push(again);
    go(scope, { opened: tiny });
    await rest();
    expect(loads.at(-1)?.sources.checkpoint).toBe(files.checkpoint);
    expect(again.calls).toContain('run 0–3');
  });

  test('continues to load from files while the user changes the state', async () => {
    const scope = scopeOf({ opened: tiny });
    scope.start();
    next.push(tinyEngine());
    scope.ask({ do: 'open', files });
    scope.ask({ do: 'seek', position: 1 });
    await rest();
    expect(loads.map(({ signal }) => signal.aborted)).toEqual([false]);
    expect(scope.store.snapshot).toMatchObject({ engine: { is: 'running' }, opened: tiny });
  });
});

describe('published models', () => {
  test('are computed when they are shown, once for each choice of settings', async () => {
    const { scope } = await up();
    expect(surveys).toEqual([]);
    scope.ask({ do: 'view', view: 'models' });
    await rest();
    scope.ask({ do: 'look', layer: 1 });
    scope.ask({ do: 'survey', users: 3 });
    await rest();
    expect(surveys.map(({ users }) => users)).toEqual([8, 3]);
    expect(scope.store.snapshot.survey?.question.users).toBe(3);
  });

  test('are fetched once, even if a survey with new settings cancels the last survey', async () => {
    const { scope, engine } = await up();
    const answer = engine.survey;
    engine.survey = (_, __, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(fault('cancelled'));
        });
      });
    scope.ask({ do: 'view', view: 'models' });
    await rest();
    engine.survey = answer;
    scope.ask({ do: 'survey', users: 3 });
    await rest();
    scope.ask({ do: 'survey', users: 4 });
    await rest();
    expect(scope.store.snapshot.survey?.question.users).toBe(4);
    expect(presetFetches).toBe(1);
  });

  test('are fetched again after a survey has failed', async () => {
    const { scope } = await up({ view: 'models' });
    scope.ask({ do: 'survey', config: 'broken' });
    await rest();
    scope.ask({ do: 'survey', config: '', users: 5 });
    await rest();
    expect(presetFetches).toBe(2);
  });

  test('a config that cannot be read is a fault', async () => {
    const { scope } = await up({ view: 'models' });
    scope.ask({ do: 'survey', config: 'broken' });
    await rest();
    expect(scope.store.snapshot.fault).toMatchObject({ kind: 'survey', message: 'survey refused' });
  });
});

describe('ending a scope', () => {
  test('closes the engine, stops playing, and sends no more requests', async () => {
    const { scope, engine } = await up();
    scope.ask({ do: 'play', on: true });
    scope.end();
    expect(engine.closed).toBe(true);
    expect(scope.store.snapshot.playing).toBe(false);
    expect(scope.ended.aborted).toBe(true);
    expect(await asks(scope, engine, { do: 'type', text: 'x' })).toEqual([]);
  });

  test('cancels the loading of a model', async () => {
    const engine = new FakeEngine();
    next.push(engine);
    const scope = scopeOf();
    scope.start();
    scope.end();
    expect(loads[0]?.signal.aborted).toBe(true);
    await rest();
    expect(engine.closed).toBe(true);
    expect(hasModel(scope.store.snapshot)).toBe(false);
  });
});

test('a view whose file is missing falls back to the roll with a message', async () => {
  const { scope } = await up({ view: 'grid', position: END, reach: END });
  scope.viewFailed();
  expect(scope.store.snapshot).toMatchObject({ state: { view: 'roll' }, fault: { kind: 'view', recovered: true } });
});
