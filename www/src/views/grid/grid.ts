// The grid view: which tokens chose which experts, each expert's load so far, and which experts were chosen together.
// It shows one layer large, or all layers small.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { LayerLoad } from '../../engine/types';
import { pointIn } from '../../measure/zoom';
import { clamp } from '../../scope/clamp';
import { isHidden, label, routeAt, shownInfo, shownPosition, shownRun } from '../../scope/select';
import { chosenLayer, shapeOf } from '../../scope/shape';
import type { Intent } from '../../scope/intents';
import { quoted } from '../../text/token';
import { dataTableStyle } from '../shared/data-table';
import { DetailView } from '../shared/detail-view';
import { expertFacts } from '../shared/expert-facts';
import { routedLayers } from '../shared/geometry';
import { prose } from '../shared/glossary';
import { denseLayer, heading, titleAlone } from '../shared/heading';
import { chipStyle, HoverList, hoverListStyle, rowsBy } from '../shared/hover-list';
import { labelStyle } from '../shared/labels';
import { guess, guessStyle } from '../shared/question';
import { FULL_SCORE } from '../shared/score-marks';
import { stageNotice } from '../shared/stage-notice';
import { dataTable, dataTableOfAll } from './data-table';
import { optionId, options } from './experts';
import { gridStyle } from './grid-style';
import { layers } from './layers';
import { axisBox } from './load-margin';
import type { Pair, Pairs } from './pairs';
import { diagonal, firstPair, movedPair, pairAt, pairsOf, ring, together, triangle } from './pairs';
import { cells, heads } from './picture';
import type { Plan } from './plan';
import { chanceLoad, large, layerLoad } from './plan';

const NARROW = 420;

/** The cell under the pointer. */
interface Target {
  readonly position: number;
  readonly expert: number;
}

export class Grid extends DetailView {
  static override styles = [
    DetailView.styles,
    guessStyle,
    labelStyle,
    hoverListStyle,
    chipStyle,
    gridStyle,
    dataTableStyle,
  ];

