import { describe, expect, test } from 'vitest';
import { colour, fontOf, painted } from './paint';

describe('a colour', () => {
  test('is written as whole channels and an opacity', () => {
    expect(colour('rgb(1, 2, 3)')).toEqual({ value: 'rgb(1,2,3)', opacity: 1 });
    expect(colour('rgba(10, 20, 30, 0.5)')).toEqual({ value: 'rgb(10,20,30)', opacity: 0.5 });
    expect(colour('rgb(1 2 3 / 0.25)')).toEqual({ value: 'rgb(1,2,3)', opacity: 0.25 });
  });

  test('in color(srgb), with channels from 0 to 1, is scaled to 255 and clamped', () => {
    expect(colour('color(srgb 0.5 0 1)')).toEqual({ value: 'rgb(128,0,255)', opacity: 1 });
    expect(colour('color(srgb 1.2 -0.1 1e-3 / 0.5)')).toEqual({ value: 'rgb(255,0,0)', opacity: 0.5 });
  });

  test('with opacity 0 is null', () => {
    expect(colour('rgba(0, 0, 0, 0)')).toBeNull();
  });
});

test('a fill or a stroke is written as a colour, with an opacity if that is below 1, or as “none”', () => {
  expect(painted('fill', colour('rgb(1, 2, 3)'))).toEqual({ fill: 'rgb(1,2,3)' });
  expect(painted('stroke', colour('rgba(1, 2, 3, 0.5)'))).toEqual({ stroke: 'rgb(1,2,3)', 'stroke-opacity': 0.5 });
  expect(painted('stroke', null)).toEqual({ stroke: 'none' });
});

test('only font properties that differ from the file’s default font are written', () => {
  const file = { fontFamily: 'Arial', fontSize: '15px', fontWeight: '400', fontStyle: 'normal' };
  const written = (style: typeof file) => fontOf(style as CSSStyleDeclaration, file as CSSStyleDeclaration);
  expect(written(file)).toEqual({});
  expect(written({ ...file, fontSize: '12px', fontWeight: '700' })).toEqual({
    'font-size': '12px',
    'font-weight': '700',
  });
});
