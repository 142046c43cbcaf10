// One sentence on the current state: the model is loading, what the playhead shows, or what went wrong and what to do.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import type { ModelInfo } from '../engine/types';
import type { ShownRecord } from '../scope/select';
import {
  isHidden,
  isInPage,
  label,
  latentBytes,
  loadProgress,
  refusal,
  routeAt,
  shownInfo,
  shownPosition,
  shownRecord,
  shownRun,
  shownStage,
  stagedRouteAt,
} from '../scope/select';
import { chosenLayer } from '../scope/shape';
import type { Stage } from '../scope/stages';
import type { ShownFault } from '../scope/state';
import { PLAIN } from '../scope/what-if';
import { quoted } from '../text/token';
import { revealButton } from '../views/shared/question';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';

/** Maximum number of complaints shown as sentences. */
const MOST_COMPLAINTS = 3;

export class Status extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    ticks: { attribute: false },
    moving: { attribute: false },
  };

  /** True if the roll is shown, which draws attention weights as ticks. */
  declare ticks: boolean;
  /** The layer that the roll's animation of the step has reached; null if nothing moves. */
  declare moving: number | null;

  constructor() {
    super();
    this.ticks = true;
    this.moving = null;
  }

  static override styles = [
    base,
    controls,
    css`
      .now {
        display: var(--moe-sentence, block);
        position: relative;
        min-height: 24px;
        font-size: 16px;
        line-height: 24px;
      }
      /* The moving sentence covers the step's sentence, whose height stays reserved. */
      .covered {
        opacity: 0;
      }
      .moving {
        position: absolute;
        inset: 0;
        overflow: hidden;
      }
      .now button {
        margin: 4px 0;
      }
      /* The picture is drawn before the model is loaded; the progress beside the sentence must not move it. */
      .progress {
        position: absolute;
        top: 0;
        right: var(--moe-progress, 0px);
        display: flex;
        align-items: center;
        gap: 12px;
        padding-left: 16px;
        font-size: 12px;
        color: var(--moe-ink2);
        background: var(--moe-bg);
      }
      .progress svg {
        width: 96px;
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
      .in-page {
        color: var(--moe-ink2);
        font-size: 12px;
        line-height: 16px;
      }
      :host(.below-900) .now {
        min-height: 48px;
      }
      /* The sentence's last line leaves room for the progress. */
      :host(.below-900) .progress {
        top: auto;
        bottom: 0;
      }
      /* No room beside the sentence: a bar below it. */
      :host(.below-600) .progress {
        bottom: -4px;
        left: 0;
        padding: 0;
      }
      :host(.below-600) .progress span {
        display: none;
      }
      :host(.below-600) .progress svg {
        width: 100%;
        height: 2px;
      }
      :host(.below-600) .now {
        min-height: 40px;
        font-size: 14px;
        line-height: 20px;
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const record = shownRecord(snapshot);
    const asked = isHidden(snapshot) && shownPosition(snapshot) < shownRun(snapshot).records.length;
    const content = record ? this.#sentence(record, snapshot.model.info) : asked ? this.#question() : nothing;
    const moving = record && this.moving !== null ? this.#ofLayer(this.moving, record, snapshot.model.info) : null;
    const progress = loadProgress(snapshot);
    return html`
      <div class="now">
        <p role="status" class=${moving === null ? '' : 'covered'}>${content}</p>
        ${moving === null ? nothing : html`<p class="moving" aria-hidden="true">${moving}</p>`}
        ${
          asked && snapshot.state.view === 'roll'
            ? revealButton(this.words, intent => {
                this.ask(intent);
              })
            : nothing
        }
        ${progress ? this.#progress(progress) : nothing}
      </div>
      <div role="alert">
        ${snapshot.fault ? this.#fault(snapshot.fault) : nothing} ${this.#refusal()}
        ${snapshot.complaints.length > 0 ? this.#complaints() : nothing}
      </div>
      ${isInPage(snapshot) ? html`<p class="in-page">${this.words.inPage}</p>` : nothing}
    `;
  }

  /** Why the what-if was refused. The views that set what-ifs show the reason themselves. */
  #refusal(): TemplateResult | typeof nothing {
    const { state } = this.snapshot;
    const refused = refusal(this.snapshot);
    if (refused === null || ['whatif', 'cachelab'].includes(state.view)) return nothing;
    return html`
      <div class="fault">
        <p>${this.words.whatIf.refused(refused)}</p>
        <button
          class="plain"
          @click=${() => {
            this.ask({ do: 'change', whatIf: PLAIN });
          }}
        >
          ${this.words.whatIf.back}
        </button>
      </div>
    `;
  }

  /** Sentences about fields of a link that were ignored or changed. */
  #complaints(): TemplateResult {
    const { complaints } = this.snapshot;
    const rest = complaints.length - MOST_COMPLAINTS;
    return html`
      <div class="fault">
        <p>
          ${complaints.slice(0, MOST_COMPLAINTS).map(complaint => html`${this.words.complaint(complaint)} `)}
          ${rest > 0 ? this.words.moreComplaints(rest) : nothing}
        </p>
        ${this.#dismiss()}
      </div>
    `;
  }

  #dismiss(): TemplateResult {
    return html`
      <button
        class="plain"
        @click=${() => {
          this.ask({ do: 'dismiss' });
        }}
      >
        ${this.words.fault.dismiss}
      </button>
    `;
  }

  #sentence(record: ShownRecord, info: ModelInfo): string {
    const { snapshot } = this;
    const stage = shownStage(snapshot);
    if (stage) return this.#stage(stage, record, info);
    const layer = chosenLayer(snapshot);
    const { cache_values: values, cache_value_bytes: bytes } = info;
    return this.words.step({
      token: quoted(label(snapshot, shownPosition(snapshot))),
      layer,
      experts: routeAt(snapshot, record.position, layer)?.experts.toSorted((a, b) => a - b) ?? null,
      ofExperts: info.n_routed_experts,
      shared: shownInfo(snapshot).n_shared_experts,
      latentBytes: latentBytes(snapshot),
      expandedBytes: values.expanded * bytes,
    });
  }

  /** The question shown instead of the step's answer; a view beside the roll asks its own question. */
  #question(): string {
    const { snapshot } = this;
    const words = this.words.reveal;
    if (snapshot.state.view !== 'roll') return words.again;
    const { n_routed_experts, num_experts_per_tok, first_k_dense_replace, ...info } = shownInfo(snapshot);
    const token = quoted(label(snapshot, shownPosition(snapshot)));
    const layer = chosenLayer(snapshot);
    return layer < first_k_dense_replace
      ? words.dense(token, layer, info.cache_values.expanded * info.cache_value_bytes)
      : words.step(token, layer, num_experts_per_tok, n_routed_experts);
  }

  /** The sentence about the last stage of a layer, while the roll's animation is in this layer. */
  #ofLayer(layer: number, record: ShownRecord, info: ModelInfo): string {
    const operation = layer < info.first_k_dense_replace ? 'dense' : 'choose';
    return this.#stage({ layer, operation }, record, info);
  }

  /** The sentence about the shown stage. */
  #stage({ layer, operation }: Stage, record: ShownRecord, info: ModelInfo): string {
    const { snapshot } = this;
    const { n_routed_experts, n_group, num_attention_heads } = info;
    const route = layer === null ? undefined : stagedRouteAt(snapshot, record.position, layer);
    const perGroup = n_routed_experts / Math.max(1, n_group);
    const kept = (route?.kept_groups ?? []).toSorted((a, b) => a - b);
    return this.words.stage({
      token: quoted(label(snapshot, record.position)),
      layer: layer ?? 0,
      operation,
      tokens: record.position + 1,
      heads: num_attention_heads,
      ticks: this.ticks,
      ofExperts: n_routed_experts,
      latentBytes: latentBytes(snapshot),
      kept,
      ruledOut: Array.from({ length: n_group }, (_, group) => group).filter(group => !kept.includes(group)),
      keptExperts: kept.map(group => [group * perGroup, (group + 1) * perGroup - 1]),
      shared: shownInfo(snapshot).n_shared_experts,
      experts: route?.experts?.toSorted((a, b) => a - b) ?? [],
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
        <svg width="96" height="4" aria-hidden="true">
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
        ${this.#dismiss()}
      </div>
    `;
  }
}
