// The movement of one step through the layer: the operations light up from the bottom to the top, stage by stage, with
// rests. What is drawn stands in its end state; movement only delays it. May import: scope (stages).

import type { Operation } from '../../scope/stages';

const EASING = 'cubic-bezier(.2,0,0,1)';
/** How long a stage takes, and the rest after it, ms: with all of them a step is as long as playing shows it. */
const MOVE = 300;
const REST = 40;
/** Who steps on sooner than this after a step is in a hurry, and sees the next one as it ends, ms. */
const HURRY = 400;

export class Motion {
  #animations: Animation[] = [];
  /** Waits as long as a person who looks at a step would. */
  #look: Animation | undefined;

  get running(): boolean {
    return this.#animations.some(({ playState }) => playState === 'running' || playState === 'paused');
  }

  /** A step has come: whether it is to move. What plays by itself is in no hurry. */
  comes(host: Element, speed: number, plays: boolean): boolean {
    if (isStill()) return false;
    const hurried = !plays && this.#look?.playState === 'running';
    this.#look?.cancel();
    this.#look = host.animate(null, { delay: HURRY });
    this.#look.playbackRate = speed;
    return !hurried;
  }

  /** Lights up what is drawn in `root`, in the order of the stages. */
  start(root: ParentNode, stages: readonly (Operation | '')[], speed: number): void {
    this.finish();
    for (const element of root.querySelectorAll('[data-motion]')) {
      const turn = stages.indexOf(element.getAttribute('data-motion') as Operation | '');
      if (turn < 0) continue;
      const timing = { delay: turn * (MOVE + REST), duration: MOVE, easing: EASING, fill: 'backwards' } as const;
      const animation = element.animate([{ opacity: 0 }, { opacity: 1 }], timing);
      animation.playbackRate = speed;
      this.#animations.push(animation);
    }
  }

  /** Until everything stands still, or is stopped. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#animations.map(({ finished }) => finished));
  }

  /** Snaps to the end. */
  finish(): void {
    for (const animation of this.#animations) animation.cancel();
    this.#animations = [];
  }

  hold(on: boolean): void {
    for (const animation of this.#animations) {
      if (animation.playState === 'finished') continue;
      if (on) animation.pause();
      else animation.play();
    }
  }
}

/** Whether a person wants no movement. */
function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
