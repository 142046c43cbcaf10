import { describe, expect, test } from 'vitest';
import { parseAddress } from '../scope/address';
import type { Scope } from '../scope/scope';
import type { Intent } from '../scope/intents';
import type { Snapshot } from '../scope/state';
import { initialState } from '../scope/state';
import { Store } from '../scope/store';
import { LOADING, recordedSnapshot, RUN } from '../testing/snapshots';
import { enShare } from '../text/en/share';
import { originOf } from './origin';
import { openSession, readSession, SavedSessionError, sessionOf } from './session';
import { END } from '../scope/values';

const HASH = 'ab'.repeat(32);
const HOME = 'https://somewhere/';
const SNAPSHOT = recordedSnapshot({ state: { layer: 2, view: 'flow', temperature: 0.5 } });

interface Page {
  readonly scope: Scope;
  readonly asked: Intent[];
}

/** A page that shows the recorded run of a model with this hash. */
function page(sha256: string | null = HASH, snapshot: Snapshot = recordedSnapshot()): Page {
  const asked: Intent[] = [];
  const scope: Pick<Scope, 'store' | 'ended' | 'ask' | 'fingerprint' | 'cut'> = {
    store: new Store(snapshot),
    ended: new AbortController().signal,
    ask: intent => asked.push(intent),
    fingerprint: () => Promise.resolve(sha256),
    cut: (text, appended) => Promise.resolve(text === RUN.text ? [...RUN.ids, ...appended] : [0]),
  };
  return { scope: scope as Scope, asked };
}

const saved = (sha256: string | null = HASH, snapshot = SNAPSHOT): string =>
  sessionOf(snapshot, originOf(snapshot, HOME, sha256));

/** A session file with one change. */
function changed(change: (session: Record<string, unknown>) => void): string {
  const session = JSON.parse(saved()) as Record<string, unknown>;
  change(session);
  return JSON.stringify(session);
}

/** Opens a file that must be refused, and returns the sentence of the refusal. */
async function sentence(text: string, { scope, asked }: Page = page()): Promise<string> {
  const error: unknown = await openSession(scope, new Blob([text])).catch((error: unknown) => error);
  expect(asked).toEqual([]);
  if (!(error instanceof SavedSessionError)) throw error;
  return enShare.refused(error.refusal);
}

describe('a session file', () => {
  test('contains the state, the model and the tokens', () => {
    expect(JSON.parse(saved())).toMatchObject({
      moescope: 1,
      kind: 'session',
      permalink: `${HOME}#v=1&text=The+fox%2C+%22red%22&token=2&layer=2&view=flow&temperature=0.5`,
      state: 'v=1&text=The+fox%2C+%22red%22&token=2&layer=2&view=flow&temperature=0.5',
      model: { sha256: HASH },
      tokens: RUN.ids,
    });
  });

  test('is read back unchanged', () => {
    const { state, tokens, model } = readSession(saved());
    expect(state).toEqual({ ...SNAPSHOT.state, version: 1 });
    expect([tokens, model.sha256]).toEqual([RUN.ids, HASH]);
  });

  test('when it is opened, asks the scope to show the saved state', async () => {
    const { scope, asked } = page();
    await openSession(scope, new Blob([saved()]));
    expect(asked).toEqual([{ do: 'go', state: SNAPSHOT.state, complaints: [] }]);
  });

  test('opens with a model of the same name if the hash of either model is unknown', async () => {
    for (const [one, other] of [
      [null, HASH],
      [HASH, null],
      [null, null],
    ] as const) {
      const { scope, asked } = page(other);
      await openSession(scope, new Blob([saved(one)]));
      expect(asked).toHaveLength(1);
    }
  });
});

