import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { garbage } from '../testing/garbage';
import { must } from '../testing/must';
import type { Changes } from '../testing/snapshots';
import {
  comparedIn,
  comparisonOf,
  LOADING,
  MODEL,
  modelOf,
  recordsOf,
  REFUSED,
  RUN,
  RUNNING,
  snapshotOf,
  WHAT_IF,
} from '../testing/snapshots';
import { en } from '../text/en/index';
import { parseAddress } from './address';
import { reduceNews } from './news';
import { reduceIntent } from './reduce';
import { isModelMissing } from './select';
import { stagesOf } from './stages';
import type { StepDetail } from '../engine/types';
import type { Intent } from './intents';
import type { News, ScopeState, Snapshot } from './state';
import { EMPTY_RUN, firstSnapshot, initialState } from './state';
import { PLAIN } from './what-if';
import { SHOWN } from './fields';
import { END } from './values';

function after(before: Snapshot, ...intents: readonly Intent[]): Snapshot {
  return intents.reduce<Snapshot>((snapshot, intent) => reduceIntent(snapshot, intent), before);
}

function told(before: Snapshot, ...news: readonly News[]): Snapshot {
  return news.reduce(reduceNews, before);
}

/** The tokenizer's answer: these ids, or this number of tokens, whose ids are their positions. */
function cut(tokens: number | readonly number[], beyond = '', continuation = ''): News {
  const ids = typeof tokens === 'number' ? Array.from({ length: tokens }, (_, index) => index) : tokens;
  return { news: 'text', text: { tokens: ids, continuation, beyond } };
}

/** A text of 12 tokens, run to its end, with the playhead at a position. */
const at = (position: number, changes: Changes = {}): Snapshot =>
  snapshotOf(12, { ...changes, state: { position, reach: 11, ...changes.state } });

const DETAIL = (position: number): StepDetail => ({ position }) as StepDetail;
const FAULT = { kind: 'panic', message: 'unreachable', during: 'run', recovered: true } as const;

describe('typing', () => {
  const typed = (position: number, tokens: News): Snapshot =>
    told(after(at(position), { do: 'type', text: 'x' }), tokens);

  test('keeps the old tokens until the new ones are known', () => {
    const snapshot = after(at(5), { do: 'type', text: 'x' });
    expect(snapshot).toMatchObject({ text: { is: 'typed' }, editing: true });
    expect(snapshot.text.tokens).toHaveLength(12);
    expect(snapshot.state).toMatchObject({ text: 'x', appended: [], position: 5 });
  });

  test('before the playhead moves it to the end of the new text', () => {
    // Token 3 is different.
    const snapshot = typed(5, cut([0, 1, 2, 99, 4, 5, 6, 7, 8]));
    expect(snapshot.state.position).toBe(8);
    expect(snapshot.plain.records.map(({ position }) => position)).toEqual([0, 1, 2]);
  });

  test('at the playhead moves it to the end of the new text', () => {
    expect(typed(5, cut([0, 1, 2, 3, 4, 99, 6])).state.position).toBe(6);
  });

  test('after the playhead leaves it in place', () => {
    const snapshot = typed(5, cut([0, 1, 2, 3, 4, 5, 99, 7, 8]));
    expect(snapshot.state.position).toBe(5);
    expect(snapshot.plain.records).toHaveLength(6);
  });

  test('at the end of the text moves the playhead to the new end', () => {
    expect(typed(11, cut(13)).state).toMatchObject({ position: 12, reach: 12 });
  });

  test('a text that ends before the playhead moves it to the end', () => {
    expect(typed(9, cut(4)).state.position).toBe(3);
  });

  test('two keys before the first answer still move the playhead to the end', () => {
    const snapshot = after(at(11), { do: 'type', text: 'x' }, { do: 'type', text: 'xy' });
    expect(told(snapshot, cut(14)).state.position).toBe(13);
  });

  test('removes a run’s fault and a link’s complaints, but not a loading fault', () => {
    const complaints = [{ field: 'foo', found: '', problem: 'unknown', used: '' }] as const;
    expect(after(at(5, { fault: FAULT, complaints }), { do: 'type', text: 'x' })).toMatchObject({
      fault: null,
      complaints: [],
    });
    const loading = { ...FAULT, during: 'load', recovered: false } as const;
    expect(after(at(5, { fault: loading }), { do: 'type', text: 'x' }).fault).toBe(loading);
  });

  test('stops playing and releases a hold', () => {
    expect(after(at(5, { playing: true, held: true }), { do: 'type', text: 'x' })).toMatchObject({
      playing: false,
      held: false,
    });
  });

  test('differs from opening an example, which shows the example’s own position', () => {
    const snapshot = told(after(at(9), { do: 'replace', text: 'x', position: 4 }), cut([0, 50, 51, 52, 53, 54, 55]));
    expect(snapshot.state).toMatchObject({ text: 'x', position: 4, reach: 4 });
    expect(snapshot.editing).toBe(false);
  });
});

