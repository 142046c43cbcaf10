// Links and code for other pages, made from a state.

import { FIELD_NAMES, fieldOf, formatAddress } from '../../scope/address';
import type { ScopeState } from '../../scope/state';

/** Address of a state on the page at `home`, or on another file beside that page. */
export function linkTo(home: string, state: ScopeState, file = ''): string {
  return `${file === '' ? home : new URL(file, home).href}#${formatAddress(state)}`;
}

/** A link in Markdown. Parentheses in the address are escaped, because they would end it. */
export function markdown(title: string, link: string): string {
  return `[${title}](${link.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

export function frameCode(title: string, link: string, width: number, height: number): string {
  return `<iframe src="${quoted(link)}" title="${quoted(title)}" width="${width}" height="${height}" loading="lazy"></iframe>`;
}

/** Code of the element, with the script that a page needs once. */
export function elementCode(home: string, state: ScopeState): string {
  const attributes = FIELD_NAMES.flatMap(name => {
    const value = fieldOf(state, name);
    return value === null ? [] : [` ${name}="${quoted(value)}"`];
  });
  const script = new URL('define.js', home).href;
  return `<script type="module" src="${quoted(script)}"></script>\n<moe-scope${attributes.join('')}></moe-scope>`;
}

/** Escapes a text for an attribute's value. */
function quoted(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\n', '&#10;');
}
