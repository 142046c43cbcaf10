// The cost of a change in bits per token: the mean over all predicted tokens of the text, with standard errors.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import { lossOf, refusal, shownComparison, tokenCount } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { isPlain } from '../../scope/what-if';
import type { Words } from '../../text/words';

/** The cost of the change and its standard errors, or one sentence on why there is no cost to show. */
export function verdict(snapshot: Snapshot, { whatIf: words }: Words): TemplateResult {
  const { state } = snapshot;
  const refused = refusal(snapshot);
  const changed = shownComparison(snapshot);
  const say = (text: string): TemplateResult => html`<p class="verdict">${text}</p>`;
  if (isPlain(state.whatIf)) return say(words.plain);
  if (refused !== null) return html`<p class="verdict refused">${words.refused(refused)}</p>`;
  if (changed?.plan.neutral) return say(words.neutral);
  const loss = lossOf(changed);
  if (!loss) return say(words.running);
  if (loss.tokens === 0) return say(words.none);
  return html`
    <p class="verdict">
      <b data-cost=${loss.cost}>${words.cost(loss.cost)}</b>
      <span data-plain=${loss.plain} data-changed=${loss.changed} data-tokens=${loss.tokens}
        >${words.costs(loss.plain, loss.changed, loss.tokens)}</span
      >
    </p>
    <p class="description" data-error=${loss.cost_error} data-noise=${loss.plain_error}>
      ${loss.tokens > 1 ? words.noise(loss.cost_error, loss.plain_error) : words.few}
      ${words.counted(loss.tokens, tokenCount(snapshot) - 1)}
    </p>
  `;
}

/** Styles of `verdict`, and of the descriptions in the views that show it. */
export const verdictStyle = css`
  .verdict {
    font-size: 16px;
    line-height: 24px;
  }
  .verdict b {
    display: block;
    font-size: 24px;
    line-height: 32px;
    font-weight: 650;
  }
  .verdict span {
    font-size: 14px;
    line-height: 20px;
    color: var(--moe-ink2);
  }
  .refused {
    color: var(--moe-fault);
    overflow-wrap: anywhere;
  }
  .description {
    max-width: 640px;
    color: var(--moe-ink2);
  }
`;
