// Splits a text node into its lines on the screen.

import { metrics } from './paint';

export interface Line {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The right edge at which a text is cut off with an ellipsis. */
export interface Cut {
  readonly right: number;
}

/** Letters are on the same line if their tops, or left edges in vertical text, differ by less than this (px). */
const SAME_LINE = 2;

/** The lines of a text node, as the browser has broken them. */
export function linesOf(node: Text, style: CSSStyleDeclaration, cut: Cut | null): Line[] {
  const isVertical = style.writingMode.startsWith('vertical');
  const range = document.createRange();
  const lines: { text: string; left: number; right: number; top: number; bottom: number }[] = [];
  const ellipsis = cut ? metrics(style).width('…') : 0;
  let at = 0;
  for (const letter of node.data) {
    range.setStart(node, at);
    at += letter.length;
    range.setEnd(node, at);
    const isBlank = /^\s$/u.test(letter) && letter !== '\u00a0';
    const last = lines.at(-1);
    const place = Array.from(range.getClientRects()).findLast(({ width, height }) => width > 0 && height > 0);
    if (!place) {
      // The letter has no box: it is a collapsed space, or a mark that combines with the letter before it.
      if (!isBlank && last) last.text += letter;
      continue;
    }
    const { left, right, top, bottom } = place;
    if (cut && right > cut.right - ellipsis + 0.5) {
      if (last && !last.text.endsWith('…')) last.text = `${last.text}…`;
      continue;
    }
    const isSame = last && Math.abs(isVertical ? left - last.left : top - last.top) < SAME_LINE;
    const shown = isBlank ? ' ' : letter;
    if (!isSame) lines.push({ text: shown, left, right, top, bottom });
    else {
      last.text += shown;
      last.left = Math.min(last.left, left);
      last.right = Math.max(last.right, right);
      last.top = Math.min(last.top, top);
      last.bottom = Math.max(last.bottom, bottom);
    }
  }
  return lines.filter(({ text }) => text.trim() !== '');
}