describe('moving the playhead', () => {
  test('seeking stays within the text', () => {
    expect(after(at(5), { do: 'seek', position: 8 }).state.position).toBe(8);
    expect(after(at(5), { do: 'seek', position: 99 }).state.position).toBe(11);
    expect(after(at(5), { do: 'seek', position: END }).state.position).toBe(11);
    expect(after(at(5), { do: 'seek', position: -3 }).state.position).toBe(0);
  });

  test('seeking stays within the context', () => {
    const long = snapshotOf(600, { state: { position: 0, reach: 0 } }, 1);
    expect(after(long, { do: 'seek', position: END }).state.position).toBe(511);
  });

  test('a position that is sought before the tokens are known is clamped when they are known', () => {
    const before = after(at(5), { do: 'type', text: 'x' });
    const snapshot = after(before, { do: 'seek', position: 40 });
    expect(snapshot.state.position).toBe(40);
    expect(told(snapshot, cut(20)).state.position).toBe(19);
  });

  test('a step moves by one token and stays within the text', () => {
    expect(after(at(5), { do: 'step', by: 1 }).state.position).toBe(6);
    expect(after(at(5), { do: 'step', by: -1 }).state.position).toBe(4);
    expect(after(at(11), { do: 'step', by: 1 }).state.position).toBe(11);
    expect(after(at(0), { do: 'step', by: -1 }).state.position).toBe(0);
  });

  test('steps forward add up while the model still runs', () => {
    const running = snapshotOf(12, { state: { position: 4, reach: 4 } }, 3);
    expect(after(running, { do: 'step', by: 1 }, { do: 'step', by: 1 }).state).toMatchObject({ position: 6, reach: 6 });
  });

  test('a step back while the model runs starts at the shown token and ends the run there', () => {
    const running = snapshotOf(300, { state: { position: 299, reach: 299 } }, 40);
    const snapshot = after(running, { do: 'step', by: -1 });
    expect(snapshot.state).toMatchObject({ position: 38, reach: 39 });
  });

  test('`stepped` says how the last step forward was made; the end of playing keeps it, other moves clear it', () => {
    expect(after(at(5), { do: 'step', by: 1 }).stepped).toBe('by hand');
    expect(after(at(5, { playing: true }), { do: 'advance' }).stepped).toBe('by playing');
    expect(after(at(5, { playing: true }), { do: 'advance' }, { do: 'play', on: false }).stepped).toBe('by playing');
    expect(after(at(5), { do: 'step', by: 1 }, { do: 'step', by: -1 }).stepped).toBeNull();
    expect(after(at(5), { do: 'step', by: 1 }, { do: 'seek', position: 8 }).stepped).toBeNull();
  });

  test('moving to another token shows its whole step', () => {
    expect(after(at(5, { state: { stage: 3 } }), { do: 'step', by: 1 }).state.stage).toBeNull();
  });

  test('the text is run at least to the playhead', () => {
    const snapshot = snapshotOf(12, { state: { position: 2, reach: 2 } }, 3);
    expect(after(snapshot, { do: 'seek', position: 7 }).state.reach).toBe(7);
    expect(after(at(5), { do: 'seek', position: 1 }).state.reach).toBe(11);
  });
});

/** The stages of the test model: 3 in the dense layer, 5 in each of the 4 layers with routers, and the next token. */
const STAGES = stagesOf(MODEL.info);

describe('stages', () => {
  test('moving forward leads from the end of a step to its start, through all stages, and to the end again', () => {
    let snapshot = at(5);
    const stages = Array.from({ length: 25 }, () => (snapshot = after(snapshot, { do: 'stage', by: 1 })).state.stage);
    expect(stages).toEqual([...STAGES.slice(0, -1), null, STAGES[0]]);
  });

  test('moving back stops at the first stage', () => {
    expect(after(at(5), { do: 'stage', by: -1 }).state.stage).toBe(STAGES[22]);
    expect(after(at(5, { state: { stage: 1 } }), { do: 'stage', by: -1 }).state.stage).toBe(STAGES[0]);
    expect(after(at(5, { state: { stage: 0 } }), { do: 'stage', by: -1 }).state.stage).toBe(STAGES[0]);
  });

  test('“whole step” leads from any stage to the finished step', () => {
    expect(after(at(5, { state: { stage: 3 } }), { do: 'whole step' }).state.stage).toBeNull();
  });
});

describe('layer, expert, head and view', () => {
  test('numbers of layers, experts and heads that the model does not have are clamped', () => {
    expect(after(at(5), { do: 'look', layer: 9, expert: 99 }).state).toMatchObject({ layer: 4, expert: 15 });
    expect(after(at(5), { do: 'look', layer: -1 }).state).toMatchObject({ layer: 0, expert: null });
    expect(after(at(5), { do: 'head', head: 99 }).state.head).toBe(7);
    expect(after(at(5), { do: 'head', head: 3 }).state.head).toBe(3);
  });

  test('a dense layer has no expert', () => {
    expect(after(at(5), { do: 'look', layer: 0, expert: 3 }).state).toMatchObject({ layer: 0, expert: null });
  });

  test('selecting another layer deselects the expert; selecting the same layer and expert changes nothing', () => {
    const snapshot = at(5, { state: { layer: 2, expert: 3 } });
    expect(after(snapshot, { do: 'look', layer: 3 }).state.expert).toBeNull();
    expect(after(snapshot, { do: 'look', layer: 2, expert: 3 })).toEqual({ ...snapshot, editing: false });
  });

  test('a view, an order, a span, a theme, a size and a speed are set', () => {
    const snapshot = after(
      at(5),
      { do: 'view', view: 'grid' },
      { do: 'arrange', sort: 'load' },
      { do: 'arrange', span: 'all' },
      { do: 'theme', theme: 'dark' },
      { do: 'size', size: 1.25 },
      { do: 'speed', speed: 4 },
    );
    const set = { view: 'grid', sort: 'load', span: 'all', theme: 'dark', size: 1.25, speed: 4 };
    expect(snapshot.state).toMatchObject(set);
  });

  test('the size stays within its bounds', () => {
    expect(after(at(5), { do: 'size', size: 7 }).state.size).toBe(2);
    expect(after(at(5), { do: 'size', size: 0.1 }).state.size).toBe(0.75);
  });

  test('quiet intents leave playback running; the others stop it', () => {
    const playing = at(5, { playing: true });
    const quiet: Intent[] = [
      { do: 'look', layer: 1 },
      { do: 'head', head: 1 },
      { do: 'view', view: 'flow' },
      { do: 'arrange', sort: 'load' },
      { do: 'speed', speed: 2 },
      { do: 'theme', theme: 'dark' },
      { do: 'size', size: 1.5 },
      { do: 'change', whatIf: { num_experts_per_tok: 2 } },
      { do: 'show run', shown: 'plain' },
      { do: 'continue' },
      { do: 'sample', temperature: 1 },
      { do: 'survey', users: 3 },
      { do: 'sweep' },
      { do: 'dismiss' },
      { do: 'advance' },
    ];
    for (const intent of quiet) expect(after(playing, intent).playing, intent.do).toBe(true);
    const loud: Intent[] = [
      { do: 'seek', position: 1 },
      { do: 'step', by: 1 },
      { do: 'stage', by: 1 },
      { do: 'append', token: 3 },
      { do: 'generate' },
      { do: 'replace', text: 'x', position: 0 },
      { do: 'retry' },
    ];
    for (const intent of loud) expect(after(playing, intent).playing, intent.do).toBe(false);
  });
});

