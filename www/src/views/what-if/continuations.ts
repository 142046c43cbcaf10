// The tokens with which each run would continue the text, one run below the other; the first difference is marked.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { isChanged, labelIn, shownContinuations } from '../../scope/select';
import type { Intent } from '../../scope/intents';
import type { RunName, Snapshot } from '../../scope/state';
import { RUNS } from '../../scope/state';
import type { TokenLabel } from '../../scope/token-label';
import { quoted, tokenText } from '../../text/token';
import type { Words } from '../../text/words';

/** The first index at which two lists differ; -1 if they are equal. */
export function firstDifference(one: readonly number[], other: readonly number[]): number {
  return Array.from({ length: Math.max(one.length, other.length) }).findIndex(
    (_, index) => one[index] !== other[index],
  );
}

export function continuations(
  snapshot: Snapshot,
  { whatIf: words }: Words,
  ask: (intent: Intent) => void,
): TemplateResult | typeof nothing {
  if (!isChanged(snapshot)) return nothing;
  const continued = shownContinuations(snapshot);
  const difference = continued ? firstDifference(continued.plain, continued.changed) : -1;
  const { tokens: text } = snapshot.text;
  const line = (run: RunName, tokens: readonly number[]): TemplateResult => html`
    <div>
      <dt>${words.continued[run]}</dt>
      <dd dir="auto" data-run=${run} data-tokens=${tokens.join('.')}>
        ${tokens.map((_, index) => word(labelIn(snapshot.model, [...text, ...tokens], text.length + index), index === difference))}
      </dd>
    </div>
  `;
  return html`
    <button
      @click=${() => {
        ask({ do: 'continue' });
      }}
    >
      ${words.continue}
    </button>
    <div aria-live="polite">
      ${
        continued
          ? html`<dl class="continued">${RUNS.map(run => line(run, continued[run]))}</dl>
              <p class="description" data-difference=${difference}>
                ${words.difference(difference, continued.plain.length)}
              </p>`
          : nothing
      }
    </div>
  `;
}

/** A token; with a space before it if it begins a word. Bytes have a space before them, too. */
function word(label: TokenLabel, isFirst: boolean): TemplateResult {
  const { space } = tokenText(label);
  const text = label.isBytes ? quoted(label) : tokenText(label).text;
  return html`${space || label.isBytes ? ' ' : nothing}${isFirst ? html`<mark>${text}</mark>` : text}`;
}
