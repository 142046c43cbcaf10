// A host page with `<moe-scope>` in it, under a strict content security policy.

import type { MoeScope } from '../../../www/public/moescope';
import type { Locator, Page } from '@playwright/test';
import { inspect } from './native';
import { usedExperts } from './printed';

export const TEXT = 'The fox saw the dark wood.';
export const NATIVE = inspect(TEXT);
export const COUNT = NATIVE.ids.length;

/** The policy in docs/embedding.md, without `base-uri` and `form-action`. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; " +
  "img-src 'self' blob: data:; frame-src 'self'";

/** Opens a host page with this body. It loads `script` as a module; no script if `script` is empty. */
export async function host(page: Page, body: string, script = './define.js'): Promise<void> {
  await page.route('**/host.html', route =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      headers: { 'Content-Security-Policy': POLICY },
      body: `<!doctype html><html lang="fr"><title>host</title><body><h1>Somebody’s page</h1>${body}
        ${script === '' ? '' : `<script type="module" src="${script}"></script>`}</body></html>`,
    }),
  );
  await page.goto('./host.html');
}

export const element = (page: Page, index = 0): Locator => page.locator('moe-scope').nth(index);
export const sentence = (page: Page, index = 0): Locator =>
  element(page, index).locator('moe-status').getByRole('status');
export const alert = (page: Page, index = 0): Locator => element(page, index).getByRole('alert').locator('p');
export const next = (page: Page, index = 0): Locator =>
  element(page, index).getByRole('button', { name: 'Next token', exact: true });

/** The part of the sentence that names the experts that a layer used at a position, from the native engine. */
export const expectedSentence = (position: number, layer: number): string => usedExperts(NATIVE, position, layer);

/** Sets properties of an element. */
export const assign = (page: Page, fields: object, index = 0): Promise<void> =>
  element(page, index).evaluate((scope, fields) => void Object.assign(scope, fields), fields);

/** The value of an element's property. */
/** The value of the element's field as in a link; null for the default. */
export const fieldOf = (page: Page, name: string, index = 0): Promise<string | null> =>
  element(page, index).evaluate((scope, name) => (scope as MoeScope).get(name), name);

export const own = (page: Page, name: string, index = 0): Promise<unknown> =>
  element(page, index).evaluate((scope, name) => (scope as unknown as Record<string, unknown>)[name], name);
