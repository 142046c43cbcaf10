// Reads the page in one call: its text, sentence and error, the roll, the router and the next tokens. The roll's
// drawings are returned as trees of SVG elements; `truth-roll.ts` finds out which number each element shows.

import type { Page } from '@playwright/test';

/** An SVG element of a drawing. */
export interface Drawn {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text of an element without child elements; empty for other elements. */
  readonly text: string;
  readonly children: readonly Drawn[];
}

export interface SeenNextToken {
  /** Null for the block “others”, which stands for all other tokens. */
  readonly id: number | null;
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly percent: string;
  readonly real: boolean;
  readonly inText: boolean;
  /** Start and length of the block along the stack, px. */
  readonly start: number;
  readonly size: number;
}

export interface SeenRow {
  readonly expert: number;
  /** The row's class: `in` (chosen), `out` (not chosen) or `cut` (its group is ruled out). */
  readonly kind: string;
  readonly looked: boolean;
  readonly cells: Readonly<Record<string, SeenCell>>;
}

export interface SeenCell {
  readonly text: string;
  /** The part of the text that is struck out. */
  readonly struck: string;
  /** The attribute `width` of the bar; empty without a bar. */
  readonly bar: string;
  /** The attribute `r` of the disc; empty without a disc. */
  readonly disc: string;
  readonly hatched: boolean;
  readonly explained: boolean;
}

export interface Seen {
  readonly text: string;
  readonly sentence: string;
  readonly fault: string;
  /** The visible parts of the roll. */
  readonly roll: {
    readonly width: number;
    readonly columns: string;
    readonly pitch: number;
    /** Lengths and positions as a script wrote them into the inline style, with the unit, such as “12px”. */
    readonly closed: { readonly width: string; readonly height: string };
    readonly opened: { readonly left: string; readonly width: string; readonly height: string };
    readonly names: readonly { readonly text: string; readonly top: string }[];
    readonly gutter: string;
    readonly tokens: readonly {
      readonly id: number;
      readonly text: string;
      readonly title: string;
      readonly here: boolean;
      /** Distance from the left edge of the gutter, px. */
      readonly left: number;
      readonly width: number;
    }[];
    readonly picture: Drawn;
    readonly column: Drawn;
    readonly attention: Drawn;
    readonly head: string;
    readonly nextTokens: readonly SeenNextToken[];
    readonly nextTokensExtent: number;
    readonly hint: string;
    readonly figures: readonly string[];
    readonly summary: string;
    /** Per table, by its name: each row's class, then its cells. Empty while the data table is closed. */
    readonly tables: Readonly<Record<string, readonly (readonly string[])[]>>;
    readonly overview: {
      readonly width: number;
      readonly rows: readonly { readonly layer: string; readonly pressed: boolean; readonly drawn: Drawn }[];
    } | null;
  };
  readonly router: {
    readonly title: string;
    readonly sentence: string;
    readonly heads: readonly string[];
    readonly rows: readonly SeenRow[];
    readonly explanation: { readonly heading: string; readonly equation: string };
  } | null;
  readonly next: {
    readonly heading: string;
    readonly hint: string;
    readonly heads: readonly string[];
    readonly rows: readonly {
      readonly id: number | null;
      readonly text: string;
      readonly percents: readonly string[];
      readonly bars: readonly string[];
      readonly inText: boolean;
    }[];
    readonly actual: string;
  } | null;
}

/** Reads the page. `isBrief`: without the roll's drawings, which are most of the data. */
export async function seePage(page: Page, isBrief = false): Promise<Seen> {
  // A string is transferred from the browser several times faster than the object.
  return JSON.parse(await page.evaluate(see, isBrief)) as Seen;
}

