// The visible tokens above their columns; the playhead's token is inverted and shows its position. A list box with one
// tab stop: a click or an arrow key moves the playhead.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { label, tokenCount } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import type { TokenLabel } from '../../scope/token-label';
import { quoted, tokenText } from '../../text/token';
import type { Columns } from '../shared/geometry';
import { inSight } from '../shared/layout';
import { base, controls } from '../shared/style';
import { View } from '../shared/view';

/** From this number of tokens, the playhead's label shows the position without the total, to leave room. */
const CROWDED = 100;

export class Tokens extends View {
  static override properties: PropertyDeclarations = { ...View.properties, columns: { attribute: false } };

  static override styles = [
    base,
    controls,
    css`
      :host {
        background: var(--moe-bg);
      }
      .row {
        position: relative;
        height: 32px;
        cursor: pointer;
      }
      .row.down {
        height: 64px;
      }
      .row:focus-visible {
        outline-offset: -2px;
      }
      .gutter {
        position: absolute;
        left: 0;
        bottom: 0;
        font-weight: 650;
        font-size: 12px;
        line-height: 16px;
        padding-bottom: 6px;
      }
      .token {
        position: absolute;
        bottom: 0;
        font-size: 12px;
        line-height: 16px;
        padding: 0 2px 6px;
        text-align: center;
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
        color: var(--moe-ink2);
      }
      .token.past {
        color: var(--moe-ink);
      }
      .token.special {
        font-size: 12px;
      }
      .down .token:not(.here) {
        writing-mode: vertical-rl;
        transform: rotate(180deg);
        height: 64px;
        padding: 6px 0 0;
        text-align: start;
      }
      /* A line below the labels joins the pieces of one word. */
      .token.piece::before,
      .token.continued::after {
        content: '';
        position: absolute;
        left: 0;
        right: 50%;
        bottom: 2px;
        border-bottom: 1px solid var(--moe-edge);
      }
      .token.continued::after {
        left: 50%;
        right: 0;
      }
      .down .token::before,
      .down .token::after,
      .token.here::before,
      .token.here::after {
        content: none;
      }
      .token.here {
        display: flex;
        gap: 8px;
        justify-content: space-between;
        padding: 2px 8px;
        line-height: 20px;
        text-align: start;
        background: var(--moe-ink);
        color: var(--moe-bg);
      }
      .here b {
        font-size: 14px;
        font-weight: 650;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .here span {
        font-size: 12px;
      }
    `,
  ];

  declare columns: Columns;

  /** The left edge and width that were set last for each label. */
  readonly #places = new WeakMap<HTMLElement, string>();

  /** The playhead's label; the roll animates it together with the opened column. */
  get tab(): Element | null {
    return this.renderRoot.querySelector('.here');
  }

  protected override render(): TemplateResult {
    const { snapshot, words, columns } = this;
    const there = snapshot.text.tokens.length > 0;
    const count = tokenCount(snapshot);
    return html`
      <div
        class=${columns.across ? 'row' : 'row down'}
        role="listbox"
        aria-orientation="horizontal"
        aria-label=${words.tokens.label}
        aria-activedescendant=${there ? `token-${columns.at}` : nothing}
        tabindex="0"
      >
        <span class="gutter" role="presentation"
          >${
            columns.phone
              ? words.routing.layer(chosenLayer(snapshot))
              : columns.end - columns.first < count
                ? words.tokens.window(columns.first, columns.end, count)
                : nothing
          }</span
        >
        ${
          there
            ? repeat(
                inSight(columns),
                position => position,
                position => {
                  const shown = label(snapshot, position);
                  const [before, after] = [label(snapshot, position - 1), label(snapshot, position + 1)];
                  const here = position === columns.at;
                  const when = position < columns.at ? 'past' : here ? 'here' : 'future';
                  const parts = [snapshot.text.tokens[position], shown.text, shown.characters, before.text, after.text];
                  return guard([...parts, when, here ? count : 0], () => {
                    const { text } = tokenText(shown);
                    const name = shown.isBytes ? quoted(shown) : text;
                    const classes = [
                      'token',
                      when,
                      joined(before, shown) ? 'piece' : '',
                      joined(shown, after) ? 'continued' : '',
                      isSpecial(shown) ? 'special' : '',
                    ];
                    return html`<span
                      id="token-${position}"
                      class=${classes.join(' ')}
                      role="option"
                      data-token=${snapshot.text.tokens[position] ?? nothing}
                      aria-selected=${here}
                      aria-label=${here ? words.tokens.atPlayhead(name, position, count) : nothing}
                      title=${name}
                      dir="auto"
                      @click=${() => {
                        this.ask({ do: 'seek', position });
                      }}
                      >${here ? html`<b>${text}</b> ${this.#where(position, count)}` : text}</span
                    >`;
                  });
                },
              )
            : nothing
        }
      </div>
    `;
  }

  #where(position: number, count: number): TemplateResult {
    const { where, of } = this.words.tokens;
    return html`<span>${where(position)}<span ?hidden=${count >= CROWDED}>${of(count)}</span></span>`;
  }

  /**
   * Places the labels by script, because a strict content security policy forbids style attributes. Most steps move
   * only two labels, so labels that do not move are skipped.
   */
  protected override updated(): void {
    const { columns } = this;
    this.renderRoot.querySelectorAll<HTMLElement>('.token').forEach((token, index) => {
      const position = columns.first + index;
      const left = columns.x(position);
      const place = `${left} ${columns.endOf(position) - left}`;
      if (this.#places.get(token) === place) return;
      this.#places.set(token, place);
      token.style.left = `${left}px`;
      token.style.width = `${columns.endOf(position) - left}px`;
      // The line height centres a rotated label in its column.
      token.style.lineHeight = columns.across || position === columns.at ? '' : `${columns.width}px`;
    });
  }
}

/** True if two neighbouring tokens are pieces of one word: a letter or digit follows a letter or digit. */
function joined(before: TokenLabel, after: TokenLabel): boolean {
  const [ends, starts] = [/[\p{L}\p{M}\p{N}_]$/u, /^[\p{L}\p{M}\p{N}_]/u];
  return ends.test(before.text) && starts.test(after.text) && !isSpecial(before) && !isSpecial(after);
}

/** True if a token looks like a control token such as `<|bos|>`. */
function isSpecial({ text }: TokenLabel): boolean {
  return /^<.+>$/u.test(text);
}
