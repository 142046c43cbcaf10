// What the page and a view alone start with: registers the elements, reads the address, and starts a scope on the
// shipped model. Addresses stand here and nowhere else. May import everything.

import wasmUrl from '../pkg/moescope_bg.wasm?url';
import surveyUrl from '../pkg/survey/survey_bg.wasm?url';
import workerUrl from './engine/worker?worker&url';
import presetsUrl from './models/presets.json?url';
import { firstExample, prepared } from './first';
import { parseAddress } from './scope/address';
import { Permalink } from './scope/permalink';
import { Scope } from './scope/scope';
import { firstSnapshot, initialState } from './scope/state';
import { bring } from './views/later';
import { Legend } from './views/legend';
import { Overview } from './views/overview';
import { Roll } from './views/roll/roll';
import { Tokens } from './views/roll/tokens';
import type { Shell } from './views/shell';
import { Status } from './views/status';
import './views/theme.css';
import { Transport } from './views/transport';

/** What the first picture needs. */
const VIEWS: Readonly<Record<string, CustomElementConstructor>> = {
  'moe-legend': Legend,
  'moe-overview': Overview,
  'moe-tokens': Tokens,
  'moe-roll': Roll,
  'moe-status': Status,
  'moe-transport': Transport,
};

/** Puts a shell into the document, with the view that the address wants, and brings the model to it. */
export async function boot(shell: Shell): Promise<void> {
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
    survey: surveyUrl,
    presets: presetsUrl,
  });
  // Where it does not arrive the shell says so.
  await bring(state.view).catch(() => undefined);
  new Permalink(scope, first, window.top === window);
  shell.scope = scope;
  document.body.replaceChildren(shell);
  scope.start();
}
