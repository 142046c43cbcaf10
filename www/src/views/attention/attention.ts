// What each head reads. May import: lit, view, style, terms, layout, scope (select), text.

import type { TemplateResult } from 'lit';
import { html } from 'lit';
import { label, shownPosition } from '../../scope/select';
import { quoted } from '../../text/token';
import { chosenLayer } from '../layout';
import { base, controls, marks } from '../style';
import { prose, Terms, termStyle } from '../terms';
import { PictureView } from '../view';

export class Attention extends PictureView {
  static override styles = [base, controls, marks, termStyle];

  readonly #terms = new Terms(this, () => this.words);

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const words = this.words.attention;
    const token = label(snapshot, shownPosition(snapshot));
    return html`
      <section aria-label=${words.label}>
        <h2>${words.title(token === '' ? null : quoted(token), chosenLayer(snapshot))}</h2>
        ${prose(words.prose)}
      </section>
    `;
  }
}
