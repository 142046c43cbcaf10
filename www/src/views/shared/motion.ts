// The movement of one step: what the roll and the flow share. Marks stand in the DOM as they end; an animation only delays
// them, so any change can snap to the end.

const EASING = 'cubic-bezier(.2,0,0,1)';
/** A step that comes sooner than this after the one before, in ms, is shown without movement. */
const HURRY = 400;

export class StepMotion {
  protected animations: Animation[] = [];
  /** Runs for `HURRY` after a step. */
  #look: Animation | undefined;

  /** A step has come: whether it moves. It does not if the user steps fast, or wants less motion. Playing is never too fast. */
  comes(host: Element, speed: number, plays: boolean): boolean {
    if (isStill()) return false;
    const hurried = !plays && this.#look?.playState === 'running';
    this.#look?.cancel();
    this.#look = host.animate(null, { delay: HURRY });
    this.#look.playbackRate = speed;
    return !hurried;
  }

  /** Delays an element's mark; `delay` and `duration` in ms at speed 1. */
  protected animate(element: Element, frames: Keyframe[], delay: number, duration: number, speed: number): void {
    const animation = element.animate(frames, { delay, duration, easing: EASING, fill: 'backwards' });
    animation.playbackRate = speed;
    this.animations.push(animation);
  }

  /** Snaps to the end. */
  finish(): void {
    const animations = this.animations;
    this.animations = [];
    for (const animation of animations) {
      animation.onfinish = null;
      animation.cancel();
    }
  }

  /** Pauses the movement, or lets it continue. */
  hold(on: boolean): void {
    for (const animation of this.animations) {
      if (animation.playState === 'finished') continue;
      if (on) animation.pause();
      else animation.play();
    }
  }
}

/** Whether the user's system asks for less motion. */
function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
