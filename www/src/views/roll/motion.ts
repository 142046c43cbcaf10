// The animation of one step in the opened column: upwards, layer by layer.

import type { Stave } from '../shared/geometry';
import { StepMotion } from '../shared/motion';

/** For each part, in ms: delay after the layer's start (`after`), duration (`takes`), delay per expert (`stagger`). */
const PARTS = {
  grow: { after: 0, takes: 120 },
  mark: { after: 60, takes: 120 },
  attend: { after: 60, takes: 240 },
  score: { after: 80, takes: 120 },
  cut: { after: 180, takes: 120 },
  choose: { after: 220, takes: 140, stagger: 30 },
  say: { after: 260, takes: 120 },
} as const;
const START = 80;
const LAYER = { dense: 160, routed: 320 };
const NEXT = { after: 360, takes: 120 };
const SLIDE = 160;

const HIDDEN: Readonly<Record<keyof typeof PARTS | 'next', Keyframe[]>> = {
  grow: [{ transform: 'scaleY(0)' }, { transform: 'none' }],
  mark: [{ opacity: 0 }, { opacity: 1 }],
  attend: [{ opacity: 0 }, { opacity: 1, offset: 0.2 }, { opacity: 1, offset: 0.7 }, { opacity: 0 }],
  score: [{ transform: 'scaleX(0)' }, { transform: 'none' }],
  cut: [{ opacity: 0 }, { opacity: 1 }],
  choose: [{ transform: 'scale(0)' }, { transform: 'none' }],
  say: [{ opacity: 0 }, { opacity: 1 }],
  next: [{ opacity: 0 }, { opacity: 1 }],
};

/** The start of each layer and of the next tokens, in ms. */
function timesOf(staves: readonly Stave[]): {
  readonly layers: ReadonlyMap<number, number>;
  readonly next: number;
} {
  const layers = new Map<number, number>();
  let time = START;
  let last = START;
  for (const { layer, dense } of staves.toReversed()) {
    layers.set(layer, time);
    last = time;
    time += dense ? LAYER.dense : LAYER.routed;
  }
  return { layers, next: last + NEXT.after };
}

export class Motion extends StepMotion {
  readonly #ended: () => void;
  readonly #reached: (layer: number | null) => void;

  /**
   * Calls `reached` when the animation of a step reaches a layer, and with null when it ends or is stopped; then `ended`,
   * unless it was stopped.
   */
  constructor(ended: () => void, reached: (layer: number | null) => void) {
    super();
    this.#ended = ended;
    this.#reached = reached;
  }

  get running(): boolean {
    return this.animations.length > 0;
  }

  override finish(): void {
    if (this.running) this.#reached(null);
    super.finish();
  }

  /** Calls `reached` at the start of each layer, by animations without effect, which are paused like the others. */
  #follow(host: Element, layers: ReadonlyMap<number, number>, speed: number): void {
    for (const [layer, time] of layers) {
      const timer = host.animate(null, { duration: time });
      timer.playbackRate = speed;
      timer.onfinish = () => {
        this.#reached(layer);
      };
      this.animations.push(timer);
    }
  }

  /** Animates the marks in `root`. The elements `slides` start `by` px right of their final position. */
  start(
    host: Element,
    root: ParentNode,
    staves: readonly Stave[],
    slides: readonly Element[],
    by: number,
    speed: number,
  ): void {
    this.finish();
    const { layers, next } = timesOf(staves);
    const animate = (element: Element, frames: Keyframe[], delay: number, duration: number): void => {
      this.animate(element, frames, delay, duration, speed);
    };
    this.#follow(host, layers, speed);
    for (const slide of slides) {
      animate(slide, [{ transform: `translateX(${by}px)` }, { transform: 'none' }], 0, SLIDE);
    }
    for (const element of root.querySelectorAll('[data-motion]')) {
      const part = element.getAttribute('data-motion') as keyof typeof HIDDEN;
      if (part === 'next') {
        animate(element, HIDDEN.next, next, NEXT.takes);
        continue;
      }
      const { after, takes } = PARTS[part];
      const delay = (layers.get(Number(element.getAttribute('data-layer'))) ?? 0) + after;
      if (part === 'choose') {
        [...element.children].forEach((note, rank) => {
          animate(note, HIDDEN.choose, delay + PARTS.choose.stagger * rank, takes);
        });
      } else {
        animate(element, HIDDEN[part], delay, takes);
      }
    }
    const last = this.animations.reduce<Animation | undefined>(
      (last, each) => (endOf(each) > endOf(last) ? each : last),
      undefined,
    );
    if (!last) return;
    last.onfinish = () => {
      this.animations = [];
      this.#reached(null);
      this.#ended();
    };
  }
}

function endOf(animation: Animation | undefined): number {
  return Number(animation?.effect?.getComputedTiming().endTime ?? -1);
}
