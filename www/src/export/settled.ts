// Waits until everything that a state asks for is computed and drawn.

import type { Scope } from '../scope/scope';
import { hasSurvey, isCompared, isMeasured, isWhole, questionOf, runTo, tokenCount } from '../scope/select';
import type { Snapshot } from '../scope/state';

/**
 * Waits until all that the state asks for is there.
 * @throws Error with the fault's sentence, where something broke before that, or another where the scope has ended.
 */
export function settled(scope: Scope): Promise<Snapshot> {
  return until(scope, isSettled);
}

/**
 * Waits until a model is up.
 * @throws Error likewise.
 */
export function up(scope: Scope): Promise<Snapshot> {
  return until(scope, snapshot => snapshot.up && !snapshot.progress);
}

function until({ store, ended }: Scope, isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    let leave = (): void => undefined;
    const look = (): boolean => {
      const { snapshot } = store;
      const why = hopeless(snapshot);
      if (ended.aborted) reject(ended.reason as Error);
      else if (isSo(snapshot)) resolve(snapshot);
      else if (why !== null) reject(new Error(why));
      else return false;
      leave();
      ended.removeEventListener('abort', look);
      return true;
    };
    if (look()) return;
    leave = store.listen(look);
    ended.addEventListener('abort', look);
  });
}

/** Why nothing more comes by itself; null where it does. */
function hopeless({ up, progress, fault }: Snapshot): string | null {
  if (fault && !fault.recovered) return fault.message;
  // Somebody has put the fault's sentence away.
  return up || progress ? null : 'the model could not be loaded';
}

function isSettled(snapshot: Snapshot): boolean {
  const { up, progress, linked, uncut, records, state, model } = snapshot;
  if (!up || progress || linked || uncut) return false;
  if (questionOf(snapshot) && !hasSurvey(snapshot)) return false;
  // A model whose texts begin with no token runs nothing for the empty one.
  if (tokenCount(snapshot) === 0) return state.text === '' && state.appended.length === 0 && model.blank.length === 0;
  if (records.length <= runTo(snapshot)) return false;
  return isWhole(snapshot) && isCompared(snapshot) && isMeasured(snapshot);
}

/** What a shell must have for its picture to be waited for. */
export interface Drawing extends Element {
  readonly scope: Scope;
  /** The snapshot that is drawn. */
  readonly shown: Snapshot;
}

/**
 * Waits until everything that the state asks for is computed and drawn. A hidden document draws no frames, so there it
 * waits until the document is visible.
 * @throws Error as `settled` does.
 */
export async function settledAndDrawn(shell: Drawing): Promise<void> {
  const { store } = shell.scope;
  do {
    // Changes that a script has just made reach the store in microtasks, and the picture in the next frame.
    await nextFrame();
    await settled(shell.scope);
    await drawn(shell);
  } while (shell.shown !== store.snapshot || !isSettled(store.snapshot));
}

function nextFrame(): Promise<unknown> {
  return new Promise(resolve => requestAnimationFrame(resolve));
}

/** Waits until the present snapshot is drawn, in an element and everything inside it. */
export async function drawn(element: Element): Promise<void> {
  // Shells draw once a frame; a hidden document has no frames.
  if (document.visibilityState === 'visible') await nextFrame();
  for (let pending = pendingIn(element); pending.length > 0; pending = pendingIn(element)) {
    await Promise.all(pending.map(({ updateComplete }) => updateComplete));
  }
}

interface Updating {
  readonly isUpdatePending: boolean;
  readonly updateComplete: Promise<boolean>;
}

function pendingIn(element: Element): Updating[] {
  const found: Updating[] = isUpdating(element) && element.isUpdatePending ? [element] : [];
  const roots: ParentNode[] = element.shadowRoot ? [element, element.shadowRoot] : [element];
  for (const root of roots) {
    for (const each of root.querySelectorAll('*')) {
      if (isUpdating(each) && each.isUpdatePending) found.push(each);
      if (each.shadowRoot) roots.push(each.shadowRoot);
    }
  }
  return found;
}

function isUpdating(element: object): element is Updating {
  return 'isUpdatePending' in element && 'updateComplete' in element;
}
