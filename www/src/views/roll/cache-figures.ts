// Figures of the cache: bytes stored, bytes if expanded, their ratio, and the ratio to plain multi-head attention.

import type { TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import { plainMhaBytes } from '../../scope/select';
import type { RollLayout } from './roll-layout';

export function figures({ snapshot, record, words }: RollLayout): TemplateResult | typeof nothing {
  if (!record) return nothing;
  const { latent, expanded } = record.cache;
  return html`
    <div class="figures">
      <b data-ratio="expanded">${words.cache.times(expanded / latent)}</b>
      <span>${words.cache.smaller}</span>
      <span data-ratio="plain_mha" title=${words.cache.plainMhaNote}
        >${words.cache.thanPlain(plainMhaBytes(snapshot) / latent)}</span
      >
      <span data-bytes="latent">${words.cache.kept(latent)}</span>
      <span data-bytes="expanded">${words.cache.notKept(expanded)}</span>
    </div>
  `;
}

export const figureStyle = css`
  .figures {
    position: absolute;
    right: 0;
    font-size: 12px;
    line-height: 14px;
    color: var(--moe-ink2);
  }
  .figures b {
    display: block;
    font-size: 24px;
    line-height: 24px;
    font-weight: 650;
    color: var(--moe-ink);
  }
  .figures span {
    display: block;
  }
  :host([phone]) .figures {
    position: static;
    padding-top: 8px;
  }
`;
