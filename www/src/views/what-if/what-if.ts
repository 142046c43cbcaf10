// The what-if view: parts of the model are switched off or changed, and the same text runs with the change beside the
// plain run.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { html, noChange } from 'lit';
import { isAwaited } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import type { Snapshot } from '../../scope/state';
import { isPlain, PLAIN } from '../../scope/what-if';
import { cacheSettings } from '../shared/cache-settings';
import { dataTableStyle } from '../shared/data-table';
import { DetailView } from '../shared/detail-view';
import { prose } from '../shared/glossary';
import { denseLayer, heading } from '../shared/heading';
import { fieldStyle } from '../shared/inputs';
import { stageNotice } from '../shared/stage-notice';
import { verdict, verdictStyle } from '../shared/verdict';
import type { Mode } from './controls';
import { bias, experts, routing } from './controls';
import { continuations } from './continuations';
import { dataTable, losses, moves, ofStep } from './result';
import { whatIfStyle } from './what-if-style';

const NARROW = 420;
/** From this view width in px, the result is beside the controls. */
const BESIDE = 960;
/** Width in px of the controls if the result is beside them. */
const CONTROLS = 480;
const GAP = 48;

export class WhatIfView extends DetailView {
  static override properties: PropertyDeclarations = {
    ...DetailView.properties,
    mode: { state: true },
  };

  static override styles = [DetailView.styles, dataTableStyle, fieldStyle, verdictStyle, whatIfStyle];

  declare private mode: Mode;

  /** The snapshot whose results were drawn last. */
  #shown: Snapshot | null = null;

  constructor() {
    super();
    this.mode = 'off';
  }

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const layer = chosenLayer(snapshot);
    const width = this.width.value;
    const beside = width >= BESIDE;
    const plain = isPlain(snapshot.state.whatIf);
    // The last result stays until the engine has the next result, so that nothing jumps in between.
    const stays = isAwaited(snapshot) && this.#shown !== null && isSameStep(this.#shown, snapshot);
    if (!stays) this.#shown = snapshot;
    const right = beside ? Math.min(640, width - CONTROLS - GAP) : width;
    return html`
      <section class=${width < NARROW ? 'narrow' : ''} aria-label=${words.whatIf.label}>
        ${heading(words.whatIf.title(layer), snapshot, words, this.asks)} ${prose(words.whatIf.prose)}
        ${stageNotice(snapshot, words, this.asks)}
        <div class=${beside ? 'beside' : 'stacked'}>
          <div class="result">
            <div class="answer" aria-live="polite">
              ${stays ? noChange : html`${verdict(snapshot, words)} ${ofStep(snapshot, words)}`}
            </div>
            <button
              aria-disabled=${plain}
              @click=${() => {
                if (!plain) this.ask({ do: 'change', whatIf: PLAIN });
              }}
            >
              ${words.whatIf.back}
            </button>
          </div>
          <div class="controls">
            <h3>${words.whatIf.experts(layer)}</h3>
            ${
              layer < snapshot.model.info.first_k_dense_replace
                ? denseLayer(snapshot, words, this.asks)
                : html`${experts(snapshot, layer, this.mode, this.#choose, words, this.asks)}
                  ${bias(snapshot, layer, words, this.asks)}`
            }
            ${routing(snapshot, words, this.asks)}
            <h3>${words.whatIf.cache}</h3>
            ${cacheSettings(snapshot, words, this.asks)}
          </div>
          <div class="effect">
            ${
              stays
                ? noChange
                : html`${continuations(snapshot, words, this.asks)} ${moves(snapshot, words)}
                  ${losses(snapshot, right, words)}`
            }
          </div>
        </div>
        ${this.dataTable('compared', words.whatIf.numbers, () => dataTable(snapshot, words))}
      </section>
    `;
  }

  readonly #choose = (mode: Mode): void => {
    this.mode = mode;
  };
}

function isSameStep(before: Snapshot, { state, text, model }: Snapshot): boolean {
  return before.text.tokens === text.tokens && before.model === model && before.state.position === state.position;
}
