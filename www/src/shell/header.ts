// The page's header: name, subtitle, and the parts that belong to no view: lessons, quiz, share, and a menu.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { css, html } from 'lit';
import type { ViewId } from '../scope/fields';
import { THEMES } from '../scope/fields';
import { hasModel } from '../scope/select';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import { PopUp, popUpStyle } from './pop-up';
import { sizesWith } from './size';

/** Views that do not show a step with a question. */
const WITHOUT_QUESTION: readonly ViewId[] = ['start', 'models'];

/** What the page does for a button of the header. */
export type HeaderAction = 'lessons' | 'share' | 'print';

export class Header extends View {
  static override properties: PropertyDeclarations = { ...View.properties, aboutPage: { attribute: false } };

  /** Address of the page "About". */
  declare aboutPage: string;

  constructor() {
    super();
    this.aboutPage = '';
  }

  static override styles = [
    base,
    controls,
    popUpStyle,
    css`
      header {
        display: flex;
        align-items: center;
        gap: 0 16px;
        min-height: 32px;
        padding-bottom: 8px;
      }
      h1 {
        font-size: 18px;
        line-height: 24px;
        font-weight: 650;
      }
      .subtitle {
        flex: 1;
        font-size: 12px;
        line-height: 16px;
        color: var(--moe-ink2);
      }
      nav {
        display: flex;
        margin-left: auto;
        align-items: center;
        gap: 16px;
      }
      button[aria-pressed='true'] {
        font-weight: 650;
        text-decoration-color: currentColor;
        text-decoration-thickness: 2px;
      }
      summary.dots {
        width: 36px;
        height: 32px;
        border: 1px solid var(--moe-edge);
        border-radius: 4px;
        display: grid;
        place-items: center;
      }
      summary.dots:hover {
        background: var(--moe-fill);
      }
      .dots svg {
        fill: currentColor;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      a {
        color: inherit;
        text-underline-offset: 3px;
      }
      .about {
        padding-top: 12px;
        border-top: 1px solid var(--moe-line);
        display: grid;
        gap: 4px;
      }
      :host(.below-600) :is(header, nav) {
        gap: 4px 12px;
      }
      :host(.below-900) header {
        flex-wrap: wrap;
        justify-content: space-between;
      }
      :host(.below-900) .subtitle {
        order: 1;
        flex-basis: 100%;
        line-height: 18px;
      }
    `,
  ];

  readonly #menu = new PopUp(this, 'details');

  protected override render(): TemplateResult {
    const { header: words, name, language, about } = this.words;
    const { state, model } = this.snapshot;
    const isQuiz = state.reveal === 'click';
    const sizes = sizesWith(state.size);
    return html`
      <header>
        <h1 lang=${language}>${name}</h1>
        <p class="subtitle">${words.subtitle}</p>
        <nav aria-label=${words.label}>
          <button class="plain" title=${words.lessonsMeans} @click=${this.#act('lessons')}>${words.lessons}</button>
          <button
            class="plain"
            aria-pressed=${isQuiz}
            title=${words.quizMeans}
            @click=${() => {
              this.ask({ do: 'guess', reveal: isQuiz ? 'always' : 'click' });
              // Neither view has a question.
              if (!isQuiz && WITHOUT_QUESTION.includes(state.view)) this.ask({ do: 'view', view: 'router' });
            }}
          >
            ${words.quiz}
          </button>
          <button class="plain" aria-haspopup="dialog" title=${this.words.share} @click=${this.#act('share')}>
            ${words.share}
          </button>
          <details class="pop-up">
            <summary class="dots" aria-label=${words.menu} title=${words.menu}>
              <svg width="16" height="4" aria-hidden="true">
                <circle cx="2" cy="2" r="1.6" />
                <circle cx="8" cy="2" r="1.6" />
                <circle cx="14" cy="2" r="1.6" />
              </svg>
            </summary>
            <div class="content">
              <label>
                ${this.words.theme.label}
                <select
                  @change=${(event: Event) => {
                    const theme = THEMES[(event.currentTarget as HTMLSelectElement).selectedIndex];
                    if (theme) this.ask({ do: 'theme', theme });
                  }}
                >
                  ${THEMES.map(theme => html`<option .selected=${theme === state.theme}>${this.words.theme[theme]}</option>`)}
                </select>
              </label>
              <label>
                ${this.words.size.label}
                <select
                  @change=${(event: Event) => {
                    const size = sizes[(event.currentTarget as HTMLSelectElement).selectedIndex];
                    if (size !== undefined) this.ask({ do: 'size', size });
                  }}
                >
                  ${sizes.map(size => html`<option .selected=${size === state.size}>${this.words.size.percent(size)}</option>`)}
                </select>
              </label>
              <moe-open .snapshot=${this.snapshot} .language=${this.language}></moe-open>
              <p><button class="plain" @click=${this.#act('print')}>${this.words.print}</button></p>
              <div class="about">
                <p>${about.promise}</p>
                <p>${about.model(model.info)}</p>
                <p><a href=${this.aboutPage}>${about.card}</a></p>
              </div>
            </div>
          </details>
        </nav>
      </header>
    `;
  }

  /** Closes the menu when the model that was opened in it is shown. */
  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('snapshot');
    if (before && hasModel(before) && before.model !== this.snapshot.model) this.#menu.close();
  }

  #act(action: HeaderAction): () => void {
    return () => {
      this.#menu.close();
      this.dispatchEvent(new CustomEvent<HeaderAction>('act', { detail: action }));
    };
  }
}
