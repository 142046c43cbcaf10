// Draws the box of an HTML element: background, borders, inner shadows and outline.

import { colour, painted } from './paint';
import type { Place, Sheet } from './sheet';
import { tag } from './xml';

const SIDES = ['Top', 'Right', 'Bottom', 'Left'] as const;
type Side = (typeof SIDES)[number];

export function boxOf(place: Place, style: CSSStyleDeclaration, sheet: Sheet): string {
  const { x, y, width, height } = sheet.box(place);
  if (width <= 0 && height <= 0) return '';
  const parts: string[] = [];
  const radius = parseFloat(style.borderTopLeftRadius) || 0;
  const ground = colour(style.backgroundColor);
  if (ground) parts.push(tag('rect', { x, y, width, height, rx: radius || null, ...painted('fill', ground) }));
  for (const shadow of shadows(style)) parts.push(within(shadow, x, y, width, height));
  const widths = SIDES.map(side => borderWidth(style, side));
  const [thick = 0] = widths;
  const [line] = SIDES.map(side => style[`border${side}Color`]);
  const isEven = widths.every(each => each === thick) && SIDES.every(side => style[`border${side}Color`] === line);
  if (isEven && thick > 0) parts.push(ring(x, y, width, height, thick, -thick / 2, radius, line ?? ''));
  else SIDES.forEach((side, index) => parts.push(edge(side, widths[index] ?? 0, x, y, width, height, style)));
  return parts.join('');
}

/** The outline, which takes no room in the layout. */
export function outlineOf(place: Place, style: CSSStyleDeclaration, sheet: Sheet): string {
  const thick = style.outlineStyle === 'solid' ? parseFloat(style.outlineWidth) : 0;
  if (!thick) return '';
  const { x, y, width, height } = sheet.box(place);
  const out = parseFloat(style.outlineOffset) + thick / 2;
  return ring(x, y, width, height, thick, out, parseFloat(style.borderTopLeftRadius) || 0, style.outlineColor);
}

/** Browsers round a border to pixels of the screen, so at most sizes of the page it is no whole number of px. */
function borderWidth(style: CSSStyleDeclaration, side: Side): number {
  const isDrawn = !['none', 'hidden'].includes(style[`border${side}Style`]);
  const width = isDrawn ? parseFloat(style[`border${side}Width`]) : 0;
  return width > 0 ? Math.max(1, Math.round(width)) : 0;
}

function ring(
  x: number,
  y: number,
  width: number,
  height: number,
  thick: number,
  out: number,
  radius: number,
  line: string,
): string {
  const paint = colour(line);
  if (!paint) return '';
  return tag('rect', {
    x: x - out,
    y: y - out,
    width: width + 2 * out,
    height: height + 2 * out,
    rx: radius > 0 ? Math.max(0, radius + out) : null,
    fill: 'none',
    ...painted('stroke', paint),
    'stroke-width': thick,
  });
}

function edge(
  side: Side,
  thick: number,
  x: number,
  y: number,
  width: number,
  height: number,
  style: CSSStyleDeclaration,
): string {
  const paint = thick > 0 ? colour(style[`border${side}Color`]) : null;
  if (!paint) return '';
  const places: Readonly<Record<Side, readonly [number, number, number, number]>> = {
    Top: [x, y, width, thick],
    Right: [x + width - thick, y, thick, height],
    Bottom: [x, y + height - thick, width, thick],
    Left: [x, y, thick, height],
  };
  const [left, top, wide, tall] = places[side];
  return tag('rect', { x: left, y: top, width: wide, height: tall, ...painted('fill', paint) });
}

interface Shadow {
  readonly line: string;
  readonly across: number;
  readonly spread: number;
}

/** Inset shadows without blur: lines along the edges. */
function shadows({ boxShadow }: CSSStyleDeclaration): Shadow[] {
  return Array.from(boxShadow.matchAll(/([a-z]+\([^)]*\)) (-?[\d.]+)px \S+ 0px (-?[\d.]+)px inset/gu), found => ({
    line: found[1] ?? '',
    across: Number(found[2]),
    spread: Number(found[3]),
  }));
}

function within({ line, across, spread }: Shadow, x: number, y: number, width: number, height: number): string {
  if (spread > 0) return ring(x, y, width, height, spread, -spread / 2, 0, line);
  return across > 0 ? tag('rect', { x, y, width: across, height, ...painted('fill', colour(line)) }) : '';
}
