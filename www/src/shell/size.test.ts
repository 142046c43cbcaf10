import { expect, test } from 'vitest';
import { layoutClasses, pageZoom, sizesWith } from './size';

test('from a window width of 1600 px, the page is 15 % larger than its size says', () => {
  expect(pageZoom(1, 1599)).toBe(1);
  expect(pageZoom(1, 1600)).toBe(1.15);
  expect(pageZoom(2, 1920)).toBe(2.3);
  expect(pageZoom(0.75, 1440)).toBe(0.75);
});

test('a layout has a class for each width that it is below, and for a low window', () => {
  expect(layoutClasses(900, 560)).toEqual([]);
  expect(layoutClasses(899.5, 900)).toEqual(['below-900']);
  expect(layoutClasses(767, 900)).toEqual(['below-900', 'below-768']);
  expect(layoutClasses(599, 559)).toEqual(['below-900', 'below-768', 'below-600', 'low']);
});

test('a size that is only in the link is among the sizes to choose from', () => {
  expect(sizesWith(1)).toEqual([0.75, 1, 1.25, 1.5, 2]);
  expect(sizesWith(1.1)).toEqual([0.75, 1, 1.1, 1.25, 1.5, 2]);
});