describe('playing', () => {
  test('starts at the playhead, or at the start of the text if the playhead is at the end of the text', () => {
    expect(after(at(5), { do: 'play', on: true })).toMatchObject({ playing: true, state: { position: 5 } });
    expect(after(at(11), { do: 'play', on: true })).toMatchObject({ playing: true, state: { position: 0 } });
    expect(after(at(11), { do: 'play', on: false })).toMatchObject({ playing: false, state: { position: 11 } });
  });

  test('of a new text starts at the requested position', () => {
    const before = after(at(3), { do: 'replace', text: 'x', position: 11 });
    expect(after(before, { do: 'play', on: true }).state.position).toBe(11);
  });

  test('a hold ends with the next step', () => {
    const held = after(at(5), { do: 'play', on: true }, { do: 'hold', on: true });
    expect(held).toMatchObject({ playing: true, held: true });
    expect(after(held, { do: 'hold', on: false })).toMatchObject({ playing: true, held: false });
    expect(after(held, { do: 'look', layer: 1 }).held).toBe(true);
    expect(after(held, { do: 'step', by: 1 }).held).toBe(false);
    expect(after(held, { do: 'hold', on: true })).toEqual(held);
  });
});

describe('guessing', () => {
  test('reveals only the shown step', () => {
    const snapshot = after(at(5), { do: 'guess', reveal: 'click' }, { do: 'reveal' });
    expect(snapshot).toMatchObject({ revealed: 5, state: { reveal: 'click' } });
    expect(after(snapshot, { do: 'guess', reveal: 'always' })).toMatchObject({ revealed: null });
  });

  test('a revealed step stays revealed only if the text up to it is unchanged', () => {
    const revealed = at(5, { revealed: 5 });
    expect(told(after(revealed, { do: 'type', text: 'x' }), cut([0, 1, 2, 3, 4, 5, 99])).revealed).toBe(5);
    expect(told(after(revealed, { do: 'type', text: 'x' }), cut([0, 1, 2, 99, 4, 5])).revealed).toBeNull();
  });
});

