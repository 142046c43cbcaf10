// Keeps the address and the browser's history in step with the state. A new text or view adds a history entry; other
// changes replace the current entry, rarely enough for every browser (WebKit allows 100 calls in 30 s).

import { formatAddress, parseAddress } from './address';
import type { Scope } from './scope';
import type { ScopeState, Snapshot } from './state';

/** Between two writes, and from a change to its first, ms: the engine and the picture come before it. */
const PAUSE = 400;
const FIRST = 160;

export class Permalink {
  readonly #scope: Scope;
  readonly #first: ScopeState;
  readonly #makesEntries: boolean;
  /** The state that was seen last, and what the address says. */
  #state: ScopeState;
  #written: string;
  /** Whether the present entry is of a text that is still being typed. */
  #editing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Not before then may be written again. */
  #soonest = 0;

  /**
   * Follows a scope whose state came from the present address, or is `first` where that has none. A frame makes no
   * entries: they would be the surrounding page's.
   */
  constructor(scope: Scope, first: ScopeState, makesEntries: boolean) {
    this.#scope = scope;
    this.#first = first;
    this.#makesEntries = makesEntries;
    this.#state = scope.store.snapshot.state;
    this.#written = formatAddress(this.#state);
    scope.store.listen(this.#changed);
    addEventListener('popstate', this.#went);
    addEventListener('pagehide', this.#write);
  }

  readonly #changed = (snapshot: Snapshot): void => {
    const { state, up, linked, editing } = snapshot;
    // What a link asks for stays as it is until the engine has said what of it there is.
    if (!up || linked || state === this.#state) return;
    const typing = this.#editing && editing;
    const isNew = state.view !== this.#state.view || (state.text !== this.#state.text && !typing);
    // The entry that is left keeps what was true of it last.
    if (isNew) this.#write();
    this.#state = state;
    if (isNew) {
      this.#editing = editing;
      this.#put(this.#makesEntries ? 'pushState' : 'replaceState');
      return;
    }
    this.#editing = typing;
    this.#timer ??= setTimeout(this.#write, Math.max(FIRST, this.#soonest - Date.now()));
  };

  readonly #write = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (formatAddress(this.#state) !== this.#written) this.#put('replaceState');
  };

  #put(how: 'pushState' | 'replaceState'): void {
    this.#written = formatAddress(this.#state);
    this.#soonest = Date.now() + PAUSE;
    try {
      history[how](null, '', `#${this.#written}`);
    } catch {
      // A frame without an origin has no history of its own: the picture is the same without it.
    }
  }

  readonly #went = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { state, complaints } = parseAddress(location.hash, this.#first);
    this.#written = formatAddress(state);
    this.#editing = false;
    this.#state = state;
    this.#scope.ask({ do: 'go', state, complaints: complaints ?? [] });
  };
}
