// The flow view: one layer's operations on the shown token, from bottom to top and stage by stage. Branches leave the
// stream, come back and are added to it. Hovering or focusing an operation shows its vectors.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { hasDetail, isHidden, label, shownInfo, shownPosition, shownStage, stageIndex } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import { stagesOf } from '../../scope/stages';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import { dataTableStyle } from '../shared/data-table';
import { DetailView } from '../shared/detail-view';
import { prose } from '../shared/glossary';
import { heading } from '../shared/heading';
import { guess, guessStyle } from '../shared/question';
import { stripStyle } from '../shared/vector-strip';
import { dataTable, vectorTable } from './data-table';
import { flowStyle } from './flow-style';
import { Motion } from './motion';
import type { Step } from './operations';
import { stepsOf } from './operations';
import { BESIDE, panel, panelWidth } from './panel';
import { rail } from './rail';
import { fullPart, hasTwoLines, optionId, row } from './row';
import type { ViewId } from '../../scope/fields';

/** Below this view width in px, rows are lower, except the experts' rows, which then have two lines. */
const ONE_LINE = 640;
const NARROW = 420;
const ROW = { wide: 28, one: 24, two: 36 };

export class Flow extends DetailView {
  static override properties: PropertyDeclarations = {
    ...DetailView.properties,
    moving: { state: true },
  };

  static override styles = [DetailView.styles, guessStyle, stripStyle, flowStyle, dataTableStyle];

  /** True while a step is animated. The panel then shows the stream that enters the layer, unless `#at` is set. */
  declare private moving: boolean;

  readonly #motion = new Motion();
  #steps: readonly Step[] = [];
  /** The id of the operation that was last hovered or focused; not part of the state, so a reload forgets it. */
  #at: string | null = null;
  /** True if the animation of a step starts after the next drawing. */
  #due = false;