describe('a what-if', () => {
  test('changes the named settings and drops the last changed run', () => {
    const before = at(5, { changed: REFUSED });
    const snapshot = after(
      before,
      { do: 'change', whatIf: { num_experts_per_tok: 3 } },
      { do: 'change', whatIf: { selection_bias: false } },
    );
    expect(snapshot.state.whatIf).toEqual({ ...PLAIN, num_experts_per_tok: 3, selection_bias: false });
    expect(snapshot.changed).toBeNull();
  });

  test('keeps the choice of the shown run, until nothing is changed any more', () => {
    const before = after(
      at(5),
      { do: 'change', whatIf: { num_experts_per_tok: 3 } },
      { do: 'show run', shown: 'plain' },
    );
    expect(after(before, { do: 'change', whatIf: { selection_bias: false } }).state.shown).toBe('plain');
    expect(after(before, { do: 'change', whatIf: { num_experts_per_tok: null } }).state.shown).toBe('auto');
  });

  test('“show run” selects the run and drops no result', () => {
    const before = at(3, { changed: comparisonOf(), state: { whatIf: WHAT_IF } });
    for (const shown of SHOWN) {
      const snapshot = after(before, { do: 'show run', shown });
      expect(snapshot.state).toEqual({ ...before.state, shown });
      expect(snapshot.plain).toBe(before.plain);
      expect(comparedIn(snapshot)).toBe(comparedIn(before));
    }
  });

  test('the steps and records of its run are appended in order', () => {
    const whatIf = { ...PLAIN, num_experts_per_tok: 3 };
    const steps = RUN.compared;
    const news = (from: number, to: number): News => ({
      news: 'compared',
      whatIf,
      plan: RUN.plan,
      compared: steps.slice(from, to),
    });
    const snapshot = told(at(3, { state: { whatIf } }), news(0, 2), news(2, 3));
    expect(comparedIn(snapshot)?.steps).toEqual(steps);
    expect(comparedIn(snapshot)?.run).toEqual({ ...EMPTY_RUN, records: steps.map(({ record }) => record) });
    expect(comparedIn(snapshot)).toMatchObject({ progress: { is: 'first' } });
    expect(snapshot.plain.records).toHaveLength(12);
    // A step that does not follow the last one belongs to a cancelled run.
    expect(told(snapshot, news(1, 2))).toBe(snapshot);
    const detail: News = { news: 'rest', run: 'changed', detail: DETAIL(3) };
    const done = told(snapshot, { news: 'loss', loss: RUN.loss }, detail);
    expect(comparedIn(done)).toMatchObject({
      progress: { is: 'level', loss: RUN.loss },
      run: { detail: { position: 3 } },
    });
  });

  test('its run is complete from its first loss, also while later steps are added', () => {
    const news = (from: number, to: number): News => ({
      news: 'compared',
      whatIf: WHAT_IF,
      plan: RUN.plan,
      compared: RUN.compared.slice(from, to),
    });
    const first = told(at(3, { state: { whatIf: WHAT_IF } }), news(0, 2));
    expect(comparedIn(first)?.progress).toEqual({ is: 'first' });
    const done = told(first, { news: 'loss', loss: RUN.loss }, { news: 'rest', run: 'changed', detail: DETAIL(1) });
    expect(comparedIn(done)).toMatchObject({ progress: { is: 'level', loss: RUN.loss } });
    const longer = told(done, news(2, 3));
    expect(comparedIn(longer)).toMatchObject({ progress: { is: 'behind' }, run: { detail: { position: 1 } } });
    expect(comparedIn(longer)?.run.records).toEqual(RUN.compared.map(({ record }) => record));
    // Another what-if starts a run that is not complete.
    const whatIf = { ...PLAIN, num_experts_per_tok: 2 };
    const other = told(longer, { news: 'compared', whatIf, plan: RUN.plan, compared: RUN.compared.slice(0, 1) });
    expect(comparedIn(other)).toMatchObject({ progress: { is: 'first' }, run: { detail: null } });
    expect(comparedIn(other)?.run.records).toHaveLength(1);
  });

  test('a loss without a changed run is ignored', () => {
    const before = at(3);
    expect(told(before, { news: 'loss', loss: RUN.loss })).toBe(before);
  });

  test('the tokens with which the runs continue the text are stored', () => {
    const continued = { plain: [1], changed: [2], tokens: [0], temperature: 0, seed: 1 };
    const before = at(3, { changed: comparisonOf(), state: { whatIf: WHAT_IF } });
    const snapshot = told(before, { news: 'continued', continued });
    expect(comparedIn(snapshot)).toEqual({ ...comparedIn(before), continued });
    expect(told(at(3), { news: 'continued', continued }).changed).toBeNull();
  });

  test('a new what-if drops the steps of the last one', () => {
    const compared = RUN.compared.slice(0, 1);
    const [one, two] = [
      { ...PLAIN, num_experts_per_tok: 3 },
      { ...PLAIN, num_experts_per_tok: 2 },
    ];
    const first = told(at(3), { news: 'compared', whatIf: one, plan: RUN.plan, compared: RUN.compared });
    expect(comparedIn(told(first, { news: 'compared', whatIf: two, plan: RUN.plan, compared }))).toMatchObject({
      whatIf: two,
      steps: compared,
    });
  });

  test('a refusal is stored, and the changed run is dropped', () => {
    const snapshot = told(at(3), { news: 'refused', sentence: 'num_experts_per_tok is 40' });
    expect(snapshot.changed).toEqual({ is: 'refused', sentence: 'num_experts_per_tok is 40' });
  });

  test('that changes only the cache counts as tried when its loss arrives', () => {
    const whatIf = { ...PLAIN, latent_rank: 16 };
    const loss = { ...RUN.loss, tokens: 3 };
    const news: News = { news: 'compared', whatIf, plan: { ...RUN.plan, latent_bytes: 640 }, compared: RUN.compared };
    const snapshot = told(at(3), news, { news: 'loss', loss });
    expect(snapshot.tried).toEqual([{ setting: { latent_rank: 16, cache_format: 'f32' }, bytes: 640, loss }]);
    // Rank 32 is the whole latent.
    const whole = { ...PLAIN, latent_rank: 32 };
    const wholeNews: News = { news: 'compared', whatIf: whole, plan: RUN.plan, compared: RUN.compared };
    expect(told(at(3), wholeNews, { news: 'loss', loss }).tried[0]?.setting).toEqual({
      latent_rank: null,
      cache_format: 'f32',
    });
    const more = { ...PLAIN, latent_rank: 16, num_experts_per_tok: 2 };
    const moreNews: News = { news: 'compared', whatIf: more, plan: RUN.plan, compared: RUN.compared };
    expect(told(at(3), moreNews, { news: 'loss', loss }).tried).toEqual([]);
  });

  test('trying a cache setting again replaces its last result', () => {
    const setting = { latent_rank: 8, cache_format: 'f32' } as const;
    const tried = (cost: number): News => ({
      news: 'tried',
      tried: { setting, bytes: 480, loss: { ...RUN.loss, cost } },
    });
    const other: News = {
      news: 'tried',
      tried: { setting: { latent_rank: null, cache_format: 'f16' }, bytes: 480, loss: RUN.loss },
    };
    const snapshot = told(at(3), tried(1), other, tried(2));
    expect(snapshot.tried.map(({ setting, loss }) => [setting.latent_rank, loss.cost])).toEqual([
      [null, RUN.loss.cost],
      [8, 2],
    ]);
  });
});

