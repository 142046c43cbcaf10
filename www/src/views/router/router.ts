// The router ladder: a table of all numbers with which one layer chose experts for the shown token, and the derivation
// of one of these numbers.

import type { PropertyValues, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { boxOf } from '../../measure/zoom';
import { clamp } from '../../scope/clamp';
import { isHidden, label, shownInfo, shownPosition } from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import type { Intent } from '../../scope/intents';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import { hatching } from '../shared/hatching';
import { denseLayer, heading, headingStyle } from '../shared/heading';
import { guess, guessStyle } from '../shared/question';
import { stageNotice } from '../shared/stage-notice';
import { base, controls, marks } from '../shared/style';
import { PictureView, Width } from '../shared/view';
import { explain, maths } from './arithmetic';
import type { Cell, Column } from './ladder';
import { columnsIn, Ladder, perGroup } from './ladder';
import { ladderStyle } from './router-style';

/** Below this width, columns whose numbers the explanation also shows are left out. */
const NARROW = 420;
/** Below this width, numbers are smaller. */
const TIGHT = 456;
/** From this width, numbers are larger. */
const ROOMY = 720;
/** From this width, the explanation is beside the table, which stays as wide as at `ROOMY`. */
const BESIDE = 1008;
const ROW = 24;
/** Height of the column heads. */
const HEAD = 32;
/** The radius of a disc whose share is 1: the disc is as tall as its row. */
const RADIUS = ROW / 2;
/** With more experts than this, the table scrolls in its own box. */
const MANY = 48;
/** Opacity in ruled-out groups: of a score's bar, and of the hatching. */
const CUT = { bar: 0.35, hatch: 0.55 };

export class Router extends PictureView {
  static override styles = [base, controls, marks, headingStyle, guessStyle, ladderStyle];

  readonly #width = new Width(this);
  /** The cell under the pointer. It is not part of the state, so a reload forgets it. */
  #hovered: Cell | null = null;
  /** The cell with the focus. It is not part of the state, so a reload forgets it. */
  #focused: Cell | null = null;

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.router;
    const layer = chosenLayer(snapshot);
    const { info } = snapshot.model;
    const width = this.#width.value;
    const kind = [
      width < NARROW ? 'narrow' : width < TIGHT ? 'tight' : width >= ROOMY ? 'roomy' : '',
      width >= BESIDE ? 'wide' : '',
      info.n_routed_experts > MANY ? 'many' : '',
    ].join(' ');
    const token = label(snapshot, shownPosition(snapshot));
    return html`
      <section class=${kind} aria-label=${words.label}>
        ${heading(words.title(token.text === '' ? null : quoted(token), layer), snapshot, this.words, this.#asks)}
        ${layer < info.first_k_dense_replace ? denseLayer(snapshot, this.words, this.#asks) : this.#routed(layer)}
      </section>
    `;
  }

  /** Scrolls the selected expert into sight inside the table's box, if the box scrolls. */
  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('snapshot')?.state.expert;
    const { expert } = this.snapshot.state;
    const box = this.renderRoot.querySelector('.box');
    const row = expert === null ? null : this.renderRoot.querySelector(`tr[data-expert='${expert}']`);
    if (!box || !row || !changed.has('snapshot') || before === expert) return;
    const { top, bottom } = boxOf(row);
    const sight = boxOf(box);
    if (top < sight.top + HEAD) box.scrollTop -= sight.top + HEAD - top;
    else if (bottom > sight.bottom) box.scrollTop += bottom - sight.bottom;
  }

  readonly #asks = (intent: Intent): void => {
    this.ask(intent);
  };

  #routed(layer: number): TemplateResult {
    const { snapshot } = this;
    const words = this.words.router;
    const { info } = snapshot.model;
    const narrow = this.#width.value < NARROW;
    const ladder = Ladder.of(snapshot, layer);
    const columns = columnsIn(snapshot, layer, narrow);
    const cell = ladder && this.#explained(ladder, columns);
    const explained = ladder && cell && explain(ladder, cell, this.words);
    const route = ladder?.route;
    const groups = ladder && info.n_group > 1 ? { kept: ladder.keptGroups, of: info.n_group } : null;
    return html`
      ${isHidden(snapshot) ? this.#guess(layer) : nothing} ${stageNotice(snapshot, this.words, this.#asks)}
      <p class="sentence">
        ${route?.experts ? words.sentence(route.scores.length, groups, route.experts.length) : nothing}
      </p>
      <div class=${this.#width.value >= BESIDE ? 'beside' : ''}>
        <div class="box">
          ${
            ladder && cell
              ? this.#table(ladder, columns, cell, explained?.parts ?? [])
              : this.#blank(columns, perGroup(info), Math.max(1, info.n_group))
          }
        </div>
        <div class="explanation" id="explanation">
          ${
            explained
              ? html`<h3>${explained.heading}</h3>
                  <p>${explained.sentence}</p>
                  ${explained.equation.length > 0 ? maths(explained.equation, narrow) : nothing}`
              : nothing
          }
        </div>
      </div>
    `;
  }

  #guess(layer: number): TemplateResult {
    const { snapshot } = this;
    const { num_experts_per_tok, n_routed_experts } = shownInfo(snapshot);
    const token = quoted(label(snapshot, shownPosition(snapshot)));
    const question = this.words.reveal.router(token, layer, num_experts_per_tok, n_routed_experts);
    return guess(question, this.words, intent => {
      this.ask(intent);
    });
  }

  #head(columns: readonly Column[]): TemplateResult {
    const words = this.words.router;
    const { info } = this.snapshot.model;
    const columnWords: Words['router']['columns'] = {
      ...words.columns,
      ...(info.group_score === 'best' ? { group: words.groupBest } : {}),
      ...(info.norm_topk_prob ? {} : { share: words.sharePlain }),
    };
    return html`
      <colgroup>
        <col class="expert" />
        ${columns.map(column => html`<col class=${column} />`)}
      </colgroup>
      <thead>
        <tr>
          <th scope="col" class="first">${words.expert}</th>
          ${columns.map(
            column => html`
              <th
                scope="col"
                data-head=${column}
                class=${column === 'chosen' ? 'middle' : column === 'group' ? 'start' : ''}
                title=${columnWords[column].means}
              >
                ${columnWords[column].head}
              </th>
            `,
          )}
        </tr>
      </thead>
    `;
  }

  /** An empty table that reserves the table's space until there is a record. */
  #blank(columns: readonly Column[], experts: number, groups: number): TemplateResult {
    const group = html`<tbody>
      ${Array.from(
        { length: experts },
        () =>
          html`<tr>
            <td class="blank" colspan=${columns.length + 1}></td>
          </tr>`,
      )}
    </tbody>`;
    return html`<table aria-hidden="true">
      ${this.#head(columns)} ${Array.from({ length: groups }, () => group)}
    </table>`;
  }

  #table(ladder: Ladder, columns: readonly Column[], at: Cell, parts: readonly Cell[]): TemplateResult {
    const token = quoted(label(this.snapshot, shownPosition(this.snapshot)));
    const size = perGroup(ladder.info);
    const groups = Array.from({ length: Math.max(1, ladder.info.n_group) }, (_, group) => group);
    return html`
      <table
        role="grid"
        aria-label=${this.words.router.grid(token, ladder.route.layer)}
        @keydown=${this.#key}
        @click=${this.#click}
        @focusin=${this.#focusIn}
        @focusout=${this.#focusOut}
        @pointerover=${this.#hover}
        @pointerleave=${this.#leave}
      >
        ${this.#head(columns)}
        ${groups.map(
          group => html`
            <tbody data-group=${group}>
              ${Array.from({ length: size }, (_, index) => this.#row(ladder, columns, group * size + index, at, parts))}
            </tbody>
          `,
        )}
      </table>
      <svg width="0" height="0" aria-hidden="true">${hatching}</svg>
    `;
  }

  #row(ladder: Ladder, columns: readonly Column[], expert: number, at: Cell, parts: readonly Cell[]): TemplateResult {
    const kind = ladder.isChosen(expert) ? 'in' : ladder.isKept(expert) ? 'out' : 'cut';
    const [first] = ladder.range(ladder.groupOf(expert));
    return html`
      <tr class=${kind} data-expert=${expert} aria-selected=${expert === this.snapshot.state.expert}>
        <th scope="row"><span>${expert}</span></th>
        ${columns.map(column => {
          if (column === 'group' && expert !== first) return nothing;
          const here = column === at.column && same(ladder, { expert, column }, at);
          const part = parts.some(each => each.column === column && same(ladder, { expert, column }, each));
          return html`
            <td
              class="${here ? 'explained' : part ? 'part' : ''} ${column === 'group' ? 'sum' : ''}"
              data-cell=${column}
              rowspan=${column === 'group' ? perGroup(ladder.info) : nothing}
              tabindex=${here ? 0 : -1}
              aria-describedby=${here ? 'explanation' : nothing}
            >
              ${this.#cell(ladder, { expert, column })}
            </td>
          `;
        })}
      </tr>
    `;
  }

  #cell(ladder: Ladder, cell: Cell): unknown {
    const words = this.words.router;
    const { expert, column } = cell;
    const value = ladder.value(cell);
    const cut = !ladder.isKept(expert);
    // The router cannot choose an expert of a ruled-out group, so the rest of the row is hatched.
    if (column === 'chosen' && cut) return hatched;
    if (value === undefined) return nothing;
    const text = column === 'bias' ? words.signed(value) : words.exact(value);
    // In a ruled-out group, two numbers are struck out: the score by which experts are chosen, and the group's score.
    const number = cut && column === (ladder.isBiased ? 'choice' : 'score') ? html`<s>${text}</s>` : text;
    switch (column) {
      case 'score':
        return html`${bar(value, cut)}<span class="over">${number}</span>`;
      case 'group':
        return cut ? html`<div><s>${text}</s><b>${words.cut}</b></div>` : html`<div>${text}<b>${words.kept}</b></div>`;
      case 'chosen':
        return html`<svg class="disc" width="24" height="24" aria-hidden="true">
            <circle class="note" cx="12" cy="12" r=${RADIUS * Math.sqrt(value)} /></svg
          ><span class="hidden">${words.chosen}</span>`;
      case 'logit':
      case 'bias':
      case 'choice':
      case 'share':
      case 'weight':
        return number;
    }
  }

  /**
   * The cell to explain: the cell under the pointer, else the focused cell, else a cell of the selected expert or, if
   * no expert is selected, of the first chosen expert.
   */
  #explained(ladder: Ladder, columns: readonly Column[]): Cell {
    const asked = [this.#hovered, this.#focused].find(cell => cell && columns.includes(cell.column));
    if (asked && asked.expert < ladder.info.n_routed_experts) return asked;
    const expert = this.snapshot.state.expert ?? ladder.experts[0] ?? 0;
    if (ladder.isChosen(expert)) return { expert, column: 'weight' };
    // Before the stage that chooses experts, this is the last column that the shown stage has computed.
    const column = columns.findLast(each => ladder.knows(each)) ?? 'score';
    return { expert, column: ladder.knows('chosen') ? 'chosen' : column };
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.shiftKey) return;
    const from = cellOf(event);
    const layer = chosenLayer(this.snapshot);
    const columns = columnsIn(this.snapshot, layer, this.#width.value < NARROW);
    if (!from) return;
    const last = this.snapshot.model.info.n_routed_experts - 1;
    const to = moved(from, event.key, event.ctrlKey, columns, last, perGroup(this.snapshot.model.info));
    if (!to) return;
    // Without this, the page's shortcuts for these keys would step through tokens.
    event.preventDefault();
    event.stopPropagation();
    this.#hovered = null;
    this.#elementOf(to)?.focus();
  };

  /** The element of a cell; a group's cell is in the group's first row. */
  #elementOf({ expert, column }: Cell): HTMLElement | null {
    const size = perGroup(this.snapshot.model.info);
    const row = column === 'group' ? Math.floor(expert / size) * size : expert;
    return this.renderRoot.querySelector(`tr[data-expert='${row}'] [data-cell='${column}']`);
  }

  readonly #click = (event: MouseEvent): void => {
    const row = event.target instanceof Element ? event.target.closest('tr[data-expert]') : null;
    if (!row) return;
    this.ask({ do: 'look', layer: chosenLayer(this.snapshot), expert: Number(row.getAttribute('data-expert')) });
  };

  readonly #focusIn = (event: FocusEvent): void => {
    this.#focused = cellOf(event) ?? null;
    this.requestUpdate();
  };

  readonly #focusOut = (): void => {
    this.#focused = null;
    this.requestUpdate();
  };

  readonly #hover = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse') return;
    const cell = cellOf(event) ?? null;
    if (cell?.expert === this.#hovered?.expert && cell?.column === this.#hovered?.column) return;
    this.#hovered = cell;
    this.requestUpdate();
  };

  readonly #leave = (): void => {
    this.#hovered = null;
    this.requestUpdate();
  };
}

