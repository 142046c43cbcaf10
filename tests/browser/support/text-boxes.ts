// Finds text that is cut off, outside the window, too small, or over other text, in all shadow trees of a page.

import type { Page } from '@playwright/test';

/** Smallest type, px of the page; only subscripts and the router's table in a narrow view are smaller. */
export const LEAST_TYPE = 12;
/** Boxes of text may overlap by these lengths in px of the page: they are larger than the letters. */
const ACROSS = 3.5;
const DOWN = 4.5;

/** One sentence for each fault. */
export function faultsOfText(page: Page): Promise<string[]> {
  return page.evaluate(find, { across: ACROSS, down: DOWN, least: LEAST_TYPE });
}

/** Runs in the page. */
function find({ across, down, least }: { across: number; down: number; least: number }): string[] {
  interface Line {
    readonly node: Node;
    readonly element: Element;
    readonly text: string;
    readonly box: DOMRect;
    readonly zoom: number;
    /** The opaque boxes around it that lie over other text on purpose. */
    readonly floating: Element[];
  }
  const WITHOUT_LINES = ['STYLE', 'SCRIPT', 'OPTION', 'TEXTAREA'];
  const isDrawn = { opacityProperty: true, visibilityProperty: true };
  const faults = new Set<string>();
  const lines: Line[] = [];

  const around = (element: Element): Element | null => {
    const root = element.getRootNode();
    return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  };
  const place = ({ text, element }: Line): string =>
    `“${text.slice(0, 40)}” (${element.localName}.${element.getAttribute('class') ?? ''})`;

  const collect = (root: Node): void => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        if (node.shadowRoot) collect(node.shadowRoot);
        continue;
      }
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (!element || text === '' || WITHOUT_LINES.includes(element.tagName)) continue;
      // MathML places accents above their letters.
      if (element instanceof MathMLElement || !element.checkVisibility(isDrawn)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width > 1 && box.height > 1)
          keep({ node, element, text, box, zoom: element.currentCSSZoom, floating: [] });
      }
    }
  };

  /** Keeps a line that is drawn, and reports one that is cut off. */
  const keep = (line: Line): void => {
    const { box, zoom } = line;
    let cut = 0;
    for (let part: Element | null = line.element; part; part = around(part)) {
      const style = getComputedStyle(part);
      if (style.clipPath !== 'none') return;
      const isOpaque = !style.backgroundColor.startsWith('rgba(');
      if (part.matches('dialog') || (style.position !== 'static' && isOpaque)) line.floating.push(part);
      const isClipping = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      if (!isClipping || style.display === 'inline' || style.display === 'contents') continue;
      const clip = part.getBoundingClientRect();
      const isOutside =
        box.right <= clip.left + 1 ||
        box.left >= clip.right - 1 ||
        box.bottom <= clip.top + 3 ||
        box.top >= clip.bottom - 3;
      const sideways = Math.max(clip.left - box.left, box.right - clip.right) / zoom;
      const upright = Math.max(clip.top - box.top, box.bottom - clip.bottom) / zoom;
      const isScrolled =
        /auto|scroll/u.test(style.overflowX + style.overflowY) &&
        (part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight);
      // Scrolled text is reached by scrolling, and an ellipsis says that something is missing.
      if (isOutside || ((isScrolled || style.textOverflow === 'ellipsis') && Math.max(sideways, upright) > 1)) return;
      if (style.overflowX !== 'visible') cut = Math.max(cut, sideways - 2.5);
      if (style.overflowY !== 'visible') cut = Math.max(cut, upright - down);
    }
    lines.push(line);
    if (cut > 0) faults.add(`cut off by ${cut.toFixed(1)} px too much: ${place(line)}`);
    if (box.left < -1 || box.right > innerWidth + 1) faults.add(`outside the window: ${place(line)}`);
    const size = parseFloat(getComputedStyle(line.element).fontSize);
    if (size < least && !line.element.closest('.tight, sub')) faults.add(`${size} px: ${place(line)}`);
  };

  collect(document.body);
  lines.sort((one, other) => one.box.top - other.box.top);
  const isBeside = (one: Line, other: Line): boolean =>
    one.floating.length === other.floating.length &&
    one.floating.every((part, index) => part === other.floating[index]);
  for (const [index, one] of lines.entries()) {
    for (const other of lines.slice(index + 1)) {
      if (other.box.top >= one.box.bottom) break;
      if (one.node === other.node || !isBeside(one, other)) continue;
      const [a, b] = [one.box, other.box];
      const x = (Math.min(a.right, b.right) - Math.max(a.left, b.left)) / one.zoom;
      const y = (Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)) / one.zoom;
      if (x > across && y > down)
        faults.add(`over each other by ${x.toFixed(1)} × ${y.toFixed(1)} px: ${place(one)} and ${place(other)}`);
    }
  }
  return [...faults];
}
