// Reads everything that the page shows, in one go: texts, tables and the geometry of every mark. `see` runs in the page
// and uses nothing from outside itself.

export interface SeenLayer {
  readonly layer: number;
  readonly pitch: number;
  /** By position, those that are drawn. */
  readonly columns: Readonly<Record<number, SeenColumn>>;
  /** The groups' words in the opened column. */
  readonly groups: readonly string[];
  /** The positions whose cache is drawn, and the tone's heights of each. */
  readonly strip: Readonly<Record<number, readonly number[]>>;
  readonly grew: string;
  readonly tables: Readonly<Record<string, readonly (readonly string[])[]>>;
}

export interface SeenColumn {
  readonly when: 'past' | 'here' | 'future';
  /** By expert: width, opacity, and whether the group was kept. */
  readonly cells: readonly { readonly width: number; readonly opacity: number; readonly kept: boolean }[];
  readonly notes: Readonly<Record<number, number>>;
  readonly cuts: readonly number[];
}

export interface Seen {
  readonly text: string;
  readonly sentence: string;
  readonly fault: string;
  readonly tokens: readonly {
    readonly id: number;
    readonly text: string;
    readonly title: string;
    readonly here: boolean;
  }[];
  readonly layers: readonly SeenLayer[];
  readonly cache: {
    readonly ratio: string;
    readonly texts: readonly string[];
    readonly rows: Readonly<Record<string, readonly string[]>>;
    readonly bars: Readonly<Record<string, number>>;
    readonly strip: Readonly<Record<number, readonly number[]>>;
  };
  readonly next: {
    readonly heading: string;
    readonly rows: readonly {
      readonly id: number;
      readonly percent: string;
      readonly bar: string;
      readonly inText: boolean;
    }[];
    readonly others: string;
  };
}

export function see(): Seen {
  const page = document.querySelector('moe-page')?.shadowRoot;
  if (!page) throw new Error('there is no page');
  const root = (element: Element | null): ShadowRoot => {
    if (!element?.shadowRoot) throw new Error('a view is missing');
    return element.shadowRoot;
  };
  const view = (name: string): ShadowRoot => root(page.querySelector(name));
  const words = (element: Element | null | undefined): string =>
    (element?.textContent ?? '').replace(/\s+/gu, ' ').trim();
  const number = (element: Element, name: string): number => Number(element.getAttribute(name) ?? NaN);
  const all = (within: ParentNode, selector: string): Element[] => [...within.querySelectorAll(selector)];

  const strip = (within: ParentNode): Record<number, number[]> =>
    Object.fromEntries(
      all(within, '[data-cached]').map(group => [
        number(group, 'data-cached'),
        all(group, 'rect').map(rect => number(rect, 'height')),
      ]),
    );

  const layers = all(page, 'moe-routing').map(element => {
    const stave = root(element);
    const columns = all(stave, 'g[data-position]').map(group => {
      const position = number(group, 'data-position');
      const cuts = [...all(group, '.hatch'), ...all(stave, `g[data-cuts="${position}"] .hatch`)];
      return [
        position,
        {
          when: group.getAttribute('class') as 'past' | 'here' | 'future',
          cells: all(group, 'rect[data-expert]').map(rect => ({
            width: number(rect, 'width'),
            opacity: number(rect, 'fill-opacity'),
            kept: rect.classList.contains('score'),
          })),
          notes: Object.fromEntries(all(group, 'circle').map(note => [number(note, 'data-expert'), number(note, 'r')])),
          cuts: cuts.map(rect => number(rect, 'data-group')),
        },
      ] as const;
    });
    return {
      layer: number(element, 'layer'),
      pitch: number(stave.querySelector('svg') as Element, 'data-pitch'),
      columns: Object.fromEntries(columns),
      groups: all(stave, 'g.here text').map(words),
      strip: strip(stave),
      grew: words(stave.querySelector('.grew')),
      tables: Object.fromEntries(
        all(stave, 'table').map(table => [
          table.getAttribute('data-table') ?? '',
          all(table, 'tbody tr').map(row => [row.className, ...all(row, 'th, td').map(words)]),
        ]),
      ),
    };
  });

  const cache = view('moe-cache');
  const next = view('moe-next');
  return {
    text: (view('moe-transport').querySelector('textarea') as HTMLTextAreaElement).value,
    sentence: words(view('moe-status').querySelector('[role=status]')),
    fault: words(view('moe-status').querySelector('.fault p')),
    tokens: all(view('moe-tokens'), '[role=option]').map(option => ({
      id: number(option, 'data-token'),
      text: words(option.querySelector('b') ?? option),
      title: option.getAttribute('title') ?? '',
      here: option.getAttribute('aria-selected') === 'true',
    })),
    layers,
    cache: {
      ratio: words(cache.querySelector('[data-ratio]')),
      texts: all(cache, 'svg text').map(words),
      rows: Object.fromEntries(
        all(cache, 'tbody tr').map(row => [row.getAttribute('data-scheme') ?? '', all(row, 'td.number').map(words)]),
      ),
      bars: Object.fromEntries(
        all(cache, 'tbody tr').map(row => [
          row.getAttribute('data-scheme') ?? '',
          all(row, 'rect').reduce((sum, rect) => sum + number(rect, 'width'), 0),
        ]),
      ),
      strip: strip(cache),
    },
    next: {
      heading: words(next.querySelector('h2')),
      rows: all(next, 'tr[data-token]').map(row => ({
        id: number(row, 'data-token'),
        percent: words(row.querySelector('td')),
        bar: row.querySelector('rect')?.getAttribute('width') ?? '',
        inText: row.querySelector('.inText') !== null,
      })),
      others: words(next.querySelector('.others td')),
    },
  };
}
