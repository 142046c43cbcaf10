// The button with a cross that closes a panel or a dialog.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';

export function closeButton(name: string, close: () => void): TemplateResult {
  return html`
    <button class="close" aria-label=${name} title=${name} @click=${close}>
      <svg width="32" height="32" aria-hidden="true"><path d="M11 11l10 10M21 11l-10 10" /></svg>
    </button>
  `;
}

export const closeButtonStyle = css`
  button.close {
    width: 32px;
    height: 32px;
    padding: 0;
    border: 0;
  }
  .close path {
    stroke: currentColor;
    stroke-width: 1.5;
  }
`;
