// All layers at once, small: one row per layer, one rectangle per chosen expert. A click on a row selects its layer.
// The overview is shown on phones, and for models with too many rows to show all layers large.

import type { TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { clamp } from '../../scope/clamp';
import { routeAt, shownPosition, shownRun, tokenCount } from '../../scope/select';
import { chosenLayer, shapeOf } from '../../scope/shape';
import { denseLayers, routedLayers } from '../shared/geometry';
import { base, controls, marks } from '../shared/style';
import { View, Width } from '../shared/view';

const LEFT = 32;
/** Height in px for the experts of a layer. */
const HEIGHT = 20;
const DENSE_HEIGHT = 8;
/** Minimum width of a token in px. */
const LEAST_COLUMN = 2;

export class Overview extends View {
  static override styles = [
    base,
    controls,
    marks,
    css`
      .caption {
        font-size: 11px;
        line-height: 16px;
        padding-top: 8px;
        color: var(--moe-ink2);
      }
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
      svg {
        flex: 1;
        width: 0;
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
    const sight = sightOf(width, Math.max(1, tokenCount(snapshot)), shownPosition(snapshot));
    const layers = [...routedLayers(shape), ...denseLayers(shape)];
    return html`
      <p class="caption">${words.overview.caption}</p>
      <div class="layers" role="group" aria-label=${words.overview.label}>
        ${layers.map(layer => {
          const dense = layer < shape.first_k_dense_replace;
          const line = svg`<rect class="dense" y="2" width=${width} height="2" />`;
          return html`
            <button
              class=${dense ? 'dense' : ''}
              aria-pressed=${layer === chosenLayer(snapshot)}
              aria-label=${words.overview.layer(layer)}
              @click=${() => {
                this.ask({ do: 'look', layer });
              }}
            >
              <span>${layer}</span>
              ${
                dense
                  ? this.#row(sight, DENSE_HEIGHT, line)
                  : this.#row(sight, HEIGHT, this.#notes(layer, sight, HEIGHT / shape.n_routed_experts))
              }
            </button>
          `;
        })}
      </div>
    `;
  }

  #row({ first, column, at }: Sight, height: number, marks: TemplateResult<2>): TemplateResult {
    const rule = (position: number): string => `M${(position - first) * column} -4v${height + 8}`;
    const there = shownRun(this.snapshot).records.length > 0;
    return html`
      <svg height=${height} aria-hidden="true">
        ${marks} ${there ? svg`<path class="rule" fill="none" d="${rule(at)}${rule(at + 1)}" />` : nothing}
      </svg>
    `;
  }

  /** A rectangle for each chosen expert, paler after the playhead. */
  #notes(layer: number, { first, end, column, at }: Sight, row: number): TemplateResult<2> {
    const width = Math.max(1, column - 1);
    const height = Math.max(1, row);
    const path = (from: number, to: number): string => {
      let path = '';
      for (let position = from; position < to; position++) {
        for (const expert of routeAt(this.snapshot, position, layer)?.experts ?? []) {
          path += `M${(position - first) * column + 0.5} ${expert * row}h${width}v${height}h${-width}z`;
        }
      }
      return path;
    };
    return svg`
      <path class="mark" d=${path(first, at + 1)} />
      <path class="mark" fill-opacity="0.4" d=${path(at + 1, end)} />`;
  }
}

/** The tokens that fit: all of them, or those around the playhead. */
interface Sight {
  readonly first: number;
  readonly end: number;
  /** Width of one token, in px. */
  readonly column: number;
  readonly at: number;
}

function sightOf(width: number, count: number, at: number): Sight {
  const fit = clamp(Math.floor(width / LEAST_COLUMN), 1, count);
  const first = clamp(at - Math.floor(fit / 2), 0, count - fit);
  return { first, end: first + fit, column: width / fit, at };
}
