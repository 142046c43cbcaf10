// Waits until everything that a state asks for is computed and drawn.

import type { Scope } from '../scope/scope';
import {
  hasModel,
  hasSurvey,
  hasTokens,
  isCompared,
  isMeasured,
  isModelMissing,
  isWhole,
  loadProgress,
  pendingLink,
  questionOf,
  runTo,
  tokenCount,
} from '../scope/select';
import type { Snapshot } from '../scope/state';

/**
 * Waits until everything that the state needs is computed.
 * @throws Error with a fault's message, or with the reason why the scope ended.
 */
export function settled(scope: Scope): Promise<Snapshot> {
  return until(scope, isSettled);
}

/**
 * Waits until a model is loaded.
 * @throws Error as `settled` does.
 */
export function up(scope: Scope): Promise<Snapshot> {
  return until(scope, snapshot => hasModel(snapshot) && !loadProgress(snapshot));
}

function until({ store, ended }: Scope, isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    let leave = (): void => undefined;
    const look = (): boolean => {
      const { snapshot } = store;
      const why = failureOf(snapshot);
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

/** The reason why waiting is useless; null if a result can still arrive. */
function failureOf(snapshot: Snapshot): string | null {
  const { fault, state } = snapshot;
  if (fault && !fault.recovered) return fault.message;
  const isLoading = loadProgress(snapshot) !== null;
  if (!isLoading && state.opened && isModelMissing(snapshot)) return `the model “${state.opened.name}” is not open`;
  // There is no model and none is loading: loading failed, and the user dismissed the fault.
  return hasModel(snapshot) || isLoading ? null : 'the model could not be loaded';
}

function isSettled(snapshot: Snapshot): boolean {
  const { engine, plain, state, model } = snapshot;
  if (!hasModel(snapshot) || engine.is === 'restarting' || loadProgress(snapshot)) return false;
  if (!hasTokens(snapshot) || pendingLink(snapshot) || isModelMissing(snapshot)) return false;
  if (questionOf(snapshot) && !hasSurvey(snapshot)) return false;
  // An empty text without a start marker has no token: no step runs, so nothing more will arrive.
  if (tokenCount(snapshot) === 0) return state.text === '' && state.appended.length === 0 && model.blank.length === 0;
  if (plain.records.length <= runTo(snapshot)) return false;
  return isWhole(snapshot) && isCompared(snapshot) && isMeasured(snapshot);
}

export interface Drawing extends Element {
  readonly scope: Scope;
  /** The snapshot that was drawn last. */
  readonly shown: Snapshot;
}

/**
 * Waits until everything that the state asks for is computed and drawn. A hidden document has no animation
 * frames, so this also waits until the document is visible.
 * @throws Error as `settled` does.
 */
export async function settledAndDrawn(shell: Drawing): Promise<void> {
  const { store } = shell.scope;
  do {
    // Changes made by a script reach the store in microtasks, and the picture in the next animation frame.
    await nextFrame();
    await settled(shell.scope);
    await drawn(shell);
  } while (shell.shown !== store.snapshot || !isSettled(store.snapshot));
}

function nextFrame(): Promise<unknown> {
  return new Promise(resolve => requestAnimationFrame(resolve));
}

/** Waits until an element and everything inside it has drawn the current snapshot. */
export async function drawn(element: Element): Promise<void> {
  // A shell draws in the next animation frame. A hidden document has none, so waiting for one would not end.
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
