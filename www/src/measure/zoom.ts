// Measures elements at any CSS zoom: the page's size (`size=`) is a zoom of its shell. Layout sizes, computed styles and
// scroll positions are in px of the element, without its zoom; pointer positions are in px of the window.

/** The inherited property with the shell's zoom, for browsers that cannot say the zoom of an element. */
export const ZOOM = '--moe-size';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Client rects are in px of the window, so a zoom of 2 doubles them. In Chrome up to 127 and Safari before
 * `currentCSSZoom`, they are in px of the element instead.
 */
const areRectsZoomed = (element: Element): boolean => 'currentCSSZoom' in element;

/** Px of the window per px of an element. */
export function zoomOf(element: Element): number {
  if (areRectsZoomed(element)) return element.currentCSSZoom;
  // Firefox up to 125 has no zoom.
  if (!CSS.supports('zoom', '2')) return 1;
  return Number(getComputedStyle(element).getPropertyValue(ZOOM)) || 1;
}

/** The box of an element in px of the element; the origin is the window's top left corner. */
export function boxOf(element: Element): Box {
  return scaled(element.getBoundingClientRect(), perRect(element));
}

/** The boxes of a part of a text in px of `element`, which contains the text. */
export function rangeBoxes(range: Range, element: Element): Box[] {
  const scale = perRect(element);
  return Array.from(range.getClientRects(), rect => scaled(rect, scale));
}

/** The position of a mouse event in an element, in px of the element from its top left corner. */
export function pointIn(
  event: MouseEvent,
  element = event.currentTarget as Element,
): { readonly x: number; readonly y: number } {
  const zoom = zoomOf(element);
  const { left, top } = boxOf(element);
  return { x: event.clientX / zoom - left, y: event.clientY / zoom - top };
}

/** Px of an element per px of its client rects. */
function perRect(element: Element): number {
  return areRectsZoomed(element) ? 1 / element.currentCSSZoom : 1;
}

function scaled({ left, top, right, bottom, width, height }: Box, by: number): Box {
  return {
    left: left * by,
    top: top * by,
    right: right * by,
    bottom: bottom * by,
    width: width * by,
    height: height * by,
  };
}
