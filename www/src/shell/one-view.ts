// A single view, for a frame or `<moe-scope>`: title, text box and controls, one sentence, the view.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { isModelMissing } from '../scope/select';
import { base, controls } from '../views/shared/style';
import { handoutFoot, handoutHead, handoutStyle } from './print';
import { Shell } from './shell';
import { partsStyle } from './visible-parts';
import type { ViewId } from '../scope/fields';

/** Height of the parts above and below the picture, px. */
const AROUND = 128;
/** Maximum height in a frame, px. Without it, a frame that follows its content's height would grow without end. */
const FRAMED = 640;

/** Resets the styles that the element inherits from the page around it, except the four with `inherit`. */
const reset = css`
  :host {
    all: initial;
    direction: ltr;
    color-scheme: inherit;
    pointer-events: inherit;
    print-color-adjust: inherit;
    visibility: inherit;
  }
`;

export class Alone extends Shell {
  static override styles = [
    reset,
    base,
    controls,
    handoutStyle,
    partsStyle,
    css`
      :host {
        zoom: var(--moe-size, 1);
        padding: 8px var(--moe-margin) 16px;
        min-width: 272px;
      }
      .view {
        padding-top: 8px;
      }
      :host(.below-600) {
        padding-bottom: 76px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { snapshot, language, layout } = this;
    const { view } = snapshot.state;
    if (isModelMissing(snapshot)) return html`<main>${this.missingModel()}</main>`;
    return html`
      <main>
        ${handoutHead(snapshot, this.words)}
        <moe-transport
          class=${layout}
          .snapshot=${snapshot}
          .language=${language}
          .brief=${true}
          .named=${true}
        ></moe-transport>
        <moe-status
          class=${layout}
          .snapshot=${snapshot}
          .language=${language}
          .ticks=${view === 'roll'}
          .moving=${this.moving}
        ></moe-status>
        <moe-change-bar .snapshot=${snapshot} .language=${language}></moe-change-bar>
        ${view === 'roll' ? html`<moe-legend .snapshot=${snapshot} .language=${language}></moe-legend>` : ''}
        ${this.#back(view)}
        <div class="view">
          ${
            view === 'roll'
              ? html`<moe-roll
                  .snapshot=${snapshot}
                  .language=${language}
                  .height=${this.room - AROUND}
                  @moving=${this.onMoving}
                ></moe-roll>`
              : this.viewOf(view)
          }
        </div>
        ${handoutFoot(snapshot, this.home)}
      </main>
      ${this.lessonBar()}
    `;
  }

  protected override get room(): number {
    return window.parent === window ? super.room : Math.min(super.room, FRAMED);
  }

  /** The button back to the frame's first view. */
  #back(view: ViewId): TemplateResult | typeof nothing {
    const first = (this.#first ??= view);
    if (view === first) return nothing;
    return html`
      <button
        class="plain back"
        @click=${() => {
          this.ask({ do: 'view', view: first });
        }}
      >
        ${this.words.back(this.words.views[first])}
      </button>
    `;
  }

  /** The view that was shown first. */
  #first: ViewId | undefined;
}
