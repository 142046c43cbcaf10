// The model's prediction after the playhead: the most probable tokens, and all others in one row, at temperature 1 and
// at the chosen temperature. A click appends a token. The view is a table, so it needs no separate data table.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { NextTokens } from '../../engine/types';
import {
  hasRoomAfter,
  isHidden,
  label,
  nextLabel,
  shownDistribution,
  shownPosition,
  shownRecord,
  tokenCount,
} from '../../scope/select';
import { quoted, tokenText } from '../../text/token';
import { guess, guessStyle } from '../shared/question';
import { stageNotice } from '../shared/stage-notice';
import { base, controls } from '../shared/style';
import { PictureView, Width } from '../shared/view';
import { nextStyle } from './next-token-style';
import { MOST_TEMPERATURE } from '../../scope/fields';

/** Number of rows that are reserved before the first record. */
const ROWS = 11;
const ROW = 32;
const BAR = 14;
/** Below this width, "in your text" is below its token. */
const NARROW = 420;

export class Next extends PictureView {
  static override styles = [base, controls, guessStyle, nextStyle];

  readonly #width = new Width(this);

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.next;
    const at = shownPosition(snapshot);
    const token = label(snapshot, at);
    const next = shownRecord(snapshot)?.next;
    const room = hasRoomAfter(snapshot, at);
    const count = tokenCount(snapshot);
    const hint = room ? (at + 1 < count ? words.hintMid : words.hintEnd) : words.full(count);
    return html`
      <section class=${this.#width.value < NARROW ? 'narrow' : ''} aria-label=${words.label}>
        <h2>${token.text === '' ? words.label : words.after(quoted(token))}</h2>
        ${
          isHidden(snapshot)
            ? guess(this.words.reveal.next(quoted(token)), this.words, intent => {
                this.ask(intent);
              })
            : html`<p class="hint">${next ? hint : nothing}</p>`
        }
        ${stageNotice(snapshot, this.words, intent => {
          this.ask(intent);
        })}
        ${next ? this.#table(next, at, room) : this.#blank()}
        <p class="actual">${next ? this.#actual(next.tokens, at) : nothing}</p>
        ${this.#temperature()}
      </section>
    `;
  }

  #table(next: NextTokens, at: number, room: boolean): TemplateResult {
    const { snapshot } = this;
    const words = this.words.next;
    const { temperature } = snapshot.state;
    const real = snapshot.text.tokens[at + 1];
    const other = shownDistribution(snapshot);
    return html`
      <table aria-label=${words.label}>
        ${this.#head()}
        <tbody>
          ${next.tokens.map((token, index) => {
            const rank = other?.next.tokens.indexOf(token) ?? -1;
            return this.#row(token, next.probabilities[index], other?.next.probabilities[rank], token === real, room);
          })}
          <tr class="others">
            <th scope="row">${words.others}</th>
            <td class="number" data-probability="1">${this.#percent(next.rest)}</td>
            <td class="number" data-probability=${temperature === 1 ? nothing : 'T'}>
              ${temperature === 1 ? nothing : this.#percent(other?.next.rest)}
            </td>
          </tr>
        </tbody>
      </table>
    `;
  }

  #head(): TemplateResult {
    const words = this.words.next;
    const { temperature } = this.snapshot.state;
    return html`
      <colgroup>
        <col class="token" />
        <col />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">${words.token}</th>
          <th scope="col" title=${words.probabilityMeans}>${words.probability}</th>
          ${
            temperature === 1
              ? html`<td class="same">${words.same}</td>`
              : html`<th scope="col" title=${words.atMeans(temperature)}>${words.at(temperature)}</th>`
          }
        </tr>
      </thead>
    `;
  }

  /** An empty table that reserves the table's space until there is a record. */
  #blank(): TemplateResult {
    const row = html`<tr>
      <td class="blank" colspan="3"></td>
    </tr>`;
    return html`<table aria-hidden="true">
      ${this.#head()}
      <tbody>
        ${Array.from({ length: ROWS }, () => row)}
      </tbody>
    </table>`;
  }

  #row(
    token: number,
    probability: number | undefined,
    atTemperature: number | undefined,
    real: boolean,
    room: boolean,
  ): TemplateResult {
    const words = this.words.next;
    const shown = nextLabel(this.snapshot, token);
    const { text, space } = tokenText(shown);
    const other = this.snapshot.state.temperature === 1 ? html`<td></td>` : this.#cell('T', atTemperature);
    return html`
      <tr data-token=${token} class=${real ? 'isReal' : ''}>
        <th scope="row">
          ${real ? html`<span class="real"></span>` : nothing}
          <button
            aria-disabled=${!room}
            aria-label=${words.append(quoted(shown), real)}
            @click=${() => {
              if (room) this.ask({ do: 'append', token });
            }}
          >
            ${space ? html`<span class="space"></span>` : nothing}<b dir="auto">${text}</b>
            ${real ? html`<span class="inText">${words.inText}</span>` : nothing}
          </button>
        </th>
        ${this.#cell('1', probability)} ${other}
      </tr>
    `;
  }

  /** A probability as a bar and a number; empty until the probability is known. */
  #cell(name: '1' | 'T', probability: number | undefined): TemplateResult {
    const width = `${(probability ?? 0) * 100}%`;
    return html`
      <td class="number" data-probability=${name}>
        <svg class="track" aria-hidden="true">
          ${svg`
          <line class="zero" y2=${ROW} />
          <rect y=${(ROW - BAR) / 2} width=${width} height=${BAR} />`}
        </svg>
        ${this.#percent(probability)}
      </td>
    `;
  }

  #percent(probability: number | undefined): string {
    return probability === undefined ? '' : this.words.f.percent(probability);
  }

  /** A sentence on the token that follows in the text, if that token is not in the table. */
  #actual(most: readonly number[], at: number): string {
    const { snapshot } = this;
    const real = snapshot.text.tokens[at + 1];
    const actual = shownDistribution(snapshot)?.actual;
    if (real === undefined || most.includes(real) || actual?.token !== real) return '';
    return this.words.next.actual(
      quoted(nextLabel(snapshot, real)),
      actual.probability,
      snapshot.state.temperature,
      actual.rank,
    );
  }

  /** The slider of the temperature. */
  #temperature(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.next;
    const { temperature } = snapshot.state;
    return html`
      <div class="choose">
        <label>
          ${words.temperature}
          <input
            type="range"
            min="0"
            max=${MOST_TEMPERATURE}
            step="0.1"
            .value=${String(temperature)}
            aria-describedby="temperature"
            @input=${(event: InputEvent) => {
              this.ask({ do: 'sample', temperature: (event.currentTarget as HTMLInputElement).valueAsNumber });
            }}
          />
          <span class="value" aria-hidden="true">${words.number(temperature)}</span>
        </label>
        <p class="description small" id="temperature">${words.temperatureDescription}</p>
      </div>
    `;
  }
}
