// Keyboard shortcuts. In the page they also work if no element has the focus; in a widget only with the focus inside. In a
// form field only Escape works.

import { clamp } from '../scope/clamp';
import { shownPosition } from '../scope/select';
import { shapeOf } from '../scope/shape';
import type { Intent } from '../scope/intents';
import type { Snapshot } from '../scope/state';
import { denseLayers, routedLayers } from '../views/shared/geometry';

/**
 * Handles a key press: asks for the intents of the key. Page Up and Page Down go through the stages of a step only if
 * `isInView`, that is, if the user sees the whole picture; otherwise they scroll.
 */
export function press(
  event: KeyboardEvent,
  snapshot: Snapshot,
  isInView: boolean,
  ask: (intent: Intent) => void,
): void {
  const [target] = event.composedPath();
  // The page around cannot see that the key went into a text box inside the widget, so it must not get the key.
  if (writes(target) && !event.altKey && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === 'Escape') {
    // Escape leaves the widget; only later keys go to the page around it.
    event.stopPropagation();
    if (snapshot.playing) ask({ do: 'play', on: false });
    leave(event.currentTarget);
    return;
  }
  if (writes(target)) return;
  if (!isInView && (event.key === 'PageDown' || event.key === 'PageUp')) return;
  const intents = intentsOf(event.key, snapshot, target);
  if (!intents) {
    // Any other key pauses playback and animation, or resumes them.
    if (event.key !== 'Tab' && !presses(target) && target !== document.body) ask({ do: 'hold', on: !snapshot.held });
    return;
  }
  // The page around does not get the widget's keys: a slide deck, for example, would show its next slide.
  event.preventDefault();
  event.stopPropagation();
  intents.forEach(ask);
}

function intentsOf(key: string, snapshot: Snapshot, target: EventTarget | undefined): Intent[] | undefined {
  const { playing } = snapshot;
  switch (key) {
    case 'ArrowRight':
      return [{ do: 'step', by: 1 }];
    case 'ArrowLeft':
      return [{ do: 'step', by: -1 }];
    case 'Home':
      return [{ do: 'seek', position: 0 }];
    case 'End':
      return [{ do: 'seek', position: Math.max(snapshot.text.tokens.length - 1, shownPosition(snapshot)) }];
    case 'PageDown':
      return [{ do: 'stage', by: 1 }];
    case 'PageUp':
      return [{ do: 'stage', by: -1 }];
    case ' ':
      return presses(target) ? undefined : [{ do: 'play', on: !playing }];
    case 'ArrowUp':
    case 'ArrowDown':
      return inExperts(target) ? [neighbour(snapshot, key === 'ArrowDown' ? 1 : -1)] : undefined;
    case 'Enter':
      return inExperts(target) ? [{ do: 'view', view: 'router' }] : undefined;
    default:
      return undefined;
  }
}

/** Selects the expert below or above the selected one; past a layer's experts, continues in the adjacent layer. */
function neighbour(snapshot: Snapshot, by: 1 | -1): Intent {
  const shape = shapeOf(snapshot);
  const { layer, expert } = snapshot.state;
  const layers = routedLayers(shape);
  const experts = shape.n_routed_experts;
  if (layers.length === 0) return { do: 'look', layer: denseLayers(shape)[0] ?? 0 };
  const first = (layers.includes(layer) ? layers.indexOf(layer) : layers.length - 1) * experts;
  const now = expert === null ? first - (by > 0 ? 1 : -experts) : first + expert;
  const next = clamp(now + by, 0, layers.length * experts - 1);
  return { do: 'look', layer: layers[Math.floor(next / experts)] ?? layer, expert: next % experts };
}

function writes(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement || target instanceof HTMLSelectElement
  );
}

function presses(target: EventTarget | undefined): boolean {
  return target instanceof HTMLButtonElement || (target instanceof HTMLElement && target.localName === 'summary');
}

function inExperts(target: EventTarget | undefined): boolean {
  return target instanceof SVGElement && target.getAttribute('role') === 'listbox';
}

/** Removes the focus from the widget. In a frame, the outer window gets the focus; otherwise it would get no keys. */
function leave(widget: EventTarget | null): void {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (element instanceof HTMLElement || element instanceof SVGElement) element.blur();
  const isAll = widget instanceof Node && widget.getRootNode() === document;
  if (isAll && window.parent !== window) window.parent.focus();
}
