// Collects the fractions in a result of the native engine, and the fractions in the `data-` attributes of a view.

import type { Locator } from '@playwright/test';
import { float } from './native';
import { unfold } from './views';

/** All fractions of a result, each as float64 and rounded to float32, because the page has some numbers in each form. */
export function fractions(result: unknown, found = new Set<number>()): Set<number> {
  if (typeof result === 'number') {
    for (const value of [result, float(result)]) if (!Number.isInteger(value)) found.add(value);
  } else if (typeof result === 'object' && result !== null) {
    for (const each of Object.values(result)) fractions(each, found);
  }
  return found;
}

/** Attributes that contain sizes of the drawing. */
const SIZES = /^data-(?:size|height|width|column|columns|pitch|scale|from|to|x|y)$/u;

/** Opens all folded parts of a view, and returns the fractions in its `data-` attributes. */
export async function drawn(view: Locator): Promise<number[]> {
  await unfold(view);
  const found = await view.evaluate(view => {
    const roots: ParentNode[] = [view.shadowRoot ?? view];
    for (const root of roots) {
      for (const each of root.querySelectorAll('*')) if (each.shadowRoot) roots.push(each.shadowRoot);
    }
    return roots.flatMap(root =>
      [...root.querySelectorAll('*')].flatMap(each =>
        [...each.attributes].filter(({ name }) => name.startsWith('data-')).map(({ name, value }) => [name, value]),
      ),
    );
  });
  return found
    .filter(([name = '', value = '']) => !SIZES.test(name) && /^-?\d*\.?\d+(?:e-?\d+)?$/u.test(value))
    .map(([, value]) => Number(value))
    .filter(value => !Number.isInteger(value));
}
