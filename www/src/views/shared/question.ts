// With `reveal=click`: a question and a button in place of the step's answer.

import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import type { Intent } from '../../scope/intents';
import type { Words } from '../../text/words';

export function guess(question: string, words: Words, ask: (intent: Intent) => void): TemplateResult {
  return html`
    <div class="guess">
      <p>${question}</p>
      ${revealButton(words, ask)}
    </div>
  `;
}

export function revealButton(words: Words, ask: (intent: Intent) => void): TemplateResult {
  return html`
    <button
      class="strong"
      @click=${() => {
        ask({ do: 'reveal' });
      }}
    >
      ${words.reveal.show}
    </button>
  `;
}

export const guessStyle = css`
  .guess {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
  }
`;
