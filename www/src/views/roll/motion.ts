// The movement of one step in the opened column, as look.md times it: upwards, layer by layer. The marks stand in the
// DOM as they end; movement only delays them, so that whatever comes in between can snap to the end.
// May import: geometry.

import type { Stave } from '../geometry';

const EASING = 'cubic-bezier(.2,0,0,1)';
/** When a layer's parts begin after its start, and how long each takes, ms. */
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
/** Who steps on sooner than this after a step is in a hurry, and sees the next one as it ends, ms. */
const HURRY = 400;

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

/** When each layer starts, ms, and when the next tokens come. */
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

export class Motion {
  #animations: Animation[] = [];
  /** Waits as long as a person who looks at a step would. */
  #look: Animation | undefined;
  readonly #ended: () => void;

  /** Says when a movement has ended by itself. */
  constructor(ended: () => void) {
    this.#ended = ended;
  }

  get running(): boolean {
    return this.#animations.length > 0;
  }

  /**
   * A step has come: whether it is to move, since the last one was looked at and the person wants movement at all.
   * What plays by itself is in no hurry.
   */
  comes(host: Element, speed: number, plays: boolean): boolean {
    if (isStill()) return false;
    const hurried = !plays && this.#look?.playState === 'running';
    this.#look?.cancel();
    this.#look = host.animate(null, { delay: HURRY });
    this.#look.playbackRate = speed;
    return !hurried;
  }

  /** Moves what is drawn in `root`; `by` is how far the playhead slides, px. */
  start(root: ParentNode, staves: readonly Stave[], slides: readonly Element[], by: number, speed: number): void {
    this.finish();
    const { layers, next } = timesOf(staves);
    const animate = (element: Element, frames: Keyframe[], delay: number, duration: number): void => {
      const animation = element.animate(frames, { delay, duration, easing: EASING, fill: 'backwards' });
      animation.playbackRate = speed;
      this.#animations.push(animation);
    };
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
    const last = this.#animations.reduce<Animation | undefined>(
      (last, each) => (endOf(each) > endOf(last) ? each : last),
      undefined,
    );
    if (!last) return;
    last.onfinish = () => {
      this.#animations = [];
      this.#ended();
    };
  }

  /** Snaps to the end. */
  finish(): void {
    const animations = this.#animations;
    this.#animations = [];
    for (const animation of animations) {
      animation.onfinish = null;
      animation.cancel();
    }
  }

  hold(on: boolean): void {
    for (const animation of this.#animations) {
      if (animation.playState === 'finished') continue;
      if (on) animation.pause();
      else animation.play();
    }
  }
}

function endOf(animation: Animation | undefined): number {
  return Number(animation?.effect?.getComputedTiming().endTime ?? -1);
}

/** Whether a person wants no movement. */
function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
