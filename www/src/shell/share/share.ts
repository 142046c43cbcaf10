// The share dialog: choose the parts of a view, preview them, copy a link or code, or save a file. It edits a copy of
// the page's state, made when the dialog opens.

import { reasonOf } from '../../engine/error-message';
import type { SavedSessionError } from '../../export/session';
import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { formatAddress, parseAddress } from '../../scope/address';
import { clamp } from '../../scope/clamp';
import type { ScopeState } from '../../scope/state';
import { initialState } from '../../scope/state';
import type { Refusal } from '../../text/en/share';
import type { ShareWords } from '../../text/share-words';
import { shareWords } from '../../text/share-words';
import { closeButton, closeButtonStyle } from '../../views/shared/close-button';
import { base, controls } from '../../views/shared/style';
import { View } from '../../views/shared/view';
import type { Shell } from '../shell';
import { elementCode, frameCode, linkTo, markdown } from './codes';
import { save, SAVE_FORMATS } from './save';
import { shareStyle } from './share-style';
import { PARTS, THEMES } from '../../scope/fields';
import { END } from '../../scope/values';

/** Width of the frame, px. */
const WIDTH = { least: 320, initial: 720, most: 2560 };
/** Height of the frame until it is measured, px. */
const HEIGHT = 640;

interface Code {
  readonly key: keyof ShareWords['codes'];
  readonly text: string;
  readonly rows: number;
}

