// Text box and playback controls: examples, previous and next token, play and speed, a scrubber, and a button that
// generates a token.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { clamp } from '../scope/clamp';
import { hasModel, hasRoomAfter, shownPosition, tokenCount } from '../scope/select';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import { MOST_SEED, MOST_TEMPERATURE, SPEEDS } from '../scope/fields';
import type { Speed } from '../scope/fields';

const GLYPHS = {
  previous: svg`<path d="M9 0v12L1 6z" />`,
  next: svg`<path d="M1 0v12l8-6z" />`,
  last: svg`<path d="M0 0v12l7-6zM8 0h2v12H8z" />`,
  play: svg`<path d="M1 0v12l9-6z" />`,
  pause: svg`<path d="M1 0h3v12H1zM6 0h3v12H6z" />`,
};

export class Transport extends View {
  static override properties: PropertyDeclarations = { ...View.properties, brief: { type: Boolean } };

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
        display: var(--moe-scrubber, flex);
        align-items: center;
        padding-top: 8px;
        color: var(--moe-ink2);
      }
      .second button {
        color: var(--moe-ink);
      }
      h1 {
        display: var(--moe-name, block);
        font-size: 16px;
        line-height: 18px;
        font-weight: 650;
      }
      h1 small {
        display: block;
        font-size: 11px;
        line-height: 14px;
        font-weight: 400;
        color: var(--moe-ink2);
      }
      textarea {
        display: var(--moe-text, block);
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
      .scrub,
      .generate {
        display: flex;
        gap: 4px;
        align-items: center;
      }
      .examples {
        gap: 4px 12px;
        flex-wrap: wrap;
      }
      .steps {
        display: var(--moe-controls, flex);
      }
      .scrub {
        flex: 1 1 200px;
        gap: 8px;
        min-width: 160px;
      }
      .scrub input {
        flex: 1;
        min-width: 0;
      }
      .scrub .where {
        min-width: 64px;
        text-align: end;
        white-space: nowrap;
      }
      .generate {
        gap: 8px;
      }
      label {
        display: flex;
        align-items: center;
        gap: 4px;
        color: var(--moe-ink2);
      }
      .generate input {
        width: 56px;
        padding: 0 0 0 8px;
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
          position: var(--moe-bar, fixed);
          inset: auto 0 0;
          z-index: 5;
          padding: 8px 16px;
          background: var(--moe-bg);
          border-top: 1px solid var(--moe-line);
        }
        .steps button {
          height: 44px;
          min-width: 44px;
          justify-content: center;
        }
        .steps .next {
          flex: 1;
        }
        .scrub {
          flex-basis: 100%;
        }
        .generate {
          flex-wrap: wrap;
          gap: 4px;
        }
        .generate button {
          padding: 0 4px;
        }
        .generate input {
          width: 36px;
          padding: 0 2px;
          appearance: textfield;
        }
        .generate input::-webkit-inner-spin-button {
          display: none;
        }
        .plain {
          padding: 4px 0;
        }
      }
    `,
  ];

  /** True to leave out the examples and the controls that generate a token. */
  declare brief: boolean;

  constructor() {
    super();
    this.brief = false;
  }

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const { transport: words, name, language } = this.words;
    const context = snapshot.model.info.max_position_embeddings;
    return html`
      <div class="first">
        <h1 lang=${language}>${name}<small>${this.words.tagline(snapshot.model.info.parameters.total)}</small></h1>
        <textarea
          rows="1"
          spellcheck="false"
          autocomplete="off"
          autocapitalize="off"
          dir="auto"
          aria-label=${words.text}
          placeholder=${this.brief ? words.placeholderBrief : words.placeholder}
          @input=${(event: InputEvent) => {
            this.ask({ do: 'type', text: (event.currentTarget as HTMLTextAreaElement).value });
          }}
        ></textarea>
        ${this.#steps()}
      </div>
      <div class="second">
        ${this.brief ? nothing : this.#examples()} ${this.#scrub()} ${this.brief ? nothing : this.#generate()}
      </div>
      ${
        snapshot.text.beyond === ''
          ? nothing
          : html`<div class="beyond">
              <p>${words.beyond(context)}</p>
              <blockquote dir="auto" tabindex="0">${snapshot.text.beyond}</blockquote>
            </div>`
      }
    `;
  }

  /** True if the model can append a token to the text. */
  get #mayGenerate(): boolean {
    const { snapshot } = this;
    const { length } = snapshot.text.tokens;
    return hasModel(snapshot) && length > 0 && hasRoomAfter(snapshot, length - 1);
  }

  #steps(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.transport;
    const at = shownPosition(snapshot);
    const count = tokenCount(snapshot);
    const more = at + 1 < count;
    const generates = !more && this.#mayGenerate;
    const { playing } = snapshot;
    return html`
      <div class="steps" role="group" aria-label=${words.label}>
        ${this.#button(words.previous, count > 0 && at > 0, GLYPHS.previous, () => {
          this.ask({ do: 'step', by: -1 });
        })}
        <button
          class="strong next"
          aria-disabled=${!more && !generates}
          title=${generates ? words.nextGenerates : nothing}
          @click=${() => {
            if (more) this.ask({ do: 'step', by: 1 });
            else if (generates) this.ask({ do: 'generate' });
          }}
        >
          ${words.next}
          <svg width="10" height="12" aria-hidden="true">${GLYPHS.next}</svg>
        </button>
        ${this.#button(playing ? words.pause : words.play, count > 1, playing ? GLYPHS.pause : GLYPHS.play, () => {
          this.ask({ do: 'play', on: !playing });
        })}
        ${this.#button(words.last, more, GLYPHS.last, () => {
          this.ask({ do: 'seek', position: count - 1 });
        })}
      </div>
    `;
  }

  #examples(): TemplateResult {
    const { transport: words, examples } = this.words;
    return html`
      <div class="examples">
        <span>${words.examples}</span>
        ${examples.map(
          ({ name, text, position }) => html`
            <button
              class="plain"
              @click=${() => {
                this.ask({ do: 'example', text, position });
              }}
            >
              ${name}
            </button>
          `,
        )}
      </div>
    `;
  }

  #scrub(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.transport;
    const at = shownPosition(snapshot);
    const count = tokenCount(snapshot);
    const where = count > 0 ? words.where(at, count) : '';
    return html`
      <div class="scrub">
        <input
          type="range"
          min="0"
          max=${Math.max(0, count - 1)}
          step="1"
          aria-label=${words.scrubber}
          aria-valuetext=${where}
          .value=${String(at)}
          @input=${(event: Event) => {
            this.ask({ do: 'seek', position: (event.currentTarget as HTMLInputElement).valueAsNumber });
          }}
        />
        <span class="where" aria-hidden="true">${where}</span>
        <label>
          ${words.speed}
          <select
            @change=${(event: Event) => {
              const speed = SPEEDS[(event.currentTarget as HTMLSelectElement).selectedIndex];
              if (speed !== undefined) this.ask({ do: 'speed', speed });
            }}
          >
            ${SPEEDS.map((speed: Speed) => html`<option .selected=${speed === snapshot.state.speed}>${words.times(speed)}</option>`)}
          </select>
        </label>
      </div>
    `;
  }

  #generate(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.transport;
    const room = this.#mayGenerate;
    return html`
      <div class="generate">
        <button
          aria-disabled=${!room}
          @click=${() => {
            if (room) this.ask({ do: 'generate' });
          }}
        >
          ${words.generate}
        </button>
        ${this.#number(words.temperature, snapshot.state.temperature, 0.1, MOST_TEMPERATURE, temperature => {
          this.ask({ do: 'sample', temperature });
        })}
        ${this.#number(words.seed, snapshot.state.seed, 1, MOST_SEED, seed => {
          this.ask({ do: 'sample', seed });
        })}
      </div>
    `;
  }

  /** Sets the text box only if its text differs, because setting it resets the caret and the undo history. */
  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('snapshot')) return;
    // The slider drops a value above its old maximum, so the value is set again.
    const range = this.renderRoot.querySelector<HTMLInputElement>('input[type=range]');
    if (range) range.value = String(shownPosition(this.snapshot));
    const { state, text: known } = this.snapshot;
    const text = state.appended.length > 0 ? state.text + known.continuation : state.text;
    const box = this.renderRoot.querySelector('textarea');
    if (!box || box.value === text) return;
    box.value = text;
    // Scroll to the appended tokens, at the end.
    if (state.appended.length > 0) box.scrollTop = box.scrollHeight;
  }

  #button(name: string, able: boolean, glyph: TemplateResult<2>, press: () => void): TemplateResult {
    return html`
      <button
        class="icon"
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
            const clamped = clamp(step === 1 ? Math.floor(wanted) : wanted, 0, most);
            input.value = String(clamped);
            change(clamped);
          }}
        />
      </label>
    `;
  }
}
