// Playback: moves the playhead one step at a time until the text ends or the user does something else.

import { running, tokenCount } from './select';
import type { Store } from './store';

/** Time that a step is shown at speed 1, ms: its animation and a pause. */
const STEP_TIME = 2000;

export class Player {
  readonly #store: Store;
  readonly #advance: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, advance: () => void) {
    this.#store = store;
    this.#advance = advance;
  }

  /** Starts, continues, pauses or stops the timer according to the snapshot. */
  follow(): void {
    const { playing, held, state } = this.#store.snapshot;
    clearTimeout(this.#timer);
    if (playing && !held) this.#timer = setTimeout(this.#tick, STEP_TIME / state.speed);
  }

  readonly #tick = (): void => {
    const { snapshot } = this.#store;
    if (!running(snapshot)) {
      const last = tokenCount(snapshot) - 1;
      if (snapshot.state.position < last) this.#advance();
      if (this.#store.snapshot.state.position >= last) this.#store.ask({ do: 'play', on: false });
    }
    this.follow();
  };
}
