// Compares the layout with the committed drawings in `snapshots/`: exported pictures, one mark per line. After a change
// of the layout, write them again with MOESCOPE_UPDATE=1 and read the diff.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { exported } from './exports';
import { PROJECT } from './native';
import { expect } from './scope';

/** Minimum size of a compared drawing, px. Smaller drawings are bars, strips and signs in tables, without a layout. */
const LEAST = { width: 60, height: 60 };

/** Compares the drawings in `<moe-scope>` with a snapshot. `least`: size of the smallest compared drawing, px. */
export async function matchesSnapshot(page: Page, name: string, least: Partial<typeof LEAST> = {}): Promise<void> {
  const file = join(PROJECT, 'tests/browser/snapshots', `${name}.svg`);
  const svg = await exported(page, 'svg');
  const drawings = await page.evaluate(drawingsOf, { svg, ...LEAST, ...least });
  if (process.env['MOESCOPE_UPDATE'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, drawings);
  }
  expect.soft(drawings, name).toBe(readFileSync(file, 'utf8'));
}

/**
 * The drawings of an exported picture, one below the other. A colour of the theme is written as its name, such as
 * `ink`. Texts in HTML and the drawings' positions in the page are left out, because they depend on the machine's
 * fonts. Runs in the page.
 */
function drawingsOf(least: { readonly svg: string; readonly width: number; readonly height: number }): string {
  const scope = document.querySelector('moe-scope');
  if (!scope) throw new Error('there is no element');
  // Colours with a fixed name: lines have an invisible black fill, and several theme colours are equal to `edge`.
  const colours = new Map([
    ['rgb(255,255,255)', 'paper'],
    ['rgb(0,0,0)', 'none'],
    ['rgb(138,144,151)', 'edge'],
  ]);
  const probe = document.createElement('i');
  scope.shadowRoot?.append(probe);
  for (const [name] of scope.computedStyleMap()) {
    if (!name.startsWith('--moe-')) continue;
    probe.style.color = '';
    probe.style.color = `var(${name})`;
    const colour = getComputedStyle(probe).color.replaceAll(' ', '');
    if (CSS.supports('color', getComputedStyle(scope).getPropertyValue(name)) && !colours.has(colour)) {
      colours.set(colour, name.slice('--moe-'.length));
    }
  }
  probe.remove();

  const geometry = ['d', 'x', 'y', 'width', 'height', 'cx', 'cy', 'r', 'rx', 'x1', 'y1', 'x2', 'y2', 'points'];
  const style = ['text-anchor', 'stroke-width', 'stroke-dasharray', 'opacity'];
  const rounded = (text: string): string =>
    text
      .replace(/-?\d+\.\d+(?:e-?\d+)?/gu, number => String(Math.round(Number(number) * 100) / 100))
      .replace(/^matrix\(1 0 0 1 (\S+) (\S+)\)$/u, 'translate($1 $2)');

  interface Paint {
    readonly fill: string;
    readonly stroke: string;
  }
  /** The name of an element's fill or stroke, then its opacity if that is not 1. Without an attribute: `around`. */
  const paintOf = (element: Element, kind: keyof Paint, around: Paint): string => {
    const paint = element.getAttribute(kind);
    if (paint === null) return around[kind];
    const name = colours.get(paint) ?? (paint.startsWith('url(') ? 'hatch' : paint);
    const opacity = Math.round(Number(element.getAttribute(`${kind}-opacity`) ?? 1) * 1000) / 1000;
    return name === 'none' || opacity === 1 ? name : `${name} ${opacity}`;
  };

  const print = (element: Element, indent: string, around: Paint): string[] => {
    const { localName: name } = element;
    const paint: Paint = { fill: paintOf(element, 'fill', around), stroke: paintOf(element, 'stroke', around) };
    const written = ['transform', ...geometry, ...style].flatMap(attribute => {
      const value = element.getAttribute(attribute);
      return value === null ? [] : [[attribute, rounded(value)] as const];
    });
    const inside = name === 'text' ? [] : [...element.children].flatMap(child => print(child, `${indent}  `, paint));
    const isGroup = name === 'g' || name === 'svg';
    // Left out: definitions, empty groups, and marks without fill and stroke, which only receive pointer events.
    if (name === 'defs' || (isGroup ? inside.length === 0 : paint.fill === 'none' && paint.stroke === 'none'))
      return [];
    const paints = isGroup ? [] : Object.entries(paint).filter(([, value]) => value !== 'none');
    const attributes = [...written, ...paints].map(([attribute, value]) => ` ${attribute}="${value}"`).join('');
    // A path is written with one line per shape.
    const start = `${indent}<${name}${attributes.replaceAll(/(?<=[z\d])M/gu, `\n${indent}  M`)}`;
    if (isGroup) return inside.length === 0 ? [] : [`${start}>`, ...inside, `${indent}</${name}>`];
    const text = (element.textContent ?? '')
      .replace(/\s+/gu, ' ')
      .trim()
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;');
    return [text === '' ? `${start}/>` : `${start}>${text}</${name}>`];
  };

  const lines: string[] = [];
  let top = 0;
  const visit = (element: Element): void => {
    for (const child of element.children) {
      const [width = 0, height = 0] = ['width', 'height'].map(name => parseFloat(child.getAttribute(name) ?? ''));
      // An `svg` with `overflow=hidden` only clips its content, so it is not a drawing itself.
      if (child.localName !== 'svg' || child.getAttribute('overflow') === 'hidden') visit(child);
      else if (width >= least.width && height >= least.height) {
        child.setAttribute('x', '0');
        child.setAttribute('y', String(top));
        const printed = print(child, '  ', { fill: 'none', stroke: 'none' });
        lines.push(...printed);
        if (printed.length > 0) top += Math.ceil(height) + 8;
      }
    }
  };
  visit(new DOMParser().parseFromString(least.svg, 'image/svg+xml').documentElement);
  return ['<svg xmlns="http://www.w3.org/2000/svg">', ...lines, '</svg>', ''].join('\n');
}
