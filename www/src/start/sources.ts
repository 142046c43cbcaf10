// Addresses of the engine, the shipped model and the published models, relative to this script and not to the page. The
// build writes each as `new URL(..., import.meta.url)`, which bundlers follow.

import configUrl from '/model/config.json?url';
import checkpointUrl from '/model/model.safetensors?url';
import tokenizerUrl from '/model/tokenizer.json?url';
import wasmUrl from '../../pkg/moescope_bg.wasm?url';
import type { EngineSources } from '../engine/fetch-files';
import presetsUrl from '../engine/presets.json?url';
import workerUrl from '../engine/worker?worker&url';

export const SOURCES: EngineSources = {
  worker: { url: workerUrl },
  wasm: wasmUrl,
  config: configUrl,
  checkpoint: checkpointUrl,
  tokenizer: tokenizerUrl,
  presets: presetsUrl,
};

/** Address of `embed.html` on the site that serves the model. */
export function viewAlone(): string {
  return new URL('../embed.html', new URL(checkpointUrl, location.href)).href;
}
