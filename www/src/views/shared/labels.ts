// The tokens' labels over their columns: horizontal, or rotated over narrow columns.

import type { TemplateResult } from 'lit';
import { css, svg } from 'lit';
import { label } from '../../scope/select';
import type { Snapshot } from '../../scope/state';
import { tokenText } from '../../text/token';

/** Columns of equal width. In the roll's `Columns`, the playhead's column is wider. */
export interface EvenColumns {
  /** The y of the bottom of the labels, which is the top of the picture. */
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

/** From this column width, labels are horizontal: 4 px more than in the roll, because labels start 4 px inside. */
const ACROSS = 40;
/** The heights in px of horizontal and of rotated labels. */
const LABEL = { across: 40, turned: 72 };
/** Number of characters that fit in a rotated label. */
const TURNED = 9;
/** Rough width of a character, and the space around a horizontal label in its column, in px. */
const CHARACTER = 7.5;
const INSIDE = 6;

/** The layout of labels above columns of this width. */
export function labelling(column: number): Pick<EvenColumns, 'across' | 'top'> {
  const across = column >= ACROSS;
  return { across, top: across ? LABEL.across : LABEL.turned };
}

/**
 * The labels in sight. The playhead's label and labels that `isStrong` accepts are bold; other labels after the
 * playhead are pale.
 */
export function labels(
  snapshot: Snapshot,
  { top, column, first, end, at, across, x }: EvenColumns,
  isStrong: (position: number) => boolean = () => false,
): TemplateResult<2>[] {
  return Array.from({ length: end - first }, (_, index) => {
    const position = first + index;
    const kind = position === at || isStrong(position) ? 'strong' : position > at ? 'later' : 'before';
    const room = across ? Math.floor((column - INSIDE) / CHARACTER) : TURNED;
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
