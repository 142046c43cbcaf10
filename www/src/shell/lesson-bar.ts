// The lesson bar at the bottom of a shell: text and question of the lesson's step. It loads and reads the lesson, moves
// the state to the step, and grades answers. Its code is loaded with the first lesson.

import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { reasonOf } from '../engine/error-message';
import type { Loaded as LoadedModel } from '../engine/messages';
import type { Answer, Given } from '../lessons/answers';
import { answerTo, choicesOf, isRight } from '../lessons/answers';
import { lessonAfter } from '../lessons/catalogue';
import { lessonFile } from '../lessons/files';
import { misfitOf } from '../lessons/fits';
import type { Asked, Lesson, Step } from '../lessons/format';
import type { Mark } from '../lessons/marks';
import type { Misfit } from '../lessons/misfit';
import { parseLesson } from '../lessons/parse';
import type { Where } from '../lessons/place';
import { isSamePlace, placeOf, whereIs, withText } from '../lessons/place';
import { quantity } from '../lessons/quantities';
import { CHANGES, readNumber } from '../lessons/questions';
import { isReady } from '../lessons/results';
import type { LessonSource } from '../lessons/source';
import { zoomOf } from '../measure/zoom';
import { label, shownPosition, tokenCount } from '../scope/select';
import type { ScopeState } from '../scope/state';
import { initialState } from '../scope/state';
import type { LessonWords } from '../lessons/words';
import { lessonWords } from '../lessons/words';
import { quoted } from '../text/token';
import { closeButton, closeButtonStyle } from '../views/shared/close-button';
import { base, controls } from '../views/shared/style';
import { View } from '../views/shared/view';
import { lessonBarStyle } from './lesson-bar-style';
import { lessonLine, lessonText } from './lesson-text';

/** Maximum number of errors of a file that are shown. */
const MOST_ERRORS = 3;
/** From this number of choices, the answer is typed. */
const MANY = 24;
/** Shown in place of an answer after “Show me”. */
const SHOWN = 'shown';

/** The lesson's file: being loaded, read, or refused with sentences. */
type Loaded =
  | { readonly is: 'loading' }
  | { readonly is: 'read'; readonly lesson: Lesson }
  | {
      readonly is: 'refused';
      readonly title: string;
      readonly sentences: readonly string[];
      readonly canRetry: boolean;
    };

/** A step of a lesson, and where the reader is. */
interface Shown {
  readonly lesson: Lesson;
  readonly step: Step;
  /** From 1. */
  readonly at: number;
  readonly where: Where;
  /** What was answered; null before the answer. */
  readonly given: Given | typeof SHOWN | null;
  /** Undefined before the answer, and while it is computed. */
  readonly answer: Answer | undefined;
}

