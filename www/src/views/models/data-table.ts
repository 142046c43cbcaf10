// The pictures of published models in numbers, with the source of each model's fields.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Survey, SurveyedModel } from '../../engine/types';
import type { Words } from '../../text/words';
import { box, number, table } from '../shared/data-table';

export function allModels(survey: Survey, chosen: SurveyedModel | undefined, { f, models }: Words): TemplateResult {
  const { columns } = models;
  const right = (text: string) => ({ text, number: true });
  const known = (value: number | undefined): TemplateResult =>
    value === undefined ? html`<td class="number">${models.unknown}</td>` : number(value, f.whole);
  return box(models.numbers, [
    table(
      'models',
      models.table,
      [
        { text: columns.model },
        { text: columns.attention },
        right(columns.layers),
        right(columns.windowed),
        right(columns.values),
        right(columns.token),
        right(columns.long),
        right(columns.user),
        right(columns.fit),
        right(columns.total),
        right(columns.active),
        { text: columns.published },
        { text: columns.unverified },
        { text: columns.source },
      ],
      survey.models.map(model => {
        const published = model.schemes[0];
        return html`<tr data-model=${model.id} class=${model.id === chosen?.id ? 'here' : ''}>
          <th scope="row">${models.name(model)}</th>
          <td>${model.attention}</td>
          ${known(model.layers)} ${known(published ? model.windowed_layers : undefined)} ${known(published?.values)}
          ${known(published?.token_bytes)} ${known(published?.long_token_bytes)} ${known(published?.user_bytes)}
          ${known(published?.fit)} ${known(model.weights?.total)} ${known(model.weights?.active)}
          <td>
            ${model.origin === 'preset' ? models.publishedShort(model.published_total, model.published_active) : nothing}
          </td>
          <td>${model.unverified.join(', ')}</td>
          <td>${sourceOf(model, models)}</td>
        </tr>`;
      }),
    ),
  ]);
}

/** The source of a model's fields. */
export function sourceOf({ origin, source }: SurveyedModel, words: Words['models']): string {
  return origin === 'page' ? words.pageSource : origin === 'own' ? words.ownSource : (source ?? words.unknown);
}
