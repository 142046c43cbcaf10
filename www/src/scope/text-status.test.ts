// The text waits for the engine in several ways. These tests run every change of the text from each of them.

import { describe, expect, test } from 'vitest';
import type { Changes } from '../testing/snapshots';
import { MODEL, snapshotOf } from '../testing/snapshots';
import type { Intent } from './intents';
import { reduceNews } from './news';
import { reduceIntent } from './reduce';
import { hasTokens, pendingLink } from './select';
import type { News, ScopeState, Snapshot } from './state';
import { END } from './values';

const FROM: ScopeState = snapshotOf(12, { state: { position: 5, reach: 11 } }).state;
/** The state of a link whose text waits for its tokens; token 99 is out of range. */
const LINK: ScopeState = { ...FROM, position: 99 };
/** Another link, with the same text. */
const SAME: ScopeState = { ...FROM, position: 40 };
/** The same text and playhead, of a model that the user has to open. */
const MISSING: ScopeState = { ...FROM, opened: { name: 'tiny', sha256: null } };
/** A link with another text. */
const OTHER: ScopeState = { ...FROM, text: 'other', position: 40 };

const STATUSES = {
  tokenized: { is: 'tokenized' },
  typed: { is: 'typed' },
  waiting: { is: 'waiting', link: null },
  'waiting with a link': { is: 'waiting', link: LINK },
  prepared: { is: 'prepared', link: null },
  'prepared with a link': { is: 'prepared', link: LINK },
} as const satisfies Readonly<Record<string, Changes['text']>>;

type Status = keyof typeof STATUSES;

const of = (status: Status): Snapshot => snapshotOf(12, { text: STATUSES[status], state: pendingState(status) });

function pendingState(status: Status): ScopeState {
  const text = STATUSES[status];
  return 'link' in text && text.link ? text.link : FROM;
}

/** The text's status (`is`, and `link` if it has one), without its tokens. */
function statusOf({ text }: Snapshot): unknown {
  return 'link' in text ? { is: text.is, link: text.link } : { is: text.is };
}

const WAITING = { is: 'waiting', link: null };
const WITH_LINK = { is: 'waiting', link: LINK };

const type: Intent = { do: 'type', text: 'x' };
const example: Intent = { do: 'replace', text: 'x', position: 2 };
const append: Intent = { do: 'append', token: 77 };
const go = (state: ScopeState): Intent => ({ do: 'go', state, complaints: [] });
const model: News = { news: 'model', model: MODEL, opened: null, inPage: false };
const tokens: News = { news: 'text', text: { tokens: [0, 50, 51], continuation: '', beyond: '' } };

/** The status after each change, by the status before. */
const NEXT: Readonly<Record<Status, readonly [appended: unknown, sameLink: unknown, model: unknown]>> = {
  tokenized: [WAITING, STATUSES.tokenized, WAITING],
  typed: [STATUSES.typed, { is: 'waiting', link: SAME }, STATUSES.typed],
  waiting: [WAITING, { is: 'waiting', link: SAME }, WAITING],
  'waiting with a link': [WITH_LINK, { is: 'waiting', link: SAME }, WITH_LINK],
  prepared: [WAITING, STATUSES.prepared, WAITING],
  'prepared with a link': [WITH_LINK, { is: 'prepared', link: SAME }, WITH_LINK],
};

describe.each(Object.keys(STATUSES) as Status[])('a text in the state “%s”', status => {
  const before = of(status);
  const [appended, sameLink, replaced] = NEXT[status];

  test('is typed after typing, and waits after an example', () => {
    expect(statusOf(reduceIntent(before, type))).toEqual({ is: 'typed' });
    expect(statusOf(reduceIntent(before, example))).toEqual(WAITING);
  });

  test('waits after a token is appended; typing or a link still changes the text', () => {
    expect(statusOf(reduceIntent(before, append))).toEqual(appended);
  });

  test('after a link with the same text, waits for the tokens that it has waited for before', () => {
    expect(statusOf(reduceIntent(before, go(SAME)))).toEqual(sameLink);
  });

  test('after a link with another text, the link’s text waits', () => {
    expect(statusOf(reduceIntent(before, go(OTHER)))).toEqual({ is: 'waiting', link: OTHER });
  });

  test('after a link of another model waits for that model, and typing still changes the text', () => {
    const link = { ...MISSING, position: before.state.position };
    const after = reduceIntent(before, go(link));
    expect(statusOf(after)).toEqual(status === 'typed' ? STATUSES.typed : { is: 'waiting', link });
  });

  test('waits without tokens after another model has been loaded', () => {
    const after = reduceNews(before, model);
    expect(statusOf(after)).toEqual(replaced);
    expect(after.text.tokens).toEqual([]);
  });

  test('is tokenized by the engine; a link is checked, and typing moves the playhead to the end', () => {
    const after = reduceNews(before, tokens);
    expect(after.text).toEqual({ is: 'tokenized', tokens: [0, 50, 51], continuation: '', beyond: '' });
    expect(after.state.position).toBe(2);
    const complaints = pendingLink(before) ? [{ field: 'token', found: '99', problem: 'end', used: '2' }] : [];
    expect(after.complaints).toEqual(complaints);
  });

  test('clamps a position only if its tokens are known', () => {
    const sought = reduceIntent(before, { do: 'seek', position: 40 });
    expect(sought.state.position).toBe(hasTokens(before) ? 11 : 40);
    expect(reduceIntent(before, { do: 'seek', position: END }).state.position).toBe(hasTokens(before) ? 11 : END);
  });
});

test('a step back starts at the requested position until the tokens are known', () => {
  const back = (status: Status): number =>
    [{ do: 'seek', position: 40 } as const, { do: 'step', by: -1 } as const].reduce<Snapshot>(
      (snapshot, intent) => reduceIntent(snapshot, intent),
      of(status),
    ).state.position;
  expect((['typed', 'waiting', 'waiting with a link'] as const).map(back)).toEqual([39, 39, 39]);
  expect((['tokenized', 'prepared', 'prepared with a link'] as const).map(back)).toEqual([10, 10, 10]);
});

test('only a typed text moves the playhead to the end if a token before it has changed', () => {
  const changed: News = {
    news: 'text',
    text: { tokens: [0, 50, 51, 52, 53, 54, 55, 56, 57], continuation: '', beyond: '' },
  };
  const positions = (['tokenized', 'typed', 'waiting', 'prepared'] as const).map(
    status => reduceNews(of(status), changed).state.position,
  );
  expect(positions).toEqual([5, 8, 5, 5]);
});
