// Outlines the marks of a lesson's step. The outlines are boxes above the picture, so that no view has to know them;
// they follow their elements when these are drawn again, scrolled or resized.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { css, html, LitElement } from 'lit';
import type { Mark, Target } from '../lessons/marks';
import { targetsOf, writeMark } from '../lessons/marks';
import type { Box } from '../measure/zoom';
import { boxOf, zoomOf } from '../measure/zoom';
import type { Snapshot } from '../scope/state';

/** Distance of an outline from its element, px; `tight` if other content is close. */
const AROUND = { normal: 3, tight: 2 };
/** Frames without a change after which the boxes are no longer measured, and the most frames in all. */
const STILL = 12;
const MOST_FRAMES = 240;

interface Outline {
  readonly name: string;
  readonly around: number;
  /** Null if the element is not drawn, or not visible. */
  readonly box: Box | null;
}

export class LessonMarks extends LitElement {
  static override properties: PropertyDeclarations = {
    snapshot: { attribute: false },
    marks: { attribute: false },
    scrolls: { attribute: false },
  };

  static override styles = css`
    :host {
      position: absolute;
      top: 0;
      left: 0;
      width: 100px;
      height: 0;
      pointer-events: none;
      z-index: 4;
    }
    div {
      position: absolute;
      box-sizing: border-box;
      border: 2px solid var(--moe-ink);
      border-radius: 4px;
      /* A gap on both sides keeps the outline apart from dark marks. */
      box-shadow:
        0 0 0 1px var(--moe-bg),
        inset 0 0 0 1px var(--moe-bg);
    }
    @media print {
      :host {
        display: none;
      }
    }
  `;

  declare snapshot: Snapshot;
  declare marks: readonly Mark[];
  /** True if a mark outside the visible part of the document is scrolled into sight. */
  declare scrolls: boolean;

  #frame = 0;
  #drawn = '';
  /** Marks that were scrolled into sight. */
  #sought: readonly Mark[] = [];
  readonly #resized = new ResizeObserver(() => {
    this.#follow();
  });

  constructor() {
    super();
    this.marks = [];
    this.scrolls = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('scroll', this.#moved, { capture: true, passive: true });
    addEventListener('resize', this.#moved);
    this.getRootNode().addEventListener('toggle', this.#moved, { capture: true });
    const { parentElement } = this;
    const host = this.getRootNode();
    this.#resized.observe(parentElement ?? (host instanceof ShadowRoot ? host.host : this));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('scroll', this.#moved, { capture: true });
    removeEventListener('resize', this.#moved);
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  protected override render(): TemplateResult[] {
    return this.#outlines().map(({ name }) => html`<div data-outline=${name}></div>`);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('marks') || changed.has('snapshot')) this.#follow();
  }

  readonly #moved = (): void => {
    this.#follow();
  };

  /** Measures in each frame until nothing moves: views are drawn later, and a step can be animated. */
  #follow(): void {
    cancelAnimationFrame(this.#frame);
    let still = 0;
    let frames = 0;
    const measure = (): void => {
      this.#frame = 0;
      const isSame = this.#place();
      still = isSame ? still + 1 : 0;
      frames += 1;
      if (still === 2) this.#seek();
      if (still < STILL && frames < MOST_FRAMES && this.isConnected) this.#frame = requestAnimationFrame(measure);
    };
    this.#frame = requestAnimationFrame(measure);
  }

  /** Places the boxes; returns true if nothing has changed. Sizes are set by script, as a strict policy requires. */
  #place(): boolean {
    const outlines = this.#outlines();
    const own = boxOf(this);
    // A slide deck, for example, scales its slides.
    const scale = own.width / this.offsetWidth || 1;
    const boxes = [...this.renderRoot.querySelectorAll('div')];
    if (boxes.length !== outlines.length) {
      this.requestUpdate();
      return false;
    }
    const places = outlines.map(({ box }) =>
      box
        ? [box.left - own.left, box.top - own.top, box.width, box.height].map(each => Math.round(each / scale))
        : null,
    );
    boxes.forEach((element, index) => {
      const place = places[index];
      element.hidden = !place;
      if (!place) return;
      const [x = 0, y = 0, width = 0, height = 0] = place;
      const around = outlines[index]?.around ?? AROUND.normal;
      Object.assign(element.style, {
        left: `${x - around}px`,
        top: `${y - around}px`,
        width: `${width + 2 * around}px`,
        height: `${height + 2 * around}px`,
      });
    });
    const drawn = JSON.stringify(places);
    const isSame = drawn === this.#drawn;
    this.#drawn = drawn;
    return isSame;
  }

  #outlines(): Outline[] {
    const root = this.getRootNode();
    if (!(root instanceof ShadowRoot)) return [];
    return this.marks.flatMap(mark =>
      targetsOf(mark, this.snapshot).flatMap(target =>
        boxesOf(root, target).map(box => ({
          name: writeMark(mark),
          around: target.isTight ? AROUND.tight : AROUND.normal,
          box,
        })),
      ),
    );
  }

  /** Scrolls the first new mark into sight, if it is outside. */
  #seek(): void {
    if (!this.scrolls || this.#sought === this.marks || this.marks.length === 0) return;
    const boxes = this.#outlines().flatMap(({ box }) => (box ? [box] : []));
    const [box] = boxes;
    if (!box) return;
    this.#sought = this.marks;
    const zoom = zoomOf(this);
    const foot = innerHeight - parseFloat(getComputedStyle(document.documentElement).scrollPaddingBottom || '0');
    const room = Math.max(0, foot || innerHeight) / zoom;
    const isInSight = ({ top, height }: Box): boolean => top >= 0 && top + Math.min(height, room) <= room;
    if (boxes.some(isInSight)) return;
    scrollBy({ top: zoom * (box.top - Math.max(8, (room - box.height) / 2)) });
  }
}

/** The box around all elements of a target, or the boxes of each; null for elements that are not visible. */
function boxesOf(root: ShadowRoot, { within, selector, isEach }: Target): (Box | null)[] {
  let inside: ShadowRoot | null | undefined = root;
  for (const name of within) inside = inside?.querySelector(name)?.shadowRoot;
  const boxes = [...(inside?.querySelectorAll(selector) ?? [])]
    .map(element => boxOf(element))
    .filter(({ width, height }) => width > 0 || height > 0);
  if (boxes.length === 0) return [null];
  return isEach ? boxes : [around(boxes)];
}

/** The box around boxes. */
function around(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map(box => box.left));
  const top = Math.min(...boxes.map(box => box.top));
  const right = Math.max(...boxes.map(box => box.right));
  const bottom = Math.max(...boxes.map(box => box.bottom));
  return { left, top, right, bottom, width: right - left, height: bottom - top };
}
