// The background colour behind an element.

import type { Colour } from './paint';
import { colour } from './paint';

/** The first visible background of an element or its ancestors; white if there is none. */
export function backgroundOf(of: Element): Colour {
  for (let element: Element | null = of; element; element = around(element)) {
    const ground = colour(getComputedStyle(element).backgroundColor);
    if (ground) return ground;
  }
  return { value: 'rgb(255,255,255)', opacity: 1 };
}

function around(element: Element): Element | null {
  const { parentNode } = element;
  if (parentNode instanceof ShadowRoot) return parentNode.host;
  return parentNode instanceof Element ? parentNode : null;
}
