import { expect, test } from 'vitest';
import { Sheet } from './sheet';

const STYLE = {} as CSSStyleDeclaration;
const inTree = (tree: object): Element => ({ getRootNode: () => tree }) as Element;

test('screen coordinates become relative to the sheet’s corner', () => {
  const sheet = new Sheet(100, 50, STYLE);
  expect([sheet.x(120), sheet.y(40)]).toEqual([20, -10]);
});

test('a box is rounded to whole pixels', () => {
  const sheet = new Sheet(100, 50, STYLE);
  expect(sheet.box({ left: 110.4, top: 60.6, right: 130.5, bottom: 80.4 })).toEqual({
    x: 10,
    y: 11,
    width: 21,
    height: 19,
  });
});

test('equal ids in two shadow trees become two ids in the file', () => {
  const sheet = new Sheet(0, 0, STYLE);
  const [one, other] = [inTree({}), inTree({})];
  expect([sheet.id(one, 'dots'), sheet.id(other, 'dots'), sheet.id(one, 'lines')]).toEqual([
    't0-dots',
    't1-dots',
    't0-lines',
  ]);
  expect([sheet.isNew('t0-dots'), sheet.isNew('t0-dots'), sheet.isNew('t1-dots')]).toEqual([true, false, true]);
});
