// Front end of the notebook widget, for anywidget: connects an element to a Python object. Both share the state of a
// link; the element's attributes always describe what is shown.

import type { MoeScope } from '../../public/moescope';
import { reasonOf } from '../engine/error-message';
import type { ScopeEvents } from './api';
import { follow as followAround } from './jupyter-theme';

/** The Python object, as anywidget gives it. */
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, hear: (message: unknown) => void): void;
  off(event: string, hear: (message: unknown) => void): void;
}

/** What Python's methods send. */
type Message =
  | { readonly do: 'step'; readonly by: number }
  | { readonly do: 'seek'; readonly position: number }
  | { readonly do: 'play' }
  | { readonly do: 'pause' };

type Leave = () => void;

async function render({ model, el }: { readonly model: Model; readonly el: HTMLElement }): Promise<Leave> {
  // Each cell evaluates this module anew: the first on the page serves all, with one engine.
  if (!customElements.get('moe-scope')) await import('./define');
  const scope = document.createElement('moe-scope');
  const leaves = [follow(scope, model), followAround(scope)];
  // JupyterLab takes its keys before anybody else does, but not from within this.
  scope.dataset.lmSuppressShortcuts = 'true';
  el.append(scope);
  return () => {
    for (const leave of leaves) leave();
  };
}

/** Keeps both at the same state, and tells Python what the page says. */
function follow(scope: MoeScope, model: Model): Leave {
  const tell = (name: string, value: unknown): void => {
    model.set(name, value);
    model.save_changes();
  };
  const show = (): void => {
    dress(scope, String(model.get('state')));
  };
  const shown = (): void => {
    dress(scope, scope.state);
    tell('state', scope.state);
  };
  const draw = drawing(scope, picture => {
    tell('picture', picture);
  });
  const hear = (message: unknown): void => {
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
    // What was asked for is not what is shown.
    shown();
    tell('error', message);
  });
  on(scope, 'recovered', () => {
    tell('error', '');
  });
  // What another page said before this one was opened; what is wrong in this one it says.
  if (model.get('error') !== '') tell('error', '');
  show();
  model.on('change:state', show);
  model.on('msg:custom', hear);
  return () => {
    model.off('change:state', show);
    model.off('msg:custom', hear);
    scope.remove();
  };
}

function on<K extends keyof ScopeEvents>(scope: MoeScope, what: K, hear: (detail: ScopeEvents[K]) => void): void {
  scope.addEventListener(what, event => {
    hear((event as CustomEvent<ScopeEvents[K]>).detail);
  });
}

/** Has the attributes say a state; one that does already stays as it is. */
function dress(scope: MoeScope, state: string): void {
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

/** Draws what is shown once all of it is there: one picture at a time, and the last one always. */
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
