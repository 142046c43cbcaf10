// The roll: tokens are columns, layers are staves, a chosen expert is a note. Below each stave is the layer's cache;
// right of the last token are the next tokens. A step is animated upwards in the playhead's column, which is opened.

import type { PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing, render } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { pointIn } from '../../measure/zoom';
import { isArrived, isAwaited, label, shownPosition, shownRun } from '../../scope/select';
import { chosenLayer, shapeOf } from '../../scope/shape';
import type { ScopeState, Snapshot } from '../../scope/state';
import { toggled } from '../../scope/what-if';
import { quoted } from '../../text/token';
import { EXPANDED_HEIGHT, NEXT_TOKENS, nextTokensWidth } from '../shared/geometry';
import { placeChip } from '../shared/hover-list';
import { base, controls, marks } from '../shared/style';
import { PictureView, Width } from '../shared/view';
import { ticks } from './attention-ticks';
import { figures, figureStyle } from './cache-figures';
import { dataTable, dataTableStyle } from './data-table';
import { Motion } from './motion';
import { nextTokens, nextTokensHeight, nextTokensStyle, PHONE_WIDTH, placeNextTokens } from './next-tokens';
import { opened, optionId } from './opened-column';
import { picture } from './picture';
import type { Target } from './pointer';
import { boxOf, inGutter, pointer, pointerStyle, targetAt } from './pointer';
import type { RollLayout } from './roll-layout';
import { layOutRoll, routeHere } from './roll-layout';
import type { Tokens } from './tokens';
import { isCompared, overlay, overlayStyle } from './what-if-overlay';
import type { Place } from '../../scope/values';

/** Fields of the state that the columns do not show: a change of such a field does not redraw the columns. */
const ELSEWHERE = new Set<string>([
  'whatIf',
  'view',
  'head',
  'sort',
  'span',
  'speed',
  'published',
  'context',
  'users',
  'memory',
  'bits',
  'weights',
  'config',
  'lesson',
  'at',
] satisfies (keyof ScopeState)[]);

export class Roll extends PictureView {
  static override properties = {
    ...PictureView.properties,
    height: { type: Number },
    unfolded: { state: true },
    moving: { state: true },
  };

  static override styles = [
    base,
    controls,
    marks,
    nextTokensStyle,
    figureStyle,
    overlayStyle,
    pointerStyle,
    dataTableStyle,
    css`
      moe-tokens {
        position: sticky;
        top: 0;
        z-index: 2;
      }
      moe-overview {
        padding-bottom: 12px;
      }
      .picture {
        position: relative;
      }
      .staves {
        position: relative;
        z-index: 1;
        contain: layout style;
        cursor: pointer;
        touch-action: pan-y pinch-zoom;
      }
      .staves > svg {
        position: absolute;
        top: 0;
        left: 0;
      }
      .staves .opened:focus-visible {
        outline: 2px solid var(--moe-ink);
        outline-offset: 1px;
      }
      .reach {
        fill: transparent;
      }
      .ticks {
        fill: var(--moe-ink2);
        opacity: 0;
      }
      .ticks.still {
        opacity: 1;
      }
      [data-motion='grow'] {
        transform-box: fill-box;
        transform-origin: 0 0;
      }
      [data-motion='score'] {
        transform-box: view-box;
        transform-origin: 0 0;
      }
      [data-motion='choose'] > * {
        transform-box: fill-box;
        transform-origin: center;
      }
      .name {
        position: absolute;
        left: -4px;
        /* As tall as a click target must be. All extra height is below the text: the tokens above would cover it. */
        height: 24px;
        padding: 0 4px 8px;
        border: 0;
        font-size: 14px;
        line-height: 16px;
        font-weight: 650;
      }
      .name small {
        position: absolute;
        left: 4px;
        top: 34px;
        font-size: 12px;
        line-height: 16px;
        font-weight: 400;
        color: var(--moe-ink2);
        text-decoration: underline;
        text-decoration-color: var(--moe-edge);
        text-underline-offset: 3px;
      }
      .name:not(.chosen, :hover, :focus-visible) small {
        visibility: hidden;
      }
      .name:hover {
        background: none;
      }
      .name:hover small {
        text-decoration-color: currentColor;
      }
      .head {
        position: absolute;
        z-index: 3;
        margin: -4px 0 0;
        padding: 4px 0 6px;
        font-size: 12px;
        line-height: 16px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--moe-ink2);
      }
      .head button {
        color: inherit;
      }
      .column {
        position: absolute;
      }
      summary {
        width: max-content;
        font-size: 12px;
        line-height: 24px;
        color: var(--moe-ink2);
      }
    `,
  ];

  /** Maximum height of the picture in px; rows are as tall as this height allows. */
  declare height: number;
  /** True if the data tables are open; closed tables are not drawn. */
  declare private unfolded: boolean;
  /** True while a step is animated. */
  declare private moving: boolean;

