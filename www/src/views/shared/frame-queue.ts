// At most one picture is drawn per animation frame. After a step, each picture waits for its turn, so that keys work
// at once.

const waiting: (() => void)[] = [];

/** Resolves in the next animation frame that has no other picture to draw. */
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
