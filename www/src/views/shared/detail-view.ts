// Base class of most views that open beside the roll. It has the view's width, the glossary, and data tables that are
// drawn only while they are open.

import type { CSSResultGroup, PropertyDeclarations, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Intent } from '../../scope/intents';
import { Terms, termStyle } from './glossary';
import { headingStyle } from './heading';
import { base, controls, marks } from './style';
import { PictureView, Width } from './view';

export class DetailView extends PictureView {
  static override properties: PropertyDeclarations = { ...PictureView.properties, openTables: { state: true } };
  static override styles: CSSResultGroup = [base, controls, marks, termStyle, headingStyle];

  /** The names of the data tables that are open. */
  declare private openTables: ReadonlySet<string>;

  protected readonly width = new Width(this);

  constructor() {
    super();
    this.openTables = new Set();
    new Terms(this, () => this.words);
  }

  /** `ask` as a function that can be passed to the parts of a view. */
  protected readonly asks = (intent: Intent): void => {
    this.ask(intent);
  };

  /** A data table that opens under a summary; `name` is unique in the view. */
  protected dataTable(name: string, summary: string, draw: () => TemplateResult | typeof nothing): TemplateResult {
    const toggle = ({ currentTarget }: Event): void => {
      const others = [...this.openTables].filter(other => other !== name);
      this.openTables = new Set((currentTarget as HTMLDetailsElement).open ? [...others, name] : others);
    };
    return html`
      <details @toggle=${toggle}>
        <summary>${summary}</summary>
        ${this.openTables.has(name) ? draw() : nothing}
      </details>
    `;
  }
}
