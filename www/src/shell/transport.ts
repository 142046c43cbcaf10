// Text box and playback controls: examples, previous and next token, one stage, play, run to the end, a scrubber, and the
// settings.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { mayGenerate, shownPosition, stageIndex, tokenCount } from '../scope/select';
import { stagesOf } from '../scope/stages';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import { isReplaced } from './replaced-text';

const GLYPHS = {
  previous: svg`<path d="M9 0v12L1 6z" />`,
  next: svg`<path d="M1 0v12l8-6z" />`,
  last: svg`<path d="M0 0v12l7-6zM8 0h2v12H8z" />`,
  play: svg`<path d="M1 0v12l9-6z" />`,
  pause: svg`<path d="M1 0h3v12H1zM6 0h3v12H6z" />`,
};

export class Transport extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    brief: { type: Boolean },
    named: { type: Boolean },
  };

  static override styles = [
    base,
    controls,
    css`
      .first,
      .second {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .second {
        display: var(--moe-scrubber, flex);
        gap: 4px 16px;
        min-height: 32px;
        color: var(--moe-ink2);
      }
      h1 {
        display: var(--moe-name, block);
        font-size: 16px;
        line-height: 18px;
        font-weight: 650;
      }
      h1 small {
        display: block;
        font-size: 12px;
        line-height: 14px;
        font-weight: 400;
        color: var(--moe-ink2);
      }
      /* One line high. With the focus, the text grows over the page, so that nothing below it moves. */
      .box {
        display: var(--moe-text, flex);
        position: relative;
        flex: 1 1 320px;
        min-width: 0;
        height: 36px;
        border: 1px solid var(--moe-edge);
        border-radius: 4px;
        background: var(--moe-bg);
      }
      /* The growing text leaves the examples free, so that one click on an example is enough while the text has focus. */
      .field {
        position: relative;
        flex: 1;
        min-width: 0;
        height: 34px;
      }
      textarea {
        display: block;
        width: 100%;
        height: 34px;
        padding: 7px 12px;
        border: 0;
        border-radius: 4px;
        resize: none;
        overflow: hidden;
        line-height: 20px;
        background: var(--moe-bg);
      }
      textarea:not(:focus) {
        white-space: pre;
        --moe-fade: #000 calc(100% - 32px), transparent calc(100% - 4px);
        mask-image: linear-gradient(to right, var(--moe-fade));
      }
      textarea:not(:focus):dir(rtl) {
        mask-image: linear-gradient(to left, var(--moe-fade));
      }
      textarea:focus {
        position: absolute;
        inset: 0 0 auto;
        z-index: 4;
        overflow: auto;
        field-sizing: content;
        height: 114px;
        min-height: 34px;
        max-height: calc(40vh / var(--moe-size, 1));
      }
      @supports (field-sizing: content) {
        textarea:focus {
          height: auto;
        }
      }
      .box:focus-within:has(textarea:focus) {
        z-index: 4;
      }
      textarea::placeholder {
        color: var(--moe-ink2);
      }
      .steps,
      .examples,
      .scrub {
        display: flex;
        gap: 4px;
        align-items: center;
      }
      .examples {
        gap: 4px 12px;
        padding: 0 12px 0 8px;
        color: var(--moe-ink2);
        white-space: nowrap;
      }
      .steps {
        display: var(--moe-controls, flex);
        gap: 8px;
      }
      .scrub {
        flex: 1 1 200px;
        gap: 12px;
        min-width: 160px;
      }
      .scrub input {
        flex: 1;
        min-width: 0;
      }
      .scrub .where {
        text-align: end;
        white-space: nowrap;
      }
      button svg {
        display: block;
        fill: currentColor;
      }
      .steps button {
        height: 36px;
        display: flex;
        align-items: center;
        gap: 8px;
      }
      button.icon {
        padding: 0 11px;
      }
      button.slow small {
        font-size: 12px;
        min-width: 38px;
        text-align: end;
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
      :host(.below-900) .first {
        flex-wrap: wrap;
      }
      :host(.below-900) .box {
        flex-basis: 100%;
      }
      :host(.below-600) {
        --moe-values: none;
      }
      :host(.below-600) .box {
        height: auto;
        flex-wrap: wrap;
      }
      :host(.below-600) .field {
        flex-basis: 100%;
        height: 44px;
      }
      :host(.below-600) textarea {
        font-size: 16px;
        height: 44px;
        padding: 11px 12px;
      }
      :host(.below-600) textarea:focus {
        min-height: 44px;
      }
      :host(.below-600) .examples {
        padding: 0 12px 4px;
        min-height: 32px;
      }
      :host(.below-600) .steps {
        position: var(--moe-bar, fixed);
        inset: auto 0 0;
        z-index: 5;
        gap: 4px;
        padding: 8px var(--moe-bar-side, 16px);
        background: var(--moe-bg);
        border-top: 1px solid var(--moe-line);
      }
      :host(.below-600) .steps button {
        height: 44px;
        min-width: 44px;
        padding: 0 8px;
        justify-content: center;
      }
      :host(.below-600) .steps .next {
        flex: 1;
      }
      :host(.below-600) :is(.play span, .slow small) {
        display: none;
      }
      :host(.below-400) .steps {
        gap: 2px;
        padding: 8px var(--moe-bar-side, 8px);
      }
      :host(.below-400) .steps button {
        padding: 0 6px;
      }
      :host(.below-400) .steps .next svg {
        display: none;
      }
    `,
  ];

  /** True for a view in another page: with the name, and without the examples and the settings of generation. */
  declare brief: boolean;
  /** True for a single view: “moescope” and a line about it stand before the text box. */
  declare named: boolean;

  constructor() {
    super();
    this.brief = false;
    this.named = false;
  }

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const { transport: words, name, language } = this.words;
    const context = snapshot.model.info.max_position_embeddings;
    return html`
      <div class="first">
        ${
          this.named
            ? html`<h1 lang=${language}>
                ${name}<small>${this.words.tagline(snapshot.model.info.parameters.total)}</small>
              </h1>`
            : nothing
        }
        <div class="box">
          <div class="field">
            <textarea
              rows="1"
              spellcheck="false"
              autocomplete="off"
              autocapitalize="off"
              dir="auto"
              aria-label=${words.text}
              title=${words.textKeys}
              placeholder=${this.brief ? words.placeholderBrief : words.placeholder}
              @input=${this.#type}
              @keydown=${this.#run}
            ></textarea>
          </div>
          ${this.brief ? nothing : this.#examples()}
        </div>
        ${this.#steps()}
      </div>
      <div class="second">
        ${this.#scrub()}
        <moe-settings .snapshot=${snapshot} .language=${this.language}></moe-settings>
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

  /** The text in the box: the written one, and the tokens that were added to it. */
  get #text(): string {
    const { state, text } = this.snapshot;
    return state.appended.length > 0 ? state.text + text.continuation : state.text;
  }

  /** A new text begins at its first token, like an example; an edit keeps the place. */
  readonly #type = (event: InputEvent): void => {
    const text = (event.currentTarget as HTMLTextAreaElement).value;
    const isNew = isReplaced(this.#text, text);
    this.ask(isNew ? { do: 'replace', text, position: 0 } : { do: 'type', text });
  };

  /** Enter runs the text; Shift+Enter makes a new line. */
  readonly #run = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    // Without the box's focus, the arrow keys step; in an element they need a focus inside it.
    this.renderRoot.querySelector<HTMLElement>('.play')?.focus();
    this.ask({ do: 'play', on: true });
  };

  #steps(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.transport;
    const at = shownPosition(snapshot);
    const count = tokenCount(snapshot);
    const more = at + 1 < count;
    const generates = !more && mayGenerate(snapshot);
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
        ${this.#slowly(more)}
        <button
          class="play"
          aria-label=${playing ? words.pause : words.play}
          aria-disabled=${count <= 1}
          @click=${() => {
            if (count > 1) this.ask({ do: 'play', on: !playing });
          }}
        >
          <svg width="10" height="12" aria-hidden="true">${playing ? GLYPHS.pause : GLYPHS.play}</svg>
          <span>${playing ? words.pause : words.play}</span>
        </button>
        ${this.#button(words.last, more, GLYPHS.last, () => {
          this.ask({ do: 'seek', position: count - 1 });
        })}
      </div>
    `;
  }

  /** Shows one more stage of the step; after the last stage, the first stage of the next token. */
  #slowly(more: boolean): TemplateResult {
    const { snapshot } = this;
    const words = this.words.transport;
    const stages = stagesOf(snapshot.model.info);
    const isDone = snapshot.state.stage === null;
    const stage = isDone ? stages.length : stageIndex(snapshot) + 1;
    const able = tokenCount(snapshot) > 0;
    return html`
      <button
        class="slow"
        aria-disabled=${!able}
        title=${words.slowlyMeans}
        @click=${() => {
          if (!able) return;
          if (isDone && more) this.ask({ do: 'step', by: 1 });
          this.ask({ do: 'stage', by: 1 });
        }}
      >
        ${words.slowly}<small>${words.stage(stage, stages.length)}</small>
      </button>
    `;
  }

  #examples(): TemplateResult {
    const { transport: words, examples } = this.words;
    return html`
      <div class="examples" role="group" aria-label=${words.examples}>
        ${examples.map(
          ({ name, text }) => html`
            <button
              class="plain"
              @click=${() => {
                this.ask({ do: 'replace', text, position: 0 });
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
      </div>
    `;
  }

  /** Sets the text box only if its text differs, because setting it resets the caret and the undo history. */
  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('snapshot')) return;
    // The slider drops a value above its old maximum, so the value is set again.
    const range = this.renderRoot.querySelector<HTMLInputElement>('input[type=range]');
    if (range) range.value = String(shownPosition(this.snapshot));
    const text = this.#text;
    const box = this.renderRoot.querySelector('textarea');
    if (!box || box.value === text) return;
    box.value = text;
    // Scroll to the appended tokens, at the end.
    if (this.snapshot.state.appended.length > 0) box.scrollTop = box.scrollHeight;
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
}
