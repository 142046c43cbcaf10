// Accessibility checks with axe-core, and the widths and colour schemes in which tests run them.

import axe from 'axe-core';
import type { Page } from '@playwright/test';
import { expect } from './scope';

/** The widths of a phone, a tablet and a desktop screen, px, each with one of the two colour schemes. */
export const LOOKS = [
  { width: 320, colorScheme: 'dark' },
  { width: 768, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark' },
] as const;

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** A selector, or a path of selectors through shadow roots. */
type Part = string | { readonly fromShadowDom: [string, string, ...string[]] };

/** Expects that axe-core finds no problem in the page, or in its part `part`. Elements in `without` are left out. */
export async function clean(page: Page, part?: Part, without?: Part): Promise<void> {
  await audit(page, { type: 'tag', values: TAGS }, part, without);
}

/** Expects enough contrast in every text. This is the only rule of axe-core that depends on the colour scheme. */
export async function cleanContrast(page: Page, part?: Part, without?: Part): Promise<void> {
  await audit(page, { type: 'rule', values: ['color-contrast'] }, part, without);
}

async function audit(page: Page, runOnly: axe.RunOnly, part?: Part, without?: Part): Promise<void> {
  // On a scrolled page the roll's sticky tokens can cover buttons at the top edge; axe-core would report them.
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  // The content security policy blocks script elements that a test adds, but not code that a test evaluates.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const context: axe.SerialContextObject = {
    include: part === undefined ? [] : [part],
    exclude: without === undefined ? [] : [without],
  };
  const options: axe.RunOptions = { runOnly, resultTypes: ['violations'], iframes: false };
  const found = await page.evaluate(
    async ({ context, options }) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run(context, options);
      return violations.map(({ id, nodes }) => [id, nodes.map(node => [node.html.slice(0, 200), node.failureSummary])]);
    },
    { context, options },
  );
  expect(found).toEqual([]);
}
