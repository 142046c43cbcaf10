import { afterEach, expect, test, vi } from 'vitest';
import { boxOf, pointIn, zoomOf } from './zoom';

/** An element at 100, 40 in its own px, 200 px wide and 20 px high, at a zoom of 1.5. */
const LOCAL = { left: 100, top: 40, right: 300, bottom: 60, width: 200, height: 20 };
const IN_WINDOW = { left: 150, top: 60, right: 450, bottom: 90, width: 300, height: 30 };
/** 10 px right of and 4 px below the top left corner of the element, in px of the window. */
const EVENT = { clientX: 165, clientY: 66 } as MouseEvent;

const made = (members: object): Element => members as Element;
const current = made({ currentCSSZoom: 1.5, getBoundingClientRect: () => IN_WINDOW });
/** An element of a browser whose client rects are without the zoom. */
const older = made({ getBoundingClientRect: () => LOCAL });

/** Stands in for a browser without `currentCSSZoom`, with or without the CSS property `zoom`. */
function browser(hasZoom: boolean): void {
  vi.stubGlobal('CSS', { supports: () => hasZoom });
  vi.stubGlobal('getComputedStyle', () => ({
    getPropertyValue: (name: string) => (name === '--moe-size' ? '1.5' : ''),
  }));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('boxes and pointer positions are in px of the element', () => {
  expect(zoomOf(current)).toBe(1.5);
  expect(boxOf(current)).toEqual(LOCAL);
  expect(pointIn(EVENT, current)).toEqual({ x: 10, y: 4 });
});

test('without `currentCSSZoom`, the zoom is the shell’s, and client rects are in px of the element', () => {
  browser(true);
  expect(zoomOf(older)).toBe(1.5);
  expect(boxOf(older)).toEqual(LOCAL);
  expect(pointIn(EVENT, older)).toEqual({ x: 10, y: 4 });
});

test('a browser without zoom shows everything at size 1', () => {
  browser(false);
  const plain = made({ getBoundingClientRect: () => IN_WINDOW });
  expect(zoomOf(plain)).toBe(1);
  expect(boxOf(plain)).toEqual(IN_WINDOW);
  expect(pointIn(EVENT, plain)).toEqual({ x: 15, y: 6 });
});
