// What everybody must be able to use, in the looks that differ most.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './scope';

/** A phone, a tablet, a screen; every colour of both themes is in one of them. */
export const LOOKS = [
  { width: 320, colorScheme: 'dark' },
  { width: 768, colorScheme: 'light' },
  { width: 1440, colorScheme: 'dark' },
] as const;

type Part = Parameters<AxeBuilder['include']>[0];

/** Axe-core finds nothing in the page, or in a part of it, but for what is left out. */
export async function clean(page: Page, part?: Part, without?: Part): Promise<void> {
  await audit(new AxeBuilder({ page }), part, without);
}

/** Axe-core finds enough contrast: the rule that depends on the colour scheme. */
export async function cleanContrast(page: Page, part?: Part, without?: Part): Promise<void> {
  await audit(new AxeBuilder({ page }).withRules('color-contrast'), part, without);
}

async function audit(axe: AxeBuilder, part?: Part, without?: Part): Promise<void> {
  if (part !== undefined) axe.include(part);
  if (without !== undefined) axe.exclude(without);
  const { violations } = await axe.analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html.slice(0, 200))])).toEqual([]);
}
