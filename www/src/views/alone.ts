// One view alone, for a frame: a title, the text and the way through it, one sentence, the view. May import: lit, the
// views, handout, shell, style.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import { handoutFoot, handoutHead, handoutStyle } from './handout';
import { Shell } from './shell';
import { base } from './style';

/** What stands above and below the picture. */
const AROUND = 128;

export class Alone extends Shell {
  static override styles = [
    base,
    handoutStyle,
    css`
      :host {
        padding: 8px var(--moe-margin) 16px;
        min-width: 288px;
      }
      .view {
        padding-top: 8px;
      }
      @media (max-width: 599px) {
        :host {
          padding-bottom: 76px;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { snapshot, language } = this;
    const { view } = snapshot.state;
    return html`
      <main>
        ${handoutHead(snapshot, this.words)}
        <moe-transport .snapshot=${snapshot} .language=${language} .brief=${view !== 'next'}></moe-transport>
        <moe-status .snapshot=${snapshot} .language=${language}></moe-status>
        ${view === 'roll' ? html`<moe-legend .snapshot=${snapshot} .language=${language}></moe-legend>` : ''}
        <div class="view">
          ${
            view === 'roll'
              ? html`<moe-roll .snapshot=${snapshot} .language=${language} .height=${this.room - AROUND}></moe-roll>`
              : this.viewOf(view)
          }
        </div>
        ${handoutFoot(snapshot)}
      </main>
    `;
  }
}
