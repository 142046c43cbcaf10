// The model's prediction beside the columns. A block's height is its token's probability; 100 % is the height of all
// layers with experts. On a phone the blocks form a bar below the columns, and a block's width is the probability. A
// click on a block appends its token.

import type { TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import type { NextTokens } from '../../engine/types';
import { hasRoomAfter, nextLabel, shownPosition, shownRunName } from '../../scope/select';
import type { Intent } from '../../scope/intents';
import { quoted, tokenText } from '../../text/token';
import type { RollLayout } from './roll-layout';

/**
 * Minimum sizes in px: of a block (`line`, on a phone `wide`), of a block with padding (`tall`), of a block with two
 * lines (`second`) or three (`third`) and, on a phone, of the block “others” if its text is inside it (`others`).
 */
const LEAST = { line: 12, tall: 18, second: 34, third: 48, wide: 44, others: 80 };
const GAP = 2;
/** With a what-if: the widths in px of the outlined stack and of the lines from it to the blocks. */
const SLOPES = { stack: 8, lines: 12 };

export const PHONE_WIDTH = 44;

/** One block; `start` and `size` in px along the stack. */
interface Block {
  readonly token: number;
  readonly probability: number;
  readonly start: number;
  readonly size: number;
}

interface Blocks {
  readonly blocks: readonly Block[];
  /** The start of the block “others”, which stands for all other tokens. */
  readonly end: number;
  /** The total probability of all other tokens. */
  readonly others: number;
}

/** The next tokens that the plain run predicts, if the changed run is shown. */
function plainNext({ record, snapshot }: RollLayout): NextTokens | undefined {
  return record && shownRunName(snapshot) === 'changed' ? snapshot.plain.records[record.position]?.next : undefined;
}

/** The blocks in a stack of `extent` px: one for each token whose name fits, and one for all other tokens. */
function blocksOf(layout: RollLayout, extent: number): Blocks {
  const next = layout.record?.next;
  const least = layout.columns.phone ? LEAST.wide : LEAST.line;
  let end = 0;
  let others = next?.rest ?? 0;
  const blocks: Block[] = [];
  (next?.tokens ?? []).forEach((token, rank) => {
    const probability = next?.probabilities[rank] ?? 0;
    const size = probability * extent - GAP;
    if (size < least) {
      others += probability;
      return;
    }
    blocks.push({ token, probability, start: end, size });
    end += probability * extent;
  });
  return { blocks, end, others };
}

/** The height in px of a probability of 100 %. */
export function nextTokensHeight({ picture }: RollLayout): number {
  const routed = picture.staves.filter(({ dense }) => !dense);
  const lowest = routed.at(-1);
  return lowest ? lowest.strip : picture.foot;
}

export function nextTokens(layout: RollLayout, extent: number, ask: (intent: Intent) => void): TemplateResult {
  const { snapshot, words, columns } = layout;
  const { blocks, end, others } = blocksOf(layout, extent);
  const at = shownPosition(snapshot);
  const room = hasRoomAfter(snapshot, at);
  const real = snapshot.text.tokens[at + 1];
  const hidden = real !== undefined && !columns.phone && !blocks.some(({ token }) => token === real);
  const there = layout.record !== undefined && layout.done(null, 'next');
  const plain = there && !columns.phone ? plainNext(layout) : undefined;
  // Beside the slopes, the words “in your text” take two lines.
  const roomForWords = plain ? LEAST.third : LEAST.second;
  const full = there && !room ? html`<span class="hint">${words.roll.full}</span>` : nothing;
  const block = ({ token, probability, size }: Block): TemplateResult => {
    const shown = nextLabel(snapshot, token);
    const { text, space } = tokenText(shown);
    return html`
      <button
        class=${['next-token', token === real ? 'real' : '', size < LEAST.tall ? 'low' : '', size < LEAST.second ? 'short' : ''].join(' ')}
        data-token=${token}
        aria-disabled=${!room}
        aria-label=${words.next.appendLikely(quoted(shown), probability, token === real)}
        title=${`${text} ${words.f.percent(probability)}`}
        @click=${() => {
          if (room) ask({ do: 'append', token });
        }}
      >
        <span class="line"
          ><b dir="auto">${space ? html`<i></i>` : nothing}${text}</b>
          <span data-percent>${words.f.wholePercent(probability)}</span></span
        >
        ${token === real && size >= roomForWords && !columns.phone ? html`<span>${words.next.inText}</span>` : nothing}
      </button>
    `;
  };
  return html`
    ${slopes(plain, blocks, extent)}
    <div
      class="next-tokens"
      role="group"
      aria-label=${words.next.label}
      data-motion="next"
      @keydown=${move}
      @focusin=${keep}
      ?hidden=${!there}
    >
      ${there ? blocks.map(block) : nothing}
      ${
        there
          ? html`<div class=${columns.phone && extent - end < LEAST.others ? 'others below' : 'others'}>
              <span class="line"
                ><span>${words.next.others}</span><span data-percent>${words.f.wholePercent(others)}</span></span
              >
              ${hidden ? html`<span class="hidden-real">${words.roll.inText(quoted(nextLabel(snapshot, real)))}</span>` : nothing}
              ${columns.phone ? nothing : full}
            </div>`
          : nothing
      }
      ${columns.phone ? full : nothing}
    </div>
  `;
}

/** The prediction without the what-if, outlined left of the blocks; a line joins each token with its block. */
function slopes(
  plain: NextTokens | undefined,
  blocks: readonly Block[],
  extent: number,
): TemplateResult | typeof nothing {
  if (!plain) return nothing;
  let from = 0;
  const without = plain.tokens.map((token, rank) => {
    const size = (plain.probabilities[rank] ?? 0) * extent;
    const start = from;
    from += size;
    return { token, start, size };
  });
  return html`<svg class="slopes" width=${SLOPES.stack + SLOPES.lines} height=${extent} aria-hidden="true">
    ${without.map(({ token, start, size }) => {
      const now = blocks.find(block => block.token === token);
      return svg`
        <rect class="was" data-token=${token} data-size=${size} x="0.5" y=${start + 0.5} width=${SLOPES.stack - 1}
          height=${Math.max(0, size - 1)} />
        ${
          now
            ? svg`<path class="slope" data-token=${token}
                d="M${SLOPES.stack} ${start + size / 2}L${SLOPES.stack + SLOPES.lines - 2} ${now.start + now.size / 2}" />`
            : nothing
        }`;
    })}
  </svg>`;
}

/** Places the blocks by script, because a strict content security policy forbids style attributes. */
export function placeNextTokens(container: HTMLElement, layout: RollLayout, extent: number): void {
  const { blocks, end } = blocksOf(layout, extent);
  const { phone } = layout.columns;
  const place = (element: HTMLElement, start: number, length: number): void => {
    const [from, size] = [`${start}px`, `${Math.max(0, length)}px`];
    Object.assign(
      element.style,
      phone ? { left: from, width: size, top: '', height: '' } : { top: from, height: size, left: '', width: '' },
    );
  };
  const buttons = [...container.querySelectorAll<HTMLElement>('.next-token')];
  buttons.forEach((element, index) => {
    const block = blocks[index];
    if (block) place(element, block.start, block.size);
  });
  const stop = buttons.find(button => button.tabIndex === 0 && button.hasAttribute('tabindex')) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  const others = container.querySelector<HTMLElement>('.others');
  if (others) place(others, end, extent - end);
}

/** Makes the focused block the tab stop, so that Tab returns to it. */
function keep(event: FocusEvent): void {
  for (const button of (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.next-token')) {
    button.tabIndex = button === event.target ? 0 : -1;
  }
}

/** Arrow keys move between the blocks, which are one tab stop. */
function move(event: KeyboardEvent): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.next-token')];
  const next = all[all.findIndex(element => element === event.target) + by];
  next?.focus();
  event.preventDefault();
  event.stopPropagation();
}

export const nextTokensStyle = css`
  .next-tokens {
    position: relative;
    width: 100%;
    height: 100%;
  }
  .slopes {
    position: absolute;
    top: 0;
    left: 0;
  }
  .slopes + .next-tokens {
    margin-left: 20px;
    width: calc(100% - 20px);
  }
  .was {
    fill: none;
    stroke: var(--moe-edge);
  }
  .slope {
    stroke: var(--moe-edge);
  }
  .next-token,
  .others {
    position: absolute;
    left: 0;
    width: 100%;
    padding: 0 6px 0 12px;
    overflow: hidden;
    font-size: 12px;
    line-height: 14px;
    color: var(--moe-ink2);
  }
  .next-token {
    display: flex;
    flex-direction: column;
    justify-content: flex-start;
    height: auto;
    min-width: 0;
    padding-top: 4px;
    border: 0;
    border-radius: 0;
    background: var(--moe-fill);
    text-align: start;
  }
  .next-token.low {
    padding-top: 0;
    justify-content: center;
    line-height: 12px;
  }
  .next-token:hover {
    background: var(--moe-line);
  }
  .slopes + .next-tokens :is(.next-token, .others) {
    padding-inline: 7px 2px;
  }
  .slopes + .next-tokens .hidden-real {
    margin-left: -7px;
    padding-left: 7px;
  }
  .slopes + .next-tokens .next-token > span:not(.line) {
    white-space: normal;
  }
  /* Beside the slopes, a percentage that does not fit wraps below the name, or is hidden in a block with one line. */
  .slopes + .next-tokens .line {
    flex-wrap: wrap;
  }
  .slopes + .next-tokens .short .line {
    height: 1lh;
    overflow: hidden;
  }
  .next-token.real {
    box-shadow: inset 4px 0 var(--moe-ink);
  }
  .next-token:focus-visible {
    outline-offset: -2px;
  }
  .next-token b {
    color: var(--moe-ink);
    font-size: 12px;
    font-weight: 650;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .next-token > span:not(.line) {
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .next-token i {
    display: inline-block;
    width: 6px;
    height: 4px;
    margin-inline-end: 3px;
    border: solid var(--moe-edge);
    border-width: 0 1px 1px;
  }
  .others {
    border-left: 1px solid var(--moe-line);
  }
  .others {
    padding-top: 2px;
  }
  /* The block “others” is the last block, so its text may continue below the block. */
  :host(:not([phone])) .others,
  .others:has(.hint) {
    overflow: visible;
  }
  .hint {
    display: block;
    font-size: 12px;
    line-height: 14px;
    color: var(--moe-ink2);
  }
  /* On a phone the hint is below the bar, like the text of the block “others” if that text does not fit. */
  :host([phone]) .hint {
    position: absolute;
    top: calc(100% + 2px);
    left: 8px;
  }
  .hidden-real {
    display: block;
    overflow-wrap: anywhere;
    box-shadow: inset 4px 0 var(--moe-ink);
    margin: 2px 0 0 -12px;
    padding-left: 12px;
  }
  :host([phone]) .next-token,
  :host([phone]) .others {
    height: 100%;
    padding: 4px 0 0;
  }
  :host([phone]) .line {
    padding: 0 4px 0 8px;
  }
  :host([phone]) .others {
    border-left: 0;
  }
  .others.below {
    overflow: visible;
  }
  .below .line {
    position: absolute;
    inset: calc(100% + 2px) 0 auto auto;
    width: max-content;
    gap: 6px;
  }
  .line {
    display: flex;
    width: 100%;
    justify-content: space-between;
    gap: 4px;
  }
`;
