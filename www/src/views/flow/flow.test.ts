import { expect, test } from 'vitest';
import type { Step } from './operations';
import { panelWidth } from './panel';
import { fullPart } from './row';

test('below 960 px the panel is as wide as the view; from 960 px it is beside the diagram, at most 640 px wide', () => {
  expect([320, 959, 960, 1327, 1328, 1900].map(panelWidth)).toEqual([320, 959, 272, 639, 640, 640]);
});

test('a full bar is a part of 1, or of more if a part is above 1 or too negative for the space left of 0', () => {
  const full = (...parts: (number | undefined)[]): number => fullPart(parts.map(part => ({ part }) as unknown as Step));
  expect([full(), full(0.5, undefined), full(0.5, 2)]).toEqual([1, 1, 2]);
  // A bar has 42 px right of 0 and 14 px left of it.
  expect([full(0.5, -0.2), full(0.5, -0.9)]).toEqual([1, 2.7]);
});
