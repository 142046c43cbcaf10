// Controls for the latent cache's rank and format, and the resulting bytes per token.

import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { shownComparison } from '../../scope/select';
import type { Intent } from '../../scope/intents';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import { radios, range } from './inputs';
import { CACHE_FORMATS } from '../../scope/fields';

export function cacheSettings(
  snapshot: Snapshot,
  { whatIf: words }: Words,
  ask: (intent: Intent) => void,
): TemplateResult {
  const { info } = snapshot.model;
  const { latent_rank: rank, cache_format: format } = snapshot.state.whatIf;
  const own = info.kv_lora_rank;
  const value = rank ?? own;
  const plain = info.cache_values.latent * info.cache_value_bytes * info.num_hidden_layers;
  const bytes = shownComparison(snapshot)?.plan.latent_bytes ?? plain;
  return html`
    ${radios(words.format, 'format', CACHE_FORMATS, format, words.formats, each => {
      ask({ do: 'change', whatIf: { cache_format: each } });
    })}
    <p class="description">${words.formatDescription}</p>
    ${range(words.rank, words.ofModel(value, own), { value, least: 1, most: own, step: 1 }, each => {
      ask({ do: 'change', whatIf: { latent_rank: each === own ? null : each } });
    })}
    <p class="description">${words.rankDescription} <span data-bytes=${bytes}>${words.bytes(bytes, plain)}</span></p>
  `;
}
