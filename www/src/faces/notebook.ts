// Front end of the notebook widget, for anywidget: connects an element to a Python object. Both have the same state, in
// the form of a link; the element's attributes always describe the shown state.

import type { MoeScope } from '../../public/moescope';
import { reasonOf } from '../engine/error-message';
import type { ScopeEvents } from './api';
import { follow as followTheme } from './jupyter-theme';

/** The Python object that anywidget passes to the front end. */
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, hear: (message: unknown) => void): void;
  off(event: string, hear: (message: unknown) => void): void;
}

/** Messages sent by the Python object's methods. */
type Message =
  | { readonly do: 'step'; readonly by: number }
  | { readonly do: 'seek'; readonly position: number }
  | { readonly do: 'play' }
  | { readonly do: 'pause' };

type Leave = () => void;

async function render({ model, el }: { readonly model: Model; readonly el: HTMLElement }): Promise<Leave> {
  // Each cell evaluates this module again, but only the first one registers the element: all cells share one engine.
  if (!customElements.get('moe-scope')) await import('./define');
  const scope = document.createElement('moe-scope');
  const leaves = [follow(scope, model), followTheme(el)];
  // Without this attribute, JupyterLab would take the widget's keys for its own shortcuts.
  scope.dataset.lmSuppressShortcuts = 'true';
  el.append(scope);
  return () => {
    for (const leave of leaves) leave();
  };
}

/** Keeps the states of the element and the Python object equal, and passes events to Python. */
function follow(scope: MoeScope, model: Model): Leave {
  const tell = (name: string, value: unknown): void => {
    model.set(name, value);
    model.save_changes();
  };
  const show = (): void => {
    setAttributes(scope, String(model.get('state')));
  };
  const shown = (): void => {
    setAttributes(scope, scope.state);
    tell('state', scope.state);
  };
  const draw = drawing(scope, picture => {
    tell('picture', picture);
  });
  const onMessage = (message: unknown): void => {
    act(scope, message as Message);
  };
  on(scope, 'statechange', () => {
    shown();
    draw();
  });
  on(scope, 'step', ({ record }) => {
    tell('record', record);
  });
  on(scope, 'error', ({ message }) => {
    // The state was not applied as requested, so Python gets the shown state.
    shown();
    tell('error', message);
  });
  on(scope, 'recovered', () => {
    tell('error', '');
  });
  // Clears an error left by an earlier page; errors of this page are reported as they occur.
  if (model.get('error') !== '') tell('error', '');
  show();
  model.on('change:state', show);
  model.on('msg:custom', onMessage);
  return () => {
    model.off('change:state', show);
    model.off('msg:custom', onMessage);
    scope.remove();
  };
}

function on<K extends keyof ScopeEvents>(scope: MoeScope, what: K, hear: (detail: ScopeEvents[K]) => void): void {
  scope.addEventListener(what, event => {
    hear((event as CustomEvent<ScopeEvents[K]>).detail);
  });
}

/** Sets the attributes to a state. */
function setAttributes(scope: MoeScope, state: string): void {
  const fields = new URLSearchParams(state);
  for (const name of (scope.constructor as typeof MoeScope).observedAttributes) {
    const value = fields.get(name);
    if (value === null) scope.removeAttribute(name);
    else scope.setAttribute(name, value);
  }
}

function act(scope: MoeScope, message: Message): void {
  switch (message.do) {
    case 'step':
      scope.step(message.by);
      return;
    case 'seek':
      scope.seek(message.position);
      return;
    case 'play':
      scope.play();
      return;
    case 'pause':
      scope.pause();
  }
}

/** Returns a function that requests a picture. Pictures are drawn one at a time; the last request is always drawn. */
function drawing(scope: MoeScope, onPicture: (picture: string) => void): () => void {
  let isDrawing = false;
  let isWanted = false;
  const draw = async (): Promise<void> => {
    isDrawing = true;
    while (isWanted) {
      isWanted = false;
      try {
        onPicture(await scope.export('svg'));
      } catch (error) {
        console.warn(`moescope: no picture for the notebook: ${reasonOf(error)}`);
      }
    }
    isDrawing = false;
  };
  return () => {
    isWanted = true;
    if (!isDrawing) void draw();
  };
}

export default { render };
