import { describe, expect, test } from 'vitest';
import type { WhatIf } from './what-if';
import {
  cacheSettingOf,
  commonCacheSettings,
  hasPlace,
  isPlain,
  PLAIN,
  sameCacheSetting,
  sameChange,
  settingsOf,
  shifted,
  shiftOf,
  toggled,
} from './what-if';

const with_ = (changes: Partial<WhatIf>): WhatIf => ({ ...PLAIN, ...changes });

describe('a what-if', () => {
  test('is plain only if every setting has its default', () => {
    expect(isPlain(PLAIN)).toBe(true);
    expect(isPlain(with_({}))).toBe(true);
    const changes: Partial<WhatIf>[] = [
      { experts_off: [{ layer: 1, expert: 0 }] },
      { experts_forced: [{ layer: 1, expert: 0 }] },
      { mixture: 'only_shared' },
      { num_experts_per_tok: 4 },
      { topk_group: 2 },
      { selection_bias: false },
      { bias_shifts: [{ layer: 1, expert: 0, by: 0.5 }] },
      { latent_rank: 32 },
      { cache_format: 'int8' },
    ];
    for (const change of changes) expect(isPlain(with_(change)), JSON.stringify(change)).toBe(false);
  });

  test('equals another one with the same settings', () => {
    expect(
      sameChange(with_({ experts_off: [{ layer: 1, expert: 0 }] }), with_({ experts_off: [{ layer: 1, expert: 0 }] })),
    ).toBe(true);
    expect(sameChange(with_({ num_experts_per_tok: 3 }), with_({ topk_group: 3 }))).toBe(false);
  });

  test('is sent to the engine with the engine’s names of the settings', () => {
    const settings = settingsOf({
      experts_off: [{ layer: 2, expert: 3 }],
      experts_forced: [{ layer: 4, expert: 1 }],
      mixture: 'without_shared',
      num_experts_per_tok: 3,
      topk_group: 1,
      selection_bias: false,
      bias_shifts: [{ layer: 2, expert: 14, by: -0.25 }],
      latent_rank: 16,
      cache_format: 'int4',
    });
    expect(settings).toEqual({
      experts_off: [{ layer: 2, expert: 3 }],
      experts_forced: [{ layer: 4, expert: 1 }],
      mixture: 'without_shared',
      num_experts_per_tok: 3,
      topk_group: 1,
      selection_bias: false,
      bias_shifts: [{ layer: 2, expert: 14, by: -0.25 }],
      latent_rank: 16,
      cache_format: 'int4',
    });
  });

  test('passes undefined for settings without a change, so that the engine uses the model’s own values', () => {
    expect(settingsOf(PLAIN)).toEqual({
      experts_off: [],
      experts_forced: [],
      mixture: 'all',
      num_experts_per_tok: undefined,
      topk_group: undefined,
      selection_bias: true,
      bias_shifts: [],
      latent_rank: undefined,
      cache_format: 'f32',
    });
  });
});

describe('cache settings', () => {
  test('of a what-if exist only if it changes nothing else', () => {
    expect(cacheSettingOf(PLAIN)).toEqual({ latent_rank: null, cache_format: 'f32' });
    expect(cacheSettingOf(with_({ latent_rank: 16, cache_format: 'int8' }))).toEqual({
      latent_rank: 16,
      cache_format: 'int8',
    });
    expect(cacheSettingOf(with_({ latent_rank: 16, num_experts_per_tok: 2 }))).toBeUndefined();
  });

  test('to try are nine for a latent of 32 values, the whole latent first', () => {
    expect(commonCacheSettings(32)).toEqual([
      { latent_rank: null, cache_format: 'f32' },
      { latent_rank: null, cache_format: 'f16' },
      { latent_rank: null, cache_format: 'int8' },
      { latent_rank: null, cache_format: 'int4' },
      { latent_rank: 24, cache_format: 'f32' },
      { latent_rank: 16, cache_format: 'f32' },
      { latent_rank: 8, cache_format: 'f32' },
      { latent_rank: 16, cache_format: 'int8' },
      { latent_rank: 16, cache_format: 'int4' },
    ]);
  });

  test('to try are listed once each, also for a narrow latent', () => {
    expect(commonCacheSettings(1)).toEqual([
      { latent_rank: null, cache_format: 'f32' },
      { latent_rank: null, cache_format: 'f16' },
      { latent_rank: null, cache_format: 'int8' },
      { latent_rank: null, cache_format: 'int4' },
    ]);
    expect(commonCacheSettings(2).filter(setting => setting.cache_format === 'f32')).toEqual([
      { latent_rank: null, cache_format: 'f32' },
      { latent_rank: 1, cache_format: 'f32' },
    ]);
  });

  test('are equal if their ranks and formats are equal', () => {
    expect(sameCacheSetting({ latent_rank: 16, cache_format: 'f32' }, { latent_rank: 16, cache_format: 'f32' })).toBe(
      true,
    );
    expect(sameCacheSetting({ latent_rank: 16, cache_format: 'f32' }, { latent_rank: null, cache_format: 'f32' })).toBe(
      false,
    );
    expect(sameCacheSetting({ latent_rank: 16, cache_format: 'f32' }, { latent_rank: 16, cache_format: 'f16' })).toBe(
      false,
    );
  });
});

describe('lists of experts', () => {
  const places = [
    { layer: 1, expert: 9 },
    { layer: 3, expert: 2 },
  ];

  test('toggling an expert inserts it in order; toggling it again removes it', () => {
    const more = toggled(places, { layer: 3, expert: 0 });
    expect(more).toEqual([{ layer: 1, expert: 9 }, { layer: 3, expert: 0 }, places[1]]);
    expect(toggled(more, { layer: 3, expert: 0 })).toEqual(places);
    expect(toggled([], { layer: 2, expert: 5 })).toEqual([{ layer: 2, expert: 5 }]);
  });

  test('experts with the same number in different layers are different', () => {
    expect(hasPlace(places, { layer: 1, expert: 9 })).toBe(true);
    expect(hasPlace(places, { layer: 3, expert: 9 })).toBe(false);
  });

  test('a shift replaces the expert’s last one, and a shift by 0 removes it', () => {
    const one = shifted([], { layer: 2, expert: 3 }, 0.5);
    const two = shifted(one, { layer: 1, expert: 8 }, -0.25);
    expect(two).toEqual([
      { layer: 1, expert: 8, by: -0.25 },
      { layer: 2, expert: 3, by: 0.5 },
    ]);
    expect(shifted(two, { layer: 2, expert: 3 }, 1)).toEqual([two[0], { layer: 2, expert: 3, by: 1 }]);
    expect(shifted(two, { layer: 2, expert: 3 }, 0)).toEqual([two[0]]);
    expect(shiftOf(two, { layer: 1, expert: 8 })).toBe(-0.25);
    expect(shiftOf(two, { layer: 1, expert: 9 })).toBe(0);
  });
});
