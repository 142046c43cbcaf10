// Writes a view's picture as a self-contained SVG file: styles inlined, text as text, nothing loaded from elsewhere,
// and the origin in small type below.

import { boxOf } from '../../measure/zoom';
import type { Origin } from '../origin';
import { backgroundOf } from './background';
import { drawnOf } from './html';
import { definition } from './marks';
import { colour, metrics, painted } from './paint';
import { Sheet } from './sheet';
import { escaped, tag } from './xml';

/** Margin around the view, px. */
const MARGIN = 16;
const CAPTION = { size: 11, line: 16, most: 6 };

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export function svgOf(view: Element, title: string, origin: Origin): Picture {
  const place = boxOf(view);
  const style = getComputedStyle(view);
  const sheet = new Sheet(Math.floor(place.left) - MARGIN, Math.floor(place.top) - MARGIN, style);
  const width = Math.ceil(place.width) + 2 * MARGIN;
  const seen = Math.ceil(place.height) + 2 * MARGIN;
  const lines = captionOf(origin, width - 2 * MARGIN, style);
  const height = seen + lines.length * CAPTION.line + MARGIN / 2;
  const drawn = drawnOf(view, sheet);
  const ink = painted('fill', colour(style.color));
  const captions = lines.map((line, index) =>
    tag(
      'text',
      { x: MARGIN, y: seen + index * CAPTION.line + CAPTION.size, ...ink, 'fill-opacity': 0.7 },
      escaped(line),
    ),
  );
  const content = [
    tag('title', {}, escaped(title)),
    tag('desc', {}, escaped(origin.lines.join('\n'))),
    tag('metadata', {}, escaped(JSON.stringify(origin.members))),
    tag('rect', { width, height, ...painted('fill', backgroundOf(view)) }),
    missing(view, drawn, sheet),
    drawn,
    tag('g', { 'font-size': CAPTION.size }, captions.join('')),
  ];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    'font-family': style.fontFamily,
    'font-size': style.fontSize,
    'font-weight': style.fontWeight,
    'font-variant': 'tabular-nums',
  };
  return { svg: `${tag('svg', attributes, content.join('\n'))}\n`, width, height };
}

/** Definitions that the picture refers to but does not contain yet. */
function missing(view: Element, drawn: string, sheet: Sheet): string {
  const roots: ParentNode[] = [];
  const collect = (element: Element): void => {
    if (element.shadowRoot) roots.push(element.shadowRoot);
    for (const inner of (element.shadowRoot ?? element).querySelectorAll('*')) if (inner.shadowRoot) collect(inner);
  };
  collect(view);
  const found = roots.flatMap(root =>
    Array.from(root.querySelectorAll('pattern[id]'))
      .filter(pattern => drawn.includes(`url(#${sheet.id(pattern, pattern.id)})`))
      .map(pattern => definition(pattern, sheet)),
  );
  return found.length === 0 ? '' : tag('defs', {}, found.join(''));
}

/** The origin in lines that fit the picture's width. */
function captionOf({ lines }: Origin, width: number, style: CSSStyleDeclaration): string[] {
  const size = CAPTION.size / parseFloat(style.fontSize);
  const measure = metrics(style).width;
  const found: string[] = [];
  for (const line of lines) {
    let rest = line;
    while (rest !== '') {
      let end = rest.length;
      while (end > 1 && measure(rest.slice(0, end)) * size > width) end = Math.min(end - 1, Math.ceil(end * 0.98) - 1);
      found.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
  }
  if (found.length <= CAPTION.most) return found;
  return [...found.slice(0, CAPTION.most - 1), `${(found[CAPTION.most - 1] ?? '').slice(0, -1)}…`];
}
