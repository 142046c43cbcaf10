// The next snapshot after an intent: a look-up in the table of intents.

import type { IntentEntry, IntentName, IntentOf, Payloads } from './intents';
import { INTENTS } from './intents';
import type { Snapshot } from './state';

/** The snapshot after an intent. Results of the engine arrive later, as news. */
export function reduceIntent<K extends IntentName>(before: Snapshot, intent: IntentOf<K>): Snapshot {
  const entries: { readonly [N in IntentName]: IntentEntry<Payloads[N]> } = INTENTS;
  const entry = entries[intent.do];
  return entry.reduce(withPlayback(before, entry, intent), intent);
}

/** The snapshot with playback and `editing` as the entry says. */
function withPlayback<P>(before: Snapshot, entry: IntentEntry<P>, payload: P): Snapshot {
  const editing = entry.editing === 'starts' || (entry.editing === 'stays' && before.editing);
  if (entry.playback === 'stays') return { ...before, editing };
  const goesOn = entry.playback === 'goes on';
  const stepped = entry.isStep?.(payload) ? (goesOn ? 'by playing' : 'by hand') : null;
  return { ...before, editing, stepped, playing: before.playing && goesOn, held: false };
}
