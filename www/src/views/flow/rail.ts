// The token's path beside the names of the operations. The stream is a line from bottom to top. Two branches leave the
// stream, and each returns to it at a plus.

import type { TemplateResult } from 'lit';
import { nothing, svg } from 'lit';
import type { Step } from './operations';

export const RAIL = 72;
const STREAM = 16;
const BRANCH = 44;
const EXPERT = 60;
/** The radius of a disc whose share is 1. */
const DISC = 8;
const PLUS = 7;
const DOT = 4;

/** The drawing beside the operations, whose rows go from bottom to top. */
export function rail(steps: readonly Step[], heightOf: (step: Step) => number): TemplateResult {
  const height = steps.reduce((sum, step) => sum + heightOf(step), 0);
  const middles: number[] = [];
  steps.reduce((foot, step) => {
    middles.push(foot - heightOf(step) / 2);
    return foot - heightOf(step);
  }, height);
  const y = (index: number): number => middles[index] ?? 0;
  return svg`
    <svg class="rail" width=${RAIL} height=${height} aria-hidden="true">
      <g data-term="stream">${stream(steps, y, height)}</g>
      ${branches(steps, y)}
      ${steps.map((step, index) => mark(step, y(index)))}
    </svg>`;
}

/** The stream, drawn strong up to the last operation that is done. */
function stream(steps: readonly Step[], y: (index: number) => number, height: number): TemplateResult<2> {
  const bottom = height;
  const top = 0;
  let from = bottom;
  const reached = steps.flatMap(({ place, done, stage }, index) => {
    if (!done || place === 'branch' || place === 'expert') return [];
    const to = index === steps.length - 1 ? top + 6 : y(index);
    const piece = svg`<path class="way done" data-motion=${stage ?? ''} d="M${STREAM} ${from}V${to}" />`;
    from = to;
    return [piece];
  });
  const head = `M${STREAM - 5} ${top + 8}L${STREAM} ${top}L${STREAM + 5} ${top + 8}z`;
  const last = steps.at(-1);
  return svg`
    <path class="way" d="M${STREAM} ${bottom}V${top + 6}" />
    ${reached}
    <path class="head" d=${head} />
    ${last?.done ? svg`<path class="head done" data-motion=${last.stage ?? ''} d=${head} />` : nothing}`;
}

/** Branches: from the stream to the right, up, and back to a plus. */
function branches(steps: readonly Step[], y: (index: number) => number): TemplateResult<2>[] {
  const beside = (step: Step | undefined): boolean => step?.place === 'branch' || step?.place === 'expert';
  return steps.flatMap((step, first) => {
    if (!beside(step) || beside(steps[first - 1])) return [];
    const end = steps.findIndex((each, index) => index > first && !beside(each));
    const last = end - 1;
    const reached = steps.slice(first, end).filter(({ done }) => done).length;
    const leave = `M${STREAM} ${y(first - 1) - 8}C${STREAM} ${y(first)} ${BRANCH} ${(y(first - 1) + y(first)) / 2} ${BRANCH} ${y(first)}`;
    const back = `V${y(last)}C${BRANCH} ${y(end)} ${BRANCH - 8} ${y(end)} ${STREAM + PLUS} ${y(end)}`;
    const done = reached === 0 ? '' : reached === end - first ? leave + back : `${leave}V${y(first + reached - 1)}`;
    return [
      svg`<path class="way" d=${leave + back} />
        <path class="way done" data-motion=${steps[first + Math.max(0, reached - 1)]?.stage ?? ''} d=${done} />`,
    ];
  });
}

/** An operation's mark: pale, and strong once the operation is done. */
function mark({ place, kind, done, share, stage }: Step, y: number): TemplateResult<2> {
  const motion = stage ?? '';
  const dot = (x: number): TemplateResult<2> =>
    svg`<circle class="dot" cx=${x} cy=${y} r=${DOT} />${
      done ? svg`<circle class="dot done ${kind}" data-motion=${motion} cx=${x} cy=${y} r=${DOT} />` : nothing
    }`;
  switch (place) {
    case 'plus':
      return svg`${plus(y, '', nothing)}${done ? plus(y, 'done', motion) : nothing}`;
    case 'stream':
      return dot(STREAM);
    case 'branch':
      return dot(BRANCH);
    case 'expert':
      return svg`<path class="way" d="M${BRANCH} ${y}H${EXPERT}" />${
        done ? svg`<path class="way done" data-motion=${motion} d="M${BRANCH} ${y}H${EXPERT}" />` : nothing
      }${kind === 'shared' ? shared(y, done, motion) : expert(y, share, motion)}`;
  }
}

function plus(y: number, state: string, motion: string | typeof nothing): TemplateResult<2> {
  return svg`<g class="plus ${state}" data-motion=${motion}><circle cx=${STREAM} cy=${y} r=${PLUS} />
    <path d="M${STREAM - 4} ${y}h8M${STREAM} ${y - 4}v8" /></g>`;
}

function shared(y: number, done: boolean, motion: string): TemplateResult<2> {
  return svg`<rect class=${done ? 'shared' : 'fill'} data-motion=${done ? motion : nothing}
    x=${EXPERT - 8} y=${y - 1} width="16" height="2" />`;
}

/** A chosen expert: a disc whose area is the share, or a pale dot until the share is known. */
function expert(y: number, share: number | undefined, motion: string): TemplateResult<2> {
  if (share === undefined) return svg`<circle class="dot" cx=${EXPERT} cy=${y} r=${DOT} />`;
  return svg`<circle class="note" data-motion=${motion} data-share=${share} cx=${EXPERT} cy=${y}
    r=${DISC * Math.sqrt(share)} />`;
}