describe('a broken session file is refused in one sentence', () => {
  test('a file that is not JSON', async () => {
    expect(await sentence('x')).toMatch(/^This session cannot be opened: the file cannot be read as JSON: /u);
    expect(await sentence('')).toMatch(/^This session cannot be opened: the file cannot be read as JSON: /u);
  });

  test('a file that is too large', async () => {
    expect(await sentence(' '.repeat(4_000_001))).toBe(
      'This session cannot be opened: the file is 4.00 MB, expected at most 4.00 MB.',
    );
  });

  test.each<[string, string, string]>([
    ['a list', '[]', 'the file is [], expected an object.'],
    ['null', 'null', 'the file is null, expected an object.'],
    ['a file of another kind', '{"kind": "recipe"}', '“kind” is "recipe", expected session.'],
    ['an empty object', '{}', '“kind” is missing, expected session.'],
    ['another version', changed(session => (session.moescope = 2)), '“moescope” is 2, expected 1.'],
    ['no model', changed(session => delete session.model), '“model” is missing, expected an object.'],
    [
      'a model without a name',
      changed(session => (session.model = { sha256: null })),
      '“model.name” is missing, expected the model’s name.',
    ],
    [
      'a malformed hash',
      changed(session => (session.model = { name: 'x', sha256: 'AB' })),
      '“model.sha256” is "AB", expected a SHA-256 of 64 hexadecimal digits, or null.',
    ],
    [
      'a state that is a number',
      changed(session => (session.state = 7)),
      '“state” is 7, expected a state as in a link, after its #.',
    ],
    [
      'an empty state',
      changed(session => (session.state = '')),
      '“state” is "", expected a state as in a link, after its #.',
    ],
    [
      'a state of another version',
      changed(session => (session.state = 'v=2&text=x')),
      'in “state”, “v” is “2”, expected 1.',
    ],
    [
      'a state without a version',
      changed(session => (session.state = 'text=x')),
      'in “state”, “v” is missing, expected 1.',
    ],
    [
      'a state with an unknown view',
      changed(session => (session.state = 'v=1&view=nope')),
      'in “state”, “view” is “nope”, which is none of its values.',
    ],
    [
      'tokens that are a word',
      changed(session => (session.tokens = 'many')),
      '“tokens” is "many", expected a list of token ids.',
    ],
    [
      'a token that is a fraction',
      changed(session => (session.tokens = [0, 1.5])),
      '“tokens[1]” is 1.5, expected a whole number from 0.',
    ],
    [
      'a token below 0',
      changed(session => (session.tokens = [-1])),
      '“tokens[0]” is -1, expected a whole number from 0.',
    ],
    [
      'a value that is too long to quote',
      changed(session => (session.kind = 'x'.repeat(80))),
      `“kind” is "${'x'.repeat(39)}…, expected session.`,
    ],
  ])('%s', async (_, text, because) => {
    const start = because.startsWith('“kind”') ? 'This is not a moescope session' : 'This session cannot be opened';
    expect(await sentence(text)).toBe(`${start}: ${because}`);
  });
});

describe('a session file is not opened', () => {
  test('in a page with another model', async () => {
    const text = changed(session => (session.model = { name: 'another', sha256: 'cd'.repeat(32) }));
    expect(await sentence(text)).toBe(
      'This session cannot be opened: it belongs to the model “another”, SHA-256 cdcdcdcdcdcd…, ' +
        'but this page has “DeepSeek-V3-style, 2.5M parameters, 5 la…”, ' +
        'SHA-256 abababababab… open. Open “another” first.',
    );
  });

  test('if it has token ids beyond the vocabulary', async () => {
    const text = changed(session => (session.state = 'v=1&text=&ids=5.2048'));
    expect(await sentence(text)).toBe(
      'This session cannot be opened: in “state”, “ids” has 2048 at 1, expected at most 2047, this model’s last token.',
    );
  });

  test('if its tokens differ from the tokenizer’s', async () => {
    const last = RUN.ids.length - 1;
    const other = [...RUN.ids.slice(0, last), 7];
    expect(await sentence(changed(session => (session.tokens = other)))).toBe(
      'This session cannot be opened: this model’s tokenizer splits the text differently: ' +
        `“tokens[${last}]” is 7, expected ${RUN.ids[last] ?? ''}.`,
    );
    const fewer = RUN.ids.slice(0, last);
    expect(await sentence(changed(session => (session.tokens = fewer)))).toContain(
      `“tokens[${last}]” is missing, expected ${RUN.ids[last] ?? ''}.`,
    );
    const more = [...RUN.ids, 7];
    expect(await sentence(changed(session => (session.tokens = more)))).toContain(
      `“tokens[${last + 1}]” is 7, expected no more.`,
    );
  });

  test('if the model fails to load', async () => {
    const loading = recordedSnapshot({ engine: LOADING });
    const waiting = page(HASH, loading);
    const opening = openSession(waiting.scope, new Blob([saved()]));
    waiting.scope.store.tell({
      news: 'fault',
      fault: { kind: 'fetch', message: 'model.safetensors: HTTP 404', during: 'load', recovered: false },
    });
    await expect(opening).rejects.toThrow('model.safetensors: HTTP 404');
    expect(waiting.asked).toEqual([]);
  });
});

test('fields that a session file leaves out have their defaults, as in a link', () => {
  expect(readSession(changed(session => (session.state = 'v=1&text=x'))).state).toEqual(
    parseAddress('v=1&text=x', initialState('', END, END)).state,
  );
});
