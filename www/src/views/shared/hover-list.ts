// A picture with a list box over it, as in the grid and the attention view. The cell under the mouse has a ring, and
// a line of numbers below it. The roll draws its own ring, but uses `placeChip` for its line of numbers.

import type { ReactiveController, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import type { Snapshot } from '../../scope/state';
import type { View } from './view';

/** A cell of a picture, in px of the picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Options<Target> {
  /** The cell at a point of the picture; null between and beside the cells. */
  readonly targetAt: (x: number, y: number) => Target | null;
  readonly boxOf: (target: Target) => Box | null;
  /** The width of the picture. */
  readonly width: () => number;
}

/** Distance in px between a cell and the line of numbers below it. */
const BELOW = 6;

export class HoverList<Target extends object> implements ReactiveController {
  /** The cell under the mouse. It is not part of the state, so a reload forgets it. */
  hovered: Target | null = null;
  /** The row that was requested last, and the snapshot at that time: keys can be faster than new snapshots. */
  #asked: { readonly since: Snapshot; readonly row: number | null } | null = null;
  readonly #host: View;
  readonly #options: Options<Target>;

  constructor(host: View, options: Options<Target>) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** Places the line of numbers by script, because a strict content security policy forbids style attributes. */
  hostUpdated(): void {
    const chip = this.#host.renderRoot.querySelector<HTMLElement>('.chip');
    const box = this.hovered && this.#options.boxOf(this.hovered);
    if (chip && box) placeChip(chip, box, this.#options.width());
  }

  /** The row from which a key moves: the last requested row if no new snapshot has come since, else the shown row. */
  row(shown: number | null): number | null {
    return this.#asked?.since === this.#host.snapshot ? this.#asked.row : shown;
  }

  /** Remembers a row that the view requests. */
  ask(row: number | null): void {
    this.#asked = { since: this.#host.snapshot, row };
  }

  /** The ring around the cell under the mouse. */
  ring(): TemplateResult<2> | typeof nothing {
    const box = this.hovered && this.#options.boxOf(this.hovered);
    return box
      ? svg`<rect class="ring" aria-hidden="true" x=${box.x} y=${box.y - 1} width=${box.width} height=${box.height + 2} />`
      : nothing;
  }

  /** The line of numbers below the cell under the mouse. */
  chip(numbers: string): TemplateResult {
    return html`<p class="chip">${numbers}</p>`;
  }

  readonly point = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse') return;
    const { x, y } = within(event);
    const target = this.#options.targetAt(x, y);
    if (JSON.stringify(target) === JSON.stringify(this.hovered)) return;
    this.hovered = target;
    this.#host.requestUpdate();
  };

  readonly leave = (): void => {
    this.hovered = null;
    this.#host.requestUpdate();
  };
}

/** The position of a mouse event in an element, in px from the top left. */
export function within(
  event: MouseEvent,
  element = event.currentTarget as Element,
): { readonly x: number; readonly y: number } {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** 1 for the down arrow, -1 for the up arrow, 0 for other keys; null with a modifier key: the browser handles these. */
export function rowsBy(event: KeyboardEvent): -1 | 0 | 1 | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  return event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
}

/** Puts a line of numbers below a cell, within a picture of this width. */
export function placeChip(chip: HTMLElement, { x, y, height }: Box, width: number): void {
  // 100 % is the width of the line itself, so no width needs to be measured.
  chip.style.transform = `translate(max(0px, min(${x}px, ${width}px - 100%)), ${y + height + BELOW}px)`;
}

export const chipStyle = css`
  .chip {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 2;
    width: max-content;
    max-width: min(100%, 520px);
    padding: 2px 8px;
    font-size: 12px;
    line-height: 16px;
    background: var(--moe-ink);
    color: var(--moe-bg);
    pointer-events: none;
  }
`;

export const hoverListStyle = css`
  .picture {
    position: relative;
    width: max-content;
    max-width: 100%;
    cursor: pointer;
    contain: layout style;
  }
  .picture > svg.list {
    position: absolute;
    top: 0;
    left: 0;
  }
  svg.list:focus-visible {
    outline: 2px solid var(--moe-ink);
    outline-offset: 2px;
  }
  svg text.inverted {
    fill: var(--moe-bg);
    font-weight: 650;
  }
  .rule {
    fill: none;
    pointer-events: none;
  }
  .reach {
    fill: transparent;
  }
  .ring {
    fill: none;
    stroke: var(--moe-ink);
    stroke-width: 2;
    pointer-events: none;
  }
`;
