// Colours and fonts as an SVG file has them. May import: xml.

import type { Attributes } from './xml';

/** A colour as every renderer knows it, and how opaque it is. */
export interface Colour {
  readonly value: string;
  readonly opacity: number;
}

/** Of a computed colour: `rgb(…)`, `rgba(…)` or `color(srgb …)`; null where there is none to see. */
export function colour(computed: string): Colour | null {
  const numbers = (/\(([^)]*)\)/u.exec(computed)?.[1] ?? '').match(/-?[\d.]+(?:e-?\d+)?/gu)?.map(Number) ?? [];
  const [red = 0, green = 0, blue = 0, opacity = 1] = numbers;
  if (numbers.length < 3) return null;
  const scale = computed.startsWith('color(') ? 255 : 1;
  const channels = [red, green, blue].map(channel => Math.round(Math.min(255, Math.max(0, channel * scale))));
  return opacity === 0 ? null : { value: `rgb(${channels.join(',')})`, opacity };
}

/** `fill` or `stroke`. */
export function painted(what: 'fill' | 'stroke', paint: Colour | null): Attributes {
  if (!paint) return { [what]: 'none' };
  return { [what]: paint.value, ...(paint.opacity < 1 ? { [`${what}-opacity`]: paint.opacity } : {}) };
}

export interface Metrics {
  readonly ascent: number;
  readonly descent: number;
  readonly width: (text: string) => number;
}

const known = new Map<string, Metrics>();
let context: CanvasRenderingContext2D | null = null;

/** What a font measures. */
export function metrics({ fontStyle, fontWeight, fontSize, fontFamily }: CSSStyleDeclaration): Metrics {
  const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  const found = known.get(font);
  if (found) return found;
  context ??= document.createElement('canvas').getContext('2d');
  const measure = (text: string): TextMetrics | undefined => {
    if (context) context.font = font;
    return context?.measureText(text);
  };
  const size = parseFloat(fontSize);
  const { fontBoundingBoxAscent = size, fontBoundingBoxDescent = 0 } = measure('x') ?? {};
  const made: Metrics = {
    ascent: Math.round(fontBoundingBoxAscent),
    descent: Math.round(fontBoundingBoxDescent),
    width: text => measure(text)?.width ?? 0,
  };
  known.set(font, made);
  return made;
}

/** What of a font differs from the file's own. */
export function fontOf(style: CSSStyleDeclaration, file: CSSStyleDeclaration): Attributes {
  return {
    ...(style.fontFamily === file.fontFamily ? {} : { 'font-family': style.fontFamily }),
    ...(style.fontSize === file.fontSize ? {} : { 'font-size': style.fontSize }),
    ...(style.fontWeight === file.fontWeight ? {} : { 'font-weight': style.fontWeight }),
    ...(style.fontStyle === file.fontStyle ? {} : { 'font-style': style.fontStyle }),
  };
}
