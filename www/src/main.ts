// The page's entry: registers the elements, and starts a scope on the shipped model. Addresses stand here and nowhere
// else. May import everything.

import wasmUrl from '../pkg/moescope_bg.wasm?url';
import workerUrl from './engine/worker?worker&url';
import { Scope } from './scope/scope';
import { blank } from './scope/state';
import { words } from './text/words';
import { Cache } from './views/cache';
import { Legend } from './views/legend';
import { Next } from './views/next';
import { Open } from './views/open';
import { Overview } from './views/overview';
import { Page } from './views/page';
import { Routing } from './views/routing';
import { Status } from './views/status';
import { Tokens } from './views/tokens';
import { Transport } from './views/transport';
import './views/theme.css';

const [example] = words('en').examples;
const scope = new Scope(blank(example?.text ?? '', example?.position ?? 0), {
  worker: { url: workerUrl },
  wasm: wasmUrl,
  config: 'model/config.json',
  checkpoint: 'model/model.safetensors',
  tokenizer: 'model/tokenizer.json',
});

for (const [name, view] of Object.entries({
  'moe-cache': Cache,
  'moe-legend': Legend,
  'moe-next': Next,
  'moe-open': Open,
  'moe-overview': Overview,
  'moe-routing': Routing,
  'moe-status': Status,
  'moe-tokens': Tokens,
  'moe-transport': Transport,
  'moe-page': Page,
})) {
  customElements.define(name, view);
}

const page = new Page();
page.scope = scope;
document.body.replaceChildren(page);
scope.start();
