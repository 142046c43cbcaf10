// Base class of the page and of a single view: holds a scope, draws at most one snapshot per animation frame, forwards
// intents, listens to keys, and applies theme and language.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { html, LitElement, nothing } from 'lit';
import { settledAndDrawn } from '../export/settled';
import { boxOf, ZOOM, zoomOf } from '../measure/zoom';
import type { Scope } from '../scope/scope';
import { hasModel, pendingLink } from '../scope/select';
import type { Intent } from '../scope/intents';
import type { Snapshot } from '../scope/state';
import type { Words } from '../text/words';
import { words } from '../text/words';
import { Width } from '../views/shared/view';
import { press } from './keys';
import { Lessons } from './lesson';
import { isHere, loadView } from './lazy-views';
import { fit } from './print';
import { LAYOUT_CLASSES, layoutClasses } from './size';
import type { ViewId } from '../scope/fields';

export class Shell extends LitElement {
  static override properties: PropertyDeclarations = {
    scope: { attribute: false },
    snapshot: { state: true },
    moving: { state: true },
  };

  declare scope: Scope;
  declare protected snapshot: Snapshot;
  /** The layer that the roll's animation has reached; null if nothing moves. */
  declare protected moving: number | null;
  /** The element that gets the theme and the language. */
  themeTarget: HTMLElement = document.documentElement;
  /** Address of links to the shown state, without `#`. */
  home = location.href.replace(/#.*$/u, '');
  /** The view that is shown if the address has no fields. */
  readonly firstView: ViewId = 'roll';
  /** True in the single-file page, which has no `embed.html` beside it. */
  isOneFile = false;

  /** The lesson that is open. */
  readonly lessons = new Lessons(this);

  readonly #width = new Width(this);
  #frame = 0;
  /** True after a model and a text were ready for the first time. */
  #begun = false;
  #leave: () => void = () => undefined;

  /** The snapshot that is drawn, or will be in the next update. */
  get shown(): Snapshot {
    return this.snapshot;
  }

  /** Resolves when everything that the state needs is computed and drawn; rejects with the sentence of a fault. */
  get settled(): Promise<void> {
    return settledAndDrawn(this);
  }

  protected get width(): number {
    return this.#width.value;
  }

  /** The visible height above the lesson bar, px at zoom 1. */
  protected get room(): number {
    return innerHeight / this.zoom - this.lessons.height;
  }

  /** True if the shell is the page or a frame, not an element in another page. */
  get isDocument(): boolean {
    return this.themeTarget === document.documentElement;
  }

  /** Px of the window per px of the shell. */
  protected get zoom(): number {
    return this.snapshot.state.size;
  }

  /** The classes of the parts whose layout depends on the size of the window. */
  protected get layout(): string {
    return layoutClasses(innerWidth / this.zoom, innerHeight / this.zoom).join(' ');
  }

  /** The lesson bar; nothing while no lesson is open. */
  protected lessonBar(): TemplateResult | typeof nothing {
    return this.lessons.bar(this.snapshot, this.language, this.layout);
  }

  protected get language(): string {
    return this.snapshot.state.language;
  }

  protected get words(): Words {
    return words(this.language);
  }

  constructor() {
    super();
    this.moving = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.snapshot = this.scope.store.snapshot;
    this.#draw();
    this.#leave = this.scope.store.listen(() => {
      // Records arrive faster than animation frames, so at most one snapshot is drawn per animation frame.
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        this.#draw();
      });
    });
    this.addEventListener('ask', this.#asked);
    this.addEventListener('keydown', this.onKey);
    addEventListener('resize', this.#resize);
    addEventListener('beforeprint', this.#printed);
    addEventListener('afterprint', this.#printed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    removeEventListener('resize', this.#resize);
    removeEventListener('beforeprint', this.#printed);
    removeEventListener('afterprint', this.#printed);
  }

  /** Draws the snapshot. If its view is not loaded, loads it first; the old picture stays until then. */
  #draw(): void {
    const { snapshot } = this.scope.store;
    const { view } = snapshot.state;
    this.#begin(snapshot);
    if (isHere(view)) {
      this.snapshot = snapshot;
      return;
    }
    loadView(view).then(
      () => {
        this.requestUpdate();
        this.#draw();
      },
      () => {
        this.scope.viewFailed();
      },
    );
  }

  /** Starts playback with `autoplay`, unless the reader's system asks for less motion. */
  #begin(snapshot: Snapshot): void {
    if (this.#begun || !hasModel(snapshot) || pendingLink(snapshot) || snapshot.text.tokens.length === 0) return;
    this.#begun = true;
    if (snapshot.state.autoplay && !matchMedia('(prefers-reduced-motion: reduce)').matches)
      this.ask({ do: 'play', on: true });
  }

  loadView(view: ViewId): Promise<void> {
    return loadView(view);
  }

  protected ask(intent: Intent): void {
    this.scope.ask(intent);
  }

  protected readonly onMoving = ({ detail: layer }: CustomEvent<number | null>): void => {
    this.moving = layer;
  };

  /** Replaces all views while the state's model is not loaded. */
  protected missingModel(): TemplateResult {
    return html`<moe-missing-model .snapshot=${this.snapshot} .language=${this.language}></moe-missing-model>`;
  }

  /** The element of a view that opens beside the roll. */
  protected viewOf(view: Exclude<ViewId, 'roll'>): TemplateResult | typeof nothing {
    // Properties set on an unregistered element would hide the accessors of its class.
    if (!isHere(view)) return nothing;
    const { snapshot, language } = this;
    switch (view) {
      case 'start':
        return html`<moe-start .snapshot=${snapshot} .language=${language}></moe-start>`;
      case 'router':
        return html`<moe-router .snapshot=${snapshot} .language=${language}></moe-router>`;
      case 'next':
        return html`<moe-next .snapshot=${snapshot} .language=${language}></moe-next>`;
      case 'flow':
        return html`<moe-flow class=${this.layout} .snapshot=${snapshot} .language=${language}></moe-flow>`;
      case 'attention':
        return html`<moe-attention .snapshot=${snapshot} .language=${language}></moe-attention>`;
      case 'cache':
        return html`<moe-cache .snapshot=${snapshot} .language=${language}></moe-cache>`;
      case 'grid':
        return html`<moe-grid .snapshot=${snapshot} .language=${language}></moe-grid>`;
      case 'whatif':
        return html`<moe-whatif .snapshot=${snapshot} .language=${language}></moe-whatif>`;
      case 'cachelab':
        return html`<moe-cachelab .snapshot=${snapshot} .language=${language}></moe-cachelab>`;
      case 'models':
        return html`<moe-models .snapshot=${snapshot} .language=${language}></moe-models>`;
    }
  }

  /** Applies the zoom before the views are drawn, because they measure their widths. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.style.setProperty(ZOOM, String(this.zoom));
    const classes = this.layout.split(' ');
    for (const name of LAYOUT_CLASSES) this.classList.toggle(name, classes.includes(name));
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { theme, language, hidden } = this.snapshot.state;
    const { themeTarget } = this;
    if (themeTarget.lang !== language) themeTarget.lang = language;
    if (theme === 'auto') delete themeTarget.dataset.theme;
    else themeTarget.dataset.theme = theme;
    if (hidden.length === 0) this.removeAttribute('hide');
    else this.setAttribute('hide', hidden.join(' '));
  }

  readonly #printed = ({ type }: Event): void => {
    fit(this, type === 'beforeprint');
  };

  readonly #resize = (): void => {
    this.requestUpdate();
  };

  readonly #asked = (event: CustomEvent<Intent>): void => {
    this.ask(event.detail);
  };

  /** True if the whole picture of the roll is in the window; also true if the roll is not shown. */
  #isInView(): boolean {
    const picture = this.renderRoot.querySelector('moe-roll')?.shadowRoot?.querySelector('.picture');
    if (!picture) return true;
    const { top, bottom } = boxOf(picture);
    return top >= 0 && bottom <= innerHeight / zoomOf(picture);
  }

  protected readonly onKey = (event: KeyboardEvent): void => {
    press(event, this.scope.store.snapshot, this.#isInView(), intent => {
      this.ask(intent);
    });
  };
}
