// The page: its layout, its focus when views open and close, the share dialog, and files dropped on the page.

import type { PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { isModelMissing } from '../scope/select';
import type { Roll } from '../views/roll/roll';
import { closeButton, closeButtonStyle } from '../views/shared/close-button';
import { base, controls } from '../views/shared/style';
import type { View } from '../views/shared/view';
import { loadAllViews } from './lazy-views';
import { handoutFoot, handoutHead, handoutStyle } from './print';
import type { Share } from './share/share';
import { Shell } from './shell';
import { partsStyle } from './visible-parts';
import { THEMES } from '../scope/fields';
import type { ViewId } from '../scope/fields';

/** Least width at which a view opens beside the roll instead of below it, px. */
const BESIDE = 1100;
/** Height of the parts above and below the picture on a wide page, px. */
const AROUND = 164;

export class Page extends Shell {
  static override styles = [
    base,
    controls,
    closeButtonStyle,
    handoutStyle,
    partsStyle,
    css`
      :host {
        padding: 8px var(--moe-margin) 24px;
        min-width: 288px;
      }
      .headline {
        position: relative;
        padding-top: 4px;
      }
      /* On a wide page the menu is beside the sentence; while a model loads, the progress takes its place. */
      @media (min-width: 1440px) {
        moe-status {
          margin-right: 512px;
          --moe-progress: -512px;
        }
        moe-choose {
          position: absolute;
          top: 4px;
          right: 0;
        }
        moe-choose.later {
          visibility: hidden;
        }
      }
      moe-legend {
        padding: 4px 0 0;
      }
      .beside {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 464px;
        gap: 24px;
        align-items: start;
      }
      .detail {
        --moe-corner: 36px;
        scroll-margin-top: 8px;
        position: relative;
        padding-top: 8px;
      }
      .close {
        position: absolute;
        top: 8px;
        right: 0;
        z-index: 1;
      }
      footer {
        margin-top: 24px;
        padding-top: 16px;
        border-top: 1px solid var(--moe-line);
        display: grid;
        gap: 8px;
        color: var(--moe-ink2);
      }
      footer p {
        max-width: 720px;
      }
      footer .more {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 24px;
      }
      footer label {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      footer moe-open {
        color: var(--moe-ink);
      }
      a {
        color: inherit;
        text-underline-offset: 3px;
      }
      @media (max-width: 599px) {
        main {
          display: flex;
          flex-direction: column;
        }
        .headline {
          display: contents;
        }
        moe-choose,
        moe-legend,
        .handout.link {
          order: 1;
          padding: 12px 0 0;
        }
        :host {
          padding-bottom: 84px;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const { view } = snapshot.state;
    const beside = view !== 'roll' && this.width >= BESIDE;
    if (isModelMissing(snapshot)) return html`<main>${this.missingModel()}</main>`;
    return html`
      <main>
        ${handoutHead(snapshot, words)}
        <moe-transport .snapshot=${snapshot} .language=${this.language}></moe-transport>
        <div class="headline">
          <moe-status .snapshot=${snapshot} .language=${this.language}></moe-status>
          <moe-choose
            class=${snapshot.progress ? 'later' : ''}
            .snapshot=${snapshot}
            .language=${this.language}
          ></moe-choose>
        </div>
        <moe-change-bar .snapshot=${snapshot} .language=${this.language}></moe-change-bar>
        <moe-legend .snapshot=${snapshot} .language=${this.language}></moe-legend>
        <div class=${beside ? 'beside' : ''}>
          <moe-roll .snapshot=${snapshot} .language=${this.language} .height=${this.room - AROUND}></moe-roll>
          ${
            view === 'roll'
              ? nothing
              : html`
                  <div class="detail">
                    ${closeButton(words.close, () => {
                      this.ask({ do: 'view', view: 'roll' });
                    })}
                    ${this.viewOf(view)}
                  </div>
                `
          }
        </div>
        ${handoutFoot(snapshot, this.home)}
      </main>
      <footer>
        <p>
          ${words.about.promise} ${words.about.model(snapshot.model.info)}
          <a href="model/MODEL_CARD.md">${words.about.card}</a>
        </p>
        <moe-lessons .snapshot=${snapshot} .language=${this.language} .lessons=${this.lessons}></moe-lessons>
        <moe-open .snapshot=${snapshot} .language=${this.language}></moe-open>
        <label>
          <input
            type="checkbox"
            .checked=${snapshot.state.reveal === 'click'}
            @change=${(event: Event) => {
              const { checked } = event.currentTarget as HTMLInputElement;
              this.ask({ do: 'guess', reveal: checked ? 'click' : 'always' });
            }}
          />
          ${words.reveal.label}
        </label>
        <p class="more">
          <button class="plain" aria-haspopup="dialog" @click=${this.#share}>${words.share}</button>
          <button
            class="plain"
            @click=${() => {
              print();
            }}
          >
            ${words.print}
          </button>
        </p>
        <label>
          ${words.theme.label}
          <select
            @change=${(event: Event) => {
              const theme = THEMES[(event.currentTarget as HTMLSelectElement).selectedIndex];
              if (theme) this.ask({ do: 'theme', theme });
            }}
          >
            ${THEMES.map(theme => html`<option .selected=${theme === snapshot.state.theme}>${words.theme[theme]}</option>`)}
          </select>
        </label>
      </footer>
      ${this.lessonBar()}
      <moe-share .snapshot=${snapshot} .language=${this.language} .shell=${this}></moe-share>
    `;
  }

  /** Loads the share dialog on first use, and opens it. */
  readonly #share = async (): Promise<Share | null> => {
    try {
      const { Share } = await import('./share/share');
      if (!customElements.get('moe-share')) customElements.define('moe-share', Share);
    } catch {
      const fault = { kind: 'view', message: '', during: 'run', recovered: true } as const;
      this.scope.store.tell({ news: 'fault', fault });
      return null;
    }
    const share = this.renderRoot.querySelector<Share>('moe-share');
    await share?.open();
    return share;
  };

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { view } = this.snapshot.state;
    if (view !== this.#view && this.#view !== undefined) this.#opened(view);
    this.#view = view;
  }

  /** Scrolls to a view that opens below the roll. After Enter, the view gets the focus; after Escape, the roll does. */
  #opened(view: ViewId): void {
    const detail = this.renderRoot.querySelector('.detail');
    if (detail && this.width < BESIDE) detail.scrollIntoView({ block: 'start' });
    const entered = this.#pressed === 'Enter';
    const left = this.#pressed === 'Escape';
    this.#pressed = '';
    if (view !== 'roll' && entered) {
      const inside = detail?.querySelector<View>(':scope > :not(.close)');
      void inside?.updateComplete.then(() => {
        inside.renderRoot.querySelector<HTMLElement>('[tabindex="0"], tbody button')?.focus();
      });
    }
    if (view === 'roll' && left) this.renderRoot.querySelector<Roll>('moe-roll')?.focusExperts();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#press, { capture: true });
    this.addEventListener('dragover', event => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    });
    this.addEventListener('drop', event => {
      void this.#dropped(event);
    });
    this.addEventListener('pointerdown', () => {
      this.#pressed = '';
    });
    // After the first key or click, the user is likely to open another view.
    for (const kind of ['keydown', 'pointerdown']) this.addEventListener(kind, loadAllViews, { once: true });
  }

  /** Opens a session file or a lesson file that was dropped on the page. */
  async #dropped(event: DragEvent): Promise<void> {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    if (/\.(?:md|markdown)$/iu.test(file.name)) {
      this.lessons.open({ kind: 'file', file });
      return;
    }
    const share = await this.#share();
    await share?.take(file);
  }

  readonly #press = (event: KeyboardEvent): void => {
    this.#pressed = event.key;
    const inDetail = event.composedPath().some(each => each instanceof Element && each.classList.contains('detail'));
    if (event.key !== 'Escape' || !inDetail) return;
    event.preventDefault();
    this.ask({ do: 'view', view: 'roll' });
  };

  #view: ViewId | undefined;
  /** The last pressed key. */
  #pressed = '';
}
