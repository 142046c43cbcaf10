// One sentence that explains the picture and contains the picture's marks.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { css, html, nothing, svg } from 'lit';
import { shownComparison, shownInfo, shownRunName } from '../scope/select';
import type { LegendPart } from '../text/en/index';
import { FULL_SCORE } from '../views/shared/score-marks';
import { base, marks } from '../views/shared/style';
import { View } from '../views/shared/view';

type Mark = Exclude<LegendPart, string>['mark'];

const GLYPHS: Readonly<Record<Mark, TemplateResult<2>>> = {
  score: svg`<rect class="score" width="14" height="10" />`,
  cut: svg`<path class="hatchline" d="M0 8L8 0M4 10L14 0M12 10L16 6" />`,
  note: svg`<circle class="note" cx="7" cy="5" r="4.5" />`,
  shared: svg`<rect class="shared" y="4" width="14" height="2" />`,
  ring: svg`<circle class="ring" cx="7" cy="5" r="4" />`,
  ringed: svg`<circle class="note" cx="7" cy="5" r="2.5" /><circle class="ring around" cx="7" cy="5" r="4.5" />`,
  outlined: svg`<rect class="outlined" x="3.5" y="0.5" width="7" height="9" />`,
  latent: svg`<rect class="ckv" y="2" width="14" height="4" /><rect class="rope" y="6" width="14" height="2" />`,
};

export class Legend extends View {
  static override properties: PropertyDeclarations = { ...View.properties, changeOnly: { attribute: false } };

  static override styles = [
    base,
    marks,
    css`
      p {
        display: var(--moe-legend, block);
        color: var(--moe-ink2);
      }
      b {
        color: var(--moe-ink);
        font-weight: 600;
      }
      span {
        white-space: nowrap;
      }
      .ring {
        fill: var(--moe-bg);
        stroke: var(--moe-note);
        stroke-width: 1.5;
      }
      .ring.around {
        fill: none;
        stroke-width: 1;
      }
      .outlined {
        fill: none;
        stroke: var(--moe-edge);
      }
      svg {
        display: inline-block;
        vertical-align: -1px;
        margin: 0 4px 0 1px;
        overflow: hidden;
      }
    `,
  ];

  /** True if only the marks of a change are explained, because a panel explains the others. */
  declare changeOnly: boolean;

  constructor() {
    super();
    this.changeOnly = false;
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = changed.get('snapshot');
    if (!before || changed.size > 1 || before.model !== this.snapshot.model) return true;
    const isOtherRun = shownRunName(before) !== shownRunName(this.snapshot);
    return isOtherRun || shownComparison(before)?.plan !== shownComparison(this.snapshot)?.plan;
  }

  protected override render(): TemplateResult | typeof nothing {
    const compares = shownRunName(this.snapshot) === 'changed' ? this.words.changeLegend : [];
    const others = this.changeOnly ? [] : this.words.legend(shownInfo(this.snapshot), FULL_SCORE);
    const parts = [...others, ...compares];
    if (parts.length === 0) return nothing;
    return html`<p>${parts.map(part => (typeof part === 'string' ? part : mark(part)))}</p>`;
  }
}

function mark({ mark, word }: Exclude<LegendPart, string>): TemplateResult {
  return html`<span><svg width="14" height="10" aria-hidden="true">${GLYPHS[mark]}</svg><b>${word}</b></span>`;
}