  #plan: Plan | undefined;
  #pairs: Pairs | undefined;
  /** The list box over the picture; a row is identified by the number of its expert. */
  readonly #list = new HoverList<Target>(this, {
    targetAt: (x, y) => {
      const [expert, position] = [this.#plan?.expertAt(y), this.#plan?.positionAt(x)];
      return expert === undefined || position === undefined ? null : { expert, position };
    },
    boxOf: ({ position, expert }) => {
      const plan = this.#plan;
      return plan ? { x: plan.x(position), y: plan.y(expert), width: plan.column, height: plan.rows.pitch } : null;
    },
    width: () => this.#plan?.width ?? 0,
  });
  /** The pair under the mouse. It is not part of the state, so a reload forgets it. */
  #hoveredPair: Pair | null = null;
  /** The pair with the focus. It is not part of the state, so a reload forgets it. */
  #focusedPair: Pair | null = null;

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.grid;
    const layer = chosenLayer(snapshot);
    const { info } = snapshot.model;
    const all = snapshot.state.span === 'all' && routedLayers(info).length > 0;
    const shown = label(snapshot, shownPosition(snapshot));
    const token = shown.text === '' ? null : quoted(shown);
    const routed = all || layer >= info.first_k_dense_replace;
    return html`
      <section class=${this.width.value < NARROW ? 'narrow' : ''} aria-label=${words.label}>
        ${
          all
            ? titleAlone(words.titleOfAll(token))
            : heading(words.title(token, layer), snapshot, this.words, this.asks)
        }
        ${routed ? prose(words.prose(info.n_group > 1, FULL_SCORE, all)) : nothing}
        ${routed ? html`${this.#choices()}${this.#count()}` : denseLayer(snapshot, this.words, this.asks)}
        ${stageNotice(snapshot, this.words, this.asks)}
        ${isHidden(snapshot) && routed ? this.#guess(Math.max(layer, info.first_k_dense_replace)) : nothing}
        ${all ? layers(snapshot, this.width.value, this.words, this.asks) : routed ? this.#one(layer) : nothing}
        ${routed ? this.#dataTable(all, layer) : nothing}
      </section>
    `;
  }

  /** Buttons for one layer or all layers, and for the order of the rows. */
  #choices(): TemplateResult {
    const { sort, span } = this.words.grid;
    const { state } = this.snapshot;
    const button = (text: string, pressed: boolean, intent: Intent): TemplateResult => html`
      <button
        class="plain"
        aria-pressed=${pressed}
        @click=${() => {
          this.ask(intent);
        }}
      >
        ${text}
      </button>
    `;
    return html`
      <div class="choices">
        <div role="group" aria-label=${span.label}>
          <span aria-hidden="true">${span.label}</span>
          ${(['one', 'all'] as const).map(each => button(span[each], state.span === each, { do: 'arrange', span: each }))}
        </div>
        <div role="group" aria-label=${sort.label}>
          <span aria-hidden="true">${sort.label}</span>
          ${(['expert', 'load'] as const).map(each => button(sort[each], state.sort === each, { do: 'arrange', sort: each }))}
        </div>
      </div>
    `;
  }

  /** The number of tokens that are counted, the range in sight if not all tokens fit, and the MaxVio by chance. */
  #count(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.grid;
    const { num_experts_per_tok: chosen, n_routed_experts: of } = shownInfo(snapshot);
    const plan = large(snapshot, chosenLayer(snapshot), this.width.value);
    const part = snapshot.state.span === 'one' && plan.end - plan.first < plan.count;
    const counted = !isHidden(snapshot) && shownRun(snapshot).records.length > 0;
    return html`<p class="count">
        ${counted ? words.soFar(shownPosition(snapshot) + 1, chosen, of) : nothing}
        ${part ? words.window(plan.first, plan.end, plan.count) : nothing}
      </p>
      ${this.#chance()}`;
  }

  /** The MaxVio by chance of as many tokens, the same in all layers. */
  #chance(): TemplateResult {
    const { snapshot } = this;
    const chance = chanceLoad(snapshot);
    return html`<p class="chance" data-term="chance" data-chance=${chance?.max_violation ?? nothing}>
      ${chance ? this.words.grid.chance(shownPosition(snapshot) + 1, chance) : nothing}
    </p>`;
  }

  #guess(layer: number): TemplateResult {
    const { snapshot } = this;
    const { num_experts_per_tok, n_routed_experts } = shownInfo(snapshot);
    const token = quoted(label(snapshot, shownPosition(snapshot)));
    const question = this.words.reveal.router(token, layer, num_experts_per_tok, n_routed_experts);
    return guess(question, this.words, this.asks);
  }

  #one(layer: number): TemplateResult {
    const { snapshot } = this;
    const plan = large(snapshot, layer, this.width.value);
    const load = layerLoad(snapshot, layer);
    this.#plan = plan;
    return html`
      <div class="parts">
        <div>${this.#picture(plan, load)} ${this.#violation(load)} ${this.#chosenBy(plan, load)}</div>
        ${this.#together(load)}
      </div>
    `;
  }

  #picture(plan: Plan, load: LayerLoad | undefined): TemplateResult {
    const { snapshot } = this;
    const { expert } = snapshot.state;
    const { state, model, text, revealed } = snapshot;
    const { records, expertLoad } = shownRun(snapshot);
    const parts = [records, state, model, text.tokens, revealed, expertLoad, this.width.value, this.language];
    const counted = { tokens: plan.at + 1, each: shownInfo(snapshot).num_experts_per_tok };
    return html`
      <div class="picture" @click=${this.#click} @pointermove=${this.#list.point} @pointerleave=${this.#list.leave}>
        <svg
          class="cells"
          width=${plan.width}
          height=${plan.height}
          aria-hidden="true"
          data-columns="${plan.first} ${plan.end}"
          data-left=${plan.left}
          data-pitch=${plan.rows.pitch}
          data-column=${plan.column}
        >
          ${guard(parts, () => svg`${cells(snapshot, plan, expert)}${heads(snapshot, plan, expert)}`)}
        </svg>
        <svg
          class="list"
          width=${plan.width}
          height=${plan.height}
          role="listbox"
          tabindex="0"
          aria-label=${this.words.grid.experts}
          aria-activedescendant=${expert === null ? nothing : optionId(expert)}
          @keydown=${this.#key}
        >
          ${guard(
            parts,
            () => svg`
              ${options({ plan, load, tokens: plan.at + 1, expert, words: this.words })}
              <g aria-hidden="true">${axisBox(plan, load, chanceLoad(this.snapshot), counted, this.words)}</g>`,
          )}
          ${this.#isKnown(plan) ? this.#list.ring() : nothing}
        </svg>
        ${this.#chip(plan)}
      </div>
    `;
  }

  /** True if the token under the mouse has a route in the layer. */
  #isKnown({ layer }: Plan): boolean {
    const { hovered } = this.#list;
    return hovered !== null && routeAt(this.snapshot, hovered.position, layer) !== undefined;
  }

  #chip(plan: Plan): TemplateResult | typeof nothing {
    const { hovered } = this.#list;
    const numbers = hovered && this.#numbers(plan, hovered);
    return numbers ? this.#list.chip(numbers) : nothing;
  }

  /** The numbers of a cell in one sentence; null if the token has no route in the layer. */
  #numbers({ layer, rows }: Plan, { position, expert }: Target): string | null {
    const route = routeAt(this.snapshot, position, layer);
    if (!route) return null;
    const token = quoted(label(this.snapshot, position));
    return this.words.roll.chip({
      token,
      layer,
      ...expertFacts(this.snapshot, layer, expert, rows.groupOf(expert), route),
    });
  }

  #violation(load: LayerLoad | undefined): TemplateResult {
    const words = this.words.grid;
    const most = load ? Math.max(...load.relative) : NaN;
    const experts = load?.relative.flatMap((relative, expert) => (relative === most ? [expert] : [])) ?? [];
    return html`<p class="violation" data-term="maxVio" data-violation=${load?.max_violation ?? nothing}>
      ${
        load
          ? html`<b>${words.violation(load.max_violation)}</b
              >${words.violationMeans(load.max_violation, experts, most)}`
          : nothing
      }
    </p>`;
  }

  /** The tokens that chose the selected expert. */
  #chosenBy(plan: Plan, load: LayerLoad | undefined): TemplateResult {
    const { snapshot } = this;
    const words = this.words.grid;
    const { expert } = snapshot.state;
    if (expert === null || !load) {
      return html`<div class="chosen">${expert === null ? html`<p>${words.chooseOne}</p>` : nothing}</div>`;
    }
    const by: string[] = [];
    for (let position = 0; position <= plan.at; position++) {
      const route = routeAt(snapshot, position, plan.layer);
      if (route?.experts.includes(expert)) by.push(quoted(label(snapshot, position)));
    }
    return html`
      <div class="chosen">
        <p class="by">${words.chosenBy(expert, load.counts[expert] ?? 0, plan.at + 1, by)}</p>
        <p class="here">${this.#numbers(plan, { position: plan.at, expert })}</p>
        <button
          class="plain"
          @click=${() => {
            this.ask({ do: 'look', layer: plan.layer, expert: null });
          }}
        >
          ${words.everyToken}
        </button>
      </div>
    `;
  }

  #together(load: LayerLoad | undefined): TemplateResult {
    const { snapshot } = this;
    const words = this.words.grid;
    const experts = shapeOf(snapshot).n_routed_experts;
    const width = this.width.value;
    const pairs = pairsOf(load, experts, width);
    this.#pairs = pairs;
    const pair = this.#pair(pairs);
    const count = shownPosition(snapshot) + 1;
    const sentence = load && pair ? words.pair(pair[1], pair[0], together(load, pair), count) : '';
    return html`
      <div class="together">
        <h3>${words.together}</h3>
        <p class="pairs-note">
          ${load ? words.togetherNote(count) : isHidden(snapshot) ? words.withAnswer : nothing}
          ${load && pairs.limited ? words.limited(pairs.experts.length, experts) : nothing}
        </p>
        <svg
          class="pairs"
          width=${pairs.side}
          height=${pairs.side}
          role="listbox"
          tabindex="0"
          aria-label=${words.pairs}
          aria-activedescendant=${sentence === '' ? nothing : 'pair'}
          @keydown=${this.#pairKey}
          @click=${this.#pairClick}
          @pointermove=${this.#pairPoint}
          @pointerleave=${this.#pairUnpoint}
          @focusout=${this.#pairBlur}
        >
          ${svg`<g aria-hidden="true">
            ${guard([load, experts, width], () => triangle(pairs))}
            ${guard([load, experts, width, pair?.join()], () => svg`${diagonal(pairs, load ? pair : undefined)}`)}
          </g>`}
          ${
            load && pair
              ? svg`<g role="option" id="pair" aria-selected="true" aria-label=${sentence} data-pair="${pair[1]} ${pair[0]}"
                  data-count=${together(load, pair)}>${ring(pairs, pair)}</g>`
              : svg`<g role="option" aria-selected="false" aria-label=${words.together}></g>`
          }
        </svg>
        <p class="pair-result" data-term="together">${load ? (pair ? sentence : words.noPairs) : nothing}</p>
      </div>
    `;
  }

  /** The pair that the sentence describes: the pair under the mouse, else the pair with the focus, else `firstPair`. */
  #pair(pairs: Pairs): Pair | undefined {
    const has = (pair: Pair | null): pair is Pair => pair?.every(expert => pairs.experts.includes(expert)) === true;
    const asked = [this.#hoveredPair, this.#focusedPair].find(has);
    return asked ?? firstPair(pairs, this.snapshot.state.expert);
  }

  #dataTable(all: boolean, layer: number): TemplateResult {
    const { snapshot, words } = this;
    const tables = (): TemplateResult =>
      all ? dataTableOfAll(snapshot, routedLayers(shapeOf(snapshot)), words) : dataTable(snapshot, layer, words);
    return this.dataTable('choices', all ? words.grid.numbersOfAll : words.grid.numbers(layer), tables);
  }

  readonly #key = (event: KeyboardEvent): void => {
    const plan = this.#plan;
    const by = rowsBy(event);
    if (!plan || !by) return;
    const expert = this.#list.row(this.snapshot.state.expert);
    const rank = expert === null ? (by > 0 ? -1 : plan.order.length) : plan.order.indexOf(expert);
    const next = plan.order[clamp(rank + by, 0, plan.order.length - 1)] ?? null;
    event.preventDefault();
    this.#list.ask(next);
    this.ask({ do: 'look', layer: plan.layer, expert: next });
  };

  readonly #click = (event: MouseEvent): void => {
    const plan = this.#plan;
    if (!plan) return;
    const { x, y } = pointIn(event);
    const expert = plan.expertAt(y);
    const position = plan.positionAt(x);
    const { layer } = plan;
    if (expert !== undefined) {
      const again = position === undefined && expert === this.snapshot.state.expert;
      this.ask({ do: 'look', layer, expert: again ? null : expert });
    }
    if (position !== undefined) this.ask({ do: 'seek', position });
  };

  readonly #pairKey = (event: KeyboardEvent): void => {
    const pairs = this.#pairs;
    const pair = pairs && this.#pair(pairs);
    if (!pair || rowsBy(event) === null) return;
    const to = movedPair(pairs, pair, event.key);
    if (!to) return;
    // Without this, the page's shortcuts for these keys would step through tokens or select an expert.
    event.preventDefault();
    event.stopPropagation();
    this.#hoveredPair = null;
    this.#focusedPair = to;
    this.requestUpdate();
  };

  readonly #pairBlur = (): void => {
    this.#focusedPair = null;
    this.requestUpdate();
  };

  /** Touch has no hover, so a tap shows the numbers. */
  readonly #pairClick = (event: MouseEvent): void => {
    const { x, y } = pointIn(event);
    this.#focusedPair = (this.#pairs && pairAt(this.#pairs, x, y)) ?? null;
    this.requestUpdate();
  };

  readonly #pairPoint = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || !this.#pairs) return;
    const { x, y } = pointIn(event);
    const pair = pairAt(this.#pairs, x, y) ?? null;
    if (pair?.join() === this.#hoveredPair?.join()) return;
    this.#hoveredPair = pair;
    this.requestUpdate();
  };

  readonly #pairUnpoint = (): void => {
    this.#hoveredPair = null;
    this.requestUpdate();
  };
}
