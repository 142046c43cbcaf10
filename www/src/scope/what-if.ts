// Changes to the model, with the engine's names of the settings (`WhatIf` in what_if/mod.rs). Pure.

import type { WhatIf as EngineWhatIf } from '../engine/types';
import type { ValuesOf } from './fields';
import { CACHE_FORMATS, initialValues, WHAT_IF_FIELDS } from './fields';
import type { Place, Shift } from './values';

/** The changes of a what-if, which are applied together; null means the model's own value. */
export type WhatIf = ValuesOf<typeof WHAT_IF_FIELDS>;

/** No change. */
export const PLAIN: WhatIf = initialValues(WHAT_IF_FIELDS);

/** Rank and number format of the latent cache: the part of a what-if that the cache lab tries. */
export type CacheSetting = Pick<WhatIf, 'latent_rank' | 'cache_format'>;

/** The cache setting of a what-if; undefined if it also changes something else. */
export function cacheSettingOf(whatIf: WhatIf): CacheSetting | undefined {
  const { latent_rank, cache_format } = PLAIN;
  const isOnlyCache = isPlain({ ...whatIf, latent_rank, cache_format });
  return isOnlyCache ? { latent_rank: whatIf.latent_rank, cache_format: whatIf.cache_format } : undefined;
}

export function sameCacheSetting(one: CacheSetting, other: CacheSetting): boolean {
  return one.latent_rank === other.latent_rank && one.cache_format === other.cache_format;
}

/** The settings that the cache lab tries for a latent of `width` values; the unchanged one first, no duplicates. */
export function commonCacheSettings(width: number): CacheSetting[] {
  const part = (of: number): number => Math.max(1, Math.round(width * of));
  const ranks = [null, part(3 / 4), part(1 / 2), part(1 / 4)];
  const all: CacheSetting[] = [
    ...CACHE_FORMATS.map(cache_format => ({ latent_rank: null, cache_format })),
    ...ranks.map(latent_rank => ({ latent_rank, cache_format: 'f32' as const })),
    ...(['int8', 'int4'] as const).map(cache_format => ({ latent_rank: part(1 / 2), cache_format })),
  ];
  const whole = all.map(({ latent_rank: rank, cache_format }) => ({
    latent_rank: rank === width ? null : rank,
    cache_format,
  }));
  return whole.filter((setting, index) => whole.findIndex(other => sameCacheSetting(setting, other)) === index);
}

/** True if all fields have their defaults. The engine may find other what-ifs neutral, too. */
export function isPlain(whatIf: WhatIf): boolean {
  // Views ask this for every mark, so no text is made.
  return (Object.keys(PLAIN) as (keyof WhatIf)[]).every(name => {
    const value = whatIf[name];
    return Array.isArray(value) ? value.length === 0 : value === PLAIN[name];
  });
}

export function sameChange(one: WhatIf, other: WhatIf): boolean {
  return JSON.stringify(settingsOf(one)) === JSON.stringify(settingsOf(other));
}

/** Converts a what-if to the engine's type: undefined instead of null for the model's own value, and copies of lists. */
export function settingsOf(whatIf: WhatIf): EngineWhatIf {
  const { experts_off, experts_forced, num_experts_per_tok, topk_group, bias_shifts, latent_rank } = whatIf;
  return {
    ...whatIf,
    experts_off: [...experts_off],
    experts_forced: [...experts_forced],
    num_experts_per_tok: num_experts_per_tok ?? undefined,
    topk_group: topk_group ?? undefined,
    bias_shifts: [...bias_shifts],
    latent_rank: latent_rank ?? undefined,
  };
}

export function hasPlace(places: readonly Place[], { layer, expert }: Place): boolean {
  return places.some(place => place.layer === layer && place.expert === expert);
}

/** Adds an expert to the list, or removes it if the list has it. */
export function toggled(places: readonly Place[], { layer, expert }: Place): Place[] {
  if (hasPlace(places, { layer, expert })) {
    return places.filter(place => place.layer !== layer || place.expert !== expert);
  }
  return [...places, { layer, expert }].toSorted((a, b) => a.layer - b.layer || a.expert - b.expert);
}

/** The shift of an expert's bias; 0 if there is none. */
export function shiftOf(shifts: readonly Shift[], { layer, expert }: Place): number {
  return shifts.find(shift => shift.layer === layer && shift.expert === expert)?.by ?? 0;
}

/** Sets an expert's shift in the list; 0 removes it. */
export function shifted(shifts: readonly Shift[], { layer, expert }: Place, by: number): Shift[] {
  const others = shifts.filter(shift => shift.layer !== layer || shift.expert !== expert);
  if (by === 0) return others;
  return [...others, { layer, expert, by }].toSorted((a, b) => a.layer - b.layer || a.expert - b.expert);
}