describe('appending a token', () => {
  test('the text’s own next token only moves the playhead', () => {
    const snapshot = after(at(5), { do: 'append', token: 6 });
    expect(snapshot.state).toMatchObject({ text: 'some text', appended: [], position: 6 });
    expect(snapshot.text.is).toBe('tokenized');
  });

  test('after the last token extends the text', () => {
    const snapshot = after(at(11), { do: 'append', token: 77 });
    expect(snapshot.state).toMatchObject({ text: 'some text', appended: [77], position: END, reach: END });
    expect(snapshot.text.is).toBe('waiting');
    expect(after(at(11, { state: { appended: [5] } }), { do: 'append', token: 77 }).state.appended).toEqual([5, 77]);
  });

  test('inside the text drops the tokens after the playhead and stores those before it by id', () => {
    const snapshot = after(at(5), { do: 'append', token: 77 });
    // The tokenizer adds the start marker itself.
    expect(snapshot.state).toMatchObject({ text: '', appended: [1, 2, 3, 4, 5, 77], position: END });
  });
});

describe('sampling', () => {
  test('temperature and seed stay within their bounds', () => {
    expect(after(at(5), { do: 'sample', temperature: 7, seed: 2 ** 40 }).state).toMatchObject({
      temperature: 2,
      seed: 4_294_967_295,
    });
    expect(after(at(5), { do: 'sample', temperature: -1, seed: -1 }).state).toMatchObject({ temperature: 0, seed: 0 });
    expect(after(at(5), { do: 'sample', seed: 2.9 }).state).toMatchObject({ temperature: 0, seed: 2 });
  });

  test('generating moves the playhead to the end first', () => {
    expect(after(at(5), { do: 'generate' }).state.position).toBe(11);
  });
});

describe('published models', () => {
  test('numbers are rounded and clamped', () => {
    const state = after(at(5), { do: 'survey', context: 0, users: 2_000_000, memory: 79.6 }).state;
    expect(state).toMatchObject({ context: 1, users: 1_000_000, memory: 80 });
    expect(after(at(5), { do: 'survey', context: 2e7 }).state.context).toBe(10_000_000);
  });

  test('NaN and infinity change nothing', () => {
    expect(after(at(5), { do: 'survey', context: NaN, users: Infinity }).state).toMatchObject({
      context: 131_072,
      users: 8,
    });
  });

  test('a config is shortened to 20,000 characters', () => {
    expect(after(at(5), { do: 'survey', config: 'x'.repeat(30_000) }).state.config).toHaveLength(20_000);
  });

  test('if a config is shortened inside a surrogate pair, it does not end with half of the pair', () => {
    const { config } = after(at(5), { do: 'survey', config: `${'x'.repeat(19_999)}🦊` }).state;
    expect(config.slice(-2)).toBe('x\ufffd');
  });
});

describe('faults', () => {
  test('a fault ends playing, loading and the trial of cache settings', () => {
    const before = at(5, { playing: true, sweeping: 3, engine: { ...RUNNING, next: { loaded: 1, total: 2 } } });
    expect(told(before, { news: 'fault', fault: FAULT })).toMatchObject({
      fault: FAULT,
      playing: false,
      engine: { next: null },
      sweeping: null,
    });
  });

  test('retrying, or opening another model, starts loading and removes the fault', () => {
    const files = {} as Extract<Intent, { do: 'open' }>['files'];
    for (const intent of [{ do: 'retry' }, { do: 'open', files }] as const) {
      expect(after(at(5, { fault: FAULT }), intent)).toMatchObject({
        fault: null,
        engine: { ...RUNNING, next: { loaded: 0, total: null } },
      });
    }
  });

  test('dismissing removes the fault and the complaints', () => {
    const complaints = [{ field: 'foo', found: '', problem: 'unknown', used: '' }] as const;
    expect(after(at(5, { fault: FAULT, complaints }), { do: 'dismiss' })).toMatchObject({
      fault: null,
      complaints: [],
    });
  });
});

describe('news of a run', () => {
  test('a record is stored at its position', () => {
    const snapshot = snapshotOf(12, {}, 3);
    const record = must(recordsOf(1, 3)[0]);
    expect(told(snapshot, { news: 'record', record }).plain.records).toHaveLength(4);
    // A run from the start repeats the first records.
    const again = { ...must(recordsOf(1, 1)[0]), cache: { latent: 1, expanded: 2 } };
    expect(told(snapshot, { news: 'record', record: again }).plain.records[1]).toBe(again);
  });

  test('a record of a cancelled run is ignored', () => {
    const snapshot = snapshotOf(12, {}, 3);
    const later = must(recordsOf(1, 4)[0]);
    expect(told(snapshot, { news: 'record', record: later })).toBe(snapshot);
    const other = { ...must(recordsOf(1, 3)[0]), token: 99 };
    expect(told(snapshot, { news: 'record', record: other })).toBe(snapshot);
  });

  test('results that depend on a changed part of the text are dropped', () => {
    const before = at(5, {
      plain: {
        detail: DETAIL(5),
        expertLoad: { position: 2, tokens: 3, layers: [], chance: undefined },
        distribution: RUN.distribution,
      },
      tried: [{ setting: { latent_rank: 8, cache_format: 'f32' }, bytes: 1, loss: RUN.loss }],
    });
    const changed = told(before, cut([0, 1, 2, 99]));
    expect(changed.plain).toMatchObject({ detail: null, expertLoad: { position: 2 }, distribution: null });
    expect(changed.tried).toEqual([]);
    const same = told(before, cut(12));
    expect(same.plain).toMatchObject({ detail: { position: 5 }, distribution: RUN.distribution });
    expect(same.tried).toHaveLength(1);
  });

  test('detail, distribution and expert load are stored in the run they belong to', () => {
    const before = at(5, { changed: comparisonOf({ run: { detail: null } }), state: { whatIf: WHAT_IF } });
    const rest = [
      { detail: DETAIL(5) },
      { distribution: RUN.distribution },
      { expertLoad: { position: 5, tokens: 6, layers: [], chance: undefined } },
    ];
    for (const part of rest) {
      const plain = told(before, { news: 'rest', run: 'plain', ...part });
      expect(plain).toEqual({ ...before, plain: { ...before.plain, ...part } });
      const changed = told(before, { news: 'rest', run: 'changed', ...part });
      const comparison = must(comparedIn(before));
      expect(changed).toEqual({ ...before, changed: { ...comparison, run: { ...comparison.run, ...part } } });
    }
  });

  test('the detail of a dropped changed run is ignored', () => {
    const before = at(5);
    expect(told(before, { news: 'rest', run: 'changed', detail: DETAIL(5) })).toBe(before);
  });

  test('the continuation and the text beyond the context are stored', () => {
    expect(told(at(5), cut(12, 'the rest', ' more'))).toMatchObject({
      text: { beyond: 'the rest', continuation: ' more' },
    });
  });
});

