// The cache: one column per token, area = values kept. The latent, in its two tones, is the strip along the top of the
// box that the expanded cache would fill, to one scale; below it, the bytes, read from the live buffers.
// May import: lit, view, geometry, layout, marks, style, scope (select), text.

import type { TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import type { CacheValues, ModelInfo, StepRecord } from '../engine/types';
import { shownRecord } from '../scope/select';
import type { Columns } from './geometry';
import { EXPANDED_HEIGHT } from './geometry';
import { columnsOf, inSight } from './layout';
import { playhead, strip } from './marks';
import { base, marks } from './style';
import { View, Width } from './view';

const TOP = 4;
const FOOT = 12;
const HEIGHT = TOP + EXPANDED_HEIGHT + FOOT;
/** Of the longest bar. */
const BAR = 240;

export class Cache extends View {
  static override styles = [
    base,
    marks,
    css`
      svg text.large {
        fill: var(--moe-ink);
        font-size: 24px;
        font-weight: 650;
      }
      svg text.say {
        font-size: 12px;
      }
      .figures {
        min-height: 136px;
        padding-top: 8px;
      }
      caption {
        padding-bottom: 4px;
        color: var(--moe-ink2);
      }
      th,
      td {
        padding-right: 24px;
        line-height: 24px;
        white-space: nowrap;
        vertical-align: top;
      }
      thead th {
        color: var(--moe-ink2);
        font-size: 11px;
        line-height: 16px;
      }
      td.number {
        text-align: end;
      }
      tbody th {
        font-weight: 400;
      }
      tr.kept th,
      tr.kept td {
        font-weight: 650;
      }
      .bar {
        padding: 8px 0;
        width: 240px;
      }
      .note {
        display: block;
        font-size: 11px;
        line-height: 12px;
        padding-bottom: 4px;
        color: var(--moe-ink2);
      }
      .outline {
        fill: none;
        stroke: var(--moe-expanded);
      }
      .dashed {
        stroke-dasharray: 2 2;
      }
      @media (max-width: 939px) {
        .bar {
          display: none;
        }
      }
      @media (max-width: 719px) {
        .figures {
          min-height: 176px;
        }
        @media (max-width: 359px) {
          .figures {
            min-height: 224px;
          }
        }
        .wide-only {
          display: none;
        }
        th,
        td {
          padding-right: 12px;
        }
        table {
          width: 100%;
        }
        th {
          white-space: normal;
        }
        td.number:last-child,
        th.number:last-child {
          padding-right: 0;
        }
      }
    `,
  ];

  readonly #width = new Width(this);

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const columns = columnsOf(snapshot, this.#width.value);
    const record = shownRecord(snapshot);
    const info = snapshot.model?.info;
    return html`
      <svg width=${this.#width.value} height=${HEIGHT} role="img" aria-label=${this.words.cache.picture}>
        ${record && info ? this.#picture(columns, record, info) : this.#blank(columns)}
      </svg>
      <div class="figures">${record && info ? this.#figures(record, info) : nothing}</div>
    `;
  }

  #blank(columns: Columns): TemplateResult<2> {
    return svg`${strip(columns, undefined, 0, TOP)}`;
  }

  #picture(columns: Columns, record: StepRecord, info: ModelInfo): TemplateResult<2> {
    const words = this.words.cache;
    const values = info.cache_values;
    const end = columns.x(columns.at) + columns.width;
    const foot = TOP + EXPANDED_HEIGHT;
    const ratio = words.times(record.cache.expanded / record.cache.latent);
    const kept = (values.latent * EXPANDED_HEIGHT) / values.expanded;
    const bytes = info.cache_value_bytes;
    return svg`
      ${inSight(columns)
        .filter(position => position < columns.at)
        .map(position => svg`<path class="line" d="M${columns.endOf(position)} ${TOP + 12}V${foot}" />`)}
      <path class="expanded" data-scheme="expanded"
        d="M${columns.left + 0.5} ${TOP + kept}V${foot - 0.5}H${end - 0.5}V${TOP + kept}" />
      ${strip(columns, values, this.snapshot.records.length, TOP)}
      ${this.#say(columns, info)}
      <text class="grew" x=${end + 6} y=${TOP + 7}>${this.words.routing.grew(values.latent * bytes)}</text>
      <text x=${end + 6} y=${foot - 4}>${words.not(values.expanded * bytes)}</text>
      ${
        columns.phone
          ? nothing
          : svg`
              <text class="end" x=${columns.left - 8} y=${TOP + 8}>${this.words.routing.cache}</text>
              <text class="large" x="0" y=${TOP + 44} data-ratio="expanded">${ratio}</text>
              <text x="0" y=${TOP + 62}>${words.smaller}</text>
              <text x="0" y=${TOP + 76}>${words.thanExpanded}</text>`
      }
      ${playhead(columns, true, foot)}
      <path class="solid" d="M${columns.x(columns.at) + columns.width / 2 - 5} ${foot + 11}l5-8 5 8z" />`;
  }

  /** What the box means, in the box or after the playhead, in as many words as there is room for. */
  #say(columns: Columns, info: ModelInfo): TemplateResult<2> | typeof nothing {
    const words = this.words.cache;
    const values = info.cache_values;
    const heads = info.num_attention_heads;
    const ways = [
      {
        width: 540,
        lines: [
          words.box(heads, values.expanded / heads, values.expanded),
          words.strip(values.c_kv, values.rope_key, values.latent),
        ],
      },
      { width: 160, lines: [words.boxShort(values.expanded), words.stripShort(values.latent)] },
    ];
    const places = [
      { x: columns.left, room: columns.x(columns.at) - columns.left },
      { x: columns.endOf(columns.at), room: columns.right - columns.endOf(columns.at) },
    ];
    for (const { width, lines } of ways) {
      const place = places.find(({ room }) => room > width + 8);
      if (!place) continue;
      return svg`
        <rect class="paper" x=${place.x + 4} y=${TOP + 24} width=${width} height="40" />
        ${lines.map((line, index) => {
          return svg`<text class="say" x=${place.x + 12} y=${TOP + 40 + 18 * index}>${line}</text>`;
        })}`;
    }
    return nothing;
  }

  /** Bytes, and bars to one scale: the longest is what the longest scheme holds at the end of the text. */
  #figures(record: StepRecord, info: ModelInfo): TemplateResult {
    const words = this.words.cache;
    const values = info.cache_values;
    const bytes = info.cache_value_bytes;
    const tokens = record.position + 1;
    const rows = [
      { name: words.latent, note: '', scheme: 'latent', values: values.latent, now: record.cache.latent },
      { name: words.expandedRow, note: '', scheme: 'expanded', values: values.expanded, now: record.cache.expanded },
      {
        name: words.plainMha,
        note: words.plainMhaNote,
        scheme: 'plain_mha',
        values: values.plain_mha,
        now: values.plain_mha * bytes * info.num_hidden_layers * tokens,
      },
    ];
    const most = Math.max(values.expanded, values.plain_mha) * bytes * info.num_hidden_layers;
    const last = Math.min(this.snapshot.tokens.length, info.max_position_embeddings);
    const scale = BAR / (most * last);
    return html`
      <table>
        <caption>
          ${words.caption(info.num_hidden_layers)}
        </caption>
        <thead>
          <tr>
            <th scope="col">${words.scheme}</th>
            <th scope="col" class="number wide-only">${words.perToken}</th>
            <th scope="col" class="number">${words.now}</th>
            <th scope="col" class="number">${words.ratio}</th>
            <td class="bar"></td>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            row => html`
              <tr class=${row.scheme === 'latent' ? 'kept' : ''} data-scheme=${row.scheme}>
                <th scope="row">${row.name}${row.note ? html`<span class="note">${row.note}</span>` : nothing}</th>
                <td class="number wide-only">${words.bytes(row.values * bytes)}</td>
                <td class="number">${words.bytes(row.now)}</td>
                <td class="number">${row.scheme === 'latent' ? '' : words.times(row.now / record.cache.latent)}</td>
                <td class="bar">${bar(row.scheme, row.now * scale, values)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}

/** Bytes as a bar: the latent in its two tones, what is not kept as an outline. */
function bar(scheme: string, width: number, values: CacheValues): TemplateResult {
  const cKv = (width * values.c_kv) / values.latent;
  const latent = svg`
    <rect class="ckv" width=${cKv} height="8" />
    <rect class="rope" x=${cKv} width=${width - cKv} height="8" />`;
  const outline = svg`
    <rect class=${scheme === 'plain_mha' ? 'outline dashed' : 'outline'} x="0.5" y="0.5"
      width=${Math.max(0, width - 1)} height="7" />`;
  return html`<svg width=${BAR} height="8" aria-hidden="true">${scheme === 'latent' ? latent : outline}</svg>`;
}
