import { expect, test } from 'vitest';
import { PLAIN } from '../../scope/what-if';
import { enChangeBar as words } from './change-bar';

test('every setting of a what-if has words, in the order of the panel', () => {
  const all = {
    experts_off: [
      { layer: 4, expert: 10 },
      { layer: 2, expert: 3 },
      { layer: 4, expert: 2 },
    ],
    experts_forced: [{ layer: 3, expert: 5 }],
    mixture: 'only_shared',
    num_experts_per_tok: 1,
    topk_group: 3,
    selection_bias: false,
    bias_shifts: [{ layer: 2, expert: 14, by: -0.25 }],
    latent_rank: 8,
    cache_format: 'int4',
  } as const;
  expect(words.changes(PLAIN, 32)).toBe('');
  expect(words.changes(all, 32)).toBe(
    'expert 3 of layer 2, experts 2 and 10 of layer 4 off, expert 5 of layer 3 forced, only the shared experts run, ' +
      '1 expert per token, 3 groups kept, no selection bias, selection bias of expert 14 of layer 2 −0.25, ' +
      '8 of 32 directions of the latent stored, cache in int4',
  );
  expect(words.changes({ ...PLAIN, num_experts_per_tok: 3, topk_group: 1, mixture: 'without_shared' }, 32)).toBe(
    'without the shared experts, 3 experts per token, 1 group kept',
  );
});

test('the cost has a standard error from two tokens on', () => {
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
  expect(plain(words.cost(0.2, 0.07, 9, 11))).toBe('costs 0.20 ± 0.07 bits per token more (9 of 11 predictions)');
  expect(plain(words.cost(-0.2, 0.07, 9, 9))).toBe('costs 0.20 ± 0.07 bits per token less (9 of 9 predictions)');
  expect(plain(words.cost(0.2, 0, 1, 9))).toBe('costs 0.20 bits per token more (1 of 9 predictions)');
  expect(plain(words.cost(-0.001, 0.002, 9, 9))).toBe('costs 0.00 ± 0.00 bits per token (9 of 9 predictions)');
  expect(words.cost(0, 0, 0, 9)).toBe('');
});

test('an export names the shown run and the change', () => {
  expect(words.run('cache in int4', true)).toBe('changed run: cache in int4');
  expect(words.run('cache in int4', false)).toBe('plain run, without: cache in int4');
});