export class Share extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    shell: { attribute: false },
    state: { state: true },
    width: { state: true },
    height: { state: true },
    announcement: { state: true },
    refused: { state: true },
  };

  static override styles = [base, controls, closeButtonStyle, shareStyle];

  declare shell: Shell;
  /** The state to share; null while the dialog is closed. */
  declare private state: ScopeState | null;
  declare private width: number;
  /** The height that the frame reported; null until then. */
  declare private height: number | null;
  /** Status of the last action; empty if there is none. */
  declare private announcement: string;
  /** The reason why a session file was not opened; empty if there is none. */
  declare private refused: string;

  /** The frame's first address; later changes are sent as messages. */
  #begun = '';
  /** The dialog's choices that the frame has, as JSON; known from its address and from the messages to and from it. */
  #had = '';
  #opener: HTMLElement | null = null;

  constructor() {
    super();
    this.state = null;
    this.width = WIDTH.initial;
    this.height = null;
    this.announcement = '';
    this.refused = '';
  }

  get #texts(): ShareWords {
    return shareWords(this.language);
  }

  /** Opens the dialog with the page's state. */
  async open(): Promise<void> {
    // Properties set before registration are available after the first update.
    await this.updateComplete;
    if (!this.state) {
      this.state = this.snapshot.state;
      this.#begun = linkTo(this.shell.home, this.state, 'embed.html');
      this.#had = JSON.stringify(chosen(this.state));
      this.height = null;
      this.announcement = '';
      this.refused = '';
    }
    await this.updateComplete;
    const dialog = this.#dialog;
    if (!dialog || dialog.open) return;
    const active = this.shell.shadowRoot?.activeElement;
    this.#opener = active instanceof HTMLElement ? active : null;
    dialog.showModal();
  }

  /** Opens a session file and closes the dialog; on an error, the dialog stays open and shows the reason. */
  async take(file: File): Promise<void> {
    this.refused = '';
    this.announcement = this.#texts.opening;
    try {
      const { openSession } = await import('../../export/session');
      await openSession(this.shell.scope, file);
      this.#dialog?.close();
    } catch (error) {
      this.refused = this.#texts.refused(refusalOf(error));
    }
    this.announcement = '';
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('message', this.#heard);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('message', this.#heard);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (!state) return nothing;
    const texts = this.#texts;
    return html`
      <dialog aria-labelledby="title" @close=${this.#closed} @keydown=${stay}>
        <div class="head">
          <h2 id="title">${texts.title}</h2>
          ${closeButton(texts.close, () => {
            this.#dialog?.close();
          })}
        </div>
        <div class="body">
          ${this.#embed(state, texts)} ${this.#codes(state, texts)}
          <p class="result small quiet" role="status">${this.announcement}</p>
          <div class="save">${this.#saving(texts)} ${this.#opening(texts)}</div>
        </div>
      </dialog>
    `;
  }

  #embed(state: ScopeState, texts: ShareWords): TemplateResult {
    const { theme: themes } = this.words;
    return html`
      <div class="embed">
        <div>
          <fieldset>
            <legend>${texts.show}</legend>
            ${PARTS.map(part =>
              this.#check(texts.parts[part], !state.hidden.includes(part), on => {
                this.#change({ hidden: PARTS.filter(each => (each === part ? !on : state.hidden.includes(each))) });
              }),
            )}
          </fieldset>
          <fieldset>
            <legend>${texts.behave}</legend>
            ${this.#check(texts.reveal, state.reveal === 'click', on => {
              this.#change({ reveal: on ? 'click' : 'always' });
            })}
            ${this.#check(texts.autoplay, state.autoplay, autoplay => {
              this.#change({ autoplay });
            })}
            <p class="small quiet">${texts.autoplayDescription}</p>
            <label class="line">
              ${texts.theme}
              <select
                @change=${(event: Event) => {
                  const theme = THEMES[(event.currentTarget as HTMLSelectElement).selectedIndex];
                  if (theme) this.#change({ theme });
                }}
              >
                ${THEMES.map(theme => html`<option .selected=${theme === state.theme}>${themes[theme]}</option>`)}
              </select>
            </label>
            ${this.shell.isOneFile ? nothing : this.#widthField(texts)}
          </fieldset>
        </div>
        ${this.shell.isOneFile ? html`<p class="quiet">${texts.oneFile}</p>` : this.#preview(texts)}
      </div>
    `;
  }

  #check(name: string, checked: boolean, take: (on: boolean) => void): TemplateResult {
    return html`
      <label class="check">
        <input
          type="checkbox"
          .checked=${checked}
          @change=${(event: Event) => {
            take((event.currentTarget as HTMLInputElement).checked);
          }}
        />
        ${name}
      </label>
    `;
  }

  #widthField(texts: ShareWords): TemplateResult {
    return html`
      <label class="line">
        ${texts.width}
        <input
          type="number"
          min=${WIDTH.least}
          max=${WIDTH.most}
          step="1"
          .value=${String(this.width)}
          @change=${(event: Event) => {
            const input = event.currentTarget as HTMLInputElement;
            const wanted = Number.isNaN(input.valueAsNumber) ? WIDTH.initial : Math.round(input.valueAsNumber);
            this.width = clamp(wanted, WIDTH.least, WIDTH.most);
            input.value = String(this.width);
          }}
        />
      </label>
    `;
  }

  #preview(texts: ShareWords): TemplateResult {
    const view = this.words.views[this.snapshot.state.view];
    return html`
      <div class="look">
        <h3>${texts.preview}</h3>
        <div class="preview" role="group" tabindex="0" aria-label=${texts.preview}>
          <iframe
            src=${this.#begun}
            title=${texts.previewOf(view)}
            width=${this.width}
            height=${this.height ?? HEIGHT}
          ></iframe>
        </div>
        <p class="small quiet">
          ${this.height === null ? texts.measuring : texts.previewDescription(this.width, this.height)}
        </p>
      </div>
    `;
  }

  #codes(state: ScopeState, texts: ShareWords): TemplateResult {
    const { home, isOneFile } = this.shell;
    const title = texts.frameTitle(this.words.views[state.view]);
    const link = linkTo(home, state);
    const codes: Code[] = [
      { key: 'link', text: link, rows: 1 },
      { key: 'markdown', text: markdown(title, link), rows: 1 },
    ];
    if (!isOneFile) {
      const framed = linkTo(home, state, 'embed.html');
      codes.push(
        { key: 'frame', text: frameCode(title, framed, this.width, this.height ?? HEIGHT), rows: 2 },
        { key: 'element', text: elementCode(home, state), rows: 2 },
      );
    }
    return html`
      ${state.opened ? html`<p class="small quiet">${texts.openedModel(state.opened.name)}</p>` : nothing}
      <div class="codes">
        ${codes.map(
          ({ key, text, rows }) => html`
            <label for=${key}>${texts.codes[key]}</label>
            <textarea
              id=${key}
              readonly
              spellcheck="false"
              rows=${rows}
              .value=${text}
              @focus=${(event: Event) => {
                (event.currentTarget as HTMLTextAreaElement).select();
              }}
            ></textarea>
            <button
              aria-label=${texts.copyWhat(texts.codes[key])}
              @click=${() => {
                void this.#copy(key, text);
              }}
            >
              ${texts.copy}
            </button>
          `,
        )}
      </div>
    `;
  }

  #saving(texts: ShareWords): TemplateResult {
    return html`
      <div>
        <h3>${texts.save}</h3>
        <div class="formats">
          ${SAVE_FORMATS.map(
            format => html`
              <button
                aria-label=${texts.saveWhat(texts.formats[format])}
                @click=${() => {
                  void this.#save(format);
                }}
              >
                ${texts.formats[format]}
              </button>
            `,
          )}
        </div>
        <p class="small quiet">${texts.saveDescription}</p>
      </div>
    `;
  }

  #opening(texts: ShareWords): TemplateResult {
    return html`
      <div>
        <h3>${texts.session}</h3>
        <input
          type="file"
          accept=".json,application/json"
          aria-label=${texts.sessionFile}
          aria-describedby="sessionDescription"
          @change=${this.#choose}
        />
        <p class="small quiet" id="sessionDescription">${texts.sessionDescription}</p>
        <p class="refused" role="alert">${this.refused}</p>
      </div>
    `;
  }

  /** Changes the state to share, which the frame then shows. */
  #change(change: Partial<ScopeState>): void {
    if (this.state) this.state = { ...this.state, ...change };
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('state') && this.state) this.#tell(this.state);
  }

  /** Sends the choices to the frame unless it has them already, because any message stops the frame's playback. */
  #tell(wanted: ScopeState): void {
    const state = chosen(wanted);
    const written = JSON.stringify(state);
    if (written === this.#had) return;
    this.#had = written;
    this.#frame?.contentWindow?.postMessage({ moescope: 1, type: 'set', state }, '*');
  }

  get #frame(): HTMLIFrameElement | null {
    return this.renderRoot.querySelector('iframe');
  }

  /** Receives the frame's height and state. */
  readonly #heard = ({ source, data }: MessageEvent<unknown>): void => {
    const frame = this.#frame;
    if (source === null || source !== frame?.contentWindow || typeof data !== 'object' || data === null) return;
    const { type, height, state } = data as { type?: unknown; height?: unknown; state?: unknown };
    if (type === 'resize' && typeof height === 'number') this.height = height;
    if (type === 'state' && typeof state === 'string' && this.state) this.#follow(this.state, state);
  };

  /** Takes the state that the user reached in the preview; the dialog's choices stay. */
  #follow(before: ScopeState, address: string): void {
    const { hidden, reveal, autoplay, theme } = before;
    // Fields that the address leaves out have their defaults.
    const { state } = parseAddress(address, initialState('', END, END));
    const next = { ...state, hidden, reveal, autoplay, theme };
    if (formatAddress(next) !== formatAddress(before)) this.state = next;
    // A message sent before the frame listened was lost, so the choices may have to be sent again.
    this.#had = JSON.stringify(chosen(state));
    this.#tell(next);
  }

  async #copy(key: Code['key'], text: string): Promise<void> {
    const texts = this.#texts;
    try {
      await navigator.clipboard.writeText(text);
      this.announcement = texts.copied(texts.codes[key]);
    } catch {
      this.renderRoot.querySelector<HTMLTextAreaElement>(`#${key}`)?.focus();
      this.announcement = texts.notCopied(texts.codes[key]);
    }
  }

  async #save(format: (typeof SAVE_FORMATS)[number]): Promise<void> {
    const texts = this.#texts;
    this.announcement = texts.saving;
    try {
      this.announcement = texts.saved(await save(this.shell, format));
    } catch (error) {
      this.announcement = texts.notSaved(reasonOf(error));
    }
  }

  readonly #choose = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) void this.take(file);
    // Clear the input; otherwise choosing the same file again fires no event.
    input.value = '';
  };

  readonly #closed = (): void => {
    this.state = null;
    this.#opener?.focus();
  };
}

/** The reason why a session file was not opened. */
function refusalOf(error: unknown): Refusal {
  const { refusal } = error as Partial<SavedSessionError>;
  return refusal ?? { why: 'other', message: reasonOf(error) };
}

/** The dialog's choices as fields of a message; the frame has the rest of the state itself. */
function chosen({ hidden, reveal, autoplay, theme }: ScopeState): Readonly<Record<string, string | boolean>> {
  return { hide: hidden.join('_'), reveal, autoplay, theme };
}

/** Keys pressed in the dialog do not reach the page. */
function stay(event: KeyboardEvent): void {
  event.stopPropagation();
}
