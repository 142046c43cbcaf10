// The page: the views, laid out, and its keys. May import: lit, the views, geometry, layout, style, scope, text.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { css, html, LitElement, nothing } from 'lit';
import { shownPosition } from '../scope/select';
import type { Scope } from '../scope/scope';
import type { Intent, Snapshot } from '../scope/state';
import { words } from '../text/words';
import { denseLayers, EXPANDED_HEIGHT, isPhone, pitchThatFits, routedLayers, showsAll } from './geometry';
import { chosenLayer, columnsOf, shapeOf } from './layout';
import { base } from './style';
import { Width } from './view';

/** From this width on the next tokens stand beside the picture. */
const BESIDE = 900;
const NEXT = 216;
const GAP = 16;
/** What stands above and below the staves on a wide page. */
const AROUND = 168 + 28 + EXPANDED_HEIGHT;

export class Page extends LitElement {
  static override properties: PropertyDeclarations = { scope: { attribute: false }, snapshot: { state: true } };

  static override styles = [
    base,
    css`
      :host {
        padding: 8px var(--moe-margin) 24px;
        min-width: 288px;
      }
      moe-status {
        padding-top: 4px;
      }
      moe-legend {
        padding: 4px 0;
      }
      .picture {
        position: relative;
      }
      moe-tokens {
        position: sticky;
        top: 0;
        z-index: 1;
      }
      moe-overview {
        padding-bottom: 12px;
      }
      moe-next {
        margin-top: 8px;
      }
      .beside moe-overview {
        width: var(--right);
      }
      .beside .roll {
        width: calc(100% - ${NEXT + GAP}px);
      }
      .beside moe-next {
        position: absolute;
        top: 0;
        left: calc(var(--right, 100%) + ${GAP}px);
        z-index: 2;
        width: ${NEXT}px;
        margin: 0;
      }
      footer {
        margin-top: 24px;
        padding-top: 16px;
        border-top: 1px solid var(--moe-line);
        display: grid;
        gap: 8px;
        color: var(--moe-ink2);
      }
      footer p {
        max-width: 720px;
        min-height: 60px;
      }
      @media (max-width: 599px) {
        footer p {
          min-height: 120px;
        }
      }
      footer moe-open {
        color: var(--moe-ink);
      }
      a {
        color: inherit;
        text-underline-offset: 3px;
      }
      a:focus-visible {
        outline: 2px solid var(--moe-ink);
        outline-offset: 2px;
      }
    `,
  ];

  declare scope: Scope;
  declare private snapshot: Snapshot;

  readonly #width = new Width(this);
  #frame = 0;
  #leave: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.snapshot = this.scope.store.snapshot;
    this.#leave = this.scope.store.listen(() => {
      // Records come faster than frames: draw once a frame.
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        this.snapshot = this.scope.store.snapshot;
      });
    });
    this.addEventListener('ask', this.#ask);
    this.addEventListener('keydown', this.#key);
    addEventListener('resize', this.#resize);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    removeEventListener('resize', this.#resize);
  }

  protected override render(): TemplateResult {
    const { snapshot } = this;
    const said = words('en');
    const shape = shapeOf(snapshot);
    const beside = this.#width.value >= BESIDE;
    const phone = isPhone(this.#width.value);
    const all = showsAll(shape, phone);
    const pitch = pitchThatFits(shape, innerHeight - AROUND, phone);
    const layers = all ? [...routedLayers(shape), ...denseLayers(shape)] : [chosenLayer(snapshot)];
    return html`
      <main>
        <moe-transport .snapshot=${snapshot}></moe-transport>
        <moe-status .snapshot=${snapshot}></moe-status>
        <moe-legend .snapshot=${snapshot}></moe-legend>
        <div class=${beside ? 'picture beside' : 'picture'}>
          <div class="roll">
            ${all ? nothing : html`<moe-overview .snapshot=${snapshot}></moe-overview>`}
            <moe-tokens .snapshot=${snapshot}></moe-tokens>
            ${layers.map(
              (layer, index) => html`
                <moe-routing
                  .snapshot=${snapshot}
                  .layer=${layer}
                  .pitch=${pitch}
                  .strip=${index < layers.length - 1}
                ></moe-routing>
              `,
            )}
            <moe-cache .snapshot=${snapshot}></moe-cache>
          </div>
          <moe-next .snapshot=${snapshot}></moe-next>
        </div>
      </main>
      <footer>
        <p>
          ${said.about.promise} ${snapshot.model ? said.about.model(snapshot.model.info) : nothing}
          <a href="model/MODEL_CARD.md">${said.about.card}</a>
        </p>
        <moe-open .snapshot=${snapshot}></moe-open>
      </footer>
    `;
  }

  protected override updated(): void {
    const picture = this.renderRoot.querySelector<HTMLElement>('.picture');
    if (!picture) return;
    // The next tokens stand where the last column ends, their heading beside the tokens.
    const beside = this.#width.value >= BESIDE;
    const { right, across } = columnsOf(this.snapshot, this.#width.value - (beside ? NEXT + GAP : 0));
    setProperty(picture, '--right', `${right}px`);
    setProperty(picture, '--head', beside && !across ? '64px' : '32px');
  }

  readonly #resize = (): void => {
    this.requestUpdate();
  };

  readonly #ask = (event: CustomEvent<Intent>): void => {
    this.scope.ask(event.detail);
  };

  /** Arrow keys step, where they are not needed to write. */
  readonly #key = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    const writes = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
    if (writes || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const intent = intentOf(event.key, this.scope.store.snapshot);
    if (!intent) return;
    event.preventDefault();
    this.scope.ask(intent);
  };
}

/** By script, not by an attribute: a strict policy forbids those. */
function setProperty(element: HTMLElement, name: string, value: string): void {
  if (element.style.getPropertyValue(name) !== value) element.style.setProperty(name, value);
}

function intentOf(key: string, snapshot: Snapshot): Intent | undefined {
  switch (key) {
    case 'ArrowRight':
      return { do: 'step', by: 1 };
    case 'ArrowLeft':
      return { do: 'step', by: -1 };
    case 'Home':
      return { do: 'seek', position: 0 };
    case 'End':
      return { do: 'seek', position: Math.max(snapshot.tokens.length - 1, shownPosition(snapshot)) };
    default:
      return undefined;
  }
}
