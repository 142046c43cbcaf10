// The list of the built-in lessons, and the chooser of a lesson's file.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { css, html } from 'lit';
import { LESSONS } from '../lessons/catalogue';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import type { Lessons } from './lesson';

export class LessonList extends View {
  static override properties: PropertyDeclarations = { ...View.properties, lessons: { attribute: false } };

  static override styles = [
    base,
    controls,
    css`
      h2 {
        font-size: 16px;
        line-height: 24px;
        font-weight: 650;
      }
      ol {
        margin: 4px 0;
        padding: 0;
        list-style: none;
        columns: 320px 2;
        max-width: 760px;
      }
      li {
        display: flex;
        gap: 8px;
        align-items: baseline;
        padding: 4px 0;
        break-inside: avoid;
        color: var(--moe-ink2);
      }
      li span:last-child {
        margin-left: auto;
        padding-right: 24px;
        white-space: nowrap;
      }
      li button {
        color: var(--moe-ink);
        white-space: normal;
        text-align: start;
      }
      input {
        border: 0;
        padding: 4px 0;
        height: auto;
        max-width: 100%;
      }
    `,
  ];

  /** Opens the lessons. */
  declare lessons: Lessons;

  protected override render(): TemplateResult {
    const words = this.words.lessons;
    return html`
      <section aria-label=${words.label}>
        <h2>${words.label}</h2>
        <ol>
          ${LESSONS.map(
            ({ id, title, minutes }, index) =>
              html`<li>
                <span>${index + 1}</span>
                <button
                  class="plain"
                  @click=${() => {
                    this.lessons.open({ kind: 'built-in', id });
                  }}
                >
                  ${title}
                </button>
                <span>${words.minutes(minutes)}</span>
              </li>`,
          )}
        </ol>
        <details>
          <summary>${words.open}</summary>
          <p id="hint">${words.openHint}</p>
          <input type="file" accept=".md" aria-label=${words.file} aria-describedby="hint" @change=${this.#choose} />
        </details>
      </section>
    `;
  }

  /** Moves the focus to the first lesson. */
  focusFirst(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  readonly #choose = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.lessons.open({ kind: 'file', file });
    // Otherwise choosing the same file again fires no event.
    input.value = '';
  };
}
