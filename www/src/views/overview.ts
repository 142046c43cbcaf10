// All layers at once, small: a row a layer, a note a chosen expert. One is chosen to be opened. For a phone, and for
// models with more rows than a page can show. May import: lit, view, geometry, layout, style, scope (select).

import type { TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { length, routeAt, shownPosition } from '../scope/select';
import { denseLayers, routedLayers } from './geometry';
import { shapeOf } from './layout';
import { base, controls, marks } from './style';
import { View, Width } from './view';

const LEFT = 32;
/** The height in which a layer's experts are drawn. */
const HEIGHT = 20;
const DENSE_HEIGHT = 8;
/** At most so many of the latest tokens: a note is never narrower than 2 px. */
const LEAST_COLUMN = 2;

export class Overview extends View {
  static override styles = [
    base,
    controls,
    marks,
    css`
      .layers {
        display: grid;
      }
      button {
        display: flex;
        align-items: center;
        width: 100%;
        height: 28px;
        padding: 0;
        border: 0;
        border-radius: 0;
      }
      button.dense {
        height: 16px;
      }
      button span {
        width: 32px;
        font-size: 11px;
        text-align: start;
        padding-left: 8px;
        color: var(--moe-ink2);
      }
      button[aria-pressed='true'] {
        background: var(--moe-fill);
      }
      button[aria-pressed='true'] span {
        color: var(--moe-ink);
        font-weight: 650;
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      .mark {
        fill: var(--moe-note);
      }
    `,
  ];

  readonly #width = new Width(this);

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const shape = shapeOf(snapshot);
    const width = Math.max(0, this.#width.value - LEFT);
    const count = Math.max(1, length(snapshot));
    const fit = Math.floor(width / LEAST_COLUMN);
    const at = shownPosition(snapshot);
    const first = Math.max(0, Math.min(count - fit, at - Math.floor(fit / 2)));
    const end = Math.min(count, first + fit);
    const column = width / Math.max(1, end - first);
    const layer = (index: number, height: number): TemplateResult => html`
      <button
        class=${height === HEIGHT ? '' : 'dense'}
        aria-pressed=${index === snapshot.state.layer}
        aria-label=${words.overview.layer(index)}
        @click=${() => {
          this.ask({ do: 'layer', layer: index });
        }}
      >
        <span>${index}</span>
        <svg width=${width} height=${height} aria-hidden="true">
          ${
            height === HEIGHT
              ? svg`
                  <path class="mark" d=${this.#notes(index, first, end, column, shape.n_routed_experts, at, false)} />
                  <path class="mark" fill-opacity="0.4" d=${this.#notes(index, first, end, column, shape.n_routed_experts, at, true)} />`
              : svg`<rect class="dense" y="2" width=${width} height="2" />`
          }
          ${
            snapshot.records.length > 0
              ? svg`<path class="rule" fill="none" d="M${(at - first) * column} -4v${height + 8}M${(at + 1 - first) * column} -4v${height + 8}" />`
              : nothing
          }
        </svg>
      </button>
    `;
    return html`
      <div class="layers" role="group" aria-label=${words.overview.label}>
        ${routedLayers(shape).map(index => layer(index, HEIGHT))} ${denseLayers(shape).map(index => layer(index, DENSE_HEIGHT))}
      </div>
    `;
  }

  /** A rectangle for each chosen expert, before and at the playhead or after it. */
  #notes(
    layer: number,
    first: number,
    end: number,
    column: number,
    experts: number,
    at: number,
    future: boolean,
  ): string {
    const row = HEIGHT / experts;
    const height = Math.max(1, row);
    let path = '';
    for (let position = first; position < end; position++) {
      if (position > at !== future) continue;
      for (const expert of routeAt(this.snapshot, position, layer)?.experts ?? []) {
        const wide = Math.max(1, column - 1);
        path += `M${(position - first) * column + 0.5} ${expert * row}h${wide}v${height}h${-wide}z`;
      }
    }
    return path;
  }
}
