// What a view says that shows a step as it ends, where the step is shown stage by stage elsewhere.
// May import: lit, scope (state), text.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Snapshot } from '../scope/state';
import { END } from '../scope/state';
import type { Words } from '../text/words';

export function wholeStep({ state }: Snapshot, words: Words): TemplateResult | typeof nothing {
  return state.stage === END ? nothing : html`<p class="whole small">${words.wholeStep}</p>`;
}
