// One head's key and value, rebuilt from the latent, and the head's query before and after the key projection is folded
// into it. With the folded (absorbed) query, no key needs to be rebuilt.

import type { TemplateResult } from 'lit';
import { html, mathml, nothing } from 'lit';
import { part, shownHead, shownPosition } from '../../scope/select';
import type { Intent } from '../../scope/intents';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import type { Vector } from '../shared/vector-strip';
import { strip } from '../shared/vector-strip';

/** The selected head's vectors; vectors that are not computed yet are left out. */
export function rebuiltVectors(snapshot: Snapshot, layer: number, { cacheView: words }: Words): Vector[] {
  const head = shownHead(snapshot);
  const vectors = [
    ['key', part(snapshot, 'keys', layer, head)],
    ['value', part(snapshot, 'values', layer, head)],
    ['query', part(snapshot, 'queries', layer, head)],
    ['absorbed', part(snapshot, 'absorbed_queries', layer, head)],
  ] as const;
  return vectors.flatMap(([name, values]) => (values ? [{ name, label: words.vectors[name], values }] : []));
}

export function rebuilt(
  snapshot: Snapshot,
  layer: number,
  width: number,
  words: Words,
  ask: (intent: Intent) => void,
): TemplateResult {
  const { cacheView } = words;
  const { info } = snapshot.model;
  const { qk_nope_head_dim: nope, qk_rope_head_dim: rope, v_head_dim: value, num_attention_heads: heads } = info;
  const head = shownHead(snapshot);
  const [key, valued, query, absorbed] = rebuiltVectors(snapshot, layer, words);
  const drawn = (vector: Vector | undefined): TemplateResult | typeof nothing =>
    vector ? strip(vector, width, words) : nothing;
  return html`
    <div class="rebuilt">
      <h3>${cacheView.where}</h3>
      <p class="description">
        ${withSubscripts(cacheView.rebuiltDescription(heads, nope, rope, value, info.cache_values.expanded))}
      </p>
      ${choose(head, heads, cacheView, ask)}
      <div class="strips" data-head=${head} data-term="expanded">${drawn(key)} ${drawn(valued)}</div>
      <p class="description">${withSubscripts(cacheView.absorbedDescription)}</p>
      <div class="equation">${equations(cacheView)}</div>
      <div class="strips">${drawn(query)} ${drawn(absorbed)}</div>
      <p class="description">${withSubscripts(cacheView.valuesDescription)}</p>
      <p class="agree">${agreement(snapshot, layer, head, words)}</p>
    </div>
  `;
}

/** The text with each `_` and the capital letters after it, as in W_UK, shown as a subscript. */
function withSubscripts(text: string): unknown[] {
  return text.split(/_([A-Z]+)/u).map((piece, index) => (index % 2 === 0 ? piece : html`<sub>${piece}</sub>`));
}

/** One button per head. */
function choose(head: number, heads: number, words: Words['cacheView'], ask: (intent: Intent) => void): TemplateResult {
  return html`
    <div class="heads" role="group" aria-label=${words.chooseHead}>
      <span aria-hidden="true">${words.head}</span>
      ${Array.from(
        { length: heads },
        (_, each) =>
          html`<button
            aria-label=${words.headOf(each)}
            aria-pressed=${each === head}
            @click=${() => {
              ask({ do: 'head', head: each });
            }}
          >
            ${each}
          </button>`,
      )}
    </div>
  `;
}

/** q · k = q̃ · c_KV + q_R · k_R, where q̃ = W_UKᵀ q_C */
function equations(words: Words['cacheView']): TemplateResult {
  const named = (name: string, below: string): TemplateResult<3> =>
    mathml`<msub><mrow><mi>${name}</mi><mspace depth="0.3em" /></mrow><mi>${below}</mi></msub>`;
  const transposed = (name: string, below: string): TemplateResult<3> =>
    mathml`<msubsup><mi>${name}</mi><mi>${below}</mi><mi>T</mi></msubsup>`;
  const absorbed = mathml`<mover accent="true"><mi>q</mi><mo>~</mo></mover>`;
  const line = (text: string, maths: TemplateResult<3>): TemplateResult =>
    html`<math display="block" aria-label=${text}>${mathml`<mrow>${maths}</mrow>`}</math>`;
  return html`
    ${line(
      words.products,
      mathml`<mi>q</mi><mo>·</mo><mi>k</mi><mo>=</mo>${absorbed}<mo>·</mo>${named('c', 'KV')}<mo>+</mo>${named('q', 'R')}<mo>·</mo>${named('k', 'R')}`,
    )}
    ${line(words.absorption, mathml`${absorbed}<mo>=</mo>${transposed('W', 'UK')}${named('q', 'C')}`)}
  `;
}

/** The head's weight on the shown token itself, from both caches, and the layer's largest differences between them. */
function agreement(
  snapshot: Snapshot,
  layer: number,
  head: number,
  { cacheView, f }: Words,
): TemplateResult | typeof nothing {
  const at = shownPosition(snapshot);
  const latent = part(snapshot, 'attention', layer, head)?.[at];
  const expanded = part(snapshot, 'other_attention', layer, head)?.[at];
  const weights = part(snapshot, 'weight_differences')?.[layer];
  const outputs = part(snapshot, 'attention_differences')?.[layer];
  if (latent === undefined || expanded === undefined || weights === undefined || outputs === undefined) return nothing;
  return html`
    ${cacheView.onItself(head)}
    <b data-agree="latent" data-value=${latent}>${f.exact(latent)}</b> ${cacheView.fromLatent},
    <b data-agree="expanded" data-value=${expanded}>${f.exact(expanded)}</b> ${cacheView.fromExpanded}.
    ${cacheView.apart(layer)}
    <b data-agree="weights" data-value=${weights}>${f.scientific(weights)}</b> ${cacheView.inWeights},
    <b data-agree="outputs" data-value=${outputs}>${f.scientific(outputs)}</b> ${cacheView.inOutputs}.
  `;
}
