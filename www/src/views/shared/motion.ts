// The animation of one step, shared by the roll and the flow. Marks are in the DOM in their final state; an animation
// only makes them appear later, so it can be ended at any time.

const EASING = 'cubic-bezier(.2,0,0,1)';
/** A step by hand is not animated if it comes within this time after the previous step; in ms at speed 1. */
const HURRY = 400;

export class StepMotion {
  protected animations: Animation[] = [];
  /** The timer: an animation without effect that runs for `HURRY` after a step. */
  #look: Animation | undefined;

  /** True if a new step is animated: not with reduced motion, nor by hand within `HURRY` after the previous step. */
  comes(host: Element, speed: number, played: boolean): boolean {
    if (isStill()) return false;
    const hurried = !played && this.#look?.playState === 'running';
    this.#look?.cancel();
    this.#look = host.animate(null, { delay: HURRY });
    this.#look.playbackRate = speed;
    return !hurried;
  }

  /** Animates an element; `delay` and `duration` are in ms at speed 1. */
  protected animate(element: Element, frames: Keyframe[], delay: number, duration: number, speed: number): void {
    const animation = element.animate(frames, { delay, duration, easing: EASING, fill: 'backwards' });
    animation.playbackRate = speed;
    this.animations.push(animation);
  }

  /** Ends all animations at once; the marks are then in their final state. */
  finish(): void {
    const animations = this.animations;
    this.animations = [];
    for (const animation of animations) {
      animation.onfinish = null;
      animation.cancel();
    }
  }

  /** Pauses the animations, or lets them continue. */
  hold(on: boolean): void {
    for (const animation of this.animations) {
      if (animation.playState === 'finished') continue;
      if (on) animation.pause();
      else animation.play();
    }
  }
}

/** True if the user's system asks for less motion. */
function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
