// The selected model's caches under each scheme, at the chosen context and number of users, and the memory that is left
// for caches.

import type { TemplateResult } from 'lit';
import { html, nothing, svg } from 'lit';
import type { ModelInfo, Question, Scheme, Survey, SurveyedModel } from '../../engine/types';
import type { Words } from '../../text/words';
import { number, table } from '../shared/data-table';

const ROW = 40;
/** Maximum number of schemes. */
const MOST = 3;
/** Height in px below the bars, for the text that says how much memory is left for caches. */
const FOOT = 24;

/** Three figures of the selected model: bytes per token, bytes per user, and number of users that fit. */
export function figures(model: SurveyedModel | undefined, question: Question, { f, models }: Words): TemplateResult {
  const published = model?.schemes[0];
  const within = model?.window !== undefined ? published?.token_bytes : undefined;
  const figure = (name: string, value: number | undefined, format: (value: number) => string, what: string) => html`
    <div>
      <dt>${what}</dt>
      <dd data-figure=${name} data-value=${value ?? nothing}>
        ${value === undefined ? (model ? models.unknown : nothing) : format(value)}
      </dd>
    </div>
  `;
  const bytes = (value: number): string => `${f.whole(value)} B`;
  return html`
    <dl class="figures">
      ${figure('token', published?.long_token_bytes, bytes, models.figures.token(question.bits, within))}
      ${figure('user', published?.user_bytes, f.bytes, models.figures.user(question.context))}
      ${figure('fit', published?.fit, models.figures.users, models.figures.fit(question.memory, question.weights))}
    </dl>
  `;
}

export function schemesPicture(model: SurveyedModel | undefined, width: number, { f, models }: Words): TemplateResult {
  const schemes = model?.schemes ?? [];
  const room = model?.room;
  const most = Math.max(room ?? 0, ...schemes.map(({ all_bytes }) => all_bytes));
  const scaled = (bytes: number): number => (most > 0 ? (bytes / most) * (width - 1) : 0);
  // Until the schemes are known, space for the maximum number of schemes is reserved.
  const height = (model ? schemes.length : MOST) * ROW + FOOT;
  const bar = ({ scheme, all_bytes }: Scheme, index: number): TemplateResult<2> => {
    const y = index * ROW;
    const term = scheme === 'published' ? nothing : scheme === 'expanded' ? 'expanded' : 'plainMha';
    const kind =
      scheme === 'published'
        ? model?.c_kv === undefined
          ? 'heads'
          : 'ckv'
        : scheme === 'expanded'
          ? 'ghost'
          : 'plain';
    return svg`
      <text x="0" y=${y + 14}><tspan class="strong">${models.schemes[scheme]}</tspan
        ><tspan dx="8">${f.bytes(all_bytes)}</tspan><tspan dx="8">${models.schemeNote[scheme]}</tspan></text>
      <rect class=${kind} data-term=${term} data-scheme=${scheme} data-value=${all_bytes} x="0" y=${y + 20}
        width=${scaled(all_bytes)} height="12" />`;
  };
  const x = room === undefined ? 0 : Math.round(scaled(room)) + 0.5;
  const end = x > width / 2;
  const rule = schemes.map((_, index) => `M${x} ${index * ROW + 18}v16`).join('');
  return html`
    <svg class="schemes" width=${width} height=${height} role="img" aria-label=${models.cachePicture}>
      ${schemes.map(bar)}
      ${
        room === undefined || schemes.length === 0
          ? nothing
          : svg`<path class="rule" data-room=${room} d=${rule} />
              <text class=${end ? 'end' : ''} x=${Math.max(0, end ? x + 1 : x - 1)} y=${schemes.length * ROW + 12}>${models.room(room)}</text>`
      }
    </svg>
  `;
}

export function schemesTable(model: SurveyedModel, { f, models }: Words): TemplateResult {
  const { heads } = models;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${models.schemesTable}>
    ${table(
      'schemes',
      models.schemesTable,
      [
        { text: heads.scheme },
        { text: heads.values, number: true },
        { text: heads.token, number: true },
        { text: heads.user, number: true },
        { text: heads.all, number: true },
        { text: heads.fit, number: true },
      ],
      model.schemes.map(
        scheme =>
          html`<tr data-scheme=${scheme.scheme}>
            <th scope="row">${models.schemes[scheme.scheme]}</th>
            ${number(scheme.values, f.whole)} ${number(scheme.long_token_bytes, f.whole)}
            ${number(scheme.user_bytes, f.whole)} ${number(scheme.all_bytes, f.whole)} ${number(scheme.fit, f.whole)}
          </tr>`,
      ),
    )}
  </div>`;
}

/** Sentences on the memory and the caches of the selected model; `info` describes the page's own model. */
export function sentencesOf(
  model: SurveyedModel,
  { question }: Survey,
  info: ModelInfo,
  { models }: Words,
): readonly string[] {
  const { room, weights, window, windowed_layers, layers, indexer_bytes, c_kv } = model;
  const bytes = weights?.bytes ?? 0;
  const memory =
    question.weights === 0
      ? models.cachesAlone(question.memory)
      : room === undefined
        ? models.roomUnknown
        : bytes > question.memory * 1e9
          ? models.noRoom(bytes, question.memory)
          : models.weightsTake(bytes, question.memory, room);
  return [
    memory,
    ...(model.origin === 'page'
      ? [
          models.inPage(
            8 * info.cache_value_bytes,
            info.cache_values.latent * info.cache_value_bytes * info.num_hidden_layers,
            info.max_position_embeddings,
          ),
        ]
      : []),
    ...(model.schemes.length === 0 ? [models.cacheUnknown] : []),
    ...(window === undefined ? [] : [models.windowed(windowed_layers, layers, window)]),
    ...(indexer_bytes ? [models.indexed(indexer_bytes)] : []),
    ...(c_kv !== undefined && indexer_bytes === undefined ? [models.indexUnknown] : []),
  ];
}
