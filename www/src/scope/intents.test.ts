import { describe, expect, test } from 'vitest';
import { must } from '../testing/must';
import type { Changes } from '../testing/snapshots';
import { comparisonOf, MODEL, REFUSED, RUNNING, snapshotOf, WHAT_IF } from '../testing/snapshots';
import type { IntentName, IntentOf } from './intents';
import { INTENTS } from './intents';
import { reduceIntent } from './reduce';
import { stagesOf } from './stages';
import type { Complaint, ScopeState, Snapshot } from './state';
import { PLAIN } from './what-if';
import { END } from './values';

/** The fields that an intent changes, with their next values; all other fields must stay as they are. */
type Next = Partial<Omit<Snapshot, 'state' | 'text'>> & {
  readonly state?: Partial<ScopeState>;
  /** The next text without its tokens, which stay. */
  readonly text?: Changes['text'];
};

/** What happens, the payload of the intent, the snapshot before it (the default is `BEFORE`), and what changes. */
interface Case<K extends IntentName> {
  readonly title: string;
  readonly payload: Omit<IntentOf<K>, 'do'>;
  readonly before?: Snapshot;
  readonly next: Next;
}

const FAULT = { kind: 'panic', message: 'unreachable', during: 'run', recovered: true } as const;
/** The progress of a load that has just begun. */
const START = { loaded: 0, total: null };
const COMPLAINT: Complaint = { field: 'foo', found: '', problem: 'unknown', used: '' };

/** A text of 12 tokens, run to its end, with the playhead at token 5; playing and held, after typing. */
const BEFORE = at({});

function at(changes: Changes, ran = 12): Snapshot {
  const state = { position: 5, reach: 11, ...changes.state };
  return snapshotOf(12, { playing: true, held: true, editing: true, ...changes, state }, ran);
}

/** Playback ends. */
const STOPPED = { playing: false, held: false, editing: false, stepped: null } as const;
const STEPPED = { ...STOPPED, stepped: 'by hand' } as const;
/** Playback and a hold stay. */
const STAYS = { editing: false } as const;

const STAGES = stagesOf(MODEL.info);
const FILES = { config: new Blob(), checkpoint: new Blob(), tokenizer: new Blob() };

