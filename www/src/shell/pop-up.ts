// A disclosure whose content lies over the page: it closes on Escape and when the user presses or focuses something
// outside.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { css } from 'lit';

export class PopUp implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode };
  readonly #selector: string;

  /** `selector` finds the `<details>` in the host's shadow root. */
  constructor(host: ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode }, selector: string) {
    this.#host = host;
    this.#selector = selector;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('pointerdown', this.#outside);
    this.#host.addEventListener('focusout', this.#left);
    this.#host.addEventListener('keydown', this.#pressed);
  }

  hostDisconnected(): void {
    removeEventListener('pointerdown', this.#outside);
    this.#host.removeEventListener('focusout', this.#left);
    this.#host.removeEventListener('keydown', this.#pressed);
  }

  get #details(): HTMLDetailsElement | null {
    return this.#host.renderRoot.querySelector<HTMLDetailsElement>(this.#selector);
  }

  close(): void {
    const details = this.#details;
    if (details) details.open = false;
  }

  readonly #outside = (event: Event): void => {
    const details = this.#details;
    if (details?.open && !event.composedPath().includes(details)) details.open = false;
  };

  readonly #left = (event: FocusEvent): void => {
    const details = this.#details;
    const to = event.relatedTarget;
    // Without a new target the window lost the focus, or the user pressed a place that takes no focus.
    if (details?.open && to instanceof Node && !details.contains(to)) details.open = false;
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    const details = this.#details;
    if (event.key !== 'Escape' || !details?.open) return;
    event.preventDefault();
    event.stopPropagation();
    details.open = false;
    details.querySelector('summary')?.focus();
  };
}

export const popUpStyle = css`
  details.pop-up {
    display: block;
    position: relative;
  }
  details.pop-up > summary {
    list-style: none;
    cursor: pointer;
    white-space: nowrap;
  }
  details.pop-up > summary::-webkit-details-marker {
    display: none;
  }
  details.pop-up > .content {
    position: absolute;
    right: 0;
    top: calc(100% + 4px);
    z-index: 6;
    display: grid;
    gap: 12px;
    width: max-content;
    max-width: min(420px, calc(100vw - 32px));
    max-height: 70vh;
    overflow: auto;
    padding: 12px 16px;
    background: var(--moe-bg);
    color: var(--moe-ink);
    border: 1px solid var(--moe-edge);
    border-radius: 4px;
  }
  @media print {
    details.pop-up {
      display: none;
    }
  }
`;
