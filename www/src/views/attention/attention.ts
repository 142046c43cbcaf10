// The attention view: which tokens each head of a layer reads for the shown token. All heads are drawn small, and the
// selected head large. Below the selected head: how far the results from the latent and the expanded cache differ.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { pointIn } from '../../measure/zoom';
import { clamp } from '../../scope/clamp';
import { isHidden, label, shownHead, shownPosition, shownRun } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import { quoted } from '../../text/token';
import { dataTableStyle } from '../shared/data-table';
import { DetailView } from '../shared/detail-view';
import { prose } from '../shared/glossary';
import { heading } from '../shared/heading';
import { chipStyle, HoverList, hoverListStyle, rowsBy } from '../shared/hover-list';
import { labelStyle } from '../shared/labels';
import { guess, guessStyle } from '../shared/question';
import { stageNotice } from '../shared/stage-notice';
import { attentionStyle } from './attention-style';
import { dataTable } from './data-table';
import { optionId, options, squares } from './matrix';
import type { Plan } from './plan';
import { planOf } from './plan';
import { key, MOST_ROWS, ranking, sentence } from './ranking';
import { differencesOf, weightsOf } from './weights';

const NARROW = 420;
/** From this view width in px, the selected head is beside the picture of all heads. */
const BESIDE = 960;
/** Maximum width in px of the selected head. */
const LARGE = 480;
const GAP = 48;
/** Width in px of the text columns beside a bar. */
const NUMBERS = 244;
/** Minimum and maximum length of a bar, in px. */
const BAR = { least: 48, most: 240 };
/** Height in px of one row of the selected head. */
const ROW = 20;
/** Height in px of the space above these rows. */
const ABOVE = 44;

/** The cell under the pointer. */
interface Target {
  readonly position: number;
  readonly head: number;
}

export class Attention extends DetailView {
  static override styles = [
    DetailView.styles,
    guessStyle,
    labelStyle,
    hoverListStyle,
    chipStyle,
    attentionStyle,
    dataTableStyle,
  ];