const CASES: { readonly [K in IntentName]: readonly Case<K>[] } = {
  type: [
    {
      title: 'replaces the text and keeps the position until the tokens are known',
      payload: { text: 'x' },
      before: at({ fault: FAULT, complaints: [COMPLAINT], editing: false, state: { stage: 3, appended: [7] } }),
      next: {
        ...STOPPED,
        editing: true,
        text: { is: 'typed' },
        fault: null,
        complaints: [],
        state: { text: 'x', appended: [], position: 5, reach: 5, stage: null },
      },
    },
    {
      title: 'at the end moves the playhead to the end of the new text',
      payload: { text: 'x' },
      before: at({ state: { position: 11 } }),
      next: {
        ...STOPPED,
        editing: true,
        text: { is: 'typed' },
        state: { text: 'x', position: END, reach: END },
      },
    },
  ],
  replace: [
    {
      title: 'replaces the text and shows the given position',
      payload: { text: 'x', position: 3 },
      next: { ...STOPPED, text: { is: 'waiting', link: null }, state: { text: 'x', position: 3, reach: 3 } },
    },
  ],
  seek: [
    { title: 'moves the playhead', payload: { position: 8 }, next: { ...STOPPED, state: { position: 8 } } },
    {
      title: 'ends the run at its last record, or at the new position',
      payload: { position: 7 },
      before: at({}, 6),
      next: { ...STOPPED, state: { position: 7, reach: 7 } },
    },
  ],
  step: [
    { title: 'forward is animated', payload: { by: 1 }, next: { ...STEPPED, state: { position: 6 } } },
    { title: 'back is not animated', payload: { by: -1 }, next: { ...STOPPED, state: { position: 4 } } },
    {
      title: 'back ends the run at its last record',
      payload: { by: -1 },
      before: at({}, 4),
      next: { ...STOPPED, state: { position: 2, reach: 3 } },
    },
  ],
  advance: [
    {
      title: 'goes on playing, and releases a hold',
      payload: {},
      next: { held: false, editing: false, stepped: 'by playing', state: { position: 6 } },
    },
  ],
  stage: [
    {
      title: 'forward from the end is the first stage',
      payload: { by: 1 },
      next: { ...STOPPED, state: { stage: must(STAGES[0]) } },
    },
    {
      title: 'back is the stage before',
      payload: { by: -1 },
      next: { ...STOPPED, state: { stage: must(STAGES.at(-2)) } },
    },
  ],
  'whole step': [
    {
      title: 'shows the finished step',
      payload: {},
      before: at({ state: { stage: 3 } }),
      next: { ...STOPPED, state: { stage: null } },
    },
  ],
  look: [
    {
      title: 'selects a layer and an expert of the model',
      payload: { layer: 2, expert: 99 },
      next: { ...STAYS, state: { layer: 2, expert: 15 } },
    },
    { title: 'without an expert deselects the expert', payload: { layer: 3 }, next: { ...STAYS, state: { layer: 3 } } },
  ],
  view: [{ title: 'opens a view', payload: { view: 'grid' }, next: { ...STAYS, state: { view: 'grid' } } }],
  head: [{ title: 'selects a head of the model', payload: { head: 9 }, next: { ...STAYS, state: { head: 7 } } }],
  arrange: [
    { title: 'sets the order', payload: { sort: 'load' }, next: { ...STAYS, state: { sort: 'load' } } },
    { title: 'sets the span', payload: { span: 'all' }, next: { ...STAYS, state: { span: 'all' } } },
  ],
  'show run': [{ title: 'selects a run', payload: { shown: 'plain' }, next: { ...STAYS, state: { shown: 'plain' } } }],
  change: [
    {
      title: 'sets the given fields, and drops the changed run',
      payload: { whatIf: { topk_group: 1 } },
      before: at({ changed: comparisonOf(), state: { whatIf: WHAT_IF, shown: 'plain' } }),
      next: { ...STAYS, changed: null, state: { whatIf: { ...WHAT_IF, topk_group: 1 } } },
    },
    {
      title: 'drops a refusal, and shows the default run if nothing is changed',
      payload: { whatIf: PLAIN },
      before: at({ changed: REFUSED, state: { whatIf: WHAT_IF, shown: 'plain' } }),
      next: { ...STAYS, changed: null, state: { whatIf: PLAIN, shown: 'auto' } },
    },
  ],
  sweep: [{ title: 'changes no state', payload: {}, next: STAYS }],
  continue: [{ title: 'changes no state', payload: {}, next: STAYS }],
  reveal: [{ title: 'reveals the shown step', payload: {}, next: { ...STAYS, revealed: 5 } }],
  guess: [
    {
      title: 'hides the revealed step',
      payload: { reveal: 'click' },
      before: at({ revealed: 5 }),
      next: { ...STAYS, revealed: null, state: { reveal: 'click' } },
    },
  ],
  theme: [{ title: 'sets the theme', payload: { theme: 'dark' }, next: { ...STAYS, state: { theme: 'dark' } } }],
  size: [
    { title: 'sets the size', payload: { size: 1.25 }, next: { ...STAYS, state: { size: 1.25 } } },
    { title: 'keeps the size within its bounds', payload: { size: 7 }, next: { ...STAYS, state: { size: 2 } } },
  ],
  survey: [
    {
      title: 'sets the given fields, clamped',
      payload: { users: 2_000_000, published: 'own' },
      next: { ...STAYS, state: { users: 1_000_000, published: 'own' } },
    },
  ],
  play: [
    {
      title: 'plays from the playhead',
      payload: { on: true },
      before: at({ playing: false }),
      next: { ...STAYS, playing: true, held: false },
    },
    { title: 'stops', payload: { on: false }, next: { ...STAYS, playing: false, held: false } },
    {
      title: 'plays from the first token if the playhead is at the end',
      payload: { on: true },
      before: at({ state: { position: 11 } }),
      next: { ...STAYS, held: false, state: { position: 0 } },
    },
  ],
  hold: [
    { title: 'releases a hold', payload: { on: false }, next: { held: false } },
    { title: 'that is on already changes nothing', payload: { on: true }, next: {} },
    {
      title: 'is no typing',
      payload: { on: true },
      before: at({ held: false, editing: false }),
      next: { held: true },
    },
  ],
  speed: [{ title: 'sets the speed', payload: { speed: 4 }, next: { ...STAYS, state: { speed: 4 } } }],
  append: [
    {
      title: 'moves to the text’s own next token',
      payload: { token: 6 },
      next: { ...STEPPED, state: { position: 6 } },
    },
    {
      title: 'replaces the rest of the text',
      payload: { token: 77 },
      next: {
        ...STEPPED,
        text: { is: 'waiting', link: null },
        state: { text: '', appended: [1, 2, 3, 4, 5, 77], position: END, reach: END },
      },
    },
  ],
  generate: [{ title: 'moves the playhead to the end', payload: {}, next: { ...STEPPED, state: { position: 11 } } }],
  sample: [
    {
      title: 'sets the temperature, clamped',
      payload: { temperature: 7 },
      next: { ...STAYS, state: { temperature: 2 } },
    },
    { title: 'sets the seed, rounded down', payload: { seed: 5.9 }, next: { ...STAYS, state: { seed: 5 } } },
  ],
  open: [
    {
      title: 'loads a model, and drops the fault',
      payload: { files: FILES },
      before: at({ fault: FAULT }),
      next: { ...STOPPED, fault: null, engine: { ...RUNNING, next: START } },
    },
  ],
  retry: [
    {
      title: 'loads a model, and drops the fault',
      payload: {},
      before: at({ fault: FAULT }),
      next: { ...STOPPED, fault: null, engine: { ...RUNNING, next: START } },
    },
  ],
  go: [
    {
      title: 'applies a state of the same text at once',
      payload: { state: { ...BEFORE.state, position: 99, layer: 2 }, complaints: [] },
      next: {
        ...STOPPED,
        complaints: [{ field: 'token', found: '99', problem: 'end', used: '11' }],
        state: { position: 11, layer: 2 },
      },
    },
    {
      title: 'waits for the tokens of another text',
      payload: { state: { ...BEFORE.state, text: 'x', position: 99 }, complaints: [COMPLAINT] },
      next: {
        ...STOPPED,
        text: { is: 'waiting', link: { ...BEFORE.state, text: 'x', position: 99 } },
        complaints: [COMPLAINT],
        state: { text: 'x', position: 99 },
      },
    },
  ],
  dismiss: [
    {
      title: 'drops the fault and the complaints',
      payload: {},
      before: at({ fault: FAULT, complaints: [COMPLAINT] }),
      next: { ...STAYS, fault: null, complaints: [] },
    },
  ],
};

/** The intents of the table, with the intent's name in each case. */
const NAMES = Object.keys(INTENTS) as IntentName[];

test('every intent has a case', () => {
  expect(NAMES.filter(name => ((CASES[name] as readonly unknown[] | undefined) ?? []).length === 0)).toEqual([]);
});

describe.each(NAMES)('%s', name => {
  const cases: readonly Case<IntentName>[] = CASES[name];
  test.each(cases)('$title', ({ payload, before = BEFORE, next }) => {
    const { state, text: status, ...rest } = next;
    const { tokens, continuation, beyond } = before.text;
    const text = status ? { ...status, tokens, continuation, beyond } : before.text;
    const after = reduceIntent(before, { do: name, ...payload } as IntentOf<IntentName>);
    expect(after).toEqual({ ...before, ...rest, text, state: { ...before.state, ...state } });
  });

  test('keeps the results of both runs: the same objects', () => {
    const before = at({ state: { whatIf: WHAT_IF }, changed: comparisonOf() }, 3);
    const { payload } = must(cases[0]);
    const after = reduceIntent(before, { do: name, ...payload } as IntentOf<IntentName>);
    expect(after.plain).toBe(before.plain);
    expect(after.text.tokens).toBe(before.text.tokens);
  });
});