  readonly #width = new Width(this);
  #layout: RollLayout | undefined;
  /** The drawn state. It stays the same object while newer states differ only in `ELSEWHERE`, so nothing is redrawn. */
  #seen: ScopeState | undefined;
  readonly #parts = new Map<string, HTMLElement>();
  /** The target under the pointer. */
  #pointed: Target | null = null;
  /** True if the animation of a step starts after the next drawing. */
  #due = false;
  readonly #motion = new Motion(
    () => {
      this.moving = false;
    },
    layer => {
      this.dispatchEvent(new CustomEvent<number | null>('moving', { detail: layer }));
    },
  );

  /** The roll is drawn at once; views that open beside it are drawn later. */
  protected override readonly opensBeside = false;

  constructor() {
    super();
    this.height = 0;
    this.unfolded = false;
    this.moving = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  /** Skips drawings that change nothing, such as a new detail while no step is animated and no stage is shown. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = changed.get('snapshot');
    if (!before || changed.size > 1) return true;
    const { snapshot } = this;
    if (isChanging(before, snapshot)) {
      this.#stop();
      return false;
    }
    const [run, runBefore] = [shownRun(snapshot), shownRun(before)];
    const same =
      before.state === snapshot.state && runBefore.records === run.records && before.model === snapshot.model;
    if (!same || before.text.tokens !== snapshot.text.tokens || before.stepped !== snapshot.stepped) return true;
    if (before.revealed !== snapshot.revealed || before.changed !== snapshot.changed) return true;
    if (before.held !== snapshot.held) this.#motion.hold(snapshot.held);
    return runBefore.detail !== run.detail && (this.moving || snapshot.state.stage !== null);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('snapshot');
    const { snapshot } = this;
    if (before) {
      // Any action of the user ends the last step's animation; a step forward is animated once its record is computed.
      if (before.state !== snapshot.state || before.text.tokens !== snapshot.text.tokens) this.#stop();
      const isNew = !isArrived(before) || before.state.position !== snapshot.state.position;
      if (snapshot.stepped && isArrived(snapshot) && isNew) {
        this.#due = this.#motion.comes(this, snapshot.state.speed, snapshot.stepped === 'by playing');
      }
    }
    if (!this.#seen || !looksAlike(this.#seen, snapshot.state)) this.#seen = snapshot.state;
    this.#layout = layOutRoll(this.snapshot, this.words, this.#width.value, this.height);
    if (this.#due) this.moving = true;
  }

  protected override render(): TemplateResult | typeof nothing {
    const layout = this.#layout;
    if (!layout) return nothing;
    const { snapshot, words } = this;
    const { columns, all } = layout;
    const extent = columns.phone ? this.#width.value : nextTokensHeight(layout);
    return html`
      ${all ? nothing : html`<moe-overview .snapshot=${snapshot} .language=${this.language}></moe-overview>`}
      <div class="picture">
        <moe-tokens .snapshot=${snapshot} .language=${this.language} .columns=${columns}></moe-tokens>
        <div
          class="staves"
          @click=${this.#click}
          @pointermove=${this.#point}
          @pointerleave=${this.#unpoint}
          @pointerenter=${this.#hold}
        >
          <svg class="closed" aria-hidden="true" data-columns=${dataOf(layout)} data-pitch=${layout.picture.rows.pitch}>
            ${guard([dataOf(layout), layout.picture.height, shownRun(snapshot).records, this.#seen, this.language], () => picture(layout))}
          </svg>
          <svg class="attention" aria-hidden="true">${ticks(layout, this.moving)}</svg>
          <svg
            class="opened"
            role="listbox"
            tabindex="0"
            aria-label=${words.roll.experts}
            aria-activedescendant=${this.#active(layout)}
            aria-hidden=${layout.record && layout.picture.staves.some(({ dense }) => !dense) ? nothing : 'true'}
          >
            ${guard([dataOf(layout), layout.picture.height, layout.record, this.#seen, this.language], () => opened(layout))}
          </svg>
          <svg class="overlay" aria-hidden="true">${overlay(layout)}</svg>
          ${columns.phone ? nothing : this.#names(layout)}
          <div class="pointer"></div>
        </div>
        <p class="head">
          ${
            layout.record
              ? html`<button class="plain" @click=${this.#openNext}>
                  ${words.next.after(quoted(label(snapshot, shownPosition(snapshot))))}
                </button>`
              : nothing
          }
        </p>
        <div class="column">
          ${nextTokens(layout, extent, intent => {
            this.ask(intent);
          })}
        </div>
        ${figures(layout)}
      </div>
      <details @toggle=${this.#toggle} ?hidden=${shownRun(snapshot).records.length === 0}>
        <summary>${words.routing.numbersOf(chosenLayer(snapshot))}</summary>
        ${this.unfolded ? dataTable(layout) : nothing}
      </details>
    `;
  }

  protected override updated(): void {
    const layout = this.#layout;
    if (!layout) return;
    this.#place(layout);
    this.#mark();
    if (this.#due) this.#move(layout);
  }

  #move(layout: RollLayout): void {
    this.#due = false;
    const tab = this.renderRoot.querySelector<Tokens>('moe-tokens')?.tab;
    const slides = [tab, this.#find('.opened')].filter(element => element instanceof Element);
    const { picture, columns, snapshot } = layout;
    this.#motion.start(this, this.renderRoot, picture.staves, slides, -columns.width, snapshot.state.speed);
    if (snapshot.held) this.#motion.hold(true);
  }

  /** Puts the focus on the experts of the playhead's token. */
  focusExperts(): void {
    this.#find('.opened')?.focus();
  }

  #stop(): void {
    this.#due = false;
    this.#motion.finish();
    this.moving = false;
  }

  /** The names of the layers; a click on a name opens the layer's router, or closes it if it is open. */
  #names({ picture, snapshot, words }: RollLayout): TemplateResult[] {
    return picture.staves.map(({ layer, dense }) => {
      const open = snapshot.state.view === 'router' && snapshot.state.layer === layer;
      return html`
        <button
          class=${layer === chosenLayer(snapshot) ? 'name chosen' : 'name'}
          data-layer=${layer}
          aria-pressed=${open}
          aria-label=${dense ? words.roll.whyDense(layer) : words.roll.why(layer)}
          @click=${(event: Event) => {
            event.stopPropagation();
            // The view changes first, so that the browser's history entry of the old view keeps its layer.
            this.ask({ do: 'view', view: open ? 'roll' : 'router' });
            this.ask({ do: 'look', layer });
          }}
        >
          ${words.routing.layer(layer)} ${dense ? nothing : html`<small>${words.roll.whyShort}</small>`}
        </button>
      `;
    });
  }

  /** Sets positions and sizes by script, because a strict content security policy forbids style attributes. */
  #place(layout: RollLayout): void {
    const { columns, picture } = layout;
    this.toggleAttribute('phone', columns.phone);
    const find = (selector: string): HTMLElement | null => this.#find(selector);
    const set = (element: Element | null, values: Readonly<Record<string, string>>): void => {
      if (!(element instanceof HTMLElement) && !(element instanceof SVGElement)) return;
      for (const [name, value] of Object.entries(values)) {
        if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
      }
    };
    const width = this.#width.value;
    const beside = nextTokensWidth(width);
    set(find('.staves'), { height: `${picture.height}px`, width: `${columns.right}px` });
    this.toggleAttribute('compared', isCompared(layout));
    for (const layer of ['.closed', '.attention', '.overlay']) {
      set(find(layer), { width: `${columns.right}px`, height: `${picture.height}px` });
    }
    set(find('.opened'), {
      left: `${columns.x(columns.at)}px`,
      width: `${columns.width + columns.open}px`,
      height: `${picture.height}px`,
    });
    this.renderRoot.querySelectorAll('.name').forEach((name, index) => {
      const stave = picture.staves[index];
      if (stave) set(name, { top: `${stave.dense ? stave.line - 6 : stave.top}px` });
    });
    const tokens = columns.across ? 32 : 64;
    const column = find('.column');
    if (columns.phone) {
      set(find('.head'), { position: 'static' });
      set(column, { position: 'relative', height: `${PHONE_WIDTH + 20}px`, width: '100%', left: '0', top: '0' });
      set(find('.next-tokens'), { height: `${PHONE_WIDTH}px` });
      if (column) placeNextTokens(column, layout, width);
      return;
    }
    const left = columns.right + NEXT_TOKENS.gap;
    set(find('.head'), {
      position: 'absolute',
      left: `${left}px`,
      top: `${tokens - 22}px`,
      width: `${beside - NEXT_TOKENS.gap}px`,
    });
    set(column, {
      position: 'absolute',
      left: `${left}px`,
      top: `${tokens}px`,
      width: `${beside - NEXT_TOKENS.gap}px`,
      height: `${nextTokensHeight(layout)}px`,
    });
    set(find('.next-tokens'), { height: `${nextTokensHeight(layout)}px` });
    if (column) placeNextTokens(column, layout, nextTokensHeight(layout));
    set(this.renderRoot.querySelector('.figures'), {
      left: `${left}px`,
      top: `${tokens + picture.foot - EXPANDED_HEIGHT}px`,
    });
  }

  /** Finds an element that is always in the template, and remembers it. */
  #find(selector: string): HTMLElement | null {
    const known = this.#parts.get(selector) ?? this.renderRoot.querySelector<HTMLElement>(selector);
    if (known) this.#parts.set(selector, known);
    return known;
  }

  /** Draws the mark of the target under the pointer, or else the mark of the selected expert. */
  #mark(): void {
    const layout = this.#layout;
    const container = this.#find('.pointer');
    if (!layout || !container) return;
    const { state } = this.snapshot;
    const looked = { position: layout.columns.at, layer: state.layer, expert: state.expert };
    const target = this.#pointed ?? looked;
    // In a lesson and in an experiment, the selected expert is part of the state, and a chip would cover marks around it.
    const isGiven = state.lesson !== '' || state.view === 'start';
    const isQuiet = isGiven && !this.#pointed && !this.#find('.opened')?.matches(':focus');
    render(pointer(layout, target, !isQuiet), container);
    const chip = container.querySelector<HTMLElement>('.chip');
    const box = boxOf(layout, target);
    if (chip && box) placeChip(chip, box, this.#width.value);
  }

  #active(layout: RollLayout): string | typeof nothing {
    const { layer, expert } = this.snapshot.state;
    const there = expert !== null && routeHere(layout, layer) !== undefined;
    return there ? optionId(layer, expert) : nothing;
  }

  #target(event: MouseEvent): Target | null {
    const staves = this.renderRoot.querySelector('.staves');
    if (!this.#layout || !staves) return null;
    const { x, y } = pointIn(event, staves);
    return targetAt(this.#layout, x, y);
  }

  /**
   * A click on a token moves the playhead and, if the clicked layer has a router, opens that router. A click left of
   * the columns switches an expert off, or on again.
   */
  readonly #click = (event: MouseEvent): void => {
    const place = this.#gutter(event);
    if (place) {
      this.#switchOff(place);
      return;
    }
    const target = this.#target(event);
    if (!target) return;
    if (target.layer >= shapeOf(this.snapshot).first_k_dense_replace) this.ask({ do: 'view', view: 'router' });
    if (target.position !== shownPosition(this.snapshot)) this.ask({ do: 'seek', position: target.position });
    this.ask({ do: 'look', layer: target.layer, expert: target.expert });
  };

  /** A click on an expert's number left of the columns switches the expert off, or on again. */
  #switchOff(place: Place): void {
    const { experts_off: off, experts_forced: forced } = this.snapshot.state.whatIf;
    const stays = forced.filter(({ layer, expert }) => layer !== place.layer || expert !== place.expert);
    this.ask({ do: 'view', view: 'whatif' });
    this.ask({ do: 'look', ...place });
    this.ask({ do: 'change', whatIf: { experts_off: toggled(off, place), experts_forced: stays } });
  }

  /** The expert under the pointer left of the columns. */
  #gutter(event: MouseEvent): Place | null {
    const staves = this.renderRoot.querySelector('.staves');
    if (!this.#layout || this.#layout.columns.phone || !staves) return null;
    const { x, y } = pointIn(event, staves);
    return inGutter(this.#layout, x, y);
  }

  readonly #point = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') return;
    const place = this.#gutter(event);
    this.#pointed = place ? { position: this.#layout?.columns.at ?? 0, ...place } : this.#target(event);
    this.#mark();
  };

  readonly #unpoint = (): void => {
    this.#pointed = null;
    this.#mark();
    if (this.snapshot.held) this.ask({ do: 'hold', on: false });
  };

  /** The pointer over the picture pauses animation and playback until it leaves. */
  readonly #hold = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch' && (this.moving || this.snapshot.playing)) this.ask({ do: 'hold', on: true });
  };

  readonly #openNext = (): void => {
    this.ask({ do: 'view', view: this.snapshot.state.view === 'next' ? 'roll' : 'next' });
  };

  readonly #toggle = (event: Event): void => {
    this.unfolded = (event.currentTarget as HTMLDetailsElement).open;
  };
}

/** True if only the what-if has changed and its result is awaited; the picture stays until the result arrives. */
function isChanging(before: Snapshot, snapshot: Snapshot): boolean {
  const { state, plain, text, model } = snapshot;
  const same = before.plain.records === plain.records && before.text.tokens === text.tokens && before.model === model;
  return same && isAwaited(snapshot) && before.state.whatIf !== state.whatIf && looksAlike(before.state, state);
}

/** The layout of the columns as text. Tests read this text, and the picture is redrawn when the text changes. */
function dataOf({ columns, record }: RollLayout): string {
  const { left, width, open, first, end, at } = columns;
  return JSON.stringify({ left, width, open, first, end, at, there: record !== undefined });
}

function looksAlike(before: ScopeState, state: ScopeState): boolean {
  const fields = Object.keys(state) as (keyof ScopeState)[];
  return fields.every(field => ELSEWHERE.has(field) || before[field] === state[field]);
}
