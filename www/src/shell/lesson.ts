// The lesson of a shell: loads the lesson bar when a lesson is opened, passes a lesson's file to it, and keeps the marks
// that it outlines. The first visit loads none of its code.

import type { ReactiveController, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Mark } from '../lessons/marks';
import type { LessonSource } from '../lessons/source';
import type { Scope } from '../scope/scope';
import type { Snapshot } from '../scope/state';

/** Height that the lesson bar takes from the picture, px. The same for all steps, so that the picture stays. */
const HEIGHT = 132;

/** The shell around the lesson. */
export interface LessonHost extends EventTarget {
  readonly scope: Scope;
  readonly renderRoot: HTMLElement | DocumentFragment;
  /** True if the shell is a document of its own, which the lesson may scroll. */
  readonly isDocument: boolean;
  requestUpdate(): void;
  addController(controller: ReactiveController): void;
}

export class Lessons implements ReactiveController {
  readonly #host: LessonHost;
  #source: LessonSource | null = null;
  #marks: readonly Mark[] = [];
  #isLoaded = false;
  #loading: Promise<void> | null = null;

  constructor(host: LessonHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('keydown', this.#key as EventListener);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('keydown', this.#key as EventListener);
  }

  /** Height that the picture leaves to the lesson bar, px. */
  get height(): number {
    return this.#host.scope.store.snapshot.state.lesson === '' ? 0 : HEIGHT;
  }

  /** Opens a lesson at its first step; its file is read first. Null: no lesson's file. */
  open(source: LessonSource | null): void {
    this.#source = source;
    this.#host.requestUpdate();
  }

  /** The bar with its marks; nothing while no lesson is open. */
  bar(snapshot: Snapshot, language: string, layout: string): TemplateResult | typeof nothing {
    if (snapshot.state.lesson === '' && !this.#source) return nothing;
    if (!this.#isLoaded) {
      this.#loading ??= this.#load();
      return nothing;
    }
    return html`
      <moe-lesson-marks
        .snapshot=${snapshot}
        .marks=${snapshot.state.lesson === '' ? [] : this.#marks}
        .scrolls=${this.#host.isDocument}
      ></moe-lesson-marks>
      <moe-lesson-bar
        class=${layout}
        .snapshot=${snapshot}
        .language=${language}
        .source=${this.#source}
        .isDocument=${this.#host.isDocument}
        @lesson-marks=${this.#outline}
        @lesson-fault=${this.#report}
        @lesson-open=${(event: CustomEvent<LessonSource>) => {
          this.open(event.detail);
        }}
      ></moe-lesson-bar>
    `;
  }

  async #load(): Promise<void> {
    try {
      const [{ LessonBar }, { LessonMarks }] = await Promise.all([import('./lesson-bar'), import('./lesson-marks')]);
      if (!customElements.get('moe-lesson-bar')) customElements.define('moe-lesson-bar', LessonBar);
      if (!customElements.get('moe-lesson-marks')) customElements.define('moe-lesson-marks', LessonMarks);
      this.#isLoaded = true;
      this.#host.requestUpdate();
    } catch {
      const fault = { kind: 'view', message: '', during: 'run', recovered: true } as const;
      this.#host.scope.store.tell({ news: 'fault', fault });
      this.#loading = null;
    }
  }

  readonly #outline = ({ detail }: CustomEvent<readonly Mark[]>): void => {
    this.#marks = detail;
    this.#host.requestUpdate();
  };

  /** Passes the sentence of an error in a lesson to the element; null if the error is resolved. */
  readonly #report = ({ detail }: CustomEvent<string | null>): void => {
    this.#host.dispatchEvent(new CustomEvent('lesson-fault', { detail }));
  };

  readonly #key = (event: KeyboardEvent): void => {
    const by = { PageDown: 1, PageUp: -1 }[event.key];
    if (by === undefined || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const bar = this.#host.renderRoot.querySelector<HTMLElement & { moveTo(at: number): void }>('moe-lesson-bar');
    // The bar's snapshot is from the last animation frame; another key can have changed the state since then.
    const { lesson, at } = this.#host.scope.store.snapshot.state;
    if (!bar || lesson === '') return;
    event.preventDefault();
    event.stopPropagation();
    bar.moveTo(at + by);
  };
}