/** The bar of a score from 0 to 1. */
function bar(score: number, cut: boolean): TemplateResult {
  const width = `${score * 100}%`;
  return html`<svg class="track" aria-hidden="true">
    <rect class=${cut ? 'cutscore' : 'score'} y="3" width=${width} height="18" fill-opacity=${cut ? CUT.bar : 1} />
  </svg>`;
}

/** The hatching of a row in a ruled-out group; a row is three tiles high, so the pattern continues in the next row. */
const hatched = html`<svg class="rest" aria-hidden="true">
  <rect class="hatch" fill="url(#hatch)" fill-opacity=${CUT.hatch} width="100%" height="24" />
</svg>`;

/** True if two cells of one column are the same cell; all experts of a group share one cell in the group column. */
function same(ladder: Ladder, one: Cell, other: Cell): boolean {
  if (one.column === 'group') return ladder.groupOf(one.expert) === ladder.groupOf(other.expert);
  return one.expert === other.expert;
}

/** The cell that an event happened on. */
function cellOf(event: Event): Cell | undefined {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-cell]') : null;
  const row = element?.closest<HTMLElement>('tr[data-expert]');
  if (!element || !row) return undefined;
  return { expert: Number(row.dataset.expert), column: element.dataset.cell as Column };
}

/** The cell to which a key moves the focus, at most to the table's edge; undefined for a key that moves nothing. */
function moved(
  { expert, column }: Cell,
  key: string,
  far: boolean,
  columns: readonly Column[],
  last: number,
  size: number,
): Cell | undefined {
  const step = column === 'group' ? size : 1;
  const beside = (by: number): Column => columns[clamp(columns.indexOf(column) + by, 0, columns.length - 1)] ?? column;
  switch (key) {
    case 'ArrowUp':
      return { expert: Math.max(0, expert - step), column };
    case 'ArrowDown':
      return { expert: Math.min(last, expert + step), column };
    case 'ArrowLeft':
      return { expert, column: beside(-1) };
    case 'ArrowRight':
      return { expert, column: beside(1) };
    case 'Home':
      return { expert: far ? 0 : expert, column: beside(-columns.length) };
    case 'End':
      return { expert: far ? last : expert, column: beside(columns.length) };
    default:
      return undefined;
  }
}
