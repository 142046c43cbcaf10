// The playhead, the number of tokens and the positions in sight, before and after the tokens are known.

import { shownPosition, tokenCount } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import type { Columns } from './geometry';

/** Rough number of characters per token, used only to reserve space until the tokenizer is loaded. */
const CHARACTERS = 3.7;

/** The playhead, and the number of tokens; until the tokenizer is loaded, the number is a guess. */
export function positionAndCount(snapshot: Snapshot): { readonly at: number; readonly count: number } {
  const count = tokenCount(snapshot) || Math.max(1, Math.round(snapshot.state.text.length / CHARACTERS));
  return { at: Math.min(count - 1, shownPosition(snapshot)), count };
}

/** The positions in sight. */
export function inSight({ first, end }: Columns): number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}