  constructor() {
    super();
    this.moving = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('snapshot');
    const { snapshot } = this;
    if (before) {
      // Any action of the user ends the last step's animation; a step forward is animated once its detail is computed.
      if (before.state !== snapshot.state || before.text.tokens !== snapshot.text.tokens) this.#stop();
      if (before.held !== snapshot.held) this.#motion.hold(snapshot.held);
      if (snapshot.stepped && comesWith(before, snapshot)) {
        this.#due = this.#motion.comes(this, snapshot.state.speed, snapshot.stepped === 'by playing');
      }
      const moved = before.state.stage !== snapshot.state.stage || before.state.layer !== snapshot.state.layer;
      if (moved) this.#at = null;
    }
    this.#steps = stepsOf(snapshot, chosenLayer(snapshot), this.words);
  }

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const layer = chosenLayer(snapshot);
    const { info } = snapshot.model;
    const width = this.width.value;
    const token = label(snapshot, shownPosition(snapshot));
    const kind = [width < ONE_LINE ? 'two' : '', width < NARROW ? 'narrow' : ''].join(' ');
    return html`
      <section class=${kind} aria-label=${words.flow.label}>
        ${heading(words.flow.title(token.text === '' ? null : quoted(token), layer), snapshot, words, this.asks)}
        ${prose(words.flow.prose(layer < info.first_k_dense_replace, shownInfo(snapshot).n_shared_experts > 0))}
        ${this.#stages(layer)} ${isHidden(snapshot) ? this.#guess(layer) : nothing} ${this.#parts(layer)}
        ${this.#closer(layer)}
        ${this.dataTable('vector', words.flow.vectorNumbers(this.#active()?.name ?? ''), () => this.#vectorTable())}
        ${this.dataTable('operations', words.flow.numbers(layer), () => dataTable(snapshot, layer, this.#steps, words))}
      </section>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.#due) this.#move();
    this.#follow(changed.get('snapshot'));
  }

  /** After a move to the previous or next stage, selects the layer of that stage. */
  #follow(before: Snapshot | undefined): void {
    const { snapshot } = this;
    const { position, layer: shown } = snapshot.state;
    if (before?.state.position !== position || before.state.layer !== shown) return;
    const { index, count } = this.#index(snapshot);
    const by = index - this.#index(before).index;
    const layer = shownStage(snapshot)?.layer ?? null;
    const turned = Math.abs(by) === 1 || (index === 0 && by === 1 - count);
    if (turned && layer !== null && layer !== chosenLayer(snapshot)) this.ask({ do: 'look', layer });
  }

  #move(): void {
    this.#due = false;
    const { snapshot } = this;
    const layer = chosenLayer(snapshot);
    const stages = stagesOf(snapshot.model.info).filter(stage => stage.layer === layer || stage.layer === null);
    this.#motion.start(this.renderRoot, ['', ...stages.map(({ operation }) => operation)], snapshot.state.speed);
    if (snapshot.held) this.#motion.hold(true);
    this.moving = true;
    void this.#motion.ended().then(() => {
      this.moving = this.#motion.running;
    });
  }

  #stop(): void {
    this.#due = false;
    this.#motion.finish();
  }

  /** The index of the shown stage, and the number of stages. */
  #index(snapshot: Snapshot): { readonly index: number; readonly count: number } {
    return { index: stageIndex(snapshot), count: stagesOf(snapshot.model.info).length };
  }

  /** The name of the shown stage, and buttons to the previous and the next stage. */
  #stages(layer: number): TemplateResult {
    const words = this.words.flow.stages;
    const { index, count } = this.#index(this.snapshot);
    const stage = shownStage(this.snapshot);
    const button = (name: string, by: 1 | -1, able: boolean): TemplateResult => html`
      <button
        aria-disabled=${!able}
        @click=${() => {
          if (able) this.ask({ do: 'stage', by });
        }}
      >
        ${name}
      </button>
    `;
    const away = stage && stage.layer !== layer ? stage.layer : null;
    return html`
      <div class="stages" role="group" aria-label=${words.label}>
        ${button(words.previous, -1, index > 0)} ${button(words.next, 1, true)}
        <p data-stage=${index}>
          ${
            stage ? html`${words.name(stage.layer, stage.operation)}, ${words.where(index, count)}` : words.whole(count)
          }
          ${
            away === null
              ? nothing
              : html`<button
                  class="plain"
                  @click=${() => {
                    this.ask({ do: 'look', layer: away });
                  }}
                >
                  ${this.words.layers.go(away)}
                </button>`
          }
        </p>
      </div>
    `;
  }

  #guess(layer: number): TemplateResult {
    const { snapshot } = this;
    const { info } = snapshot.model;
    const { reveal } = this.words;
    const token = quoted(label(snapshot, shownPosition(snapshot)));
    const last = layer === info.num_hidden_layers - 1;
    const question =
      layer < info.first_k_dense_replace
        ? reveal.next(token)
        : (last ? reveal.step : reveal.router)(
            token,
            layer,
            shownInfo(snapshot).num_experts_per_tok,
            info.n_routed_experts,
          );
    return guess(question, this.words, this.asks);
  }

  #parts(layer: number): TemplateResult {
    const width = this.width.value;
    const beside = width >= BESIDE;
    const active = this.#active();
    const most = fullPart(this.#steps);
    return html`
      <div class=${beside ? 'beside' : ''}>
        <div
          class="steps"
          role="listbox"
          tabindex="0"
          aria-label=${this.words.flow.diagram(layer)}
          aria-activedescendant=${active ? optionId(active.id) : nothing}
          @keydown=${this.#key}
          @click=${this.#click}
          @pointerover=${this.#point}
          @pointerenter=${this.#hold}
          @pointerleave=${this.#release}
        >
          ${rail(this.#steps, step => (width >= ONE_LINE ? ROW.wide : hasTwoLines(step) ? ROW.two : ROW.one))}
          ${this.#steps.toReversed().map(step => row(step, step === active, most, this.words))}
        </div>
        ${active ? panel(this.snapshot, layer, active, panelWidth(width), this.words) : nothing}
      </div>
    `;
  }

  /** Buttons to the views that show a part of the layer in more detail. */
  #closer(layer: number): TemplateResult {
    const words = this.words.flow.closer;
    const { first_k_dense_replace: routed } = this.snapshot.model.info;
    const views: (Exclude<ViewId, 'roll'> & keyof typeof words)[] = [
      'attention',
      'cache',
      ...(layer < routed ? [] : ['router' as const]),
      'next',
    ];
    return html`
      <div class="closer" role="group" aria-label=${words.label}>
        <span aria-hidden="true">${words.label}</span>
        ${views.map(
          view => html`
            <button
              class="plain"
              @click=${() => {
                this.ask({ do: 'view', view });
              }}
            >
              ${words[view]}
            </button>
          `,
        )}
      </div>
    `;
  }

  #vectorTable(): TemplateResult | typeof nothing {
    const active = this.#active();
    return active ? vectorTable(active, this.width.value, this.words) : nothing;
  }

  /**
   * The operation in the panel: the operation that was last hovered or focused. Without such an operation, it is the
   * first operation during an animation, and the last operation that is done at other times.
   */
  #active(): Step | undefined {
    return (
      this.#steps.find(({ id }) => id === this.#at) ??
      (this.moving ? undefined : this.#steps.findLast(({ done }) => done)) ??
      this.#steps[0]
    );
  }

  #go(id: string): void {
    if (this.#at === id) return;
    this.#at = id;
    this.requestUpdate();
  }

  /** The operation that an event happened on. */
  #stepOf(event: Event): Step | undefined {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-step]') : null;
    return this.#steps.find(({ id }) => id === element?.dataset.step);
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const active = this.#active();
    const now = this.#steps.findIndex(step => step === active);
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (by === 0 && event.key !== 'Enter') return;
    // Without this, the page would pause or resume playback and animation, as for every key without a shortcut.
    event.preventDefault();
    event.stopPropagation();
    if (by === 0) this.#open(active);
    const next = this.#steps[now + by];
    if (!next) return;
    this.#go(next.id);
    this.renderRoot.querySelector(`#${optionId(next.id)}`)?.scrollIntoView({ block: 'nearest' });
  };

  /** Opens the router with the operation's expert selected; does nothing for an operation without an expert. */
  #open(step: Step | undefined): void {
    if (step?.expert === undefined) return;
    this.ask({ do: 'look', layer: chosenLayer(this.snapshot), expert: step.expert });
    this.ask({ do: 'view', view: 'router' });
  }

  readonly #click = (event: PointerEvent): void => {
    const step = this.#stepOf(event);
    if (!step) return;
    // Touch has no hover, so the first tap shows the vectors and a second tap opens the router.
    if (event.pointerType === 'touch' && step !== this.#active()) this.#go(step.id);
    else this.#open(step);
  };

  readonly #point = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') return;
    const step = this.#stepOf(event);
    if (step) this.#go(step.id);
  };

  /** The pointer over the diagram pauses animation and playback until it leaves. */
  readonly #hold = (event: PointerEvent): void => {
    const moves = this.#motion.running || this.snapshot.playing;
    if (event.pointerType !== 'touch' && moves) this.ask({ do: 'hold', on: true });
  };

  readonly #release = (): void => {
    if (this.snapshot.held) this.ask({ do: 'hold', on: false });
  };
}

/** True if the playhead's detail arrives with this snapshot; false if a question hid the step until now. */
function comesWith(before: Snapshot, snapshot: Snapshot): boolean {
  const isHere = hasDetail(snapshot) && shownPosition(snapshot) === snapshot.state.position;
  const wasHere = hasDetail(before) && shownPosition(before) === snapshot.state.position;
  return isHere && !wasHere && !isHidden(before);
}
