// One picture a frame: what is drawn after a step waits for its turn, so that a key is answered at once and no frame
// has more than one picture to draw.

const waiting: (() => void)[] = [];

/** Resolves in the next frame that has no other picture to draw. */
export function turn(): Promise<void> {
  return new Promise(resolve => {
    waiting.push(resolve);
    if (waiting.length === 1) requestAnimationFrame(next);
  });
}

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) requestAnimationFrame(next);
}