describe('the changed run after a new text', () => {
  const records = recordsOf(12);
  const steps = records.map(record => ({ ...must(RUN.compared[0]), record }));
  const run = {
    records,
    detail: DETAIL(2),
    distribution: RUN.distribution,
    expertLoad: { position: 6, tokens: 7, layers: [], chance: undefined },
  };
  const of = (whatIf: Snapshot['state']['whatIf'] = WHAT_IF): Snapshot =>
    at(11, { changed: comparisonOf({ whatIf, run, steps }), state: { whatIf } });

  test('keeps the records of the unchanged tokens; the last of them is compared again', () => {
    // Token 5 is different.
    const snapshot = told(of(), cut([0, 1, 2, 3, 4, 99, 6, 7]));
    const { plain } = snapshot;
    const comparison = comparedIn(snapshot);
    expect(plain.records).toEqual(records.slice(0, 5));
    expect(comparison?.run.records).toEqual(records.slice(0, 5));
    expect(comparison?.steps).toEqual(steps.slice(0, 4));
    expect(comparison).toMatchObject({ whatIf: WHAT_IF, plan: RUN.plan, progress: { is: 'behind' } });
  });

  test('keeps the detail and the load of an unchanged position, but no distribution', () => {
    const comparison = comparedIn(told(of(), cut([0, 1, 2, 3, 4, 99])));
    expect(comparison?.run).toMatchObject({ detail: run.detail, distribution: null, expertLoad: null });
    expect(comparedIn(told(of(), cut([0, 1, 99])))?.run.detail).toBeNull();
  });

  test('keeps all records if tokens are added or removed at the end', () => {
    const longer = comparedIn(told(of(), cut(14)));
    expect(longer?.run.records).toEqual(records);
    expect([longer?.steps.length, longer?.progress.is]).toEqual([11, 'behind']);
    const shorter = comparedIn(told(of(), cut(4)));
    expect(shorter?.run.records).toEqual(records.slice(0, 4));
    expect([shorter?.steps.length, shorter?.progress.is]).toEqual([3, 'behind']);
  });

  test('keeps nothing if no token stays', () => {
    const comparison = comparedIn(told(of(), cut([99, 1])));
    expect(comparison?.steps).toEqual([]);
    expect(comparison?.run).toEqual(EMPTY_RUN);
  });

  test('keeps everything if the tokens are the same', () => {
    const before = of();
    expect(comparedIn(told(before, cut(12)))).toBe(comparedIn(before));
  });

  test('keeps nothing with a truncated latent, whose directions depend on the whole text', () => {
    const before = of({ ...WHAT_IF, latent_rank: 16 });
    expect(told(before, cut(13)).changed).toBeNull();
    expect(comparedIn(told(before, cut(12)))).toBe(comparedIn(before));
  });

  test('goes on with the step after the kept ones', () => {
    const before = told(of(), cut([0, 1, 2, 3, 4, 99, 6, 7]));
    const added = steps.slice(4, 7);
    const compared: News = { news: 'compared', whatIf: WHAT_IF, plan: RUN.plan, compared: added };
    const comparison = comparedIn(told(before, compared));
    expect(comparison?.steps).toEqual(steps.slice(0, 7));
    expect(comparison?.run.records).toEqual(records.slice(0, 7));
  });
});

describe('loading a model', () => {
  test('if another model was loaded: the text is tokenized again, with the appended tokens as text', () => {
    const state = { appended: [7], layer: 4, head: 7, expert: 15, whatIf: WHAT_IF };
    const before = at(5, { text: { continuation: ' more' }, changed: comparisonOf(), state });
    const model = modelOf({ num_hidden_layers: 3, num_attention_heads: 2, n_routed_experts: 8 });
    const snapshot = told(before, { news: 'model', model, opened: null, inPage: true });
    expect(snapshot).toMatchObject({ model, playing: false });
    expect(snapshot.engine).toEqual({ is: 'running', inPage: true, next: null });
    expect(snapshot.text).toEqual({ is: 'waiting', link: null, tokens: [], continuation: '', beyond: '' });
    expect(snapshot).toMatchObject({ plain: EMPTY_RUN, changed: null });
    expect(snapshot.state).toMatchObject({ text: 'some text more', appended: [], layer: 2, head: 1, expert: 7 });
  });

  test('as the first one keeps the prepared records', () => {
    const before = at(5, { engine: { is: 'loading', progress: { loaded: 1, total: 1 } } });
    const snapshot = told(before, { news: 'model', model: MODEL, opened: null, inPage: false });
    expect(snapshot.engine).toEqual(RUNNING);
    expect(snapshot.plain.records).toHaveLength(12);
  });

  test('as the first one ends the text before the first id outside its vocabulary', () => {
    const before = at(5, { engine: LOADING, state: { appended: [5, 2048, 6] } });
    const snapshot = told(before, { news: 'model', model: MODEL, opened: null, inPage: false });
    expect(snapshot.state.appended).toEqual([5]);
    expect(snapshot.complaints.map(en.complaint)).toEqual([
      'In the link, “ids” has 2048, expected ids up to 2047; the text ends before this token.',
    ]);
  });
});

