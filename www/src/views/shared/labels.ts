// The tokens' labels over their columns: horizontal, or rotated over narrow columns.

import type { TemplateResult } from 'lit';
import { css, svg } from 'lit';
import { label } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { tokenText } from '../../text/token';

/** Columns of equal width. In the roll's `Columns`, the playhead's column is wider. */
export interface EvenColumns {
  /** The bottom of the labels and top of the picture. */
  readonly top: number;
  /** Width of one column. */
  readonly column: number;
  /** The tokens in sight: from `first`, up to but not including `end`. */
  readonly first: number;
  readonly end: number;
  /** The playhead. */
  readonly at: number;
  readonly across: boolean;
  readonly x: (position: number) => number;
}

/** From this column width, labels are horizontal: 4 px more than in the roll, as they start 4 px inside a column. */
const ACROSS = 40;
/** The height of horizontal and of rotated labels. */
const LABEL = { across: 40, turned: 72 };
/** Number of characters that fit in a rotated label, and the rough width of a character in px. */
const TURNED = 9;
const CHARACTER = 7;

/** The layout of labels above columns of this width. */
export function labelling(column: number): Pick<EvenColumns, 'across' | 'top'> {
  const across = column >= ACROSS;
  return { across, top: across ? LABEL.across : LABEL.turned };
}

/** The labels in sight. Bold: the playhead's and those that `isStrong` accepts; pale: the others after the playhead. */
export function labels(
  snapshot: Snapshot,
  { top, column, first, end, at, across, x }: EvenColumns,
  isStrong: (position: number) => boolean = () => false,
): TemplateResult<2>[] {
  return Array.from({ length: end - first }, (_, index) => {
    const position = first + index;
    const kind = position === at || isStrong(position) ? 'strong' : position > at ? 'later' : 'before';
    const room = across ? Math.floor(column / CHARACTER) : TURNED;
    const text = shortened(tokenText(label(snapshot, position)).text, room);
    return across
      ? svg`<svg class="head" x=${x(position)} width=${column} height=${top}>
          <text class=${kind} data-position=${position} x="4" y=${top - 8}>${text}</text></svg>`
      : svg`<g transform="translate(${x(position)} ${top}) rotate(-90)"><svg class="head" width=${top} height=${column}>
          <text class=${kind} data-position=${position} x="8" y=${column / 2 + 4}>${text}</text></svg></g>`;
  });
}

function shortened(text: string, room: number): string {
  const characters = Array.from(text);
  return characters.length > room ? `${characters.slice(0, Math.max(1, room - 1)).join('')}…` : text;
}

export const labelStyle = css`
  svg.head {
    overflow: hidden;
  }
  text.before {
    fill: var(--moe-ink);
  }
`;
