import { expect, test } from 'vitest';
import { version } from '../../package.json';
import { comparisonOf, recordedSnapshot, WHAT_IF } from '../testing/snapshots';
import { nameOf, originOf } from './origin';

const NAME = 'DeepSeek-V3-style, 2.5M parameters, 5 layers, 16 routed experts';
const LINK = 'https://somewhere/#v=1&text=The+fox%2C+%22red%22&token=2&layer=4&view=flow';
const SNAPSHOT = recordedSnapshot({ state: { view: 'flow' } });

test('a model is named by its size, since its files contain no name', () => {
  expect(nameOf(SNAPSHOT)).toBe(NAME);
});

test('an export names its version, its link, its model and its run', () => {
  const { lines, members } = originOf(SNAPSHOT, 'https://somewhere/', 'ab'.repeat(32));
  expect(lines).toEqual([`moescope ${version}`, `link: ${LINK}`, `model: ${NAME}`, `sha-256: ${'ab'.repeat(32)}`]);
  expect(members).toEqual({
    moescope: 1,
    version,
    permalink: LINK,
    model: { name: NAME, sha256: 'ab'.repeat(32) },
    view: 'flow',
    run: 'plain',
  });
});

test('with a change, an export names the shown run and the change', () => {
  const changed = recordedSnapshot({ changed: comparisonOf(), state: { whatIf: WHAT_IF } });
  const plain = recordedSnapshot({ changed: comparisonOf(), state: { whatIf: WHAT_IF, shown: 'plain' } });
  const [one, other] = [changed, plain].map(snapshot => originOf(snapshot, '', null));
  expect(one?.lines.at(-1)).toBe('changed run: expert 3 of layer 2 off, 3 experts per token');
  expect(one?.members.run).toBe('changed');
  expect(other?.lines.at(-1)).toBe('plain run, without: expert 3 of layer 2 off, 3 experts per token');
  expect(other?.members.run).toBe('plain');
});

test('without a hash, an export says why the hash is missing', () => {
  const why = 'not known: browsers compute it only on secure origins (https)';
  const { lines, members } = originOf(SNAPSHOT, 'https://somewhere/', null);
  expect(lines.at(-1)).toBe(`sha-256: ${why}`);
  expect(members.model).toEqual({ name: NAME, sha256: null, why });
});
