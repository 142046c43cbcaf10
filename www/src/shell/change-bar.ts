// The bar that names the shown run, the change and its cost. Every page and frame has it while a what-if is on.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { isComplete, lossOf, refusal, shownComparison, shownRunName, tokenCount } from '../scope/select';
import { isPlain, PLAIN } from '../scope/what-if';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';

export class ChangeBar extends View {
  static override styles = [
    base,
    controls,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 16px;
        margin-top: 8px;
        padding: 6px 12px;
        border-left: 4px solid var(--moe-note);
        background: var(--moe-fill);
      }
      section.without {
        border-left-color: var(--moe-edge);
      }
      p {
        flex: 1 1 320px;
        overflow-wrap: anywhere;
      }
      b {
        font-weight: 650;
      }
      .cost {
        color: var(--moe-ink2);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
      }
      @media print {
        .buttons {
          display: none;
        }
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { snapshot } = this;
    const { state, model } = snapshot;
    // The status says why a what-if was refused.
    if (isPlain(state.whatIf) || refusal(snapshot) !== null) return nothing;
    const words = this.words.changeBar;
    const comparison = shownComparison(snapshot);
    const run = shownRunName(snapshot);
    const loss = lossOf(comparison);
    const isNeutral = comparison?.plan.neutral === true;
    const isRunning = !comparison || !isComplete(comparison);
    const head = isNeutral ? words.neutral : isRunning ? words.running : words[run];
    return html`
      <section class=${run === 'changed' ? '' : 'without'} aria-label=${words.label} data-run=${run}>
        <p>
          <span aria-live="polite"><b>${head}</b> ${words.changes(state.whatIf, model.info.kv_lora_rank)}</span>
          ${
            loss && !isNeutral
              ? html`<span class="cost" data-cost=${loss.cost} data-error=${loss.cost_error} data-tokens=${loss.tokens}
                  >${words.cost(loss.cost, loss.cost_error, loss.tokens, tokenCount(this.snapshot) - 1)}</span
                >`
              : nothing
          }
        </p>
        <div class="buttons">
          ${isNeutral || isRunning ? nothing : this.#toggle(run === 'changed')}
          <button
            class="plain"
            @click=${() => {
              this.ask({ do: 'change', whatIf: PLAIN });
            }}
          >
            ${words.undo}
          </button>
        </div>
      </section>
    `;
  }

  #toggle(isChanged: boolean): TemplateResult {
    const words = this.words.changeBar;
    return html`
      <button
        class="plain"
        @click=${() => {
          this.ask({ do: 'show run', shown: isChanged ? 'plain' : 'auto' });
        }}
      >
        ${isChanged ? words.without : words.with}
      </button>
    `;
  }
}
