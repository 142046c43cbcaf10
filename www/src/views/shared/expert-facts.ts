// The numbers of one expert in a route, up to the shown stage, for hover lines and accessible names.

import type { StagedRoute } from '../../scope/select';
import { isOff } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';

export function expertFacts(
  snapshot: Snapshot,
  layer: number,
  expert: number,
  group: number,
  route: StagedRoute | undefined,
): Parameters<Words['roll']['expert']>[0] {
  const rank = route?.experts?.indexOf(expert);
  return {
    expert,
    off: isOff(snapshot, layer, expert),
    score: route?.scores[expert] ?? null,
    kept: route?.kept_groups?.includes(group) ?? null,
    chosen: rank === undefined ? null : rank >= 0,
    share: route?.shares?.[rank ?? -1] ?? null,
    weight: route?.weights?.[rank ?? -1] ?? null,
  };
}
