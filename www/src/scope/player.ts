// Playback: moves the playhead one step at a time until the text ends or the user does something else.

import { running, tokenCount } from './select';
import type { Store } from './store';

/** How long a step is shown at speed 1, its movement and a rest, ms. */
const STEP_TIME = 2000;

export class Player {
  readonly #store: Store;
  readonly #advance: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, advance: () => void) {
    this.#store = store;
    this.#advance = advance;
  }

  /** Starts, goes on, waits or stops, as the snapshot says. */
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
