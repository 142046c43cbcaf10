// The printed page, scaled to fit one sheet. From top to bottom: name, text, shown token, picture, link.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import { boxOf } from '../measure/zoom';
import { formatAddress } from '../scope/address';
import { label, shownPosition, tokenCount } from '../scope/select';
import type { Snapshot } from '../scope/state';
import { quoted } from '../text/token';
import type { Words } from '../text/words';

/** Printable area of a landscape A4 sheet, px. */
const SHEET = { width: 1028, height: 688 };

/** The lines above the picture: name, text and token. */
export function handoutHead(snapshot: Snapshot, words: Words): TemplateResult {
  const at = shownPosition(snapshot);
  return html`
    <header class="handout">
      <b>${words.name}</b>
      <p class="text" dir="auto">${snapshot.state.text}${snapshot.text.continuation}</p>
      <p>${words.tokens.here(quoted(label(snapshot, at)), at, tokenCount(snapshot))}</p>
    </header>
  `;
}

/** The line below the picture: the link to the shown state. */
export function handoutFoot({ state }: Snapshot, home: string): TemplateResult {
  return html`<p class="handout link">${home}#${formatAddress(state)}</p>`;
}

/** Scales an element to one sheet for printing, or restores its size after printing. */
export function fit(element: HTMLElement, printing: boolean): void {
  element.classList.remove('printing');
  for (const name of ['--moe-sheet', '--moe-zoom']) element.style.removeProperty(name);
  if (!printing) return;
  const { width } = boxOf(element);
  element.style.setProperty('--moe-sheet', `${width}px`);
  element.classList.add('printing');
  const zoom = Math.min(1, SHEET.width / width, SHEET.height / boxOf(element).height);
  element.style.setProperty('--moe-zoom', String(zoom));
}

export const handoutStyle = css`
  .handout {
    display: none;
  }
  :host(.printing) {
    box-sizing: border-box;
    width: var(--moe-sheet);
    min-width: 0;
    margin: 0;
    zoom: var(--moe-zoom);
    break-inside: avoid;
  }
  :host(.printing) :is(moe-header, moe-transport, moe-choose, .close) {
    display: none;
  }
  :host(.printing) .handout {
    display: block;
  }
  .handout b {
    font-size: 16px;
    line-height: 24px;
    font-weight: 650;
  }
  .handout .text {
    font-size: 16px;
    line-height: 24px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    max-height: 72px;
    overflow: hidden;
  }
  .handout.link {
    margin-top: 12px;
    font-size: 12px;
    line-height: 16px;
    overflow-wrap: anywhere;
    color: var(--moe-ink2);
  }
`;
