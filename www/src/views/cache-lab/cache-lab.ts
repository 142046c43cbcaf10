// The cache lab: bytes per token against loss on the text for each cache setting that was tried, and the number of
// multiply-adds with and without absorption.

import type { PropertyDeclarations, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { clamp } from '../../scope/clamp';
import { isHidden, label, part, predictedCount, shownPosition } from '../../scope/select';
import { cacheSettingOf, commonCacheSettings, isPlain, PLAIN, sameCacheSetting } from '../../scope/what-if';
import { quoted } from '../../text/token';
import { cacheSettings } from '../shared/cache-settings';
import { dataTableStyle } from '../shared/data-table';
import { DetailView } from '../shared/detail-view';
import { prose } from '../shared/glossary';
import { titleAlone } from '../shared/heading';
import { fieldStyle } from '../shared/inputs';
import { guess, guessStyle } from '../shared/question';
import { verdict, verdictStyle } from '../shared/verdict';
import { cacheLabStyle } from './cache-lab-style';
import { dataTable, olderOf } from './data-table';
import { workPicture, workDescription, workTable } from './multiply-adds';
import { picture } from './picture';
import type { Plan } from './plan';
import { plainLoss, planOf } from './plan';

const NARROW = 420;
/** Below this width in px, the sentences on a setting's cost take more lines, so more height is reserved for them. */
const SNUG = 560;
/** From this view width in px, the controls (with a slider) are beside the picture. */
const BESIDE = 1144;
/** Maximum width in px of the picture. */
const PICTURE = 640;
const GAP = 48;

export class CacheLab extends DetailView {
  static override properties: PropertyDeclarations = {
    ...DetailView.properties,
    reached: { state: true },
  };

  static override styles = [DetailView.styles, guessStyle, dataTableStyle, fieldStyle, verdictStyle, cacheLabStyle];

  /** The index of the point that Tab moves to. */
  declare private reached: number;

  #plan: Plan | undefined;

  constructor() {
    super();
    this.reached = 0;
  }

  protected override render(): TemplateResult {
    const { snapshot, words } = this;
    const width = this.width.value;
    const beside = width >= BESIDE;
    const left = Math.min(PICTURE, width);
    const right = beside ? Math.min(PICTURE, width - PICTURE - GAP) : left;
    const hidden = isHidden(snapshot);
    return html`
      <section
        class="${width < NARROW ? 'narrow' : ''} ${right < SNUG ? 'snug' : ''}"
        aria-label=${words.cacheLab.label}
      >
        ${titleAlone(words.cacheLab.title)} ${prose(words.cacheLab.prose)}
        <div class=${beside ? 'beside' : ''}>
          <div>
            ${hidden ? this.#guess() : this.#measured()} ${this.#picture(left)} ${hidden ? nothing : this.#expanded()}
          </div>
          <div>${this.#setting()} ${this.#price(right)}</div>
        </div>
        ${hidden ? nothing : this.dataTable('tried', words.cacheLab.numbers, () => dataTable(snapshot, words))}
      </section>
    `;
  }

  #guess(): TemplateResult {
    const { snapshot, words } = this;
    const token = quoted(label(snapshot, shownPosition(snapshot)));
    return guess(words.cacheLab.guess(token), words, this.asks);
  }

  /** The model's own loss, its standard error, and the button that tries the remaining settings. */
  #measured(): TemplateResult {
    const { snapshot } = this;
    const { cacheLab: words } = this.words;
    const loss = plainLoss(snapshot);
    const older = olderOf(snapshot).length;
    const { sweeping, model, tried } = snapshot;
    const left = commonCacheSettings(model.info.kv_lora_rank).filter(
      each =>
        !sameCacheSetting(each, PLAIN) &&
        !tried.some(known => sameCacheSetting(known.setting, each) && known.loss.tokens === predictedCount(snapshot)),
    ).length;
    const able = loss !== undefined && sweeping === null && left > 0;
    return html`
      <div class="plainly">
        <p class="description" data-plain=${loss?.plain ?? nothing} data-noise=${loss?.plain_error ?? nothing}>
          ${
            loss
              ? words.plain(loss.plain, loss.plain_error, loss.tokens)
              : predictedCount(snapshot) === 0
                ? words.nothing
                : words.measuring
          }
          ${loss && loss.tokens > 1 ? words.bars : nothing}
        </p>
      </div>
      <div class="tries">
        <button
          aria-disabled=${!able}
          @click=${() => {
            if (able) this.ask({ do: 'sweep' });
          }}
        >
          ${loss && left === 0 ? words.swept : words.sweep}
        </button>
        <span class="quiet" aria-live="polite"
          >${sweeping === null ? (older > 0 ? words.older(older) : nothing) : words.sweeping(sweeping)}</span
        >
      </div>
    `;
  }

  #picture(width: number): TemplateResult {
    const { words } = this;
    const plan = planOf(this.snapshot, width, words);
    this.#plan = plan;
    const current = Math.min(this.reached, Math.max(0, plan.points.length - 1));
    return html`
      <svg
        class="lab"
        width=${plan.width}
        height=${plan.height}
        role="group"
        aria-label=${words.cacheLab.picture}
        data-left=${plan.left}
        data-right=${plan.right}
        data-least=${plan.across.least}
        data-most=${plan.across.most}
        data-top=${plan.top}
        data-foot=${plan.foot}
        data-low=${plan.up?.least ?? nothing}
        data-high=${plan.up?.most ?? nothing}
        @click=${this.#click}
        @keydown=${this.#key}
      >
        ${picture(plan, current, words)}
      </svg>
    `;
  }

  /** Explains why the expanded cache has the same loss as the latent cache. */
  #expanded(): TemplateResult {
    const { cacheLab: words } = this.words;
    const differences = part(this.snapshot, 'attention_differences');
    const most = differences && Math.max(...differences);
    return html`<p class="description expandedly" data-difference=${most ?? nothing}>
      ${most === undefined ? words.expandedWaits : words.expandedDescription(most)}
    </p>`;
  }

  /** Controls for the what-if's cache setting, and the what-if's cost. */
  #setting(): TemplateResult {
    const { snapshot, words } = this;
    const { whatIf } = snapshot.state;
    const plain = isPlain(whatIf);
    return html`
      <div class="setting">
        <h3>${words.cacheLab.controls}</h3>
        ${cacheSettings(snapshot, words, this.asks)}
        <div class="result" aria-live="polite">
          ${isHidden(snapshot) ? nothing : verdict(snapshot, words)}
          ${cacheSettingOf(whatIf) ? nothing : html`<p class="description other">${words.cacheLab.other}</p>`}
        </div>
        <button
          aria-disabled=${plain}
          @click=${() => {
            if (!plain) this.ask({ do: 'change', whatIf: PLAIN });
          }}
        >
          ${words.whatIf.back}
        </button>
        ${
          cacheSettingOf(whatIf)
            ? nothing
            : html`<button
                @click=${() => {
                  this.ask({
                    do: 'change',
                    whatIf: { ...PLAIN, latent_rank: whatIf.latent_rank, cache_format: whatIf.cache_format },
                  });
                }}
              >
                ${words.cacheLab.only}
              </button>`
        }
      </div>
    `;
  }

  #price(width: number): TemplateResult {
    const { snapshot, words } = this;
    return html`
      <div class="price">
        <h3>${words.cacheLab.work}</h3>
        <p class="description">${words.cacheLab.workDescription}</p>
        ${workPicture(snapshot, width, words)} ${workDescription(snapshot, words)}
        <div class="wide" tabindex="0" role="group" aria-label=${words.cacheLab.workCaption}>
          ${workTable(snapshot, words)}
        </div>
      </div>
    `;
  }

  /** Sets the what-if to the cache setting of a point. */
  #choose(index: number): void {
    const point = this.#plan?.points[index];
    this.reached = index;
    if (point?.setting) this.ask({ do: 'change', whatIf: { ...PLAIN, ...point.setting } });
  }

  readonly #click = (event: MouseEvent): void => {
    const index = indexOf(event);
    if (index !== undefined) this.#choose(onPoint(event) ? this.#nearest(event) : index);
  };

  /** The index of the point nearest to a click, because the click targets of close points can cover each other. */
  #nearest({ clientX, clientY, currentTarget }: MouseEvent): number {
    const { left, top } = (currentTarget as SVGElement).getBoundingClientRect();
    const apart = (this.#plan?.points ?? []).map(({ x, y }) => Math.hypot(clientX - left - x, clientY - top - y));
    return apart.indexOf(Math.min(...apart));
  }

  readonly #key = (event: KeyboardEvent): void => {
    const index = indexOf(event);
    if (index === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case 'Enter':
      case ' ':
        event.preventDefault();
        this.#choose(index);
        return;
      case 'ArrowUp':
      case 'ArrowDown': {
        event.preventDefault();
        const last = (this.#plan?.points.length ?? 1) - 1;
        this.reached = clamp(index + (event.key === 'ArrowDown' ? 1 : -1), 0, last);
        void this.updateComplete.then(() => {
          this.renderRoot.querySelector<SVGElement>(`[data-point="${this.reached}"]`)?.focus();
        });
      }
    }
  };
}

/** True for a pointer's click on the disc of a point; false for a click on its name, by a key or by a screen reader. */
function onPoint(event: MouseEvent): boolean {
  const [target] = event.composedPath();
  return event.detail > 0 && target instanceof Element && target.matches('circle');
}

/** The index of the point that an event happened on. */
function indexOf(event: Event): number | undefined {
  const [target] = event.composedPath();
  const point = target instanceof Element ? target.closest('[data-point]')?.getAttribute('data-point') : null;
  return point === null || point === undefined ? undefined : Number(point);
}
