// Changes to the model, as the state holds them and as the engine takes them (`WhatIf` of what_if/mod.rs). Pure.

import type { CacheFormat, Mixture, WhatIf as Settings } from '../engine/types';

/** An expert of a layer. */
export interface Place {
  readonly layer: number;
  readonly expert: number;
}

/** What is added to an expert's selection bias. */
export interface Shift extends Place {
  readonly by: number;
}

export const MIXTURES = ['all', 'only_shared', 'without_shared'] as const satisfies readonly Mixture[];
export const CACHE_FORMATS = ['f32', 'f16', 'int8', 'int4'] as const satisfies readonly CacheFormat[];

/** All changes combine; null is the model's own. */
export interface WhatIf {
  readonly off: readonly Place[];
  readonly forced: readonly Place[];
  readonly mixture: Mixture;
  /** Experts chosen for a token. */
  readonly chosen: number | null;
  /** Groups kept for a token. */
  readonly groups: number | null;
  /** Whether the selection bias counts. */
  readonly bias: boolean;
  readonly shifts: readonly Shift[];
  /** Principal directions that the latent is kept along. */
  readonly rank: number | null;
  readonly format: CacheFormat;
}

/** Nothing is changed. */
export const PLAIN: WhatIf = {
  off: [],
  forced: [],
  mixture: 'all',
  chosen: null,
  groups: null,
  bias: true,
  shifts: [],
  rank: null,
  format: 'f32',
};

/** How the latent cache is kept: the part of a what-if that the cache lab tries. */
export type CacheSetting = Pick<WhatIf, 'rank' | 'format'>;

/** What a what-if makes of the cache; undefined where it changes something else too. */
export function cacheSettingOf(whatIf: WhatIf): CacheSetting | undefined {
  const { rank, format } = whatIf;
  return isPlain({ ...whatIf, rank: PLAIN.rank, format: PLAIN.format }) ? { rank, format } : undefined;
}

export function sameCacheSetting(one: CacheSetting, other: CacheSetting): boolean {
  return one.rank === other.rank && one.format === other.format;
}

/** The usual ways to keep a latent of so many values, the whole one first; each once. */
export function commonCacheSettings(width: number): CacheSetting[] {
  const part = (of: number): number => Math.max(1, Math.round(width * of));
  const ranks = [null, part(3 / 4), part(1 / 2), part(1 / 4)];
  const all: CacheSetting[] = [
    ...CACHE_FORMATS.map(format => ({ rank: null, format })),
    ...ranks.map(rank => ({ rank, format: 'f32' as const })),
    ...(['int8', 'int4'] as const).map(format => ({ rank: part(1 / 2), format })),
  ];
  const whole = all.map(({ rank, format }) => ({ rank: rank === width ? null : rank, format }));
  return whole.filter((setting, index) => whole.findIndex(other => sameCacheSetting(setting, other)) === index);
}

/** Whether nothing is asked for; the engine can find more what-ifs neutral. */
export function isPlain(whatIf: WhatIf): boolean {
  return sameChange(whatIf, PLAIN);
}

export function sameChange(one: WhatIf, other: WhatIf): boolean {
  return settingsOf(one) === settingsOf(other);
}

/** For the engine. */
export function settingsOf({ off, forced, mixture, chosen, groups, bias, shifts, rank, format }: WhatIf): string {
  const settings: Omit<Settings, 'num_experts_per_tok' | 'topk_group' | 'latent_rank'> & Record<string, unknown> = {
    experts_off: [...off],
    experts_forced: [...forced],
    mixture,
    num_experts_per_tok: chosen,
    topk_group: groups,
    selection_bias: bias,
    bias_shifts: [...shifts],
    latent_rank: rank,
    cache_format: format,
  };
  return JSON.stringify(settings);
}

/** Whether a list has an expert. */
export function hasPlace(places: readonly Place[], { layer, expert }: Place): boolean {
  return places.some(place => place.layer === layer && place.expert === expert);
}

/** The list with an expert, or, if it was there, without. */
export function toggled(places: readonly Place[], { layer, expert }: Place): Place[] {
  if (hasPlace(places, { layer, expert })) {
    return places.filter(place => place.layer !== layer || place.expert !== expert);
  }
  return [...places, { layer, expert }].toSorted((a, b) => a.layer - b.layer || a.expert - b.expert);
}

/** By how much an expert's bias is shifted. */
export function shiftOf(shifts: readonly Shift[], { layer, expert }: Place): number {
  return shifts.find(shift => shift.layer === layer && shift.expert === expert)?.by ?? 0;
}

/** The shifts with one of an expert's. */
export function shifted(shifts: readonly Shift[], { layer, expert }: Place, by: number): Shift[] {
  const others = shifts.filter(shift => shift.layer !== layer || shift.expert !== expert);
  if (by === 0) return others;
  return [...others, { layer, expert, by }].toSorted((a, b) => a.layer - b.layer || a.expert - b.expert);
}
