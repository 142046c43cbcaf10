// The tabs of the views that open beside the roll, in groups.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import type { ViewId } from '../scope/fields';
import type { Words } from '../text/words';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import { loadAllViews } from './lazy-views';

type Tab = Exclude<ViewId, 'roll'>;

/** The tabs of each group; the first group has no name. */
const GROUPS: readonly (readonly [group: keyof Words['viewGroups'] | null, tabs: readonly Tab[]])[] = [
  [null, ['start']],
  ['step', ['router', 'flow', 'next']],
  ['memory', ['attention', 'cache', 'cachelab']],
  ['experts', ['grid', 'whatif']],
  ['beyond', ['models']],
];

export class Choose extends View {
  static override styles = [
    base,
    controls,
    css`
      nav,
      .group {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        line-height: 24px;
        color: var(--moe-ink2);
      }
      nav {
        gap: 0 20px;
        border-bottom: 1px solid var(--moe-line);
        padding-bottom: 3px;
      }
      .group {
        gap: 0 8px;
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
    const { views, viewGroups } = this.words;
    return html`
      <nav aria-label=${views.label} @pointerenter=${loadAllViews} @focusin=${loadAllViews}>
        ${GROUPS.map(([group, tabs]) => {
          const name = group === null ? views.label : viewGroups[group];
          return html`
            <div class="group" role="group" aria-label=${name}>
              ${group === null ? nothing : html`<span aria-hidden="true">${name}</span>`}
              ${tabs.map(tab => this.#tab(tab))}
            </div>
          `;
        })}
      </nav>
    `;
  }

  /** A second press on the tab of the open view closes the view. */
  #tab(tab: Tab): TemplateResult {
    const isOpen = this.snapshot.state.view === tab;
    return html`
      <button
        class="plain"
        aria-pressed=${isOpen}
        @click=${() => {
          this.ask({ do: 'view', view: isOpen ? 'roll' : tab });
        }}
      >
        ${this.words.views[tab]}
      </button>
    `;
  }
}
