// The selected operation: its description, its vectors as strips of cells, and, for attention and logits, a list of
// tokens.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { label, nextLabel, shownInfo } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { strip } from '../shared/vector-strip';
import type { Step } from './operations';
import { followsOf, readsOf } from './operations';

/** From this view width in px, the panel is beside the diagram. */
export const BESIDE = 960;
/** Width in px of the diagram, and maximum width of a panel beside it; also set in `flow-style.ts`. */
const DIAGRAM = 640;
/** Gap in px between the diagram and the panel; also set in `flow-style.ts`. */
const GAP = 48;

/** The width of the panel in a view of this width. */
export function panelWidth(width: number): number {
  return width >= BESIDE ? Math.min(DIAGRAM, width - DIAGRAM - GAP) : width;
}

export function panel(snapshot: Snapshot, layer: number, step: Step, width: number, words: Words): TemplateResult {
  const { flow } = words;
  return html`
    <div class="panel" id="panel" data-shown=${step.id}>
      <h3>${step.name}</h3>
      <p class="description">${flow.operations[step.kind].description} ${words.strips.key}</p>
      <div class="vectors" tabindex="0" role="group" aria-label=${flow.box(step.name)}>
        ${step.done ? step.vectors.map(({ name, values }) => strip({ name, label: flow.vectors[name], values }, width, words)) : step.later ? html`<p class="small">${flow.notYet}</p>` : nothing}
        ${step.done ? more(snapshot, layer, step, words) : nothing}
      </div>
    </div>
  `;
}

/** For attention, how the query is made and the token that each head reads most; for the logits, the next tokens. */
function more(snapshot: Snapshot, layer: number, { kind }: Step, { flow }: Words): TemplateResult | typeof nothing {
  if (kind === 'attend') {
    const reads = list(
      flow.reads,
      readsOf(snapshot, layer).map(
        ({ head, position, weight }) =>
          html`<li data-head=${head} data-position=${position} data-value=${weight}>
            ${flow.read(head, quoted(label(snapshot, position)), weight)}
          </li>`,
      ),
    );
    return html`<p class="small" data-query>${flow.query(shownInfo(snapshot))}</p>
      ${reads}`;
  }
  if (kind !== 'logits') return nothing;
  return list(
    flow.follows,
    followsOf(snapshot).map(
      ({ token, logit, probability }) =>
        html`<li data-token=${token} data-logit=${logit} data-value=${probability}>
          ${flow.follow(quoted(nextLabel(snapshot, token)), logit, probability)}
        </li>`,
    ),
  );
}

function list(name: string, items: readonly TemplateResult[]): TemplateResult {
  return html`<p class="small list-name">${name}</p>
    <ul class="small">
      ${items}
    </ul>`;
}