/** Runs in the page, so it cannot use anything from outside its body. */
function see(isBrief: boolean): string {
  const page = document.querySelector('moe-page')?.shadowRoot;
  if (!page) throw new Error('there is no page');
  const inside = (element: Element | null): ShadowRoot => {
    if (!element?.shadowRoot) throw new Error('a view is missing');
    return element.shadowRoot;
  };
  const words = (element: Element | null | undefined): string =>
    (element?.textContent ?? '').replace(/\s+/gu, ' ').trim();
  const attribute = (element: Element | null | undefined, name: string): string => element?.getAttribute(name) ?? '';
  const number = (element: Element | null | undefined, name: string): number =>
    Number(element?.getAttribute(name) ?? NaN);
  const all = (within: ParentNode, selector: string): HTMLElement[] => [
    ...within.querySelectorAll<HTMLElement>(selector),
  ];
  const draw = (element: Element): Drawn => ({
    name: element.localName,
    attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    text: element.children.length === 0 ? words(element) : '',
    children: isBrief ? [] : [...element.children].map(draw),
  });
  const one = (within: ParentNode, selector: string): HTMLElement => {
    const found = within.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  };

  const host = one(page, 'moe-roll');
  const roll = inside(host);
  const labels = inside(roll.querySelector('moe-tokens'));
  // Reads offsets, not bounding boxes: while a step is animated, only offsets already have their final values.
  const origin = one(labels, '.gutter').offsetLeft;
  const closed = one(roll, 'svg.closed');
  const opened = one(roll, 'svg.opened');
  const stack = one(roll, '.next-tokens');
  const phone = one(roll, '.column').style.position === 'relative';
  const [start, size] = phone ? (['left', 'width'] as const) : (['top', 'height'] as const);
  const block = (element: HTMLElement): SeenNextToken => ({
    id: element.hasAttribute('data-token') ? number(element, 'data-token') : null,
    name: attribute(element, 'aria-label'),
    title: attribute(element, 'title'),
    text: [element.querySelector('.line > :first-child'), element.querySelector('.hidden-real')]
      .map(words)
      .filter(Boolean)
      .join(' '),
    percent: words(element.querySelector('[data-percent]')),
    real: element.classList.contains('real'),
    inText: all(element, ':scope > span:not(.line)').some(span => words(span) === 'in your text'),
    start: parseFloat(element.style[start]),
    size: parseFloat(element.style[size]),
  });
  const overview = roll.querySelector<HTMLElement>('moe-overview');

  const router = page.querySelector('moe-router')?.shadowRoot;
  const cell = (element: HTMLElement): SeenCell => ({
    text: words(element),
    struck: words(element.querySelector('s')),
    bar: attribute(element.querySelector('.track rect'), 'width'),
    disc: attribute(element.querySelector('circle'), 'r'),
    hatched: element.querySelector('.hatch') !== null,
    explained: element.classList.contains('explained'),
  });
  const next = page.querySelector('moe-next')?.shadowRoot;

  const seen: Seen = {
    text: (inside(page.querySelector('moe-transport')).querySelector('textarea') as HTMLTextAreaElement).value,
    sentence: words(inside(page.querySelector('moe-status')).querySelector('[role=status]')),
    fault: words(inside(page.querySelector('moe-status')).querySelector('.fault p')),
    roll: {
      width: host.clientWidth,
      columns: attribute(closed, 'data-columns'),
      pitch: number(closed, 'data-pitch'),
      closed: { width: closed.style.width, height: closed.style.height },
      opened: { left: opened.style.left, width: opened.style.width, height: opened.style.height },
      names: all(roll, '.name').map(name => ({ text: words(name), top: name.style.top })),
      gutter: words(labels.querySelector('.gutter')),
      tokens: all(labels, '[role=option]').map(option => ({
        id: number(option, 'data-token'),
        text: words(option.querySelector('b') ?? option),
        title: attribute(option, 'title'),
        here: option.getAttribute('aria-selected') === 'true',
        left: option.offsetLeft - origin,
        width: option.offsetWidth,
      })),
      picture: draw(closed),
      column: draw(opened),
      attention: draw(one(roll, 'svg.attention')),
      head: words(roll.querySelector('.head')),
      nextTokens: stack.hidden ? [] : all(stack, '.next-token, .others').map(block),
      nextTokensExtent: phone ? stack.clientWidth : parseFloat(stack.style.height),
      hint: words(roll.querySelector('.hint:not([hidden])')),
      figures: all(roll, '.figures > *').map(words),
      summary: words(roll.querySelector('summary')),
      tables: Object.fromEntries(
        all(roll, 'table').map(table => [
          attribute(table, 'data-table'),
          all(table, 'tbody tr').map(row => [row.className, ...all(row, 'th, td').map(words)]),
        ]),
      ),
      overview: overview && {
        width: overview.clientWidth,
        rows: all(inside(overview), 'button').map(button => ({
          layer: words(button.querySelector('span')),
          pressed: button.getAttribute('aria-pressed') === 'true',
          drawn: draw(one(button, 'svg')),
        })),
      },
    },
    router: router
      ? {
          title: words(router.querySelector('h2')),
          sentence: words(router.querySelector('.sentence')),
          heads: all(router, 'thead th').map(words),
          rows: all(router, 'tr[data-expert]').map(row => ({
            expert: number(row, 'data-expert'),
            kind: row.className,
            looked: row.getAttribute('aria-selected') === 'true',
            cells: Object.fromEntries(all(row, '[data-cell]').map(each => [attribute(each, 'data-cell'), cell(each)])),
          })),
          explanation: {
            heading: words(router.querySelector('.explanation h3')),
            equation: attribute(router.querySelector('.explanation math'), 'aria-label'),
          },
        }
      : null,
    next: next
      ? {
          heading: words(next.querySelector('h2')),
          hint: words(next.querySelector('.hint')),
          heads: all(next, 'thead tr > *').map(words),
          rows: all(next, 'tr[data-token], tr.others').map(row => ({
            id: row.hasAttribute('data-token') ? number(row, 'data-token') : null,
            text: words(row.querySelector('b') ?? row.querySelector('th')),
            percents: all(row, 'td').map(words),
            bars: all(row, 'td rect').map(rect => attribute(rect, 'width')),
            inText: row.querySelector('.inText') !== null,
          })),
          actual: words(next.querySelector('.actual')),
        }
      : null,
  };
  return JSON.stringify(seen);
}
