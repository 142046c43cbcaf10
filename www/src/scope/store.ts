// The only place that holds the snapshot: reduces intents and news, and calls its listeners.

import type { Intent } from './intents';
import { reduceNews } from './news';
import { reduceIntent } from './reduce';
import type { News, Snapshot } from './state';

export class Store {
  #snapshot: Snapshot;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();

  constructor(first: Snapshot) {
    this.#snapshot = first;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  ask(intent: Intent): void {
    this.#become(reduceIntent(this.#snapshot, intent));
  }

  tell(news: News): void {
    this.#become(reduceNews(this.#snapshot, news));
  }

  /** Calls `listener` with every new snapshot, until the returned function is called. */
  listen(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #become(next: Snapshot): void {
    if (next === this.#snapshot) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) {
      listener(next);
      // A listener may have changed the state; then all listeners have already received the newer snapshot.
      if (next !== this.#snapshot) return;
    }
  }
}
