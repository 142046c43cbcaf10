// Draws an element and its descendants in tree order: boxes, lines of text, pictures and controls.

import { boxOf, outlineOf } from './boxes';
import { controlOf, isControl } from './controls';
import type { Cut, Line } from './lines';
import { linesOf } from './lines';
import { marks } from './marks';
import { colour, fontOf, metrics, painted } from './paint';
import type { Sheet } from './sheet';
import { escaped, tag } from './xml';

/** Draws an element; `cut` is the edge at which an outer element ends its text in an ellipsis. */
export function drawnOf(element: Element, sheet: Sheet, cut: Cut | null = null): string {
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.opacity === '0') return '';
  // Text that is only for screen readers is clipped to nothing, so it is not drawn.
  if (style.clipPath !== 'none' && style.position === 'absolute') return '';
  const isSeen = style.visibility === 'visible';
  if (element instanceof SVGSVGElement) return isSeen ? marks(element, sheet) : '';
  if (isControl(element)) return isSeen ? controlOf(element, style, sheet) : '';
  const place = element.getBoundingClientRect();
  const hasBox = style.display !== 'contents';
  const own =
    hasBox && isSeen ? boxOf(place, style, sheet) + before(element, sheet) + marker(element, style, sheet) : '';
  const within = layered(element)
    .map(child => {
      if (child instanceof Text)
        return isSeen ? textOf(child, element, style, sheet, cutOf(element, style) ?? cut) : '';
      return drawnOf(child, sheet, cutOf(element, style) ?? cut);
    })
    .join('');
  const clipped = hasBox ? clip(element, style, within, sheet) : within;
  const last = hasBox && isSeen ? pseudo(element, '::after', sheet) + fraction(element, style, sheet) : '';
  const outline = hasBox && isSeen && !element.matches(':focus') ? outlineOf(place, style, sheet) : '';
  const all = own + clipped + last + outline;
  return style.opacity === '1' || all === '' ? all : tag('g', { opacity: style.opacity }, all);
}

function before(element: Element, sheet: Sheet): string {
  return pseudo(element, '::before', sheet);
}

/** The children of an element in drawing order: positioned children last, in the order of their z-index. */
function layered(element: Element): (Element | Text)[] {
  const children = childrenOf(element);
  const level = (child: Element | Text): number => {
    if (child instanceof Text) return 0;
    const { position, zIndex } = getComputedStyle(child);
    return position === 'static' ? 0 : (Number.parseInt(zIndex, 10) || 0) + 0.5;
  };
  return children.toSorted((one, other) => level(one) - level(other));
}

function childrenOf(element: Element): (Element | Text)[] {
  const nodes =
    element instanceof HTMLSlotElement && element.assignedNodes().length > 0
      ? element.assignedNodes()
      : (element.shadowRoot ?? element).childNodes;
  return Array.from(nodes).filter(node => node instanceof Element || node instanceof Text);
}

/** The edge at which an element ends its text in an ellipsis; null if the element does not cut its text. */
function cutOf(element: Element, style: CSSStyleDeclaration): Cut | null {
  if (style.textOverflow !== 'ellipsis' || element.scrollWidth <= element.clientWidth) return null;
  const { left } = element.getBoundingClientRect();
  return { right: left + element.clientLeft + element.clientWidth - parseFloat(style.paddingRight) };
}