  #plan: Plan | undefined;
  /** The list box over the picture; each row is one head. */
  readonly #list = new HoverList<Target>(this, {
    targetAt: (x, y) => {
      const [head, position] = [this.#plan?.headAt(y), this.#plan?.positionAt(x)];
      return head === undefined || position === undefined ? null : { head, position };
    },
    boxOf: ({ position, head }) => {
      const plan = this.#plan;
      return plan ? { x: plan.x(position), y: plan.y(head), width: plan.column, height: plan.pitch } : null;
    },
    width: () => this.#plan?.width ?? 0,
  });

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const layer = chosenLayer(snapshot);
    const width = this.width.value;
    const beside = width >= BESIDE;
    const plan = planOf(snapshot, layer, beside ? width - LARGE - GAP : width);
    this.#plan = plan;
    const token = label(snapshot, shownPosition(snapshot));
    return html`
      <section class=${width < NARROW ? 'narrow' : ''} aria-label=${words.attention.label}>
        ${heading(words.attention.title(token.text === '' ? null : quoted(token), layer), snapshot, words, this.asks)}
        ${prose(words.attention.prose(plan.heads, snapshot.model.blank.length > 0))}
        ${stageNotice(snapshot, words, this.asks)} ${this.#count(plan)}
        ${isHidden(snapshot) ? this.#guess(layer) : nothing}
        <div class="parts ${beside ? 'beside' : ''}">
          ${this.#picture(plan)} ${this.#one(layer, beside ? LARGE : Math.min(LARGE, width))}
        </div>
        ${this.dataTable('weights', words.attention.numbers(layer), () =>
          dataTable(snapshot, layer, shownHead(snapshot), words),
        )}
      </section>
    `;
  }

  /** Reserves height for all rows of the selected head, so that nothing below moves while rows are added. */
  protected override updated(): void {
    const rows = Math.min(MOST_ROWS, this.#plan?.count ?? 0);
    this.renderRoot.querySelector<HTMLElement>('.rows')?.style.setProperty('--rows', `${ABOVE + rows * ROW}px`);
  }

  /** The number of tokens so far and, if not all tokens fit, the range in sight. */
  #count({ at, count, end, first, heads }: Plan): TemplateResult {
    const words = this.words.attention;
    return html`<p class="count">
      ${shownRun(this.snapshot).records.length > 0 ? words.soFar(at + 1, heads) : nothing}
      ${end - first < count ? words.window(first, end, count) : nothing}
    </p>`;
  }

  #guess(layer: number): TemplateResult {
    const { snapshot } = this;
    const token = quoted(label(snapshot, shownPosition(snapshot)));
    return guess(this.words.attention.question(token, layer, shownHead(snapshot)), this.words, this.asks);
  }

  #picture(plan: Plan): TemplateResult {
    const { snapshot } = this;
    const head = shownHead(snapshot);
    const { state, model, text, revealed } = snapshot;
    const { records, detail } = shownRun(snapshot);
    const parts = [records, state, model, text.tokens, revealed, detail, plan.width, this.width.value, this.language];
    return html`
      <div class="picture" @click=${this.#click} @pointermove=${this.#list.point} @pointerleave=${this.#list.leave}>
        <svg
          class="squares"
          width=${plan.width}
          height=${plan.height}
          aria-hidden="true"
          data-columns="${plan.first} ${plan.end}"
          data-left=${plan.left}
          data-top=${plan.top}
          data-pitch=${plan.pitch}
          data-column=${plan.column}
        >
          ${guard(parts, () => squares(snapshot, plan, head, this.words))}
        </svg>
        <svg
          class="list"
          width=${plan.width}
          height=${plan.height}
          role="listbox"
          tabindex="0"
          aria-label=${this.words.attention.heads}
          aria-activedescendant=${optionId(head)}
          @keydown=${this.#key}
        >
          ${guard(parts, () => options(snapshot, plan, head, this.words))}
          ${this.#weight(plan) === undefined ? nothing : this.#list.ring()}
        </svg>
        ${this.#chip(plan)}
      </div>
    `;
  }

  /** The weight in the cell under the mouse. */
  #weight({ layer }: Plan): number | undefined {
    const { hovered } = this.#list;
    return hovered ? weightsOf(this.snapshot, layer, hovered.head)?.read[hovered.position] : undefined;
  }

  #chip(plan: Plan): TemplateResult | typeof nothing {
    const { hovered } = this.#list;
    const weight = this.#weight(plan);
    if (!hovered || weight === undefined) return nothing;
    const { position, head } = hovered;
    const token = quoted(label(this.snapshot, position));
    return this.#list.chip(this.words.attention.chip(token, position, head, weight));
  }

  /** The selected head: a sentence, its largest weights as bars, and the difference between the caches. */
  #one(layer: number, width: number): TemplateResult {
    const { snapshot, words } = this;
    const head = shownHead(snapshot);
    const weights = weightsOf(snapshot, layer, head);
    const most = differencesOf(snapshot, layer);
    const bar = clamp(width - NUMBERS, BAR.least, BAR.most);
    const count = weights?.read.length ?? 0;
    return html`
      <div class="one" data-shown=${head}>
        <p class="result">${weights ? sentence(snapshot, head, weights, words) : nothing}</p>
        <div class="rows">${ranking(snapshot, head, weights, bar, words)}</div>
        <p class="best small">${count > MOST_ROWS ? words.attention.best(MOST_ROWS, count) : nothing}</p>
        ${key(words)}
        <p
          class="same"
          data-term="expanded"
          data-weights=${most?.weights ?? nothing}
          data-outputs=${most?.outputs ?? nothing}
        >
          ${most ? words.attention.same(most.weights, most.outputs) : nothing}
        </p>
      </div>
    `;
  }

  readonly #key = (event: KeyboardEvent): void => {
    const plan = this.#plan;
    const by = rowsBy(event);
    if (!plan || by === null || (by === 0 && event.key !== 'Enter')) return;
    // Without this, the page's shortcuts for these keys would select an expert or open the router.
    event.preventDefault();
    const head = this.#list.row(shownHead(this.snapshot)) ?? 0;
    const next = clamp(head + by, 0, plan.heads - 1);
    if (next === head) return;
    this.#list.ask(next);
    this.ask({ do: 'head', head: next });
  };

  readonly #click = (event: MouseEvent): void => {
    const head = this.#plan?.headAt(pointIn(event).y);
    if (head !== undefined) this.ask({ do: 'head', head });
  };
}