export class LessonBar extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    source: { attribute: false },
    isDocument: { attribute: false },
    loaded: { state: true },
    given: { state: true },
    noNumber: { state: true },
  };

  static override styles = [base, controls, closeButtonStyle, lessonBarStyle];

  /** The lesson to open, besides the one that the state names. */
  declare source: LessonSource | null;
  declare isDocument: boolean;
  declare private loaded: Loaded | null;
  /** The answer to the question of the step that the state has. */
  declare private given: Given | typeof SHOWN | null;
  declare private noNumber: boolean;

  /** Lessons that were read from a user's file or an address, by their ids. */
  readonly #own = new Map<string, Lesson>();
  /** The id of `loaded`. */
  #id = '';
  /** The state that was seen last, to notice that only the lesson or its step is new. */
  #before: ScopeState | null = null;
  /** Why the lesson cannot be shown with the model, and for which lesson and model this was found. */
  #fit: { readonly lesson: Lesson; readonly model: LoadedModel; readonly misfit: Misfit | null } | null = null;
  /** What is drawn, besides a file that is being loaded or was refused. */
  #drawn: { readonly misfit: Misfit | null; readonly shown: Shown | null } = { misfit: null, shown: null };
  #marks: readonly Mark[] = [];
  #fault: string | null = null;
  #announced = '';
  /** True if the focus goes to the bar when the lesson is there. */
  #takesFocus = false;
  readonly #size = new ResizeObserver(entries => {
    for (const { contentRect } of entries) this.#reserve(contentRect.height * zoomOf(this));
  });

  constructor() {
    super();
    this.source = null;
    this.isDocument = false;
    this.loaded = null;
    this.given = null;
    this.noNumber = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
    this.#reserve(0);
  }

  /** Scrolled elements and the focus stay above the bar. */
  #reserve(height: number): void {
    if (!this.isDocument) return;
    document.documentElement.style.scrollPaddingBottom = height > 0 ? `${Math.ceil(height)}px` : '';
  }

  get #words(): LessonWords {
    return lessonWords(this.language);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#follow(changed);
    const { loaded } = this;
    const misfit = loaded?.is === 'read' ? this.#misfit(loaded.lesson) : null;
    this.#drawn = { misfit, shown: loaded?.is === 'read' && !misfit ? this.#shown(loaded.lesson) : null };
  }

  /** Follows the state to another lesson or step, and opens a new source. */
  #follow(changed: PropertyValues<this>): void {
    const { state, model } = this.snapshot;
    const first = this.words.examples[0] ?? { text: '', position: 0 };
    const opening = initialState(first.text, first.position, model.info.num_hidden_layers - 1);
    const before = (this.#before ??= opening);
    if (changed.has('source') && this.source) void this.#open(this.source);
    if (state.lesson !== this.#id) this.#choose(state.lesson);
    const isMoved = state.lesson !== before.lesson || state.at !== before.at;
    if (isMoved) {
      this.given = null;
      this.noNumber = false;
    }
    if (this.loaded?.is !== 'read' || state.lesson === '') {
      // The place is applied when the lesson is loaded: the state before stays the one to compare with.
      if (state.lesson === '') this.#before = state;
      return;
    }
    this.#before = state;
    // A host or a button named only the step, and everything else is as before; or a link has nothing else.
    const isBare = isSamePlace(before, state) || isSamePlace(opening, state);
    if (isMoved && isBare) this.#go(this.loaded.lesson, state.at);
  }

  /** Shows another lesson, which the state names. */
  #choose(id: string): void {
    this.#id = id;
    const own = this.#own.get(id);
    if (id === '') this.loaded = null;
    else if (own) this.loaded = { is: 'read', lesson: own };
    else void this.#load(id);
  }

  async #load(id: string): Promise<void> {
    this.loaded = { is: 'loading' };
    const loaded = await this.#builtIn(id);
    if (this.#id === id) this.loaded = loaded;
  }

  async #builtIn(id: string): Promise<Loaded> {
    const words = this.#words;
    try {
      const text = await lessonFile(id);
      if (text !== null) return read(id, text, words);
      return { is: 'refused', title: words.label, sentences: [words.unknown(id)], canRetry: false };
    } catch {
      return { is: 'refused', title: words.label, sentences: [words.failed], canRetry: true };
    }
  }

  /** Reads a lesson's file, and shows its first step. An element's own lesson stays closed if another one is open. */
  async #open(source: LessonSource): Promise<void> {
    const loaded = await this.#read(source);
    if (this.source !== source) return;
    const { state } = this.snapshot;
    if (loaded.is !== 'read') {
      this.loaded = loaded;
      return;
    }
    const { lesson } = loaded;
    if (source.kind !== 'built-in') this.#own.set(lesson.id, lesson);
    if (source.kind === 'address') {
      if (state.lesson !== '' && state.lesson !== lesson.id) return;
      if (state.lesson === lesson.id) {
        this.loaded = loaded;
        return;
      }
    } else {
      this.#takesFocus = true;
    }
    this.loaded = loaded;
    this.#id = lesson.id;
    this.#go(lesson, source.kind === 'address' ? state.at : 1);
  }

  async #read(source: LessonSource): Promise<Loaded> {
    const words = this.#words;
    switch (source.kind) {
      case 'built-in':
        return this.#builtIn(source.id);
      case 'file':
        return read(source.file.name, await source.file.text(), words);
      case 'address': {
        const { address } = source;
        const title = words.label;
        const refused = (reason: string): Loaded => ({
          is: 'refused',
          title,
          sentences: [words.notFetched(address, reason)],
          canRetry: false,
        });
        try {
          const answer = await fetch(address);
          if (!answer.ok) return refused(`status ${answer.status}`);
          return read(address.replace(/^.*\//u, ''), await answer.text(), words);
        } catch (error) {
          return refused(reasonOf(error));
        }
      }
    }
  }

  /** Moves the state to a step. */
  #go(lesson: Lesson, at: number): void {
    const { state } = this.snapshot;
    const step = lesson.steps[at - 1] ?? lesson.steps.at(-1);
    if (!step) return;
    const place = placeOf(step.state, lesson.id, Math.min(at, lesson.steps.length), state);
    // Other elements are being drawn.
    queueMicrotask(() => {
      this.ask({ do: 'go', state: place, complaints: [] });
    });
  }

  /** Moves to the step `at`, if the lesson has it. */
  moveTo(at: number): void {
    const { loaded } = this;
    if (loaded?.is !== 'read') return;
    if (at >= 1 && at <= loaded.lesson.steps.length) this.#go(loaded.lesson, at);
  }

  readonly #close = (): void => {
    const { state } = this.snapshot;
    // A refused file: no lesson is open.
    if (state.lesson === '') this.loaded = null;
    else this.ask({ do: 'go', state: { ...state, lesson: '', at: 1 }, complaints: [] });
  };

  #misfit(lesson: Lesson): Misfit | null {
    const { model } = this.snapshot;
    if (this.#fit?.lesson !== lesson || this.#fit.model !== model) {
      this.#fit = { lesson, model, misfit: misfitOf(lesson, model) };
    }
    return this.#fit.misfit;
  }

  #shown(lesson: Lesson): Shown | null {
    const { snapshot, given } = this;
    const { state } = snapshot;
    const at = Math.min(state.at, lesson.steps.length);
    const step = lesson.steps[at - 1];
    if (!step) return null;
    const before = whereIs(snapshot, placeOf(step.state, lesson.id, state.at, state));
    const { asked } = step;
    if (!asked) return { lesson, step, at, where: before, given: null, answer: undefined };
    const place = placeOf(asked.state, lesson.id, state.at, state);
    // The finished step shows all that an earlier stage shows.
    const after = whereIs(snapshot, state.stage === null ? { ...place, stage: null } : place);
    // A link to the state after the answer shows the answer.
    const isShown = given === null && before === 'away' && after !== 'away';
    const found = isShown ? SHOWN : given;
    if (found === null) return { lesson, step, at, where: before, given: null, answer: undefined };
    const answer = after === 'away' ? undefined : answerTo(asked.question, snapshot, this.#words);
    return { lesson, step, at, where: after, given: found, answer };
  }

  protected override render(): TemplateResult | typeof nothing {
    const { loaded } = this;
    const words = this.#words;
    if (!loaded) return nothing;
    if (loaded.is === 'loading') return this.#frame(words.label, html`<p class="quiet">${words.loading}</p>`);
    if (loaded.is === 'refused') return this.#refused(loaded);
    const { misfit, shown } = this.#drawn;
    if (misfit) {
      return this.#frame(loaded.lesson.title, html`<p class="text" role="alert">${words.misfit(misfit)}</p>`);
    }
    return shown ? this.#step(shown) : nothing;
  }

  #frame(title: string, content: TemplateResult, aside: unknown = nothing): TemplateResult {
    const words = this.#words;
    return html`
      <section aria-label="${words.label}: ${title}">
        <div class="title">
          <h2 tabindex="-1">${title}</h2>
          ${aside}
        </div>
        <div class="content">${content}</div>
        ${closeButton(words.close, this.#close)}
      </section>
    `;
  }

  #refused({ title, sentences, canRetry }: Extract<Loaded, { is: 'refused' }>): TemplateResult {
    const words = this.#words;
    const some = sentences.slice(0, MOST_ERRORS);
    const more = sentences.length - some.length;
    const content = html`
      <div role="alert">
        ${some.map(sentence => html`<p class="fault">${sentence}</p>`)}
        ${more > 0 ? html`<p class="fault">${words.more(more)}</p>` : nothing}
      </div>
      ${
        canRetry
          ? html`<button
              @click=${() => {
                this.#choose(this.#id);
              }}
            >
              ${words.retry}
            </button>`
          : html`<label class="file">${words.open} <input type="file" accept=".md" @change=${this.#file} /></label>`
      }
    `;
    return this.#frame(title, content);
  }

  readonly #file = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.#tell('lesson-open', { kind: 'file', file } satisfies LessonSource);
    // Otherwise choosing the same file again fires no event.
    input.value = '';
  };

  #step(shown: Shown): TemplateResult {
    const { snapshot } = this;
    const words = this.#words;
    const { lesson, step, at, where } = shown;
    const place = html`<p class="place">${words.step(at, lesson.steps.length)} · ${words.minutes(lesson.minutes)}</p>`;
    const content = html`
      ${this.#notice(shown)}
      ${where === 'away' ? nothing : html`${this.#text(shown)} ${step.asked ? this.#question(step.asked, shown) : nothing}`}
      <p class="hidden" aria-live="polite" data-announced></p>
    `;
    const isLast = at === lesson.steps.length;
    const following = isLast ? lessonAfter(lesson.id) : undefined;
    return html`
      ${this.#frame(lesson.title, content, place)}
      <div class="moves" role="group" aria-label=${words.steps} title=${words.keys}>
        <button
          aria-disabled=${at === 1}
          @click=${() => {
            this.moveTo(at - 1);
          }}
        >
          ${words.back}
        </button>
        <button
          class="strong"
          @click=${() => {
            if (!isLast) this.moveTo(at + 1);
            else if (following)
              this.#tell('lesson-open', { kind: 'built-in', id: following.id } satisfies LessonSource);
            else this.#close();
          }}
        >
          ${isLast ? (following ? words.following(following.title) : words.finish) : words.next}
        </button>
      </div>
      <span hidden data-where=${where} data-at=${at} data-tokens=${tokenCount(snapshot)}></span>
    `;
  }

  /** Says that the reader looks at something else than the step shows, with a button back. */
  #notice({ lesson, step, at, where, given }: Shown): TemplateResult | typeof nothing {
    const { snapshot } = this;
    const words = this.#words;
    if (where === 'here') return nothing;
    const token = label(snapshot, shownPosition(snapshot));
    return html`<p class="notice">
      ${where === 'away' ? words.away : words.elsewhere(quoted(token))}
      <button
        class="plain"
        @click=${() => {
          const fields = given !== null && step.asked ? step.asked.state : step.state;
          const state = placeOf(fields, lesson.id, at, snapshot.state);
          this.ask({ do: 'go', state, complaints: [] });
        }}
      >
        ${words.return}
      </button>
    </p>`;
  }

  #text({ step, given, answer }: Shown): unknown {
    const words = this.#words;
    const { asked } = step;
    if (!asked || given === null) return lessonText(step.text, this.snapshot, words);
    if (!answer) return html`<p class="text">${isReady(this.snapshot) ? words.noAnswer : words.waiting}</p>`;
    const isGood = given !== SHOWN && isRight(given, asked.question, answer);
    return html`
      <p class="result ${given === SHOWN ? '' : isGood ? 'good' : 'bad'}" data-answer=${JSON.stringify(answer.right)}>
        ${this.#verdict(asked, given, answer)}
      </p>
      ${lessonText(asked.text, this.snapshot, words)}
    `;
  }

  /** “Right.”, or what was answered and the right answer. */
  #verdict({ question }: Asked, given: Given | typeof SHOWN, answer: Answer): string {
    const words = this.#words;
    if (given === SHOWN) return words.answer(answer.name);
    if (isRight(given, question, answer)) return words.rightWas(answer.name);
    const choice = choicesOf(question, this.snapshot, words).find(({ value }) => value === given);
    const name = choice?.name ?? (typeof given === 'number' ? words.typed(given) : words.changed[given]);
    return words.wrong(name, answer.name);
  }

  #question(asked: Asked, shown: Shown): TemplateResult | typeof nothing {
    const { question } = asked;
    const words = this.#words;
    if (shown.given !== null) return nothing;
    const choices = choicesOf(question, this.snapshot, words);
    const give = (given: Given | typeof SHOWN): void => {
      this.#answer(asked, shown, given);
    };
    const button = (name: string, given: Given | typeof SHOWN, short = name): TemplateResult => html`
      <button
        data-choice=${given}
        aria-label=${short === name ? nothing : name}
        @click=${() => {
          give(given);
        }}
      >
        ${short}
      </button>
    `;
    const isTyped = question.kind === 'number' || choices.length > MANY;
    const buttons =
      question.kind === 'change'
        ? CHANGES.map(change => button(words.changed[change], change))
        : isTyped
          ? this.#number(give, question.kind === 'number' ? words.unit[quantity(question.of).unit] : '')
          : choices.map(({ name, value, short }) => button(name, value, short));
    return html`
      <div class="choices" role="group" aria-label=${words.choices}>
        ${buttons}
        <button
          class="plain show"
          @click=${() => {
            give(SHOWN);
          }}
        >
          ${words.show}
        </button>
      </div>
    `;
  }

  #number(give: (given: number) => void, unit: string): TemplateResult {
    const words = this.#words;
    return html`
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          const input = (event.currentTarget as HTMLFormElement).querySelector('input');
          const value = readNumber(input?.value ?? '');
          this.noNumber = value === null;
          if (value !== null) give(value);
        }}
      >
        <input
          inputmode="decimal"
          autocomplete="off"
          aria-label=${unit === '' ? words.number : words.numberIn(unit)}
          aria-invalid=${this.noNumber}
          aria-describedby="no-number"
        />
        ${unit === '' ? nothing : html`<span>${unit}</span>`}
        <button>${words.check}</button>
        <span class="fault" id="no-number" role="alert">${this.noNumber ? words.noNumber : nothing}</span>
      </form>
    `;
  }

  /** Shows the answer: the state moves to where it can be seen. */
  #answer({ state: fields }: Asked, { lesson, where }: Shown, given: Given | typeof SHOWN): void {
    const { state } = this.snapshot;
    this.given = given;
    this.noNumber = false;
    const place = placeOf(fields, lesson.id, state.at, state);
    const next = where === 'here' ? place : withText(place, state);
    if (whereIs(this.snapshot, next) !== 'here') this.ask({ do: 'go', state: next, complaints: [] });
    this.#takesFocus = true;
  }

  protected override updated(): void {
    const { loaded } = this;
    this.toggleAttribute('hidden', !loaded);
    const { misfit, shown } = this.#drawn;
    this.#outline(shown);
    this.#report(loaded?.is === 'refused' ? loaded.sentences.join(' ') : misfit ? this.#words.misfit(misfit) : null);
    if (!shown) return;
    this.#announce(shown);
    // The pressed button is gone after an answer, so the focus goes to the next one.
    if (!this.#takesFocus || (shown.given !== null && !shown.answer)) return;
    this.#takesFocus = false;
    const target = shown.given === null ? 'h2' : '.moves .strong';
    this.renderRoot.querySelector<HTMLElement>(target)?.focus({ preventScroll: !this.isDocument });
  }

  /** The marks of the step, or of its answer; none while the reader is away. */
  #outline(shown: Shown | null): void {
    const marks = shown ? marksOf(shown) : [];
    if (JSON.stringify(marks) === JSON.stringify(this.#marks)) return;
    this.#marks = marks;
    this.#tell('lesson-marks', marks);
  }

  /** Tells a screen reader the step, once all its values are known, and then the answer. */
  #announce(shown: Shown): void {
    const { lesson, step, at, where, given, answer } = shown;
    const words = this.#words;
    const region = this.renderRoot.querySelector('[data-announced]');
    const key = JSON.stringify([lesson.id, at, where === 'away', given]);
    if (!region || key === this.#announced) return;
    const asked = given === null ? null : step.asked;
    const line = where === 'away' ? words.away : lessonLine(asked?.text ?? step.text, this.snapshot, words);
    if (line === null || (asked && !answer)) return;
    const head =
      asked && answer && given !== null
        ? this.#verdict(asked, given, answer)
        : words.told(lesson.title, words.step(at, lesson.steps.length));
    this.#announced = key;
    region.textContent = [head, line, words.outlined(marksOf(shown).map(words.mark))].join(' ').trim();
  }

  #report(fault: string | null): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#tell('lesson-fault', fault);
  }

  #tell(name: 'lesson-open' | 'lesson-marks' | 'lesson-fault', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** The marks that are outlined. */
function marksOf({ step, where, given, answer }: Shown): readonly Mark[] {
  if (where === 'away') return [];
  return given !== null && answer && step.asked ? step.asked.marks : step.marks;
}

function read(name: string, text: string, words: LessonWords): Loaded {
  const { lesson, problems } = parseLesson(text);
  if (lesson) return { is: 'read', lesson };
  return { is: 'refused', title: words.refused(name), sentences: problems.map(words.problem), canRetry: false };
}