/** Clips content that overflows its box. */
function clip(element: Element, style: CSSStyleDeclaration, content: string, sheet: Sheet): string {
  if (content === '' || style.overflow === 'visible') return content;
  const more = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
  if (!more) return content;
  const { left, top } = element.getBoundingClientRect();
  const x = left + element.clientLeft;
  const y = top + element.clientTop;
  const box = sheet.box({ left: x, top: y, right: x + element.clientWidth, bottom: y + element.clientHeight });
  return tag('svg', { ...box, viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`, overflow: 'hidden' }, content);
}

function textOf(node: Text, parent: Element, style: CSSStyleDeclaration, sheet: Sheet, cut: Cut | null): string {
  if (node.data.trim() === '') return '';
  const font = { ...fontOf(style, sheet.style), ...painted('fill', colour(style.color)) };
  return linesOf(node, style, cut)
    .map(line => {
      const words = escaped(style.textTransform === 'math-auto' ? mathematical(line.text) : line.text);
      return (
        tag('text', { ...placed(line, parent, style, sheet), ...font, 'xml:space': 'preserve' }, words) +
        struck(line, parent, style, sheet)
      );
    })
    .join('');
}

function placed(line: Line, parent: Element, style: CSSStyleDeclaration, sheet: Sheet) {
  const { ascent, descent } = metrics(style);
  if (style.writingMode.startsWith('vertical')) {
    const isTurned = turned(parent);
    const x = sheet.x(
      Math.round(line.left + (line.right - line.left - ascent - descent) / 2 + (isTurned ? ascent : descent)),
    );
    const y = sheet.y(isTurned ? line.bottom : line.top);
    return { transform: `translate(${x} ${y}) rotate(${isTurned ? -90 : 90})` };
  }
  const y = sheet.y(Math.round(line.top + (line.bottom - line.top - ascent - descent) / 2 + ascent));
  return style.direction === 'rtl' ? { x: sheet.x(line.right), y, direction: 'rtl' } : { x: sheet.x(line.left), y };
}

/** True if text is turned by 180 degrees. */
function turned(element: Element): boolean {
  const { transform } = getComputedStyle(element);
  return transform !== 'none' && new DOMMatrix(transform).a < 0;
}

/** Underlines and strike-throughs of a line of text, including those that the styles of ancestors draw. */
function struck(line: Line, parent: Element, own: CSSStyleDeclaration, sheet: Sheet): string {
  const lines: string[] = [];
  const { ascent, descent } = metrics(own);
  const base = line.top + (line.bottom - line.top - ascent - descent) / 2 + ascent;
  for (let element: Element | null = parent; element; element = element.parentElement) {
    const style = getComputedStyle(element);
    const thick = parseFloat(style.textDecorationThickness) || 1;
    const offset = parseFloat(style.textUnderlineOffset);
    const at: Readonly<Record<string, number>> = {
      underline: Math.round(base) + (Number.isNaN(offset) ? 1 : offset),
      'line-through': Math.round(base - ascent / 3),
    };
    const y = at[style.textDecorationLine];
    const paint = colour(style.textDecorationColor);
    if (y !== undefined && paint) {
      lines.push(
        tag('line', {
          x1: sheet.x(line.left),
          x2: sheet.x(line.right),
          y1: sheet.y(y + thick / 2),
          y2: sheet.y(y + thick / 2),
          ...painted('stroke', paint),
          'stroke-width': thick,
          ...(style.textDecorationStyle === 'dotted' ? { 'stroke-dasharray': `${thick} ${thick}` } : {}),
        }),
      );
    }
    // An ancestor's decoration does not reach into inline blocks and positioned elements.
    if (['inline-block', 'inline-flex', 'inline-grid'].includes(style.display) || style.position === 'absolute') break;
  }
  return lines.join('');
}

/** Draws the box of `::before` or `::after`, if it is absolutely positioned. */
function pseudo(element: Element, which: '::before' | '::after', sheet: Sheet): string {
  const style = getComputedStyle(element, which);
  if (style.content === 'none' || style.content === 'normal' || style.position !== 'absolute') return '';
  const { left, top } = element.getBoundingClientRect();
  const x = left + element.clientLeft + parseFloat(style.left);
  const y = top + element.clientTop + parseFloat(style.top);
  const size = (side: 'width' | 'height', one: 'Left' | 'Top', other: 'Right' | 'Bottom'): number => {
    const around = [one, other].map(
      each => parseFloat(style[`border${each}Width`]) + parseFloat(style[`padding${each}`]),
    );
    return (
      parseFloat(style[side]) + (style.boxSizing === 'border-box' ? 0 : around.reduce((all, each) => all + each, 0))
    );
  };
  const right = x + size('width', 'Left', 'Right');
  const bottom = y + size('height', 'Top', 'Bottom');
  return boxOf({ left: x, top: y, right, bottom }, style, sheet);
}

/** The triangle before a `summary`. */
function marker(element: Element, style: CSSStyleDeclaration, sheet: Sheet): string {
  if (element.localName !== 'summary' || style.display !== 'list-item') return '';
  const { left, top } = element.getBoundingClientRect();
  const size = parseFloat(style.fontSize) * 0.6;
  const x = sheet.x(left + 1);
  const middle = sheet.y(top + parseFloat(style.lineHeight) / 2);
  const isOpen = element.parentElement?.hasAttribute('open') ?? false;
  const d = isOpen
    ? `M${x} ${middle - size / 3}h${size}l${-size / 2} ${size * 0.7}z`
    : `M${x} ${middle - size / 2}v${size}l${size * 0.7} ${-size / 2}z`;
  return tag('path', { d, ...painted('fill', colour(style.color)) });
}

/** The bar of a MathML fraction. */
function fraction(element: Element, style: CSSStyleDeclaration, sheet: Sheet): string {
  if (element.localName !== 'mfrac') return '';
  const [above, below] = Array.from(element.children, child => child.getBoundingClientRect());
  if (!above || !below) return '';
  const { left, right } = element.getBoundingClientRect();
  const y = sheet.y(Math.round((above.bottom + below.top) / 2)) + 0.5;
  return tag('line', {
    x1: sheet.x(left),
    x2: sheet.x(right),
    y1: y,
    y2: y,
    ...painted('stroke', colour(style.color)),
  });
}

/** Makes a single letter italic, as MathML shows it. */
function mathematical(text: string): string {
  if (!/^[a-z]$/iu.test(text)) return text;
  if (text === 'h') return 'ℎ';
  const [first, italic] = /[a-z]/u.test(text) ? ['a', 0x1d44e] : ['A', 0x1d434];
  return String.fromCodePoint(italic + (text.codePointAt(0) ?? 0) - (first.codePointAt(0) ?? 0));
}
