// The text and the way through it: a text box with examples, previous and next token, run to the end, and one more
// token from the model. May import: lit, view, style, scope (select), text.

import type { PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { hasRoomAfter, length, running, shownPosition } from '../scope/select';
import { base, controls } from './style';
import { View } from './view';

export class Transport extends View {
  static override styles = [
    base,
    controls,
    css`
      .first,
      .second {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: 8px 12px;
      }
      .second {
        align-items: center;
        padding-top: 8px;
        color: var(--moe-ink2);
      }
      .second button {
        color: var(--moe-ink);
      }
      h1 {
        font-size: 16px;
        line-height: 32px;
        font-weight: 650;
      }
      textarea {
        flex: 1 1 320px;
        min-width: 0;
        height: 32px;
        field-sizing: content;
        min-height: 32px;
        max-height: 72px;
        padding: 5px 12px;
        resize: none;
        line-height: 20px;
      }
      @supports (field-sizing: content) {
        textarea {
          height: auto;
        }
      }
      textarea::placeholder {
        color: var(--moe-ink2);
      }
      .steps,
      .examples,
      .generate {
        display: flex;
        gap: 4px;
        align-items: center;
      }
      .examples {
        gap: 4px 12px;
        flex-wrap: wrap;
      }
      .generate {
        gap: 8px;
        margin-left: auto;
      }
      .generate label {
        display: flex;
        align-items: center;
        gap: 4px;
        color: var(--moe-ink2);
      }
      .generate input {
        width: 60px;
        color: var(--moe-ink);
      }
      button svg {
        display: block;
        fill: currentColor;
      }
      button.icon {
        padding: 0 9px;
      }
      button.next {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .beyond {
        padding-top: 8px;
        color: var(--moe-ink2);
      }
      .beyond blockquote {
        margin: 4px 0 0;
        max-height: 64px;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      @media (max-width: 599px) {
        textarea {
          flex-basis: 100%;
          order: 1;
          font-size: 16px;
          min-height: 44px;
          padding: 11px 12px;
        }
        .steps {
          flex: 1 1 100%;
          order: 2;
        }
        .steps button {
          height: 44px;
          min-width: 44px;
          justify-content: center;
        }
        .steps .next {
          flex: 1;
        }
        .generate {
          margin-left: 0;
          flex-wrap: wrap;
          gap: 6px;
        }
        .generate button {
          padding: 0 6px;
        }
        .generate input {
          width: 44px;
          padding: 0 4px;
        }
        .plain {
          padding: 4px 0;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const { name, transport: words, examples, language } = this.words;
    const at = shownPosition(snapshot);
    const count = length(snapshot);
    const up = count > 0;
    const more = up && at + 1 < count;
    const room = up && hasRoomAfter(snapshot, snapshot.tokens.length - 1);
    const context = snapshot.model?.info.max_position_embeddings ?? 0;
    return html`
      <div class="first">
        <h1 lang=${language}>${name}</h1>
        <textarea
          rows="1"
          spellcheck="false"
          autocomplete="off"
          autocapitalize="off"
          dir="auto"
          aria-label=${words.text}
          placeholder=${words.placeholder}
          @input=${(event: InputEvent) => {
            this.ask({ do: 'type', text: (event.currentTarget as HTMLTextAreaElement).value });
          }}
        ></textarea>
        <div class="steps">
          ${this.#button(
            'icon',
            words.previous,
            up && at > 0,
            () => {
              this.ask({ do: 'step', by: -1 });
            },
            svg`<path d="M9 0v12L1 6z" />`,
          )}
          <button
            class="strong next"
            aria-disabled=${!more}
            @click=${() => {
              if (more) this.ask({ do: 'step', by: 1 });
            }}
          >
            ${words.next}
            <svg width="10" height="12" aria-hidden="true"><path d="M1 0v12l8-6z" /></svg>
          </button>
          ${this.#button(
            'icon',
            words.last,
            more && !running(snapshot),
            () => {
              this.ask({ do: 'seek', position: count - 1 });
            },
            svg`<path d="M0 0v12l7-6zM8 0h2v12H8z" />`,
          )}
        </div>
      </div>
      <div class="second">
        <div class="examples">
          <span>${words.examples}</span>
          ${examples.map(
            example => html`
              <button
                class="plain"
                @click=${() => {
                  this.ask({ do: 'example', text: example.text, position: example.position });
                }}
              >
                ${example.name}
              </button>
            `,
          )}
        </div>
        <div class="generate">
          <button
            aria-disabled=${!room}
            @click=${() => {
              if (room) this.ask({ do: 'generate' });
            }}
          >
            ${words.generate}
          </button>
          ${this.#number(words.temperature, snapshot.state.temperature, 0.1, 2, temperature => {
            this.ask({ do: 'sample', temperature });
          })}
          ${this.#number(words.seed, snapshot.state.seed, 1, 4294967295, seed => {
            this.ask({ do: 'sample', seed: Math.floor(seed) });
          })}
        </div>
      </div>
      ${
        snapshot.beyond === ''
          ? nothing
          : html`<div class="beyond">
              <p>${words.beyond(context)}</p>
              <blockquote dir="auto" tabindex="0">${snapshot.beyond}</blockquote>
            </div>`
      }
    `;
  }

  /** The box is written to only when it says something else: its caret and its undo are the person's. */
  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('snapshot')) return;
    const { state, continuation } = this.snapshot;
    const text = state.appended.length > 0 ? state.text + continuation : state.text;
    const box = this.renderRoot.querySelector('textarea');
    if (!box || box.value === text) return;
    box.value = text;
    box.scrollTop = box.scrollHeight;
  }

  #button(kind: string, name: string, able: boolean, press: () => void, glyph: TemplateResult<2>): TemplateResult {
    return html`
      <button
        class=${kind}
        aria-label=${name}
        title=${name}
        aria-disabled=${!able}
        @click=${() => {
          if (able) press();
        }}
      >
        <svg width="10" height="12" aria-hidden="true">${glyph}</svg>
      </button>
    `;
  }

  #number(name: string, value: number, step: number, most: number, change: (value: number) => void): TemplateResult {
    return html`
      <label
        >${name}
        <input
          type="number"
          min="0"
          max=${most}
          step=${step}
          .value=${String(value)}
          @change=${(event: Event) => {
            const input = event.currentTarget as HTMLInputElement;
            const wanted = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : value;
            const clamped = Math.min(most, Math.max(0, wanted));
            input.value = String(clamped);
            change(clamped);
          }}
        />
      </label>
    `;
  }
}
