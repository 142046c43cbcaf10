// The animation of one step through the layer: the operations appear from the bottom to the top, stage by stage, with
// a pause after each stage.

import type { Operation } from '../../scope/stages';
import { StepMotion } from '../shared/motion';

/** Duration of a stage in ms. All stages of a routed layer together take about as long as one step of playback. */
const MOVE = 300;
/** Pause after each stage, in ms. */
const REST = 40;

export class Motion extends StepMotion {
  get running(): boolean {
    return this.animations.some(({ playState }) => playState === 'running' || playState === 'paused');
  }

  /** Fades in the marks in `root` in the order of the stages. */
  start(root: ParentNode, stages: readonly (Operation | '')[], speed: number): void {
    this.finish();
    for (const element of root.querySelectorAll('[data-motion]')) {
      const turn = stages.indexOf(element.getAttribute('data-motion') as Operation | '');
      if (turn < 0) continue;
      this.animate(element, [{ opacity: 0 }, { opacity: 1 }], turn * (MOVE + REST), MOVE, speed);
    }
  }

  /** Resolves when every animation has ended or was stopped. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.animations.map(({ finished }) => finished));
  }
}
