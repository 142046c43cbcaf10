// Changes to the model, in the state's form and in the engine's form (`WhatIf` in what_if/mod.rs). Pure.

import type { WhatIf as EngineWhatIf } from '../engine/types';
import type { ValuesOf } from './fields';
import { CACHE_FORMATS, initialValues, WHAT_IF_FIELDS } from './fields';
import type { Place, Shift } from './values';

/** The changes of a what-if, which are applied together; null means the model's own value. */
export type WhatIf = ValuesOf<typeof WHAT_IF_FIELDS>;

/** No change. */
export const PLAIN: WhatIf = initialValues(WHAT_IF_FIELDS);

/** Rank and number format of the latent cache: the part of a what-if that the cache lab tries. */
export type CacheSetting = Pick<WhatIf, 'rank' | 'format'>;

/** The cache setting of a what-if; undefined if it also changes something else. */
export function cacheSettingOf(whatIf: WhatIf): CacheSetting | undefined {
  const { rank, format } = whatIf;
  return isPlain({ ...whatIf, rank: PLAIN.rank, format: PLAIN.format }) ? { rank, format } : undefined;
}

export function sameCacheSetting(one: CacheSetting, other: CacheSetting): boolean {
  return one.rank === other.rank && one.format === other.format;
}

/** The settings that the cache lab tries for a latent of `width` values; the unchanged one first, no duplicates. */
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

/** The what-if in the engine's form. */
export function settingsOf({ off, forced, mixture, chosen, groups, bias, shifts, rank, format }: WhatIf): EngineWhatIf {
  return {
    experts_off: [...off],
    experts_forced: [...forced],
    mixture,
    num_experts_per_tok: chosen ?? undefined,
    topk_group: groups ?? undefined,
    selection_bias: bias,
    bias_shifts: [...shifts],
    latent_rank: rank ?? undefined,
    cache_format: format,
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
