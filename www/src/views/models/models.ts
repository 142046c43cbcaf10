// Published models: cache per token and per context, number of users that fit in a memory, and weights. Everything is
// calculated from published dimensions, or from a config.json of the user.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Survey, SurveyedModel } from '../../engine/types';
import { hasSurvey } from '../../scope/select';
import type { Intent } from '../../scope/intents';
import { dataTableStyle } from '../shared/data-table';
import { prose, Terms, termStyle } from '../shared/glossary';
import { headingStyle, titleAlone } from '../shared/heading';
import { base, controls as controlStyle, marks } from '../shared/style';
import { View, Width } from '../shared/view';
import { bars } from './bars';
import { controls, paste } from './controls';
import { allModels, sourceOf } from './data-table';
import { facts } from './facts';
import { modelsStyle } from './models-style';
import { barsPlan, isNarrow, squarePlan } from './plan';
import { figures, schemesPicture, schemesTable, sentencesOf } from './schemes';
import { square, weightsDescription, weightsTable } from './weights';

/** From this view width in px, the bars of all models are beside the selected model. */
const BESIDE = 1000;
/** Maximum width in px of the left column (the selected model), and of the bars if they are beside this column. */
const COLUMN = 640;
const GAP = 48;
/** Below this width in px, the sentences on the weights are below the square and not beside it. */
const STACKED = 600;
/** The model that is shown if a link names a model that does not exist. */
const USUAL = 'deepseek-v3';

export class Models extends View {
  static override properties: PropertyDeclarations = { ...View.properties, open: { state: true } };

  static override styles = [base, controlStyle, marks, termStyle, headingStyle, dataTableStyle, modelsStyle];

  /** True if the data table is open; a closed table is not drawn. */
  declare private open: boolean;

  readonly #width = new Width(this);
  /** The pasted text that was drawn last. */
  #pasted = '';

  constructor() {
    super();
    this.open = false;
    new Terms(this, () => this.words);
  }

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const { state } = snapshot;
    const survey = snapshot.survey ?? undefined;
    const isRefused = survey?.refused !== undefined && state.published === 'own';
    const chosen = isRefused ? undefined : this.#chosen(survey);
    const width = this.#width.value;
    const beside = width >= BESIDE;
    const left = beside ? COLUMN : Math.min(width, COLUMN);
    const right = beside ? Math.min(COLUMN, width - COLUMN - GAP) : width;
    const names = [isNarrow(width) ? 'narrow' : '', left < STACKED ? 'stacked' : ''].join(' ');
    return html`
      <section class=${names} aria-label=${words.models.label} aria-busy=${!hasSurvey(snapshot)}>
        ${titleAlone(words.models.title)} ${prose(words.models.prose)}
        <div class=${beside ? 'columns' : ''}>
          <div>
            ${controls(state, survey?.models ?? [], chosen, isRefused, words, this.#asks)}
            ${paste(state, survey?.refused, words, this.#asks)}
            ${isRefused ? nothing : this.#model(survey, chosen, left)}
          </div>
          <div>${this.#bars(survey, chosen, right)} ${facts(survey, words)}</div>
        </div>
        <details @toggle=${this.#toggle}>
          <summary>${words.models.numbers}</summary>
          ${this.open && survey ? allModels(survey, chosen, words) : nothing}
        </details>
      </section>
    `;
  }

  readonly #asks = (intent: Intent): void => {
    this.ask(intent);
  };

  /** The figures of the selected model. */
  #model(survey: Survey | undefined, chosen: SurveyedModel | undefined, width: number): TemplateResult {
    return html`
      ${this.#missing(survey, chosen)} ${figures(chosen, survey?.question ?? this.snapshot.state, this.words)}
      ${this.#caches(survey, chosen, width)} ${this.#weights(chosen, width)} ${this.#about(chosen)}
    `;
  }

  /** Opens the text box when the state gets a pasted text; removing the text does not close the box. */
  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { config } = this.snapshot.state;
    const paste = this.renderRoot.querySelector<HTMLDetailsElement>('details.paste');
    if (paste && config !== '' && this.#pasted === '') paste.open = true;
    this.#pasted = config;
  }

  /** The selected model, or `USUAL` if it does not exist. */
  #chosen(survey: Survey | undefined): SurveyedModel | undefined {
    const { published } = this.snapshot.state;
    const find = (wanted: string): SurveyedModel | undefined => survey?.models.find(({ id }) => id === wanted);
    return find(published) ?? find(USUAL);
  }

  /** The notice that the link names a model that does not exist, or the user's model without a config.json. */
  #missing(survey: Survey | undefined, chosen: SurveyedModel | undefined): TemplateResult | typeof nothing {
    const { published } = this.snapshot.state;
    if (!survey || !chosen || chosen.id === published || !hasSurvey(this.snapshot)) return nothing;
    const { models } = this.words;
    return html`<p class="refused" role="alert">${models.missing(published, models.name(chosen))}</p>`;
  }

  #caches(survey: Survey | undefined, chosen: SurveyedModel | undefined, width: number): TemplateResult {
    const { snapshot, words } = this;
    const { context, users } = survey?.question ?? snapshot.state;
    return html`
      <h3>${words.models.cache(context, users)}</h3>
      ${schemesPicture(chosen, width, words)}
      <div class="result">
        ${survey && chosen ? sentencesOf(chosen, survey, this.snapshot.model.info, words).map(sentence => html`<p class="description">${sentence}</p>`) : nothing}
        ${chosen && chosen.schemes.length > 0 ? schemesTable(chosen, words) : nothing}
      </div>
    `;
  }

  #weights(chosen: SurveyedModel | undefined, width: number): TemplateResult {
    const { words } = this;
    const weights = chosen?.weights;
    const plan = weights ? squarePlan(weights, width) : undefined;
    return html`
      <h3>${plan ? words.models.square(plan.unit) : words.models.squareTable}</h3>
      <div class="weighed">
        ${plan && weights ? html`<div>${square(plan, weights, words)}</div>` : nothing}
        ${chosen ? html`<div>${weightsDescription(chosen, words)}</div>` : nothing}
      </div>
      ${weights ? weightsTable(weights, words) : nothing}
    `;
  }

  #about(chosen: SurveyedModel | undefined): TemplateResult | typeof nothing {
    if (!chosen) return nothing;
    const { models } = this.words;
    return html`
      <div class="of small">
        <p>${models.of(models.name(chosen))}. ${chosen.note ?? nothing}</p>
        ${chosen.unverified.length > 0 ? html`<p class="unverified">${models.unverified(chosen.unverified)}</p>` : nothing}
        <p>${models.source}: ${sourceOf(chosen, models)}</p>
      </div>
    `;
  }

  #bars(survey: Survey | undefined, chosen: SurveyedModel | undefined, width: number): TemplateResult {
    const { snapshot, words } = this;
    const { config, bits } = snapshot.state;
    const plan = barsPlan(survey, config !== '', width);
    return html`
      <h3>${words.models.bars(survey?.question.bits ?? bits)}</h3>
      ${bars(plan, chosen, words, published => {
        this.ask({ do: 'survey', published });
      })}
      <p class="description small">${words.models.barsDescription}</p>
    `;
  }

  readonly #toggle = (event: Event): void => {
    this.open = (event.currentTarget as HTMLDetailsElement).open;
  };
}
