// Replaces the views while the state belongs to a model that is not loaded. Names this model, and has a button to open
// its files.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { loadProgress } from '../scope/select';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';

export class MissingModel extends View {
  static override styles = [
    base,
    controls,
    css`
      section {
        max-width: 640px;
        padding: 16px 0 24px;
        display: grid;
        gap: 12px;
        justify-items: start;
      }
      h1 {
        font-size: 20px;
        line-height: 28px;
        font-weight: 650;
      }
      p {
        font-size: 16px;
        line-height: 24px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { state } = this.snapshot;
    const progress = loadProgress(this.snapshot);
    const words = this.words.missingModel;
    // For the shipped model this is null: it needs no files from the user, and is loading or can be loaded again.
    const wanted = state.opened;
    return html`
      <section aria-labelledby="title">
        <h1 id="title">${wanted ? words.title(wanted) : this.words.loading.label}</h1>
        ${wanted ? html`<p role="alert">${words.sentence(wanted)}</p>` : nothing}
        ${progress ? html`<p role="status">${this.words.loading.amount(progress.loaded, progress.total)}</p>` : nothing}
        <moe-open .snapshot=${this.snapshot} .language=${this.language} .unfolded=${true}></moe-open>
        ${wanted || this.snapshot.fault ? this.#shipped(words.shipped) : nothing}
      </section>
    `;
  }

  #shipped(label: string): TemplateResult {
    return html`
      <button
        @click=${() => {
          const { state } = this.snapshot;
          // Appended tokens are removed, because their ids belong to the missing model.
          this.ask({ do: 'go', state: { ...state, opened: null, appended: [] }, complaints: [] });
        }}
      >
        ${label}
      </button>
    `;
  }
}
