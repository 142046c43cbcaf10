// The cache view compares the sizes of three caching schemes, shows the values that are cached for the playhead's
// token, and rebuilds one head's key and value from these values.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import { pointIn } from '../../measure/zoom';
import { isHidden, label, part, shownPosition } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import { quoted } from '../../text/token';
import { dataTableStyle } from '../shared/data-table';
import { DetailView } from '../shared/detail-view';
import { prose } from '../shared/glossary';
import { heading } from '../shared/heading';
import { labelStyle } from '../shared/labels';
import { guess, guessStyle } from '../shared/question';
import { stageNotice } from '../shared/stage-notice';
import type { Vector } from '../shared/vector-strip';
import { strip, stripStyle } from '../shared/vector-strip';
import { cacheStyle } from './cache-style';
import { bytesTable, floatsTable } from './data-table';
import { picture } from './picture';
import type { Plan } from './plan';
import { planOf } from './plan';
import { rebuilt, rebuiltVectors } from './rebuilt-key-value';
import { figures, schemeTables } from './schemes';

const NARROW = 420;
/** From this view width in px, the vectors are beside the picture; both are at most `PICTURE` wide and `GAP` apart. */
const BESIDE = 1000;
const PICTURE = 640;
const GAP = 48;

export class Cache extends DetailView {
  static override properties: PropertyDeclarations = {
    ...DetailView.properties,
  };

  static override styles = [DetailView.styles, guessStyle, labelStyle, stripStyle, dataTableStyle, cacheStyle];

  #plan: Plan | undefined;
  /** The token under the pointer; not part of the state, so a reload forgets it. */
  #hovered: number | null = null;

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const layer = chosenLayer(snapshot);
    const width = this.width.value;
    const beside = width >= BESIDE;
    const left = beside ? PICTURE : width;
    const right = beside ? Math.min(PICTURE, width - PICTURE - GAP) : width;
    return html`
      <section class=${width < NARROW ? 'narrow' : ''} aria-label=${words.cacheView.label}>
        ${heading(words.cacheView.title(layer), snapshot, words, this.asks)} ${prose(words.cacheView.prose)}
        ${stageNotice(snapshot, words, this.asks)} ${isHidden(snapshot) ? this.#guess(layer) : figures(snapshot, words)}
        <div class=${beside ? 'beside' : ''}>
          <div>${this.#picture(left)} ${isHidden(snapshot) ? nothing : schemeTables(snapshot, words)}</div>
          <div>
            ${isHidden(snapshot) ? nothing : html`${this.#cell(layer, right)} ${rebuilt(snapshot, layer, right, words, this.asks)}`}
          </div>
        </div>
        ${isHidden(snapshot) ? nothing : this.#dataTables(layer, right)}
      </section>
    `;
  }

  #dataTables(layer: number, width: number): TemplateResult {
    const { snapshot, words } = this;
    return html`
      ${this.dataTable('bytes', words.cacheView.numbers, () => bytesTable(snapshot, words))}
      ${this.dataTable('floats', words.cacheView.floats, () =>
        floatsTable([...this.#cells(layer), ...rebuiltVectors(snapshot, layer, words)], width, words),
      )}
    `;
  }

  #guess(layer: number): TemplateResult {
    const { snapshot } = this;
    const { cache_values: values, cache_value_bytes: bytes } = snapshot.model.info;
    const token = quoted(label(snapshot, shownPosition(snapshot)));
    return guess(this.words.cacheView.guess(token, layer, values.expanded * bytes), this.words, this.asks);
  }

  #picture(width: number): TemplateResult {
    const { snapshot, words } = this;
    const plan = planOf(snapshot, width);
    this.#plan = plan;
    const { first, end, count } = plan;
    return html`
      <p class="window">${end - first < count ? words.grid.window(first, end, count) : nothing}</p>
      <svg
        class="picture"
        width=${plan.width}
        height=${plan.height}
        role="img"
        aria-label=${words.cacheView.picture}
        data-columns="${first} ${end}"
        data-column=${plan.column}
        data-scale=${plan.scale}
        @click=${this.#click}
        @pointermove=${this.#point}
        @pointerleave=${this.#unpoint}
      >
        ${picture(snapshot, plan, chosenLayer(snapshot), words)} ${this.#ring(plan)}
      </svg>
    `;
  }

  #ring(plan: Plan): TemplateResult<2> | typeof nothing {
    const position = this.#hovered;
    if (position === null || position < plan.first || position >= plan.end) return nothing;
    return svg`<rect class="ring" x=${plan.x(position)} y=${plan.top - 4} width=${plan.column}
      height=${plan.heights.expanded + 8} />`;
  }

  /** The values that the layer stores for the playhead's token. */
  #cell(layer: number, width: number): TemplateResult {
    const { snapshot, words } = this;
    const token = label(snapshot, shownPosition(snapshot));
    return html`
      <div class="cell">
        <h3>${words.cacheView.cell(token.text === '' ? null : quoted(token), layer)}</h3>
        <p class="description">${words.cacheView.cellDescription} ${words.strips.key}</p>
        <div class="strips" data-term="latent">${this.#cells(layer).map(vector => strip(vector, width, words))}</div>
      </div>
    `;
  }

  #cells(layer: number): Vector[] {
    const { vectors } = this.words.cacheView;
    const parts = [
      ['c_kv', part(this.snapshot, 'latents', layer)],
      ['rope_key', part(this.snapshot, 'rope_keys', layer)],
    ] as const;
    return parts.flatMap(([name, values]) => (values ? [{ name, label: vectors[name], values }] : []));
  }

  /** The position under the pointer. */
  #positionOf(event: PointerEvent): number | undefined {
    return this.#plan?.positionAt(pointIn(event).x);
  }

  readonly #click = (event: PointerEvent): void => {
    const position = this.#positionOf(event);
    if (position !== undefined) this.ask({ do: 'seek', position });
  };

  readonly #point = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch') this.#hover(this.#positionOf(event) ?? null);
  };

  readonly #unpoint = (): void => {
    this.#hover(null);
  };

  #hover(position: number | null): void {
    if (position === this.#hovered) return;
    this.#hovered = position;
    this.requestUpdate();
  }
}
