// Copies an `<svg>` of the page with its computed styles.

import { colour, painted } from './paint';
import type { Sheet } from './sheet';
import type { Attributes } from './xml';
import { escaped, tag } from './xml';

/** Attributes of position and size, which are copied unchanged. */
const GEOMETRY = [
  ...['x', 'y', 'width', 'height', 'cx', 'cy', 'r', 'rx', 'ry', 'x1', 'y1', 'x2', 'y2', 'd', 'points', 'dx', 'dy'],
  ...['viewBox', 'preserveAspectRatio', 'patternUnits', 'patternContentUnits', 'patternTransform', 'pathLength'],
];
/** Attributes in `GEOMETRY` that a style sheet can also set, by element; their computed values are copied. */
const STYLED: Readonly<Record<string, readonly string[]>> = {
  rect: ['x', 'y', 'width', 'height', 'rx', 'ry'],
  circle: ['cx', 'cy', 'r'],
  ellipse: ['cx', 'cy', 'rx', 'ry'],
};
/** Inherited style properties with their initial values; an empty value means the value at the picture's root. */
const INHERITED: Readonly<Record<string, string>> = {
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-dashoffset': '0px',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'stroke-miterlimit': '4',
  'fill-rule': 'nonzero',
  'paint-order': 'normal',
  'shape-rendering': 'auto',
  'text-anchor': 'start',
  'dominant-baseline': 'auto',
  'font-family': '',
  'font-size': '',
  'font-weight': '',
  'font-style': '',
  'letter-spacing': 'normal',
  direction: 'ltr',
};
const OWN: Readonly<Record<string, string>> = { opacity: '1', 'vector-effect': 'none' };
/** Elements that are never drawn. */
const UNSEEN = ['title', 'desc', 'style', 'script', 'metadata'];

/** Copies an `<svg>` to its place on the sheet. */
export function marks(svg: SVGSVGElement, sheet: Sheet): string {
  const style = getComputedStyle(svg);
  const { left, top } = svg.getBoundingClientRect();
  const inset = (side: 'Left' | 'Top'): number =>
    parseFloat(style[`padding${side}`]) + parseFloat(style[`border${side}Width`]);
  const place = {
    x: sheet.x(Math.round(left + inset('Left'))),
    y: sheet.y(Math.round(top + inset('Top'))),
    width: style.width,
    height: style.height,
    viewBox: svg.getAttribute('viewBox'),
    preserveAspectRatio: svg.getAttribute('preserveAspectRatio'),
    overflow: style.overflow === 'visible' ? 'visible' : null,
  };
  return tag('svg', { ...place, ...look(svg, style, null, sheet) }, inside(svg, style, sheet));
}

/** Copies a definition that another `<svg>` refers to. */
export function definition(element: Element, sheet: Sheet): string {
  return copied(element, null, sheet);
}

function inside(parent: Element, style: CSSStyleDeclaration, sheet: Sheet): string {
  const parts = Array.from(parent.childNodes, node => {
    if (node instanceof Text) return isText(parent) ? escaped(node.data.replace(/\s+/gu, ' ')) : '';
    return node instanceof SVGElement ? copied(node, style, sheet) : '';
  });
  return parts.join('');
}

function copied(element: Element, around: CSSStyleDeclaration | null, sheet: Sheet): string {
  const name = element.localName;
  if (UNSEEN.includes(name)) return '';
  const style = getComputedStyle(element);
  if (style.display === 'none' && !isDefinition(element)) return '';
  if (style.opacity === '0' || (style.visibility !== 'visible' && element.childElementCount === 0)) return '';
  let id: string | null = null;
  if (isDefinition(element) && element.id !== '') {
    id = sheet.id(element, element.id);
    if (!sheet.isNew(id)) return '';
  }
  const attributes = { id, ...geometry(element, style), ...look(element, style, around, sheet) };
  const content = inside(element, style, sheet);
  if ((name === 'g' || name === 'defs') && content === '') return '';
  return tag(name, attributes, content);
}

function geometry(element: Element, style: CSSStyleDeclaration): Attributes {
  const written = GEOMETRY.map(name => [name, element.getAttribute(name)] as const);
  const styled = (STYLED[element.localName] ?? []).map(name => {
    const value = style.getPropertyValue(name);
    return [name, value === 'auto' || value === '0px' ? null : value.replace(/^(-?[\d.]+)px$/u, '$1')] as const;
  });
  return { ...Object.fromEntries(written), ...Object.fromEntries(styled), transform: moved(element, style) };
}

/** The element's transform relative to its parent, whether a style or an attribute sets it. */
function moved(element: Element, { transform }: CSSStyleDeclaration): string | null {
  if (transform === 'none' || transform === '') return null;
  const { parentNode } = element;
  const here = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
  const around = parentNode instanceof SVGGraphicsElement ? parentNode.getScreenCTM() : null;
  if (!here || !around) return element.getAttribute('transform');
  const { a, b, c, d, e, f } = around.inverse().multiply(here);
  const numbers = [a, b, c, d, e, f].map(value => Math.round(value * 1e5) / 1e5);
  return numbers.join(' ') === '1 0 0 1 0 0' ? null : `matrix(${numbers.join(' ')})`;
}

/** The styles that differ from those of the surrounding element. */
function look(
  element: Element,
  style: CSSStyleDeclaration,
  around: CSSStyleDeclaration | null,
  sheet: Sheet,
): Attributes {
  const found: Record<string, string | number> = {};
  for (const [name, initial] of Object.entries(INHERITED)) {
    const value = style.getPropertyValue(name);
    const before = around ? around.getPropertyValue(name) : initial || sheet.style.getPropertyValue(name);
    if (value !== before) found[name] = value.replace(/^(-?[\d.]+)px$/u, '$1');
  }
  for (const [name, initial] of Object.entries(OWN)) {
    const value = style.getPropertyValue(name);
    if (value !== initial) found[name] = value;
  }
  for (const what of ['fill', 'stroke'] as const) {
    const value = style.getPropertyValue(what);
    const opacity = style.getPropertyValue(`${what}-opacity`);
    const same = around?.getPropertyValue(what) === value && around.getPropertyValue(`${what}-opacity`) === opacity;
    if (!same) Object.assign(found, paint(what, value, Number(opacity), element, sheet));
  }
  return found;
}

function paint(what: 'fill' | 'stroke', value: string, opacity: number, element: Element, sheet: Sheet): Attributes {
  const reference = /^url\("?#([^")]+)"?\)/u.exec(value)?.[1];
  if (reference !== undefined) {
    const id = sheet.id(element, reference);
    return { [what]: `url(#${id})`, ...(opacity < 1 ? { [`${what}-opacity`]: opacity } : { [`${what}-opacity`]: 1 }) };
  }
  const found = colour(value);
  if (!found) return { [what]: 'none' };
  return { ...painted(what, found), [`${what}-opacity`]: found.opacity * opacity };
}

function isText(element: Element): boolean {
  return element instanceof SVGTextContentElement;
}

function isDefinition(element: Element): boolean {
  return element.localName === 'pattern' || element.localName === 'defs' || element.closest('defs') !== null;
}
