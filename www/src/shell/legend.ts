// One sentence that explains the picture and contains the picture's marks.

import type { PropertyValues, TemplateResult } from 'lit';
import { css, html, svg } from 'lit';
import { shapeOf } from '../scope/shape';
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
  latent: svg`<rect class="ckv" y="2" width="14" height="4" /><rect class="rope" y="6" width="14" height="2" />`,
};

export class Legend extends View {
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
      svg {
        display: inline-block;
        vertical-align: -1px;
        margin: 0 4px 0 1px;
        overflow: hidden;
      }
    `,
  ];

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = changed.get('snapshot');
    return before?.model !== this.snapshot.model || changed.size > 1;
  }

  protected override render(): TemplateResult {
    const parts = this.words.legend(shapeOf(this.snapshot), FULL_SCORE);
    return html`<p>${parts.map(part => (typeof part === 'string' ? part : mark(part)))}</p>`;
  }
}

function mark({ mark, word }: Exclude<LegendPart, string>): TemplateResult {
  return html`<span><svg width="14" height="10" aria-hidden="true">${GLYPHS[mark]}</svg><b>${word}</b></span>`;
}
