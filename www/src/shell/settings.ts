// The settings of playback and of the next token, behind one word: speed, temperature, seed; and a button that goes to
// the end of the text and generates a token.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import { clamp } from '../scope/clamp';
import type { Speed } from '../scope/fields';
import { MOST_SEED, MOST_TEMPERATURE, SPEEDS } from '../scope/fields';
import { mayGenerate } from '../scope/select';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import { PopUp, popUpStyle } from './pop-up';

export class Settings extends View {
  static override styles = [
    base,
    controls,
    popUpStyle,
    css`
      summary {
        color: var(--moe-ink2);
        text-decoration: underline;
        text-decoration-color: var(--moe-edge);
        text-underline-offset: 3px;
        line-height: 24px;
      }
      summary:hover {
        text-decoration-color: currentColor;
      }
      label {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 16px;
      }
      input {
        width: 72px;
      }
      @media (max-width: 599px) {
        summary .values {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    new PopUp(this, 'details');
  }

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const { speed, temperature, seed } = snapshot.state;
    const words = this.words.settings;
    const room = mayGenerate(snapshot);
    return html`
      <details class="pop-up">
        <summary>${words.label}<span class="values">${words.values(speed, temperature, seed)}</span></summary>
        <div class="content">
          <label>
            ${words.speed}
            <select
              @change=${(event: Event) => {
                const chosen = SPEEDS[(event.currentTarget as HTMLSelectElement).selectedIndex];
                if (chosen !== undefined) this.ask({ do: 'speed', speed: chosen });
              }}
            >
              ${SPEEDS.map((each: Speed) => html`<option .selected=${each === speed}>${words.times(each)}</option>`)}
            </select>
          </label>
          ${this.#number(words.temperature, temperature, 0.1, MOST_TEMPERATURE, value => {
            this.ask({ do: 'sample', temperature: value });
          })}
          ${this.#number(words.seed, seed, 1, MOST_SEED, value => {
            this.ask({ do: 'sample', seed: value });
          })}
          <button
            aria-disabled=${!room}
            @click=${() => {
              if (room) this.ask({ do: 'generate' });
            }}
          >
            ${words.generate}
          </button>
        </div>
      </details>
    `;
  }

  #number(name: string, value: number, step: number, most: number, change: (value: number) => void): TemplateResult {
    return html`
      <label
        >${name}
        <input
          type="number"
          min="0"
          max=${most}
          step=${step}
          .value=${String(value)}
          @change=${(event: Event) => {
            const input = event.currentTarget as HTMLInputElement;
            const wanted = Number.isFinite(input.valueAsNumber) ? input.valueAsNumber : value;
            const clamped = clamp(step === 1 ? Math.floor(wanted) : wanted, 0, most);
            input.value = String(clamped);
            change(clamped);
          }}
        />
      </label>
    `;
  }
}
