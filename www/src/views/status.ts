// What is going on, in one sentence: the model is loading, what the playhead shows, or what went wrong and what to do.
// May import: lit, view, style, scope (select), text.

import type { TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import type { ModelInfo, StepRecord } from '../engine/types';
import { label, routeAt, shownPosition, shownRecord } from '../scope/select';
import type { ShownFault } from '../scope/state';
import { quoted } from '../text/token';
import { base, controls } from './style';
import { View } from './view';

export class Status extends View {
  static override styles = [
    base,
    controls,
    css`
      .now {
        min-height: 24px;
        font-size: 16px;
        line-height: 24px;
      }
      .now[hidden] {
        display: none;
      }
      .progress {
        display: flex;
        align-items: center;
        gap: 12px;
        flex-wrap: wrap;
      }
      .progress svg {
        flex: 0 1 240px;
      }
      .progress rect {
        fill: var(--moe-line);
      }
      .progress .done {
        fill: var(--moe-ink);
      }
      .fault {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 16px;
        padding: 8px 0 0;
      }
      .fault p {
        color: var(--moe-fault);
        overflow-wrap: anywhere;
      }
      @media (max-width: 899px) {
        .now {
          min-height: 48px;
        }
      }
      @media (max-width: 599px) {
        .now {
          min-height: 60px;
          font-size: 13px;
          line-height: 20px;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const record = shownRecord(snapshot);
    const info = snapshot.model?.info;
    return html`
      <div class="now" ?hidden=${!record && !snapshot.progress && snapshot.fault !== null}>
        <p role="status" ?hidden=${snapshot.progress !== null}>
          ${record && info && !snapshot.progress ? this.#sentence(record, info) : nothing}
        </p>
        ${snapshot.progress ? this.#progress(snapshot.progress) : nothing}
      </div>
      <div role="alert">${snapshot.fault ? this.#fault(snapshot.fault) : nothing}</div>
    `;
  }

  #sentence(record: StepRecord, info: ModelInfo): string {
    const { snapshot } = this;
    const { layer } = snapshot.state;
    const { cache_values: values, cache_value_bytes: bytes } = info;
    return this.words.step({
      token: quoted(label(snapshot, shownPosition(snapshot))),
      layer,
      experts: routeAt(snapshot, record.position, layer)?.experts.toSorted((a, b) => a - b) ?? null,
      ofExperts: info.n_routed_experts,
      latentBytes: values.latent * bytes,
      expandedBytes: values.expanded * bytes,
    });
  }

  #progress({ loaded, total }: { readonly loaded: number; readonly total: number | null }): TemplateResult {
    const words = this.words.loading;
    const part = total === null || total === 0 ? 0 : Math.min(1, loaded / total);
    return html`
      <div
        class="progress"
        role="progressbar"
        aria-label=${words.label}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${total === null ? nothing : Math.round(part * 100)}
      >
        <svg width="240" height="4" aria-hidden="true">
          <rect width="100%" height="4" />
          ${svg`<rect class="done" width="${part * 100}%" height="4" />`}
        </svg>
        <span>${part === 1 ? words.starting : words.amount(loaded, total)}</span>
      </div>
    `;
  }

  #fault({ kind, message, during, recovered }: ShownFault): TemplateResult {
    const words = this.words.fault;
    return html`
      <div class="fault">
        <p>${words.say(kind, message, recovered)}</p>
        ${
          during === 'load' || !recovered
            ? html`<button
                class="plain"
                @click=${() => {
                  this.ask({ do: 'retry' });
                }}
              >
                ${words.again}
              </button>`
            : nothing
        }
        <button
          class="plain"
          @click=${() => {
            this.ask({ do: 'dismiss' });
          }}
        >
          ${words.dismiss}
        </button>
      </div>
    `;
  }
}
