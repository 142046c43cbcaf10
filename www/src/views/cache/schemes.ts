// Three caching schemes in figures: values per token, bytes so far and the ratio to the latent. A second table has the
// values and the ratios for DeepSeek-V3.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { CacheValues, ModelInfo } from '../../engine/types';
import { cachedCells, latentBytes, plainMhaBytes, shownInfo, shownRecord, shownRunName } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';
import { table } from '../shared/data-table';

type Scheme = 'latent' | 'expanded' | 'plain_mha';
const SCHEMES: readonly Scheme[] = ['latent', 'expanded', 'plain_mha'];

/** How many times smaller the latent cache is than each of the other two schemes, and the latent cache's bytes. */
export function figures(snapshot: Snapshot, { f, cacheView: words }: Words): TemplateResult {
  const record = shownRecord(snapshot);
  const { num_hidden_layers: layers } = snapshot.model.info;
  const plain = plainMhaBytes(snapshot);
  return html`
    <dl class="figures">
      ${
        record
          ? html`
              <div>
                <dt>${words.smallerThanExpanded}</dt>
                <dd data-ratio="expanded">${words.times(record.cache.expanded / record.cache.latent)}</dd>
              </div>
              <div>
                <dt>${words.smallerThanPlain}</dt>
                <dd data-ratio="plain_mha">${words.times(plain / record.cache.latent)}</dd>
              </div>
              <div>
                <dt>${words.kept(record.position + 1, layers, cachedCells(snapshot) - record.position * layers)}</dt>
                <dd data-bytes="latent">${f.whole(record.cache.latent)} B</dd>
              </div>
            `
          : nothing
      }
    </dl>
  `;
}

/** The numbers of the schemes as tables. */
export function schemeTables(snapshot: Snapshot, { f, cacheView: words }: Words): TemplateResult {
  const info = shownInfo(snapshot);
  const record = shownRecord(snapshot);
  const plain = plainMhaBytes(snapshot);
  const now = record && { ...record.cache, plain_mha: plain };
  const heads = words.heads;
  const number = (text: string): { readonly text: string; readonly number: boolean } => ({ text, number: true });
  return html`
    <div class="tables" tabindex="0" role="group" aria-label=${words.tables}>
      ${table(
        'schemes',
        words.here(info.num_hidden_layers),
        [{ text: heads.scheme }, number(heads.values), number(heads.now), number(heads.ratio)],
        SCHEMES.map(
          scheme =>
            html`<tr data-scheme=${scheme} data-term=${TERMS[scheme]}>
              ${nameOf(scheme, words.schemes, formula(scheme, info, words))}
              <td class="number">${f.whole(info.cache_values[scheme])}</td>
              <td class="number" data-bytes=${now?.[scheme] ?? nothing}>
                ${now ? `${f.whole(now[scheme])} B` : nothing}
              </td>
              <td class="number">${now ? words.times(now[scheme] / now.latent) : nothing}</td>
            </tr>`,
        ),
      )}
      ${table(
        'deepseek-v3',
        words.deepseek,
        [{ text: heads.scheme }, number(heads.values), number(heads.ratio)],
        SCHEMES.map(
          scheme =>
            html`<tr data-scheme=${scheme}>
              ${nameOf(scheme, words.schemes, null)}
              <td class="number">${f.whole(info.deepseek_v3_cache_values[scheme])}</td>
              <td class="number">${words.times(ratio(info.deepseek_v3_cache_values, scheme))}</td>
            </tr>`,
        ),
      )}
    </div>
    <p class="description">
      ${
        shownRunName(snapshot) === 'changed'
          ? words.changedValue(info.cache_values.latent, latentBytes(snapshot))
          : words.value(info.cache_value_bytes, info.cache_values.latent, latentBytes(snapshot))
      }
    </p>
  `;
}

const TERMS = { latent: 'latent', expanded: 'expanded', plain_mha: 'plainMha' } as const;

function ratio(values: CacheValues, scheme: Scheme): number {
  return values[scheme] / values.latent;
}

/** Bytes that plain multi-head attention would have stored so far; it is not run. */
function formula(scheme: Scheme, info: ModelInfo, words: Words['cacheView']): string {
  const { num_attention_heads: heads, qk_nope_head_dim: nope, qk_rope_head_dim: rope, v_head_dim: value } = info;
  switch (scheme) {
    case 'latent':
      return words.formula.latent(info.cache_values.c_kv, info.cache_values.rope_key);
    case 'expanded':
      return words.formula.expanded(heads, nope, rope, value);
    case 'plain_mha':
      return words.formula.plainMha(heads, nope, value);
  }
}

function nameOf(scheme: Scheme, names: Words['cacheView']['schemes'], note: string | null): TemplateResult {
  return html`<th scope="row">
    <span class="name">${swatch(scheme)}${names[scheme]}</span>
    ${note === null ? nothing : html`<span class="note">${note}</span>`}
  </th>`;
}

function swatch(scheme: Scheme): TemplateResult {
  const marks = {
    latent: svg`<rect class="ckv" width="12" height="8" /><rect class="rope" y="8" width="12" height="4" />`,
    expanded: svg`<rect class="fill" width="12" height="12" /><rect class="expanded" x="0.5" y="0.5" width="11" height="11" />`,
    plain_mha: svg`<rect class="plain" x="0.5" y="0.5" width="11" height="11" />`,
  };
  return html`<svg class="swatch" width="12" height="12" aria-hidden="true">${marks[scheme]}</svg>`;
}
