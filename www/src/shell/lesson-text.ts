// The text of a lesson as a template and as a line for a screen reader; its values come from the snapshot.

import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type { Block, Piece } from '../lessons/format';
import { say } from '../lessons/phrases';
import type { Snapshot } from '../scope/state';
import type { LessonWords } from '../lessons/words';

/** Stands for a value that is not computed yet. */
const LATER = '…';

type Say = (piece: Piece) => string;

const sayer =
  (snapshot: Snapshot, words: LessonWords): Say =>
  piece =>
    piece.kind === 'value' ? (say(piece.name, snapshot, words) ?? LATER) : piece.text;

export function lessonText(blocks: readonly Block[], snapshot: Snapshot, words: LessonWords): TemplateResult[] {
  const text = sayer(snapshot, words);
  const piece = (each: Piece): unknown => {
    if (each.kind === 'link') return html`<a href=${each.href} target="_blank" rel="noopener">${each.text}</a>`;
    return each.strong ? html`<b>${text(each)}</b>` : text(each);
  };
  return blocks.map(block => {
    if (block.kind === 'paragraph') return html`<p class="text">${block.pieces.map(piece)}</p>`;
    const [head = [], ...rows] = block.rows;
    return html`<div class="table" tabindex="0" role="group" aria-label=${words.table}>
      <table>
        <thead>
          <tr>
            ${head.map(cell => html`<th scope="col">${cell.map(piece)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([first = [], ...others]) =>
              html`<tr>
                <th scope="row">${first.map(piece)}</th>
                ${others.map(cell => html`<td>${cell.map(piece)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  });
}

/** The paragraphs as one line; null while a value is not computed. */
export function lessonLine(blocks: readonly Block[], snapshot: Snapshot, words: LessonWords): string | null {
  const text = sayer(snapshot, words);
  const line = blocks.flatMap(block => (block.kind === 'paragraph' ? [block.pieces.map(text).join('')] : [])).join(' ');
  return line.includes(LATER) ? null : line;
}
