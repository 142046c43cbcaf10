// Opens another model from three files on the user's disk. The files are not uploaded.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { css, html, nothing } from 'lit';
import type { ShownFault } from '../scope/state';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';

const NAMES = ['config.json', 'model.safetensors', 'tokenizer.json'] as const;

export class Open extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    unfolded: { attribute: false },
    missing: { state: true },
  };

  static override styles = [
    base,
    controls,
    css`
      summary {
        width: max-content;
      }
      .body {
        padding: 4px 0 0;
        max-width: 560px;
      }
      input {
        border: 0;
        padding: 4px 0;
        height: auto;
        max-width: 100%;
      }
      :is(.missing, .refused) {
        color: var(--moe-fault);
      }
    `,
  ];

  /** True if the file chooser is unfolded at first. */
  declare unfolded: boolean;
  /** Names of the files that were missing in the last choice. */
  declare private missing: readonly string[];

  constructor() {
    super();
    this.unfolded = false;
    this.missing = [];
  }

  protected override render(): TemplateResult {
    const words = this.words.open;
    const { fault } = this.snapshot;
    return html`
      <details ?open=${this.unfolded}>
        <summary>${this.unfolded ? words.missing : words.summary}</summary>
        <div class="body">
          <p class="quiet" id="hint">${words.hint}</p>
          <input
            type="file"
            multiple
            accept=".json,.safetensors"
            aria-label=${words.files}
            aria-describedby="hint"
            @change=${this.#choose}
          />
          <p class="missing" role="alert">${this.missing.length > 0 ? words.missingFiles(this.missing) : nothing}</p>
          ${fault?.during === 'load' ? this.#refused(fault) : nothing}
        </div>
      </details>
    `;
  }

  /** The fault is also shown here, because the files are chosen at the bottom of the page. */
  #refused({ kind, message, recovered }: ShownFault): TemplateResult {
    return html`<p class="refused">${this.words.fault.say(kind, message, recovered)}</p>`;
  }

  readonly #choose = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const files = [...(input.files ?? [])];
    const [config, checkpoint, tokenizer] = [
      files.find(file => file.name === 'config.json'),
      files.find(file => file.name.endsWith('.safetensors')),
      files.find(file => file.name === 'tokenizer.json'),
    ];
    this.missing = NAMES.filter((_, index) => ![config, checkpoint, tokenizer][index]);
    // Clear the input; otherwise choosing the same files again fires no event.
    input.value = '';
    if (config && checkpoint && tokenizer) this.ask({ do: 'open', files: { config, checkpoint, tokenizer } });
  };
}
