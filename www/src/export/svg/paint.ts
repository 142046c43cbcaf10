// Colours and fonts of computed styles, as SVG attributes.

import { clamp } from '../../scope/clamp';
import type { Attributes } from './xml';

/** A colour in a notation that every renderer knows, and its opacity. */
export interface Colour {
  readonly value: string;
  readonly opacity: number;
}

/** Colours in sRGB: `rgb(…)` and `rgba(…)` have channels up to 255, `color(srgb …)` has channels up to 1. */
const PLAIN = /^(rgba?\(|color\(srgb )([-\d.e, /]*)\)$/u;

/** Converts a computed colour of any notation; null if it is transparent. */
export function colour(computed: string): Colour | null {
  const [, notation, inside = ''] = PLAIN.exec(computed) ?? [];
  if (notation === undefined) return converted(computed);
  const [red = 0, green = 0, blue = 0, opacity = 1] = (inside.match(/-?[\d.]+(?:e-?\d+)?/gu) ?? []).map(Number);
  const scale = notation.startsWith('color') ? 255 : 1;
  return made(
    [red, green, blue].map(channel => channel * scale),
    opacity,
  );
}

function made(channels: readonly number[], opacity: number): Colour | null {
  const whole = channels.map(channel => Math.round(clamp(channel, 0, 255)));
  return opacity === 0 ? null : { value: `rgb(${whole.join(',')})`, opacity };
}

const conversions = new Map<string, Colour | null>();
let pixel: CanvasRenderingContext2D | null = null;

/** Converts a colour of another space, such as `oklch(…)`, by painting a pixel with it and reading the pixel. */
function converted(computed: string): Colour | null {
  const known = conversions.get(computed);
  if (known !== undefined) return known;
  // The colour is painted without its alpha, because a nearly transparent pixel would lose its colour.
  const [, alpha] = / \/ (none|[\d.e-]+)\)$/u.exec(computed) ?? [];
  const opacity = alpha === undefined ? 1 : Number(alpha === 'none' ? 0 : alpha);
  pixel ??= blankPixel();
  if (!pixel || !computed.includes('(')) return null;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = 'transparent';
  // Setting an invalid colour has no effect, so the pixel then stays transparent.
  pixel.fillStyle = computed.replace(/ \/ [^/]*\)$/u, ')');
  pixel.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, painted = 0] = pixel.getImageData(0, 0, 1, 1).data;
  const found = painted === 0 ? null : made([red, green, blue], opacity);
  conversions.set(computed, found);
  return found;
}

function blankPixel(): CanvasRenderingContext2D | null {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  return canvas.getContext('2d', { willReadFrequently: true });
}

/** Attributes for `fill` or `stroke`. */
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

/** Measures a font. */
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

/** The font attributes that differ from the file's default font. */
export function fontOf(style: CSSStyleDeclaration, file: CSSStyleDeclaration): Attributes {
  return {
    ...(style.fontFamily === file.fontFamily ? {} : { 'font-family': style.fontFamily }),
    ...(style.fontSize === file.fontSize ? {} : { 'font-size': style.fontSize }),
    ...(style.fontWeight === file.fontWeight ? {} : { 'font-weight': style.fontWeight }),
    ...(style.fontStyle === file.fontStyle ? {} : { 'font-style': style.fontStyle }),
  };
}
