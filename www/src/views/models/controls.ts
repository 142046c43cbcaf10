// Controls of the models view: model, context length, number of users, memory, bits per cached value, bits per weight,
// and the text of a config.json. Sliders are logarithmic; the boxes beside them take any whole number in range.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { SurveyedModel as Model } from '../../engine/types';
import { clamp } from '../../scope/clamp';
import type { Intent } from '../../scope/intents';
import type { ScopeState } from '../../scope/state';
import type { Words } from '../../text/words';
import { CACHE_BITS, MOST_CONFIG, MOST_CONTEXT, MOST_MEMORY, MOST_USERS, WEIGHT_BITS } from '../../scope/fields';

type Ask = (intent: Intent) => void;

/** A logarithmic slider: every `stops` stops, the value is multiplied by `factor`. */
interface Scale {
  readonly most: number;
  readonly factor: number;
  readonly stops: number;
}

const CONTEXT: Scale = { most: MOST_CONTEXT, factor: 2, stops: 2 };
const USERS: Scale = { most: MOST_USERS, factor: 10, stops: 10 };
const MEMORY: Scale = { most: MOST_MEMORY, factor: 10, stops: 10 };

/** The slider's stop for a value; `valueAt` is the inverse, up to rounding. */
const stopOf = ({ factor, stops }: Scale, value: number): number =>
  Math.round((Math.log(Math.max(1, value)) / Math.log(factor)) * stops);
const valueAt = ({ most, factor, stops }: Scale, stop: number): number =>
  Math.min(most, Math.round(factor ** (stop / stops)));

export function controls(
  state: ScopeState,
  models: readonly Model[],
  chosen: Model | undefined,
  isRefused: boolean,
  { models: words }: Words,
  ask: Ask,
): TemplateResult {
  const option = (model: Model): TemplateResult =>
    html`<option value=${model.id} .selected=${model.id === chosen?.id}>${words.name(model)}</option>`;
  const presets = models.filter(({ origin }) => origin === 'preset');
  const others = models.filter(({ origin }) => origin !== 'preset');
  return html`
    <div class="controls" role="group" aria-label=${words.controls}>
      <label class="wide"
        ><span>${words.model}</span>
        <select
          @change=${(event: Event) => {
            ask({ do: 'survey', published: (event.currentTarget as HTMLSelectElement).value });
          }}
        >
          <optgroup label=${words.groups.presets}>${presets.map(option)}</optgroup>
          <optgroup label=${words.groups.others}>
            ${others.map(option)}
            ${isRefused ? html`<option value="own" selected>${words.ownRefused}</option>` : nothing}
          </optgroup>
        </select></label
      >
      ${slider(words.context, state.context, 1, CONTEXT, words.tokensOf, context => {
        ask({ do: 'survey', context });
      })}
      ${slider(words.users, state.users, 0, USERS, words.usersOf, users => {
        ask({ do: 'survey', users });
      })}
      ${slider(words.memory, state.memory, 1, MEMORY, words.memoryOf, memory => {
        ask({ do: 'survey', memory });
      })}
      ${select(words.bits, CACHE_BITS, state.bits, words.bitsOf, bits => {
        ask({ do: 'survey', bits });
      })}
      ${select(words.weights, WEIGHT_BITS, state.weights, words.weightsOf, weights => {
        ask({ do: 'survey', weights });
      })}
    </div>
  `;
}

function slider(
  name: string,
  value: number,
  least: number,
  scale: Scale,
  format: (value: number) => string,
  change: (value: number) => void,
): TemplateResult {
  return html`
    <div class="slider">
      <span aria-hidden="true">${name}</span>
      <input
        type="range"
        min="0"
        max=${Math.ceil((Math.log(scale.most) / Math.log(scale.factor)) * scale.stops)}
        step="1"
        aria-label=${name}
        aria-valuetext=${format(value)}
        .value=${String(stopOf(scale, value))}
        @input=${(event: Event) => {
          change(valueAt(scale, (event.currentTarget as HTMLInputElement).valueAsNumber));
        }}
      />
      <input
        type="number"
        min=${least}
        max=${scale.most}
        step="1"
        aria-label=${name}
        .value=${String(value)}
        @change=${(event: Event) => {
          const input = event.currentTarget as HTMLInputElement;
          const wanted = Number.isFinite(input.valueAsNumber) ? Math.round(input.valueAsNumber) : value;
          const clamped = clamp(wanted, least, scale.most);
          input.value = String(clamped);
          change(clamped);
        }}
      />
    </div>
  `;
}

function select<T>(
  name: string,
  choices: readonly T[],
  chosen: T,
  format: (choice: T) => string,
  change: (choice: T) => void,
): TemplateResult {
  return html`
    <label
      ><span>${name}</span>
      <select
        @change=${(event: Event) => {
          const choice = choices[(event.currentTarget as HTMLSelectElement).selectedIndex];
          if (choice !== undefined) change(choice);
        }}
      >
        ${choices.map(choice => html`<option .selected=${choice === chosen}>${format(choice)}</option>`)}
      </select></label
    >
  `;
}

/** The text box for a config.json, which is read as soon as it has text. */
export function paste(
  { config, published }: ScopeState,
  refused: string | undefined,
  { models: words }: Words,
  ask: Ask,
): TemplateResult {
  const set = (text: string): void => {
    const left = text.trim() === '' && published === 'own' ? { published: 'deepseek-v3' } : {};
    ask({ do: 'survey', config: text, ...(text.trim() === '' ? left : { published: 'own' }) });
  };
  return html`
    <details class="paste">
      <summary>${words.paste}</summary>
      <p class="small quiet" id="paste-hint">${words.pasteHint}</p>
      <textarea
        rows="5"
        spellcheck="false"
        autocomplete="off"
        autocapitalize="off"
        maxlength=${MOST_CONFIG}
        aria-label=${words.pasteLabel}
        aria-describedby="paste-hint"
        .value=${config}
        @input=${(event: Event) => {
          set((event.currentTarget as HTMLTextAreaElement).value);
        }}
      ></textarea>
      <button
        aria-disabled=${config === ''}
        @click=${() => {
          if (config !== '') set('');
        }}
      >
        ${words.pasteClear}
      </button>
    </details>
    <p class="refused" role="alert">${refused === undefined ? nothing : words.refused(refused)}</p>
  `;
}
