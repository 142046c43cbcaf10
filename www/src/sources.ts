// Where the engine, the shipped model and the published ones are: the addresses stand here and nowhere else, and follow
// the script that asks, not the page that it is in. May import: `pkg`, engine (load's types), models.

import wasmUrl from '../pkg/moescope_bg.wasm?url';
import type { EngineSources } from './engine/load';
import workerUrl from './engine/worker?worker&url';
import presetsUrl from './models/presets.json?url';
import surveyUrl from '../pkg/survey/survey_bg.wasm?url';

/** The folder of the site: one above that of the scripts. */
export const SITE = import.meta.env.DEV
  ? new URL('/', location.href)
  : new URL('..', new URL(workerUrl, location.href));

const model = (name: string): string => new URL(`model/${name}`, SITE).href;

export const SOURCES: EngineSources = {
  worker: { url: workerUrl },
  wasm: wasmUrl,
  config: model('config.json'),
  checkpoint: model('model.safetensors'),
  tokenizer: model('tokenizer.json'),
  survey: surveyUrl,
  presets: presetsUrl,
};