describe('a state of a model that was opened from files', () => {
  const tiny = { name: 'tiny', sha256: 'ab'.repeat(32) };
  const other = { name: 'other', sha256: 'cd'.repeat(32) };
  const model = modelOf({ num_hidden_layers: 12, vocab_size: 4000 });
  const link = '#v=1&text=A&ids=3999&token=1&layer=11';

  /** The state that `link` (above) describes, with `opened` set to `tiny`. */
  const state = parseAddress(link, { ...initialState('', 0, 0), opened: tiny }).state;
  const asked = (before: Snapshot): Snapshot => after(before, { do: 'go', state, complaints: [] });

  test('is not checked if the loaded model is another one, and the loaded model stays', () => {
    const snapshot = asked(at(5));
    expect(isModelMissing(snapshot)).toBe(true);
    expect(snapshot).toMatchObject({ model: MODEL, opened: null, complaints: [] });
    expect(snapshot.state).toMatchObject({ appended: [3999], layer: 11 });
  });

  test('is applied when its model is loaded; results of the old model are removed', () => {
    const loaded = told(asked(at(5, { changed: comparisonOf() })), {
      news: 'model',
      model,
      opened: tiny,
      inPage: false,
    });
    expect(loaded).toMatchObject({ model, opened: tiny, text: { tokens: [] }, plain: EMPTY_RUN, changed: null });
    const snapshot = told(loaded, cut(2));
    expect(isModelMissing(snapshot)).toBe(false);
    expect(snapshot.complaints).toEqual([]);
    expect(snapshot.state).toMatchObject({ opened: tiny, appended: [3999], position: 1, layer: 11 });
  });

  test('gets a different model if the user opens one, and a complaint names both models', () => {
    const snapshot = told(asked(at(5)), { news: 'model', model, opened: other, inPage: false });
    expect(snapshot.state).toMatchObject({ opened: other, appended: [] });
    expect(snapshot.complaints.map(en.complaint)).toEqual([
      'The link was made with the model “tiny” (abababababab…); you opened “other” (cdcdcdcdcdcd…). ' +
        'All numbers belong to the model that you opened.',
    ]);
  });

  test('gets a different model also if it is the first state of the page', () => {
    const first = firstSnapshot(state, { model: MODEL, tokens: [], records: [] }, [], false);
    const snapshot = told(first, { news: 'model', model, opened: other, inPage: false });
    expect(snapshot).toMatchObject({ engine: RUNNING, opened: other, state: { opened: other } });
    expect(snapshot.complaints).toHaveLength(1);
  });

  test('names the model that the user opens while the shipped model is shown', () => {
    const snapshot = told(at(5), { news: 'model', model, opened: tiny, inPage: false });
    expect(snapshot).toMatchObject({ opened: tiny, state: { opened: tiny }, complaints: [] });
  });
});

/** The snapshot of a page that was opened with a link, after its model was loaded and its text was tokenized. */
function opened(link: string, tokens = 12): Snapshot {
  const first = initialState('Once upon a time there was a little girl who', 7, 4);
  const { state, complaints } = parseAddress(link, first);
  const before = firstSnapshot(state, { model: MODEL, tokens: [], records: [] }, complaints, false);
  return told(before, { news: 'model', model: MODEL, opened: null, inPage: false }, cut(tokens));
}

describe('a link with a number that is too large', () => {
  test.each([
    ['#v=1&token=99999', 'The text has no position 99999; its last token is shown.'],
    ['#v=1&token=3&ran=99', 'In the link, “ran” is 99, which is beyond the text; the whole text is run.'],
    ['#v=1&layer=99', 'There is no layer 99; layer 4 is shown.'],
    ['#v=1&expert=16', 'There is no expert 16; expert 15 is shown.'],
    ['#v=1&stage=24', 'In the link, “stage” is 24, which is out of range; 23 is used.'],
    ['#v=1&stage=0.score', 'In the link, “stage” is 0.score, which is out of range; the default is used.'],
    ['#v=1&head=8', 'There is no head 8; head 7 is shown.'],
    [
      '#v=1&text=A&ids=5.2048.6',
      'In the link, “ids” has 2048, expected ids up to 2047; the text ends before this token.',
    ],
  ])('%s', (link, sentence) => {
    expect(opened(link).complaints.map(en.complaint)).toEqual([sentence]);
  });

  test('opens at the last token, layer, expert, stage and head', () => {
    expect(opened('#v=1&token=99&layer=99&expert=16&stage=24&head=8').state).toMatchObject({
      position: 11,
      layer: 4,
      expert: 15,
      stage: null,
      head: 7,
    });
  });

  test('gets no complaint about a field that the user has changed since', () => {
    const first = initialState('text', 7, 4);
    const { state, complaints } = parseAddress('#v=1&token=99&layer=99', first);
    const before = firstSnapshot(state, { model: MODEL, tokens: [], records: [] }, complaints, false);
    const model: News = { news: 'model', model: MODEL, opened: null, inPage: false };
    const snapshot = told(after(before, { do: 'seek', position: 3 }), model, cut(12));
    expect(snapshot.complaints.map(en.complaint)).toEqual(['There is no layer 99; layer 4 is shown.']);
  });
});

