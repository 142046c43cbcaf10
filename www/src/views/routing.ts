// The routing grid of one layer: tokens are columns, experts are rows in their groups. A cell's blue is its score, a
// disc says chosen (its area is the share), hatching says that the group was cut; the playhead's column is opened, and
// there scores are bars. A dense layer is one line. Its table twin has the numbers.
// May import: lit, view, geometry, layout, marks, routing-tables, style, scope (select).

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Route } from '../engine/types';
import { routeAt } from '../scope/select';
import type { Columns, Rows } from './geometry';
import { DENSE, rows, STAVE } from './geometry';
import { columnsOf, inSight, shapeOf } from './layout';
import { closed, CUT, groupOf, isKept, middle, notes, playhead, strip } from './marks';
import type { Placed } from './routing-tables';
import { routingTables, tableStyle } from './routing-tables';
import { base, controls, marks } from './style';
import { View, Width } from './view';

export class Routing extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    layer: { type: Number, reflect: true },
    pitch: { type: Number },
    strip: { type: Boolean },
    twin: { state: true },
  };

  static override styles = [
    base,
    controls,
    marks,
    tableStyle,
    css`
      :host {
        position: relative;
      }
      svg {
        cursor: pointer;
      }
      details[hidden] {
        display: none;
      }
      summary {
        position: absolute;
        top: 36px;
        left: 0;
        width: max-content;
        list-style: none;
        font-size: 11px;
        line-height: 16px;
        color: var(--moe-ink2);
        text-decoration: underline;
        text-decoration-color: var(--moe-edge);
        text-underline-offset: 3px;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover {
        text-decoration-color: currentColor;
      }
      @media (max-width: 599px) {
        summary {
          top: var(--stave);
        }
      }
    `,
  ];

  /** The decoder layer. */
  declare layer: number;
  /** The height of an expert's row, px. */
  declare pitch: number;
  /** Whether the layer's cache is drawn below it. */
  declare strip: boolean;
  /** Whether the tables are open: they are drawn only then. */
  declare private twin: boolean;

  readonly #width = new Width(this);

  constructor() {
    super();
    this.layer = 0;
    this.pitch = 8;
    this.strip = false;
    this.twin = false;
  }

  protected override render(): TemplateResult {
    const shape = shapeOf(this.snapshot);
    return this.layer < shape.first_k_dense_replace ? this.#dense() : this.#routed(rows(shape, this.pitch));
  }

  #dense(): TemplateResult {
    const words = this.words.routing;
    const columns = columnsOf(this.snapshot, this.#width.value);
    const height = this.strip ? DENSE.height : DENSE.strip;
    return html`
      <svg
        width=${this.#width.value}
        height=${height}
        role="img"
        aria-label=${words.densePicture(this.layer)}
        @click=${this.#choose}
      >
        ${
          columns.phone
            ? svg`<text x="0" y="10">${words.layer(this.layer)}</text>`
            : svg`
                <text class="name" x="0" y="9">${words.layer(this.layer)}</text>
                <text class="end" x=${columns.left - 8} y="9">${words.dense}</text>`
        }
        ${this.#line(columns, DENSE.line, 4, 'dense')}
        ${this.strip ? this.#cacheStrip(columns, DENSE.strip) : nothing} ${playhead(columns, this.#here, height)}
      </svg>
    `;
  }

  #routed(stave: Rows): TemplateResult {
    const words = this.words.routing;
    const { snapshot, layer } = this;
    const columns = columnsOf(snapshot, this.#width.value);
    const shape = shapeOf(snapshot);
    const height = stave.height + STAVE.height;
    const routedCount = shape.num_hidden_layers - shape.first_k_dense_replace;
    const lanes = Array.from({ length: stave.groups }, (_, group) => group);
    const routes = inSight(columns).flatMap(position => {
      const route = routeAt(snapshot, position, layer);
      return route ? [{ position, route }] : [];
    });
    const blankFrom = routes.length === 0 ? columns.left : columns.endOf(columns.first + routes.length - 1);
    return html`
      <svg
        width=${this.#width.value}
        height=${height}
        role="img"
        aria-label=${words.picture(layer)}
        data-pitch=${stave.pitch}
        @click=${this.#choose}
      >
        <defs>
          <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse">
            <path class="hatchline" d="M-1 1L1-1M0 8L8 0M7 9L9 7" />
          </pattern>
        </defs>
        ${
          columns.phone
            ? nothing
            : svg`
                ${layer === snapshot.state.layer && routedCount > 1 ? svg`<rect class="solid" x="-12" width="4" height=${stave.height} />` : nothing}
                <text class="name" x="0" y="13">${words.layer(layer)}</text>
                <text x="0" y="31">${words.chosen(shape.num_experts_per_tok, shape.n_routed_experts)}</text>`
        }
        ${
          stave.groupHeight < 12
            ? nothing
            : lanes.map(
                group => svg`
                  <text class="end" x=${columns.left - 8} y=${middle(stave, group) + 4}
                    >${words.range(group * stave.perGroup, (group + 1) * stave.perGroup - 1)}</text>`,
              )
        }
        ${
          blankFrom < columns.right
            ? lanes.map(
                group => svg`
                  <rect class="fill" x=${blankFrom} y=${stave.y(group * stave.perGroup)}
                    width=${columns.right - blankFrom} height=${stave.groupHeight} />`,
              )
            : nothing
        }
        ${repeat(
          routes,
          ({ position }) => position,
          ({ position, route }) => {
            const when = position === columns.at ? 'here' : position > columns.at ? 'future' : 'past';
            return svg`
              <g class=${when} data-position=${position} transform="translate(${columns.x(position)} 0)">
                ${guard([route, columns.width, stave.pitch, when], () =>
                  when === 'here' ? this.#opened(route, stave, columns) : closed(route, stave, columns.width),
                )}
              </g>`;
          },
        )}
        ${this.#cuts(routes, stave, columns)}
        ${shape.n_shared_experts > 0 ? this.#line(columns, stave.height + STAVE.shared, 2, 'shared') : nothing}
        ${this.strip ? this.#cacheStrip(columns, stave.height + STAVE.strip) : nothing}
        ${playhead(columns, this.#here, height)}
      </svg>
      <details @toggle=${this.#toggle} ?hidden=${routes.length === 0}>
        <summary aria-label=${words.numbersOf(layer)}>${words.numbers}</summary>
        ${this.twin ? routingTables({ words: this.words, snapshot, layer, columns, stave, routes }) : nothing}
      </details>
    `;
  }

  protected override updated(): void {
    // Where the link to the numbers stands on a phone: below the groups.
    this.style.setProperty('--stave', `${rows(shapeOf(this.snapshot), this.pitch).height + 4}px`);
  }

  /** Whether the playhead stands on a record. */
  get #here(): boolean {
    return this.snapshot.records.length > 0;
  }

  /** The playhead's column: scores as bars, and the groups' chosen experts in numbers. */
  #opened(route: Route, stave: Rows, columns: Columns): TemplateResult<2> {
    const words = this.words.routing;
    const scale = columns.width + 26;
    const edge = columns.width + columns.open - 8;
    const said = Array.from({ length: stave.groups }, (_, group) => {
      const chosen = route.experts.filter(expert => groupOf(expert, stave) === group).sort((a, b) => a - b);
      if (!route.kept_groups.includes(group)) return words.cut;
      if (chosen.length === 0) return words.none;
      const list = chosen.join(' ');
      return list.length > 11 ? words.count(chosen.length) : list;
    });
    return svg`
      ${route.scores.map((score, expert) => {
        const kept = isKept(route, expert, stave);
        return svg`<rect class=${kept ? 'score' : 'cutscore'} data-expert=${expert} x="1" y=${stave.y(expert) + 0.5}
          width=${score * scale} height=${stave.pitch - 1} fill-opacity=${kept ? 1 : CUT.bar} />`;
      })}
      ${said.map((words, group) => {
        const kept = route.kept_groups.includes(group);
        const y = middle(stave, group);
        return svg`
          ${
            kept
              ? nothing
              : svg`
                  <rect class="hatch" fill="url(#hatch)" fill-opacity="0.8" data-group=${group} x="0" y=${stave.y(group * stave.perGroup)}
                    width=${columns.width + columns.open} height=${stave.groupHeight} />
                  <rect class="paper" x=${edge - 24} y=${y - 8} width="28" height=${Math.min(16, stave.groupHeight)} />`
          }
          <text class=${kept && words !== this.words.routing.none ? 'strong end' : 'end'} x=${edge} y=${y + 4}>${words}</text>`;
      })}
      ${notes(route, stave, columns.width)}`;
  }

  /** Hatching, in the stave's own coordinates so that it runs on across columns. */
  #cuts(routes: readonly Placed[], stave: Rows, columns: Columns): TemplateResult<2>[] {
    return routes
      .filter(({ position }) => position !== columns.at)
      .map(({ position, route }) => {
        const x = columns.x(position) + 0.5;
        const cut = Array.from({ length: stave.groups }, (_, group) => group).filter(
          group => !route.kept_groups.includes(group),
        );
        return svg`
          <g class=${position > columns.at ? 'future' : 'past'} data-cuts=${position}>
            ${cut.map(
              group => svg`
                <rect class="hatch" fill="url(#hatch)" fill-opacity="0.55" data-group=${group} x=${x} y=${stave.y(group * stave.perGroup) + 0.5}
                  width=${columns.width - 1} height=${stave.groupHeight - 1} />`,
            )}
          </g>`;
      });
  }

  /** An unbroken line through every token that was run, paler after the playhead. */
  #line(columns: Columns, y: number, height: number, kind: 'shared' | 'dense'): TemplateResult<2> {
    const { records } = this.snapshot;
    if (records.length === 0) {
      return svg`<rect class="fill" x=${columns.left} y=${y} width=${columns.right - columns.left} height=${height} />`;
    }
    const here = columns.endOf(columns.at);
    const end = columns.endOf(Math.min(records.length, columns.end) - 1);
    return svg`
      ${columns.phone ? nothing : svg`<text class="end" x=${columns.left - 8} y=${y + height / 2 + 3}>${kind === 'shared' ? this.words.routing.shared : ''}</text>`}
      <rect class=${kind} x=${columns.left} y=${y} width=${here - columns.left} height=${height} />
      ${end > here ? svg`<rect class="${kind} future" x=${here} y=${y} width=${end - here} height=${height} />` : nothing}`;
  }

  /** What this layer keeps for each token up to the playhead. */
  #cacheStrip(columns: Columns, y: number): TemplateResult<2> {
    const { snapshot } = this;
    const words = this.words.routing;
    const name = columns.phone
      ? nothing
      : svg`<text class="end" x=${columns.left - 8} y=${y + 8}>${words.cache}</text>`;
    return svg`${name}${strip(columns, snapshot.model?.info.cache_values, snapshot.records.length, y)}
      ${
        snapshot.model && this.#here
          ? svg`<text class="grew" x=${columns.x(columns.at) + columns.width + 6} y=${y + 7}>${words.grew(
              snapshot.model.info.cache_values.latent * snapshot.model.info.cache_value_bytes,
            )}</text>`
          : nothing
      }`;
  }

  readonly #toggle = (event: Event): void => {
    this.twin = (event.currentTarget as HTMLDetailsElement).open;
  };

  /** A click on a column moves the playhead there, and chooses the layer. */
  readonly #choose = (event: MouseEvent): void => {
    const columns = columnsOf(this.snapshot, this.#width.value);
    const x = event.clientX - this.getBoundingClientRect().left;
    const position = columns.positionAt(x);
    this.ask({ do: 'layer', layer: this.layer });
    if (position !== undefined) this.ask({ do: 'seek', position });
  };
}
