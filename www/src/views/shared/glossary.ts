// Links the terms of a view's text with the marks in its picture: hovering a term or a mark shows the term's meaning
// beside it and highlights both. In a text, `[latent]` is a term, and `[compressed token|latent]` is the same term in other
// words. In a picture, `data-term` lists the terms of a mark.

import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { css, html } from 'lit';
import { boxOf, zoomOf } from '../../measure/zoom';
import { clamp } from '../../scope/clamp';
import type { Words } from '../../text/words';

/** Distance of a meaning from its term, px. */
const GAP = 4;

export type Term = keyof Words['terms'];

/** The pieces of a text whose `[terms]` can be hovered and focused. */
export function termed(text: string): (string | TemplateResult)[] {
  return text.split(/\[([^\]]+)\]/u).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const [shown, term = shown] = piece.split('|');
    return html`<span class="term" tabindex="0" data-term=${term}>${shown}</span>`;
  });
}

/** A paragraph with terms, and the box in which their meanings are shown. */
export function prose(text: string): TemplateResult {
  return html`
    <p class="prose">${termed(text)}</p>
    <p class="meaning small" aria-live="polite"></p>
  `;
}

/** Shows the meaning of the hovered or focused term beside it, and highlights the term's marks. */
export class Terms implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };
  readonly #words: () => Words;
  #root: HTMLElement | DocumentFragment | undefined;
  #lit: string | null = null;

  constructor(
    host: ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment },
    words: () => Words,
  ) {
    this.#host = host;
    this.#words = words;
    host.addController(this);
  }

  hostUpdated(): void {
    const root = this.#host.renderRoot;
    if (this.#root !== root) {
      this.#root = root;
      for (const kind of ['pointerover', 'focusin'] as const) root.addEventListener(kind, this.#come);
      for (const kind of ['pointerout', 'focusout'] as const) root.addEventListener(kind, this.#leave);
      root.addEventListener('keydown', this.#press as EventListener);
    }
    this.#mark();
  }

  readonly #come = (event: Event): void => {
    const [target] = event.composedPath();
    const marked = target instanceof Element ? target.closest('[data-term]') : null;
    const term = marked?.getAttribute('data-term');
    if (!marked || !term) return;
    this.#light(term);
    this.#place(marked);
  };

  readonly #leave = (): void => {
    this.#light(null);
  };

  /** Escape first closes a meaning, and only then the view. */
  readonly #press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.#lit === null) return;
    event.stopPropagation();
    this.#light(null);
  };

  /** A mark can have several terms; the first one is explained. */
  #light(terms: string | null): void {
    if (terms === this.#lit) return;
    this.#lit = terms;
    const [first = ''] = (terms ?? '').split(' ');
    const meaning = this.#root?.querySelector('.meaning');
    if (meaning) meaning.textContent = (this.#words().terms as Readonly<Record<string, string>>)[first] ?? '';
    this.#mark();
  }

  /** Places the meaning below the term or mark, or above it if there is no room below. */
  #place(beside: Element): void {
    const meaning = this.#root?.querySelector<HTMLElement>('.meaning');
    const view = meaning?.offsetParent;
    if (!meaning || !view) return;
    const [box, inside, own] = [boxOf(beside), boxOf(view), boxOf(meaning)];
    const isBelow = box.bottom + GAP + own.height <= innerHeight / zoomOf(view);
    meaning.style.left = `${clamp(box.left - inside.left, 0, inside.width - own.width)}px`;
    meaning.style.top = `${(isBelow ? box.bottom + GAP : box.top - GAP - own.height) - inside.top}px`;
  }

  #mark(): void {
    const lit = new Set(this.#lit?.split(' '));
    for (const element of this.#root?.querySelectorAll('[data-term]') ?? []) {
      const terms = element.getAttribute('data-term')?.split(' ') ?? [];
      element.classList.toggle(
        'lit',
        terms.some(term => lit.has(term)),
      );
    }
  }
}

export const termStyle = css`
  .prose,
  .meaning {
    display: var(--moe-prose, block);
  }
  .prose {
    max-width: 640px;
    margin-bottom: 12px;
    color: var(--moe-ink2);
  }
  .term {
    color: var(--moe-ink);
    text-decoration: underline dotted var(--moe-edge);
    text-underline-offset: 3px;
    cursor: help;
  }
  .term.lit {
    background: var(--moe-fill);
    text-decoration-color: currentColor;
  }
  :host {
    position: relative;
  }
  /* Over the view, so that nothing moves when a term is explained. */
  .meaning {
    position: absolute;
    z-index: 4;
    width: max-content;
    max-width: min(320px, 100%);
    box-sizing: border-box;
    padding: 6px 10px;
    background: var(--moe-bg);
    border: 1px solid var(--moe-ink);
    border-radius: 4px;
    pointer-events: none;
  }
  .meaning:empty {
    padding: 0;
    border: 0;
  }
  svg .lit {
    stroke: var(--moe-ink);
    stroke-width: 2;
  }
`;
