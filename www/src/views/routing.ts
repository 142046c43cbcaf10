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
import { chosenLayer, columnsOf, inSight, shapeOf } from './layout';
import { closed, HATCH, hatched, opened, playhead, strip } from './marks';
import type { Placed } from './routing-tables';
import { routingTables, tableStyle } from './routing-tables';
import { base, controls, marks } from './style';
import { View, Width } from './view';

/** Lower groups have no room for their range. */
const LEAST_TEXT = 12;

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
        contain: layout style;
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
        ${columns.phone ? nothing : svg`<text class="name" x="0" y="9">${words.layer(this.layer)}</text>`}
        ${this.#line(columns, DENSE.line, 4, 'dense')} ${this.strip ? this.#cacheStrip(columns, DENSE.strip) : nothing}
        ${playhead(columns, this.#here, height)}
      </svg>
    `;
  }

  #routed(stave: Rows): TemplateResult {
    const words = this.words.routing;
    const { snapshot, layer } = this;
    const columns = columnsOf(snapshot, this.#width.value);
    const height = stave.height + STAVE.height;
    const routes = inSight(columns).flatMap(position => {
      const route = routeAt(snapshot, position, layer);
      return route ? [{ position, route }] : [];
    });
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
        ${this.#gutter(columns, stave)} ${this.#lanes(columns, stave, routes.length)}
        ${repeat(
          routes,
          ({ position }) => position,
          ({ position, route }) => this.#column(columns, stave, position, route),
        )}
        ${this.#cuts(columns, stave, routes)}
        ${
          shapeOf(snapshot).n_shared_experts > 0
            ? this.#line(columns, stave.height + STAVE.shared, 2, 'shared')
            : nothing
        }
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

  /** The names left of the columns; a bar marks the chosen layer. */
  #gutter({ phone, left }: Columns, { groups, perGroup, groupHeight, height, top }: Rows): TemplateResult<2> {
    const words = this.words.routing;
    const shape = shapeOf(this.snapshot);
    const chosen = this.layer === chosenLayer(this.snapshot);
    const name = svg`
      ${chosen ? svg`<rect class="solid" x="-12" width="4" height=${height} />` : nothing}
      <text class="name" x="0" y="13">${words.layer(this.layer)}</text>
      <text x="0" y="31">${words.chosen(shape.num_experts_per_tok, shape.n_routed_experts)}</text>`;
    const range = (group: number): TemplateResult<2> => svg`
      <text class="end" x=${left - 8} y=${top(group) + groupHeight / 2 + 4}
        >${words.range(group * perGroup, (group + 1) * perGroup - 1)}</text>`;
    return svg`${phone ? nothing : name} ${groupHeight < LEAST_TEXT ? nothing : groups.map(range)}`;
  }

  /** Where the marks will stand: the groups of the tokens that were not run. */
  #lanes(columns: Columns, { groups, groupHeight, top }: Rows, ran: number): TemplateResult<2>[] {
    const from = ran === 0 ? columns.left : columns.endOf(columns.first + ran - 1);
    if (from >= columns.right) return [];
    return groups.map(
      group => svg`
        <rect class="fill" x=${from} y=${top(group)} width=${columns.right - from} height=${groupHeight} />`,
    );
  }

  /** One token's marks; drawn anew only when they change. */
  #column(columns: Columns, stave: Rows, position: number, route: Route): TemplateResult<2> {
    const when = position === columns.at ? 'here' : position > columns.at ? 'future' : 'past';
    return svg`
      <g class=${when} data-position=${position} transform="translate(${columns.x(position)} 0)">
        ${guard([route, columns.width, stave.pitch, when, this.language], () =>
          when === 'here' ? opened(route, stave, columns, this.words.routing) : closed(route, stave, columns.width),
        )}
      </g>`;
  }

  /** The cut groups of closed columns, in the stave's own coordinates so that hatching runs on across them. */
  #cuts(columns: Columns, stave: Rows, routes: readonly Placed[]): TemplateResult<2>[] {
    return routes
      .filter(({ position }) => position !== columns.at)
      .map(({ position, route }) => {
        const cut = stave.groups.filter(group => !route.kept_groups.includes(group));
        return svg`
          <g class=${position > columns.at ? 'future' : 'past'} data-cuts=${position}>
            ${cut.map(group => hatched(stave, group, columns.x(position) + 0.5, columns.width - 1, HATCH.closed))}
          </g>`;
      });
  }

  /** An unbroken line through every token that was run, paler after the playhead. */
  #line(columns: Columns, y: number, height: number, kind: 'shared' | 'dense'): TemplateResult<2> {
    const { left, right, phone } = columns;
    const name = svg`<text class="end" x=${left - 8} y=${y + height / 2 + 3}>${this.words.routing[kind]}</text>`;
    if (!this.#here) {
      return svg`${phone ? nothing : name}
        <rect class="fill" x=${left} y=${y} width=${right - left} height=${height} />`;
    }
    const here = columns.endOf(columns.at);
    const end = columns.endOf(Math.min(this.snapshot.records.length, columns.end) - 1);
    return svg`${phone ? nothing : name}
      <rect class=${kind} x=${left} y=${y} width=${here - left} height=${height} />
      ${end > here ? svg`<rect class="${kind} future" x=${here} y=${y} width=${end - here} height=${height} />` : nothing}`;
  }

  /** What this layer keeps for each token up to the playhead. */
  #cacheStrip(columns: Columns, y: number): TemplateResult<2> {
    const words = this.words.routing;
    const info = this.snapshot.model?.info;
    const name = svg`<text class="end" x=${columns.left - 8} y=${y + 8}>${words.cache}</text>`;
    const grew = info && words.grew(info.cache_values.latent * info.cache_value_bytes);
    const x = columns.x(columns.at) + columns.width + 6;
    return svg`${columns.phone ? nothing : name}
      ${strip(columns, info?.cache_values, this.snapshot.records.length, y)}
      ${this.#here ? svg`<text class="grew" x=${x} y=${y + 7}>${grew}</text>` : nothing}`;
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
