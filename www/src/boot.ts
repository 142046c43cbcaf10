// What the page and a view alone start with: registers the elements, reads the address, and starts a scope on the
// shipped model. Addresses stand here and nowhere else. May import everything.

import wasmUrl from '../pkg/moescope_bg.wasm?url';
import workerUrl from './engine/worker?worker&url';
import { firstExample, prepared } from './first';
import { parseAddress } from './scope/address';
import { Permalink } from './scope/permalink';
import { Scope } from './scope/scope';
import { firstSnapshot, initialState } from './scope/state';
import { Attention } from './views/attention/attention';
import { Cache } from './views/cache/cache';
import { Flow } from './views/flow/flow';
import { Grid } from './views/grid/grid';
import { Legend } from './views/legend';
import { Next } from './views/next';
import { Overview } from './views/overview';
import { Roll } from './views/roll/roll';
import { Tokens } from './views/roll/tokens';
import { Router } from './views/router';
import type { Shell } from './views/shell';
import { Status } from './views/status';
import './views/theme.css';
import { Transport } from './views/transport';

const VIEWS: Readonly<Record<string, CustomElementConstructor>> = {
  'moe-attention': Attention,
  'moe-cache': Cache,
  'moe-flow': Flow,
  'moe-grid': Grid,
  'moe-legend': Legend,
  'moe-next': Next,
  'moe-overview': Overview,
  'moe-router': Router,
  'moe-tokens': Tokens,
  'moe-roll': Roll,
  'moe-status': Status,
  'moe-transport': Transport,
};

/** Puts a shell into the document, and brings the model to it. */
export function boot(shell: Shell): void {
  for (const [name, view] of Object.entries(VIEWS)) customElements.define(name, view);
  const top = prepared.model.info.num_hidden_layers - 1;
  const first = initialState(firstExample.text, firstExample.position, top);
  const { state, complaints } = parseAddress(location.hash, first);
  const isPrepared = state.text === first.text && state.appended.length === 0;
  const scope = new Scope(firstSnapshot(state, prepared, complaints, isPrepared), {
    worker: { url: workerUrl },
    wasm: wasmUrl,
    config: 'model/config.json',
    checkpoint: 'model/model.safetensors',
    tokenizer: 'model/tokenizer.json',
  });
  new Permalink(scope, first, window.top === window);
  shell.scope = scope;
  document.body.replaceChildren(shell);
  scope.start();
}
