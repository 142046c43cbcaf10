// Notices for views that show only the plain run, or only finished steps.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { isChanged } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { END } from '../../scope/state';
import type { Words } from '../../text/words';

/** That the picture is of the plain run, while something is changed elsewhere. */
export function plainRun(snapshot: Snapshot, words: Words): TemplateResult | typeof nothing {
  return isChanged(snapshot) ? html`<p class="plain-run small">${words.plainRun}</p>` : nothing;
}

/** That the step is shown as it ends. */
export function wholeStep({ state }: Snapshot, words: Words): TemplateResult | typeof nothing {
  return state.stage === END ? nothing : html`<p class="whole small">${words.wholeStep}</p>`;
}