test('a step past the end, made before the tokens are known, causes no complaint about the link', () => {
  const first = initialState('text', 7, 4);
  const { state, complaints } = parseAddress('#v=1&token=11', first);
  const before = firstSnapshot(state, { model: MODEL, tokens: [], records: [] }, complaints, false);
  const model: News = { news: 'model', model: MODEL, opened: null, inPage: false };
  expect(told(after(before, { do: 'step', by: 1 }), model, cut(12)).complaints).toEqual([]);
});

/** Patterns of all complaints about links, as sentences. */
const SENTENCES = [
  /^This link (?:has no version|is version .*); this page reads version 1, so the link was ignored\.$/su,
  /^The link has a field “.*” that does not exist\.$/su,
  /^In the link, “\w+” is “.*”, which is none of its values; it was ignored\.$/su,
  /^There is no (?:layer|expert|head) \S+; (?:layer|expert|head) \d+ is shown\.$/u,
  /^In the link, “\w+” is \S+, which is out of range; (?:\d+(?:\.\d+)?|the default) is used\.$/u,
  /^The text has no position \d+; its last token is shown\.$/u,
  /^In the link, “ran” is \d+, which is beyond the text; the whole text is run\.$/u,
  /^In the link, “\w+” is too long; only its start is used\.$/u,
  /^In the link, “ids” has \d+, expected ids up to 2047; the text ends before this token\.$/u,
];

test('for any link, the state is valid for the model and the text, and only known complaints are shown', () => {
  fc.assert(
    fc.property(garbage, link => {
      const { state, complaints, text } = opened(link);
      expect(state.position).toBeLessThan(text.tokens.length);
      expect(state.reach).toBeLessThan(text.tokens.length);
      expect(state.reach).toBeGreaterThanOrEqual(state.position);
      expect([0, 1, 2, 3, 4]).toContain(state.layer);
      expect(state.expert === null || state.expert < 16).toBe(true);
      expect(state.head).toBeLessThan(8);
      expect(state.stage === null || STAGES.slice(0, -1).some(stage => stage === state.stage)).toBe(true);
      expect(state.appended.every(id => id < 2048)).toBe(true);
      const sentences = complaints.map(en.complaint);
      expect(sentences.filter(sentence => !SENTENCES.some(pattern => pattern.test(sentence)))).toEqual([]);
    }),
    { seed: 17, numRuns: 1000 },
  );
});

describe('a link that is opened in an open page', () => {
  const go = (link: string, before = at(5)): Snapshot => {
    const first: ScopeState = { ...before.state, position: 7, layer: 4 };
    const { state, complaints } = parseAddress(link, first);
    return after(before, { do: 'go', state, complaints: complaints ?? [] });
  };

  test('with the same text is shown at once', () => {
    const snapshot = go('#v=1&token=2&layer=1&head=3&stage=4');
    const stage = { layer: 1, operation: 'attend' };
    expect(snapshot.state).toMatchObject({ position: 2, layer: 1, head: 3, stage });
    expect(snapshot).toMatchObject({ text: { is: 'tokenized' }, complaints: [] });
  });

  test('with the same text gets its complaints at once', () => {
    const snapshot = go('#v=1&token=99&layer=9&expert=3');
    expect(snapshot.state).toMatchObject({ position: 11, layer: 4, expert: 3 });
    expect(snapshot.complaints.map(en.complaint)).toEqual([
      'The text has no position 99; its last token is shown.',
      'There is no layer 9; layer 4 is shown.',
    ]);
  });

  test('with another text gets its complaints when the tokens are known', () => {
    const snapshot = go('#v=1&text=other&token=40&layer=9');
    expect(snapshot).toMatchObject({ text: { is: 'waiting', link: { position: 40 } }, complaints: [] });
    const answered = told(snapshot, cut([0, 50, 51, 52]));
    expect(answered.state).toMatchObject({ text: 'other', position: 3, layer: 4 });
    expect(answered.complaints.map(en.complaint)).toEqual([
      'The text has no position 40; its last token is shown.',
      'There is no layer 9; layer 4 is shown.',
    ]);
    expect(answered.text.is).toBe('tokenized');
  });

  test('ends the text before the first id outside the vocabulary', () => {
    const snapshot = go('#v=1&ids=5.99999.6');
    expect(snapshot.state.appended).toEqual([5]);
    expect(snapshot.complaints.map(en.complaint)).toEqual([
      'In the link, “ids” has 99999, expected ids up to 2047; the text ends before this token.',
    ]);
  });

  test('keeps the changed run if the what-if is the same, and drops it if the what-if differs', () => {
    const whatIf = { ...PLAIN, num_experts_per_tok: 3 };
    const comparison = comparisonOf({ whatIf });
    const before = at(3, { changed: comparison, state: { whatIf } });
    expect(comparedIn(go('#v=1&chosen=3', before))).toBe(comparison);
    expect(go('#v=1&chosen=2', before).changed).toBeNull();
  });

  test('after typing, the playhead still follows the end unless the link names a position', () => {
    const typed = after(at(11), { do: 'type', text: 'x' });
    const stay: Intent = { do: 'go', state: { ...typed.state, view: 'flow' }, complaints: [] };
    expect(told(after(typed, stay), cut(14)).state.position).toBe(13);
    const move: Intent = { do: 'go', state: { ...typed.state, position: 2 }, complaints: [] };
    expect(told(after(typed, move), cut(14)).state.position).toBe(2);
  });
});
