// The menu of the views that open beside the roll.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import { loadAllViews } from './lazy-views';
import { VIEWS } from '../scope/fields';

export class Choose extends View {
  static override styles = [
    base,
    controls,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        line-height: 24px;
        color: var(--moe-ink2);
      }
      /* On a wide page the menu is beside the sentence, and the names need no label. */
      @media (min-width: 1440px) {
        nav > span {
          display: none;
        }
      }
      button.plain {
        margin: 0;
        padding: 0;
        line-height: 24px;
        color: var(--moe-ink);
      }
      button[aria-pressed='true'] {
        font-weight: 650;
        text-decoration-color: currentColor;
        text-decoration-thickness: 2px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const words = this.words.views;
    const { view } = this.snapshot.state;
    return html`
      <nav aria-label=${words.label} @pointerenter=${loadAllViews} @focusin=${loadAllViews}>
        <span aria-hidden="true">${words.label}</span>
        ${VIEWS.filter(each => each !== 'roll').map(
          each => html`
            <button
              class="plain"
              aria-pressed=${each === view}
              @click=${() => {
                this.ask({ do: 'view', view: each === view ? 'roll' : each });
              }}
            >
              ${words[each]}
            </button>
          `,
        )}
      </nav>
    `;
  }
}
