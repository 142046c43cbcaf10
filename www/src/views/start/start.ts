// The panel of a first visit: what the picture shows, the lessons (in its slot), and experiments to try.

import type { PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { nextLabel } from '../../scope/select';
import { quoted } from '../../text/token';
import { termed, Terms, termStyle } from '../shared/glossary';
import { base, controls, marks } from '../shared/style';
import { View } from '../shared/view';
import type { Experiment } from './experiments';
import { effectOf, EXPERIMENTS, fits, isShown, stateOf } from './experiments';

/** The marks of the roll that the paragraphs explain; a model without a router has only those of its memory. */
const MARKS = {
  experts: svg`<circle class="note" cx="7" cy="6" r="5.5" />`,
  scores: svg`<rect class="score" width="14" height="9" y="2" />`,
  memory: svg`<rect class="ckv" y="2" width="14" height="5" /><rect class="rope" y="7" width="14" height="3" />`,
} as const;

export class Start extends View {
  static override styles = [
    base,
    controls,
    marks,
    termStyle,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        max-width: 720px;
      }
      h2 {
        font-size: 16px;
        line-height: 24px;
        font-weight: 650;
        padding-right: 36px;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 8px;
      }
      .marks li {
        display: grid;
        grid-template-columns: 14px 1fr;
        gap: 12px;
      }
      .marks svg {
        margin-top: 4px;
      }
      .marks b {
        font-weight: 650;
      }
      .experiments {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .experiments button[aria-pressed='true'] {
        border-color: var(--moe-ink);
        box-shadow: inset 0 0 0 1px var(--moe-ink);
        font-weight: 650;
      }
      .look button {
        height: auto;
        white-space: normal;
        text-align: start;
      }
      /* The button that closes the panel is right of the first lines. */
      .look {
        padding: 0 36px 0 12px;
        border-left: 4px solid var(--moe-note);
        display: grid;
        gap: 4px;
      }
    `,
  ];

  /** The experiment that was clicked and is not shown yet. */
  #sought: Experiment['id'] | null = null;

  constructor() {
    super();
    new Terms(this, () => this.words);
  }

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.start;
    const { info } = snapshot.model;
    const isDense = info.first_k_dense_replace >= info.num_hidden_layers;
    const parts = (Object.keys(MARKS) as (keyof typeof MARKS)[]).filter(part => !isDense || part === 'memory');
    const experiments = EXPERIMENTS.filter(each => fits(each, snapshot.model));
    const shown = experiments.find(each => isShown(each, snapshot, this.words.examples));
    return html`
      <section aria-label=${words.label}>
        ${shown ? this.#look(shown) : nothing}
        <h2>${words.title}</h2>
        <ul class="marks">
          ${parts.map(
            part => html`
              <li>
                <svg width="14" height="12" aria-hidden="true">${MARKS[part]}</svg>
                <p><b>${words[part].name}</b> ${termed(words[part].text(info))}</p>
              </li>
            `,
          )}
        </ul>
        <p class="meaning small" aria-live="polite"></p>
        <slot name="lessons"></slot>
        ${
          experiments.length === 0
            ? nothing
            : html`
                <h2>${words.try}</h2>
                <div class="experiments">${experiments.map(each => this.#button(each, each === shown))}</div>
                <p class="quiet">${words.hint}</p>
              `
        }
      </section>
    `;
  }

  #button(experiment: Experiment, isShown: boolean): TemplateResult {
    return html`
      <button
        aria-pressed=${isShown}
        @click=${() => {
          this.#sought = experiment.id;
          this.ask({ do: 'go', state: stateOf(experiment, this.snapshot.state, this.words.examples), complaints: [] });
        }}
      >
        ${this.words.start.experiments[experiment.id].name}
      </button>
    `;
  }

  /** Scrolls to the sentence of a clicked experiment, if it is out of sight. */
  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const look = this.renderRoot.querySelector<HTMLElement>('.look');
    if (look?.dataset.experiment !== this.#sought) return;
    this.#sought = null;
    look.scrollIntoView({ block: 'nearest' });
  }

  /** What to look at, and what the change did to this text. */
  #look({ id }: Experiment): TemplateResult {
    const { snapshot } = this;
    const words = this.words.start;
    const effect = effectOf(snapshot);
    return html`
      <div class="look" data-experiment=${id}>
        <p><b>${words.experiments[id].name}.</b> ${words.experiments[id].look}</p>
        <p aria-live="polite">
          ${
            effect
              ? html`${words.cost(effect.cost, effect.error)}
                ${words.next(quoted(nextLabel(snapshot, effect.token)), effect.plain, effect.changed)}`
              : words.running
          }
        </p>
        <p>
          <button
            class="plain"
            @click=${() => {
              this.ask({ do: 'view', view: 'whatif' });
            }}
          >
            ${words.more}
          </button>
        </p>
      </div>
    `;
  }
}
