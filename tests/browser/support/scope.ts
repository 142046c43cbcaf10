// `ScopePage` finds the page's controls by their accessible names, and reads the page's content from the DOM. Each test
// also fails if the page logs an error or a warning, throws an uncaught error, or breaks the content security policy.

import { test as base, expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { Seen } from './seen';
import { seePage } from './seen';

export class ScopePage {
  readonly text: Locator;
  readonly next: Locator;
  readonly previous: Locator;
  readonly last: Locator;
  readonly play: Locator;
  readonly scrubber: Locator;
  /** A button in the settings; `openSettings` makes it visible. */
  readonly generate: Locator;
  readonly tokens: Locator;
  /** The experts in the opened column. */
  readonly experts: Locator;
  /** The buttons of the most probable next tokens, beside the columns. */
  readonly nextTokens: Locator;
  /** The first logit in the router's table. Logits arrive after the record, as part of the step's detail. */
  readonly logit: Locator;
  readonly fault: Locator;
  readonly sentence: Locator;

  constructor(readonly page: Page) {
    this.text = page.getByRole('textbox', { name: 'Text' });
    this.next = page.getByRole('button', { name: 'Next token', exact: true });
    this.previous = page.getByRole('button', { name: 'Previous token' });
    this.last = page.getByRole('button', { name: 'Run to the end' });
    this.play = page.getByRole('button', { name: 'Play' });
    this.scrubber = page.getByRole('slider', { name: 'Token', exact: true });
    this.generate = inSettings(page, 'button', 'Generate a token');
    this.tokens = page.getByRole('listbox', { name: 'Tokens' });
    this.experts = page.getByRole('listbox', { name: 'Experts' });
    this.nextTokens = page.locator('moe-roll').getByRole('group', { name: 'Next token' }).getByRole('button');
    this.logit = page.locator('moe-router [data-cell=logit]').first();
    this.fault = page.locator('moe-status').getByRole('alert');
    this.sentence = page.locator('moe-status').getByRole('status');
  }

  /**
   * Opens the page and waits until its engine is up. Until then, the page shows records that its build prepared. The
   * default is the roll alone; an address without fields also opens the Start panel of a first visit.
   */
  async open(address = './#v=1'): Promise<void> {
    await this.page.goto(address);
    await this.up();
  }

  /** Opens a link with these fields: `text`, `token`, `layer`, `stage`, `view` and so on. */
  async link(state: Readonly<Record<string, string | number>>): Promise<void> {
    const fields = Object.entries({ v: 1, ...state }).map(([name, value]) => [name, String(value)]);
    await this.open(`./#${new URLSearchParams(fields).toString()}`);
  }

  /**
   * Waits until the engine is up, which enables the button “Generate a token” in the settings. Fails if the context is
   * full.
   */
  async up(): Promise<void> {
    await expect(this.generate).toHaveAttribute('aria-disabled', 'false');
    await this.ready();
  }

  /** Waits until no model is loading and the sentence about the playhead's token is shown. */
  async ready(): Promise<void> {
    await expect(this.page.getByRole('progressbar')).toHaveCount(0);
    await expect(this.sentence).toHaveText(/^(?:For|After) (?:“|0x)/u);
  }

  /** Replaces the text in the box, and runs it to its last token. */
  async type(text: string): Promise<void> {
    await this.text.fill(text);
    // The text is tokenized now, so that the button knows its last token.
    await this.settled();
    if ((await this.last.getAttribute('aria-disabled')) !== 'true') await this.last.click();
  }

  /** Waits until the playhead is at `position` (from 0) and the text has `count` tokens. */
  async at(position: number, count: number): Promise<void> {
    const where = `${grouped(position + 1)} / ${grouped(count)}`;
    // `waitForFunction` checks in every animation frame; an assertion checks less often. The assertion below reports a
    // failure.
    await this.page.waitForFunction(isAt, where, { timeout: 15_000 }).catch(() => undefined);
    await expect(this.tokens.locator('[aria-selected=true]')).toContainText(where);
  }

  /** Opens the settings: speed, temperature, seed, and the button “Generate a token”. */
  async openSettings(): Promise<void> {
    await openPopUp(this.page.locator('moe-settings details'));
    await expect(this.generate).toBeVisible();
  }

  /** Closes the menu and the settings, which lie over the page, with a press outside them. */
  async closePopUps(): Promise<void> {
    await closePopUps(this.page);
  }

  /** Opens the header's menu: theme, another model, print, and about the model. */
  async openMenu(): Promise<void> {
    await openMenu(this.page);
  }

  /** Opens the roll's data table. */
  async openNumbers(): Promise<void> {
    await this.page.locator('moe-roll summary').click();
  }

  /** Opens the router view of a layer with the layer's button in the roll. */
  async openRouter(layer: number): Promise<void> {
    await this.page
      .getByRole('button', { name: new RegExp(`^Layer ${layer}(?:: why these experts\\?| is dense)$`, 'u') })
      .click();
  }

  /**
   * Waits until the page's promise `settled` resolves or rejects, and everything is drawn. Do not call this while the
   * clock is stopped: the page then gets no animation frames, and the wait does not end.
   */
  async settled(): Promise<void> {
    const shell = this.page.locator('moe-page, moe-alone');
    await shell.evaluate((shell: Shell) => shell.settled.catch(() => undefined));
    await this.drawn();
  }

  async see(): Promise<Seen> {
    await this.settled();
    return seePage(this.page);
  }

  /** Reads the page before the engine is ready. */
  async seePrepared(): Promise<Seen> {
    await this.drawn();
    return seePage(this.page);
  }

  /** Waits until no view has an update to draw. Works before the engine is up, too, when `settled` does not resolve. */
  async drawn(): Promise<void> {
    await this.page.waitForFunction(isDrawn);
  }
}

/** A control in the settings; it is found while the settings are closed, too. */
export function inSettings(page: Page, role: 'button' | 'combobox' | 'spinbutton', name: string): Locator {
  return page.locator('moe-settings').getByRole(role, { name, includeHidden: true });
}

/** Opens the menu in the page's header, if it is closed. */
export async function openMenu(page: Page): Promise<void> {
  const menu = page.locator('moe-header details.pop-up');
  await expect(menu.getByLabel('Menu', { exact: true })).toBeVisible();
  await openPopUp(menu);
}

async function openPopUp(details: Locator): Promise<void> {
  if ((await details.getAttribute('open')) !== null) return;
  // Another open one may lie over this one.
  await closePopUps(details.page());
  await details.locator('> summary').click();
}

async function closePopUps(page: Page): Promise<void> {
  const opened = page.locator('details.pop-up[open]');
  if ((await opened.count()) === 0) return;
  await page.mouse.click(0, 0);
  await expect(opened).toHaveCount(0);
}

interface Shell extends HTMLElement {
  readonly settled: Promise<void>;
}

/** True if the playhead's token contains the text `where`, and no view has an update to draw. */
function isAt(where: string): boolean {
  const roots: (Document | ShadowRoot)[] = [document];
  let found = false;
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) {
      if ('isUpdatePending' in element && element.isUpdatePending === true) return false;
      if (element.matches('[data-token][aria-selected=true]')) found ||= element.textContent.includes(where);
      if (element.shadowRoot) roots.push(element.shadowRoot);
    }
  }
  return found;
}

/** True if no view has an update to draw. */
function isDrawn(): boolean {
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) {
      if ('isUpdatePending' in element && element.isUpdatePending === true) return false;
      if (element.shadowRoot) roots.push(element.shadowRoot);
    }
  }
  return true;
}

/** A number with commas between thousands: 2560 becomes “2,560”. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/gu, ',');
}

interface Fixtures {
  readonly scope: ScopePage;
  /** Collects errors and warnings. A test that causes one on purpose permits it with `allow`. */
  readonly problems: { allow(pattern: RegExp): void };
}

export const test = base.extend<Fixtures>({
  problems: [
    async ({ page }, use) => {
      const found: string[] = [];
      const allowed: RegExp[] = [];
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
      });
      page.on('pageerror', error => found.push(String(error)));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', event => {
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      await use({ allow: pattern => void allowed.push(pattern) });
      expect(found.filter(text => !allowed.some(pattern => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
  scope: async ({ page }, use) => {
    await use(new ScopePage(page));
  },
});

export { expect };
