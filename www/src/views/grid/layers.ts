// All layers with routed experts, small, the topmost first. A click opens a layer.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { shownRun } from '../../scope/select';
import { shapeOf } from '../../scope/shape';
import type { Intent } from '../../scope/intents';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import { routedLayers } from '../shared/geometry';
import { bars } from './load-margin';
import { cells } from './picture';
import { chanceLoad, layerLoad, small } from './plan';

export function layers(snapshot: Snapshot, width: number, words: Words, ask: (intent: Intent) => void): TemplateResult {
  return html`<ol class="layers" reversed>
    ${routedLayers(shapeOf(snapshot)).map(layer => one(snapshot, layer, width, words, ask))}
  </ol>`;
}

function one(
  snapshot: Snapshot,
  layer: number,
  width: number,
  words: Words,
  ask: (intent: Intent) => void,
): TemplateResult {
  const plan = small(snapshot, layer, width);
  const load = layerLoad(snapshot, layer);
  const { state, model, revealed } = snapshot;
  const { records, expertLoad } = shownRun(snapshot);
  const start = plan.x(plan.at);
  const parts = [records, model, revealed, state, expertLoad, width];
  return html`
    <li>
      <button
        class="layer"
        data-layer=${layer}
        data-violation=${load?.max_violation ?? nothing}
        aria-label=${load ? words.grid.openLoaded(layer, load.max_violation) : words.grid.open(layer)}
        @click=${() => {
          ask({ do: 'look', layer });
          ask({ do: 'arrange', span: 'one' });
        }}
      >
        <span class="name"
          ><b>${words.routing.layer(layer)}</b> ${
            load
              ? html`<span class="quiet" data-term="maxVio">${words.grid.violation(load.max_violation)}</span>`
              : nothing
          }</span
        >
        <svg width=${plan.width} height=${plan.height} aria-hidden="true">
          ${guard(parts, () => svg`<g class="cells">${cells(snapshot, plan, null)}</g>${load ? bars(plan, load, chanceLoad(snapshot)) : nothing}`)}
          ${svg`<path class="rule" d="M${start} 0V${plan.height}M${start + plan.column} 0V${plan.height}" />`}
        </svg>
      </button>
    </li>
  `;
}
