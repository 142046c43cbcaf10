// Controls for changes to the model: each shows the state and sends an intent to change it.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { shownComparison } from '../../scope/select';
import type { Intent } from '../../scope/intents';
import type { Snapshot } from '../../scope/state';
import type { WhatIf } from '../../scope/what-if';
import { hasPlace, shifted, shiftOf, toggled } from '../../scope/what-if';
import type { Words } from '../../text/words';
import { rows } from '../shared/geometry';
import { radios, range } from '../shared/inputs';
import { MIXTURES } from '../../scope/fields';

type Ask = (intent: Intent) => void;

/** The effect of a click on an expert. */
export type Mode = 'off' | 'forced';
const LISTS = { off: 'experts_off', forced: 'experts_forced' } as const;

const change = (ask: Ask, whatIf: Partial<WhatIf>): void => {
  ask({ do: 'change', whatIf });
};

/** The layer's experts in their groups. A click switches an expert off or forces it; the next click undoes this. */
export function experts(
  snapshot: Snapshot,
  layer: number,
  mode: Mode,
  choose: (mode: Mode) => void,
  { whatIf: words }: Words,
  ask: Ask,
): TemplateResult {
  const { model, state } = snapshot;
  const { experts_off: off, experts_forced: forced } = state.whatIf;
  const { groups, perGroup } = rows(model.info, 1);
  const toggle = (expert: number): void => {
    const place = { layer, expert };
    const [list, other] = mode === 'off' ? [LISTS.off, LISTS.forced] : [LISTS.forced, LISTS.off];
    const others = state.whatIf[other];
    change(ask, {
      [list]: toggled(state.whatIf[list], place),
      [other]: hasPlace(others, place) ? toggled(others, place) : others,
    });
    ask({ do: 'look', layer, expert });
  };
  const button = (expert: number): TemplateResult => {
    const [isOff, isForced] = [hasPlace(off, { layer, expert }), hasPlace(forced, { layer, expert })];
    return html`<button
      class="expert ${isOff ? 'off' : isForced ? 'forced' : ''}"
      data-expert=${expert}
      aria-label=${words.expert(expert, isOff, isForced)}
      aria-pressed=${isOff || isForced}
      @click=${() => {
        toggle(expert);
      }}
    >
      ${expert}
    </button>`;
  };
  return html`
    <div class="row" role="group" aria-label=${words.clicks}>
      <span aria-hidden="true">${words.clicks}</span>
      ${(['off', 'forced'] as const).map(
        each =>
          html`<button
            class="plain"
            aria-pressed=${each === mode}
            @click=${() => {
              choose(each);
            }}
          >
            ${words.modes[each]}
          </button>`,
      )}
    </div>
    <div class="experts" role="group" aria-label=${words.experts(layer)}>
      ${groups.map(
        group =>
          html`<div class="group">
            ${Array.from({ length: perGroup }, (_, index) => button(group * perGroup + index))}
          </div>`,
      )}
    </div>
  `;
}

/** Controls for which experts run (chosen, shared or both), how many are chosen, and how many groups are kept. */
export function routing(snapshot: Snapshot, { whatIf: words }: Words, ask: Ask): TemplateResult {
  const { info } = snapshot.model;
  const { mixture, num_experts_per_tok: chosen, topk_group: groups } = snapshot.state.whatIf;
  const k = { value: chosen ?? info.num_experts_per_tok, own: info.num_experts_per_tok, most: info.n_routed_experts };
  const kept = { value: groups ?? info.topk_group, own: info.topk_group, most: info.n_group };
  return html`
    ${
      info.n_shared_experts > 0
        ? radios(words.mixture, 'mixture', MIXTURES, mixture, words.mixtures, value => {
            change(ask, { mixture: value });
          })
        : nothing
    }
    ${range(words.chosen, words.ofModel(k.value, k.own), { ...k, least: 1, step: 1 }, value => {
      change(ask, { num_experts_per_tok: value === k.own ? null : value });
    })}
    ${
      info.n_group > 1
        ? range(words.groups, words.ofModel(kept.value, kept.own), { ...kept, least: 1, step: 1 }, value => {
            change(ask, { topk_group: value === kept.own ? null : value });
          })
        : nothing
    }
    <p class="description note">${shownComparison(snapshot)?.plan.group_limit_lifted ? words.lifted : nothing}</p>
  `;
}

/** The switch of the selection bias, and the bias shift of the selected expert. */
export function bias(
  snapshot: Snapshot,
  layer: number,
  { whatIf: words }: Words,
  ask: Ask,
): TemplateResult | typeof nothing {
  const { selectionBiases } = snapshot.model;
  if (selectionBiases.length === 0) return nothing;
  const { whatIf, expert } = snapshot.state;
  const by = expert === null ? 0 : shiftOf(whatIf.bias_shifts, { layer, expert });
  return html`
    <label class="check">
      <input
        type="checkbox"
        .checked=${whatIf.selection_bias}
        @change=${(event: Event) => {
          change(ask, { selection_bias: (event.currentTarget as HTMLInputElement).checked });
        }}
      />
      ${words.bias}
    </label>
    ${
      expert === null
        ? html`<p class="description shift">${words.shiftNone}</p>`
        : range(words.shift(expert), words.shiftBy(by), { value: by, least: -1, most: 1, step: 0.01 }, value => {
            change(ask, { bias_shifts: shifted(whatIf.bias_shifts, { layer, expert }, value) });
          })
    }
    <p class="description">${words.shiftDescription}</p>
  `;
}
