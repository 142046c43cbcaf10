// Writes the state to the address and the browser's history, and reads it back on Back and Forward. A new text, view or
// step of a lesson adds an entry; other changes replace the current one, rarely enough for every browser (WebKit: 100
// calls in 30 s).

import { addressOf, formatAddress } from './address';
import type { Scope } from './scope';
import { hasModel, pendingLink } from './select';
import type { Complaint, ScopeState, Snapshot } from './state';

/** Minimum time between two writes, ms. */
const PAUSE = 400;
/** Delay of the first write after a change, ms. */
const FIRST = 160;

/** Reads the state from an address; complaints are null if the address has no fields. */
export type ReadAddress = (address: string) => {
  readonly state: ScopeState;
  readonly complaints: readonly Complaint[] | null;
};

export class Permalink {
  readonly #scope: Scope;
  readonly #read: ReadAddress;
  readonly #makesEntries: boolean;
  /** The last state of the scope that was handled here. */
  #state: ScopeState;
  /** The last written address. */
  #written: string;
  /** True if the current history entry belongs to a text that is still being typed. */
  #editing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Earliest time of the next write. */
  #soonest = 0;

  /**
   * Follows a scope whose state came from the current address, or is `first` if the address has no state. A frame adds
   * no history entries, because they would appear in the history of the surrounding page.
   */
  constructor(scope: Scope, read: ReadAddress, makesEntries: boolean) {
    this.#scope = scope;
    this.#read = read;
    this.#makesEntries = makesEntries;
    this.#state = scope.store.snapshot.state;
    this.#written = formatAddress(this.#state);
    scope.store.listen(this.#changed);
    addEventListener('popstate', this.#went);
    addEventListener('pagehide', this.#write);
  }

  readonly #changed = (snapshot: Snapshot): void => {
    const { state, editing } = snapshot;
    // The address stays as in the link until the link's fields are checked against the model and the text.
    if (!hasModel(snapshot) || pendingLink(snapshot) || state === this.#state) return;
    const typing = this.#editing && editing;
    const hasAppended = (each: ScopeState): boolean => each.appended.length > 0;
    const isGenerating = hasAppended(state) && !hasAppended(this.#state);
    const isNextStep = state.lesson !== this.#state.lesson || state.at !== this.#state.at;
    const isNew =
      !this.#isBareLesson(state) &&
      (state.view !== this.#state.view || isNextStep || isGenerating || (state.text !== this.#state.text && !typing));
    // Before a new entry, the old one gets its last state.
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

  /** True if the address named only this step of a lesson: the step's own state then has the same entry. */
  #isBareLesson({ lesson, at }: ScopeState): boolean {
    const before = this.#state;
    const isSameStep = before.lesson !== '' && before.lesson === lesson && before.at === at;
    const link = addressOf([
      ['lesson', lesson],
      ['at', String(at)],
    ]);
    return isSameStep && formatAddress(this.#read(`#${link}`).state) === formatAddress(before);
  }

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
      // A frame with an opaque origin is not allowed to write to the history; the page works without these writes.
    }
  }

  readonly #went = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { state, complaints } = this.#read(location.hash);
    this.#written = formatAddress(state);
    this.#editing = false;
    this.#state = state;
    this.#scope.ask({ do: 'go', state, complaints: complaints ?? [] });
  };
}
