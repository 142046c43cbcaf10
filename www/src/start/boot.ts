// Starts the page or a single view: reads the state from the address, and starts a scope that loads the model.

import type { EngineSources } from '../engine/fetch-files';
import { parseAddress } from '../scope/address';
import type { ReadAddress } from '../scope/permalink';
import { Permalink } from '../scope/permalink';
import { Scope } from '../scope/scope';
import { loadView } from '../shell/lazy-views';
import { firstState, snapshotOf } from './prepared';
import '../shell/page.css';
import type { Shell } from '../shell/shell';
import '../shell/theme.css';

/** Puts a shell with the view that the address names into the document, and starts to load the model. */
export async function boot(shell: Shell, sources: EngineSources, address = location.hash): Promise<Scope> {
  const first = firstState();
  const read: ReadAddress = address => {
    const { state, complaints } = parseAddress(address, first);
    return { state: complaints === null ? { ...state, view: shell.firstView } : state, complaints };
  };
  const { state, complaints } = read(address);
  const scope = new Scope(snapshotOf(state, complaints), sources);
  // If the view cannot be loaded, the shell reports it.
  await loadView(state.view).catch(() => undefined);
  new Permalink(scope, read, window.top === window);
  shell.scope = scope;
  document.body.replaceChildren(shell);
  scope.start();
  return scope;
}
