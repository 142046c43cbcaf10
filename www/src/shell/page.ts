// The page: its layout, its focus when views open and close, the share dialog, and files dropped on the page.

import type { PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { isModelMissing, shownRunName } from '../scope/select';
import { isPlain } from '../scope/what-if';
import type { Roll } from '../views/roll/roll';
import { closeButton, closeButtonStyle } from '../views/shared/close-button';
import { base, controls } from '../views/shared/style';
import type { View } from '../views/shared/view';
import type { HeaderAction } from './header';
import { loadAllViews } from './lazy-views';
import type { LessonList } from './lesson-list';
import { handoutFoot, handoutHead, handoutStyle } from './print';
import type { Share } from './share/share';
import { Shell } from './shell';
import { pageZoom } from './size';
import { partsStyle } from './visible-parts';
import type { ViewId } from '../scope/fields';

/** Views that take the whole width, without the roll. */
const WIDE: readonly ViewId[] = ['models'];
/** Least width at which a view opens beside the roll instead of below it, px. */
const BESIDE = 1100;
/** Height of the parts above the picture on a wide page with the legend, px. */
const AROUND = 252;

export class Page extends Shell {
  override readonly firstView = 'start';

  /** Address of the page "About". */
  about = 'about.html';

  static override styles = [
    base,
    controls,
    closeButtonStyle,
    handoutStyle,
    partsStyle,
    css`
      :host {
        zoom: var(--moe-size, 1);
        padding: 8px var(--moe-margin) 24px;
        min-width: 272px;
      }
      moe-status,
      moe-legend,
      moe-choose {
        padding-top: 4px;
      }
      .beside {
        display: grid;
        grid-template-columns: minmax(0, 1fr) clamp(464px, 30%, 600px);
        gap: 24px;
        align-items: start;
      }
      /* The picture and the cost of a change stay in view while a long panel scrolls. */
      moe-change-bar {
        position: sticky;
        top: 0;
        z-index: 3;
        background: var(--moe-bg);
      }
      @media screen {
        .beside moe-roll {
          position: sticky;
          top: 8px;
        }
        .changed .beside moe-roll {
          top: 56px;
        }
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
      :host(.below-600) {
        padding-bottom: 84px;
      }
    `,
  ];

  protected override get zoom(): number {
    return pageZoom(super.zoom, innerWidth);
  }

  protected override render(): TemplateResult {
    const { snapshot, words, language, layout } = this;
    if (isModelMissing(snapshot)) return html`<main>${this.missingModel()}</main>`;
    const { view } = snapshot.state;
    const isWide = WIDE.includes(view);
    const beside = view !== 'roll' && !isWide && this.width >= BESIDE;
    const tabs = html`<moe-choose .snapshot=${snapshot} .language=${language}></moe-choose>`;
    const isAbove = this.width >= BESIDE || isWide;
    const roll = html`
      <moe-roll
        .snapshot=${snapshot}
        .language=${language}
        .height=${this.room - AROUND}
        @moving=${this.onMoving}
      ></moe-roll>
    `;
    return html`
      <moe-header
        class=${layout}
        .snapshot=${snapshot}
        .language=${language}
        .aboutPage=${this.about}
        @act=${this.#act}
      ></moe-header>
      <main class=${isPlain(snapshot.state.whatIf) ? '' : 'changed'}>
        ${handoutHead(snapshot, words)}
        <moe-transport class=${layout} .snapshot=${snapshot} .language=${language}></moe-transport>
        <moe-status class=${layout} .snapshot=${snapshot} .language=${language} .moving=${this.moving}></moe-status>
        <moe-change-bar .snapshot=${snapshot} .language=${language}></moe-change-bar>
        ${isAbove ? tabs : nothing}
        ${
          isWide || (view === 'start' && shownRunName(snapshot) === 'plain')
            ? nothing
            : html`<moe-legend
                .snapshot=${snapshot}
                .language=${language}
                .changeOnly=${view === 'start'}
              ></moe-legend>`
        }
        <div class=${beside ? 'beside' : ''}>
          ${isWide ? nothing : roll} ${isAbove ? nothing : tabs}
          ${
            view === 'roll'
              ? nothing
              : html`
                  <div class="detail">
                    ${closeButton(words.close, () => {
                      this.ask({ do: 'view', view: 'roll' });
                    })}
                    ${view === 'start' ? this.#start() : this.viewOf(view)}
                  </div>
                `
          }
        </div>
        ${handoutFoot(snapshot, this.home)}
      </main>
      ${this.lessonBar()}
      <moe-share class=${layout} .snapshot=${snapshot} .language=${language} .shell=${this}></moe-share>
    `;
  }

  /** The panel of a first visit, with the list of lessons in it. */
  #start(): TemplateResult {
    const { snapshot, language } = this;
    return html`
      <moe-start .snapshot=${snapshot} .language=${language}>
        <moe-lessons slot="lessons" .snapshot=${snapshot} .language=${language} .lessons=${this.lessons}></moe-lessons>
      </moe-start>
    `;
  }

  readonly #act = ({ detail: action }: CustomEvent<HeaderAction>): void => {
    if (action === 'share') void this.#share();
    else if (action === 'lessons') void this.#showLessons();
    else print();
  };

  /** Opens the panel with the list of lessons, and moves the focus to the list. */
  async #showLessons(): Promise<void> {
    this.ask({ do: 'view', view: 'start' });
    await this.settled.catch(() => undefined);
    this.renderRoot.querySelector<LessonList>('moe-lessons')?.focusFirst();
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
    document.addEventListener('keydown', this.#pressOutside);
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

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#pressOutside);
  }

  /** A key while no element has the focus: on load, and after a click on the picture. */
  readonly #pressOutside = (event: KeyboardEvent): void => {
    if (event.target !== document.body) return;
    if (event.key === 'Escape' && this.snapshot.state.view !== 'roll') this.ask({ do: 'view', view: 'roll' });
    else this.onKey(event);
  };

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
