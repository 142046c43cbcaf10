// A view's title with buttons to the neighbouring layers, and the notice in place of the picture if the layer is dense.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { chosenLayer } from '../../scope/shape';
import type { Intent } from '../../scope/intents';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';

type Ask = (intent: Intent) => void;

export function heading(title: string, snapshot: Snapshot, { layers }: Words, ask: Ask): TemplateResult {
  const layer = chosenLayer(snapshot);
  const button = (name: string, to: number, path: string): TemplateResult => {
    const able = to >= 0 && to < snapshot.model.info.num_hidden_layers;
    return html`
      <button
        class="icon"
        aria-label=${name}
        title=${name}
        aria-disabled=${!able}
        @click=${() => {
          if (able) ask({ do: 'look', layer: to });
        }}
      >
        <svg width="12" height="12" aria-hidden="true"><path d=${path} /></svg>
      </button>
    `;
  };
  return html`
    <header>
      <h2>${title}</h2>
      ${button(layers.below, layer - 1, 'M1 2h10L6 10z')} ${button(layers.above, layer + 1, 'M1 10h10L6 2z')}
    </header>
  `;
}

/** The title of a view that does not belong to one layer. */
export function titleAlone(title: string): TemplateResult {
  return html` <header><h2>${title}</h2></header> `;
}

/** The notice for a dense layer, with a button to a layer that has a router. */
export function denseLayer(snapshot: Snapshot, { layers }: Words, ask: Ask): TemplateResult {
  const { first_k_dense_replace: routed, num_hidden_layers } = snapshot.model.info;
  const go = html`
    <button
      @click=${() => {
        ask({ do: 'look', layer: routed });
      }}
    >
      ${layers.go(routed)}
    </button>
  `;
  return html`
    <div class="dense">
      <p class="sentence">${layers.dense(chosenLayer(snapshot))}</p>
      ${routed < num_hidden_layers ? go : nothing}
    </div>
  `;
}

export const headingStyle = css`
  header {
    display: flex;
    align-items: center;
    gap: 4px;
    min-height: 32px;
    /* Room for the close button that the page puts into this corner. */
    padding-right: var(--moe-corner, 0px);
  }
  h2 {
    flex: 1;
    min-width: 0;
    font-size: 16px;
    line-height: 24px;
    font-weight: 650;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  button.icon {
    padding: 0;
    width: 32px;
  }
  button.icon svg {
    margin: auto;
    fill: currentColor;
  }
  button.icon[aria-disabled='true'] {
    color: var(--moe-edge);
  }
  .dense button {
    margin-top: 8px;
  }
  @media print {
    button.icon {
      display: none;
    }
  }
`;
