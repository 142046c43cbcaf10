// The notice of views that show only finished steps.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Snapshot } from '../../scope/state';
import { END } from '../../scope/state';
import type { Words } from '../../text/words';

/** The notice that this view shows the finished step, while other views show a stage. */
export function wholeStep({ state }: Snapshot, words: Words): TemplateResult | typeof nothing {
  return state.stage === END ? nothing : html`<p class="whole small">${words.wholeStep}</p>`;
}
