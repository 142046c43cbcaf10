// What the model expects to follow the playhead: the most probable tokens, and all others in one. A click goes on with
// a token. It is a table already, and needs no twin. May import: lit, view, style, scope (select), text.

import type { TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { hasRoomAfter, label, labelOf, length, shownPosition, shownRecord } from '../scope/select';
import { quoted, tokenText } from '../text/token';
import { base, controls } from './style';
import { View } from './view';

/** Rows that are reserved before the first record. */
const ROWS = 11;

export class Next extends View {
  static override styles = [
    base,
    controls,
    css`
      h2 {
        height: var(--head, 32px);
        font-size: 12px;
        line-height: 16px;
        padding: calc(var(--head, 32px) - 22px) 0 6px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      h2 b {
        font-weight: 650;
      }
      table {
        width: 100%;
        table-layout: fixed;
        border-collapse: separate;
        border-spacing: 0 2px;
      }
      td,
      th {
        padding: 0;
      }
      thead {
        line-height: 0;
      }
      tbody th {
        position: relative;
        height: 28px;
      }
      .percent {
        width: 72px;
      }
      td.number {
        padding-right: 8px;
        position: relative;
      }
      .track {
        position: absolute;
        inset: 0 -72px 0 0;
        display: block;
        width: calc(100% + 72px);
        height: 28px;
      }
      .track rect {
        fill: var(--moe-line);
      }
      .track .in {
        fill: var(--moe-ink);
      }
      button {
        position: relative;
        display: flex;
        align-items: center;
        gap: 0 4px;
        width: 100%;
        height: 28px;
        padding: 0 0 0 12px;
        border: 0;
        text-align: start;
        overflow: hidden;
      }
      button b {
        font-size: 13px;
        font-weight: 650;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      button:hover {
        background: none;
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      button[aria-disabled='true'],
      button[aria-disabled='true']:hover {
        color: inherit;
        text-decoration: none;
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      /* The sign for a space, drawn: fonts have it in all sizes. */
      .space {
        flex: none;
        align-self: flex-end;
        width: 6px;
        height: 4px;
        margin: 0 0 8px;
        border: solid var(--moe-edge);
        border-width: 0 1px 1px;
      }
      .inText {
        color: var(--moe-ink2);
        font-size: 11px;
        font-weight: 400;
      }
      .others th {
        padding-left: 12px;
        color: var(--moe-ink2);
        line-height: 28px;
      }
      .others td {
        color: var(--moe-ink2);
      }
      .blank {
        height: 28px;
        background: var(--moe-fill);
      }
      .hint {
        padding-top: 8px;
        min-height: 40px;
        color: var(--moe-ink2);
        font-size: 11px;
        line-height: 16px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.next;
    const record = shownRecord(snapshot);
    const at = shownPosition(snapshot);
    if (!record) {
      return html`<h2>${words.label}</h2>
        <table aria-hidden="true">
          <thead>
            <tr>
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${Array.from(
              { length: ROWS },
              () =>
                html`<tr>
                  <td class="blank"></td>
                </tr>`,
            )}
          </tbody>
        </table>
        <p class="hint"></p>`;
    }
    const real = snapshot.tokens[at + 1];
    const room = hasRoomAfter(snapshot, at);
    return html`
      <h2>${words.after(quoted(label(snapshot, at)))}</h2>
      <table aria-label=${words.label}>
        <colgroup>
          <col />
          <col class="percent" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col"><span class="hidden">${words.token}</span></th>
            <th scope="col"><span class="hidden">${words.probability}</span></th>
          </tr>
        </thead>
        <tbody>
          ${record.next.tokens.map((token, index) =>
            this.#row(token, record.next.probabilities[index] ?? NaN, token === real, room),
          )}
          <tr class="others">
            <th scope="row">${words.others}</th>
            <td class="number">${this.words.f.percent(record.next.rest)}</td>
          </tr>
        </tbody>
      </table>
      <p class="hint">
        ${room ? (at + 1 < length(snapshot) ? words.hintMid : words.hintEnd) : this.words.transport.full(length(snapshot))}
      </p>
    `;
  }

  #row(token: number, probability: number, real: boolean, room: boolean): TemplateResult {
    const words = this.words.next;
    const shown = labelOf(this.snapshot, token);
    const { text, space } = tokenText(shown);
    return html`
      <tr data-token=${token}>
        <th scope="row">
          <svg class="track" aria-hidden="true">
            <rect width="${probability * 100}%" height="28" />
            ${real ? svg`<rect class="in" width="4" height="28" />` : nothing}
          </svg>
          <button
            aria-disabled=${!room}
            aria-label=${words.append(quoted(shown))}
            @click=${() => {
              if (room) this.ask({ do: 'append', token });
            }}
          >
            ${space ? html`<span class="space"></span>` : nothing}<b dir="auto">${text}</b>
            ${real ? html`<span class="inText">${words.inText}</span>` : nothing}
          </button>
        </th>
        <td class="number">${this.words.f.percent(probability)}</td>
      </tr>
    `;
  }
}
