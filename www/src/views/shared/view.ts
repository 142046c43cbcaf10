// Base classes of the views and of the page's other parts: elements that draw a snapshot and send intents. State that a
// reload must restore belongs in the snapshot, not in an element.

import type { PropertyDeclarations, ReactiveController, ReactiveControllerHost } from 'lit';
import { LitElement } from 'lit';
import type { Intent } from '../../scope/intents';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import { words } from '../../text/words';
import { turn } from './frame-queue';

export class View extends LitElement {
  static override properties: PropertyDeclarations = {
    snapshot: { attribute: false },
    language: { attribute: 'lang' },
  };

  declare snapshot: Snapshot;
  declare language: string;

  get words(): Words {
    return words(this.language);
  }

  constructor() {
    super();
    this.language = 'en';
  }

  /** Sends an intent; the element that owns the scope listens for it. */
  protected ask(intent: Intent): void {
    this.dispatchEvent(new CustomEvent<Intent>('ask', { detail: intent, bubbles: true, composed: true }));
  }
}

/** A view with a large picture. After a step, the picture is drawn one or more animation frames after the sentence. */
export class PictureView extends View {
  /** The snapshot that was drawn last. */
  #drawn: Snapshot | undefined;

  /** True if the first drawing waits for its own animation frame: the roll is redrawn when a view opens beside it. */
  protected readonly opensBeside: boolean = true;

  protected override async scheduleUpdate(): Promise<void> {
    const { snapshot } = this;
    if (this.#drawn ? isStep(this.#drawn, snapshot) : this.opensBeside) await turn();
    this.#drawn = this.snapshot;
    await super.scheduleUpdate();
  }
}

/** True if the playhead has moved, and the tokens, the model and the open view are the same. */
function isStep(before: Snapshot, { state, text, model }: Snapshot): boolean {
  const same = before.text.tokens === text.tokens && before.model === model && before.state.view === state.view;
  return same && before.state.position !== state.position;
}

/** The width of an element's content in px; known before the element is drawn for the first time. */
export class Width implements ReactiveController {
  /** Measured on first use, because measuring forces a layout of the whole page. */
  #value: number | undefined;
  readonly #host: ReactiveControllerHost & Element;
  readonly #observer = new ResizeObserver(entries => {
    const before = this.#value;
    for (const { contentRect } of entries) this.#value = Math.floor(contentRect.width);
    if (this.#value !== before) this.#host.requestUpdate();
  });

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get value(): number {
    return (this.#value ??= this.#measure());
  }

  hostConnected(): void {
    this.#value = undefined;
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  #measure(): number {
    // A view that is removed while it waits for its animation frame still draws once, but has no computed padding.
    if (!this.#host.isConnected) return 0;
    const { paddingLeft, paddingRight } = getComputedStyle(this.#host);
    return Math.max(0, Math.floor(this.#host.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)));
  }
}

declare global {
  interface HTMLElementEventMap {
    ask: CustomEvent<Intent>;
  }
}
