// Style of the flow view.

import { css } from 'lit';

export const flowStyle = css`
  h3 {
    margin: 0;
    font: inherit;
    font-weight: 650;
  }
  .stages {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    padding: 4px 0 8px;
  }
  .stages p {
    min-height: 20px;
    color: var(--moe-ink2);
  }
  .narrow .stages p {
    width: 100%;
    min-height: 40px;
  }
  .guess {
    padding-bottom: 8px;
  }

  .steps {
    position: relative;
    max-width: 640px;
  }
  .rail {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 1;
    pointer-events: none;
  }
  .step {
    display: flex;
    align-items: center;
    gap: 8px;
    height: 28px;
    padding: 0 4px 0 72px;
    border-radius: 4px;
    color: var(--moe-ink2);
    cursor: default;
    /* On a phone, the page's buttons cover the bottom of the window. */
    scroll-margin: 8px 0 84px;
  }
  .step.done {
    color: var(--moe-ink);
  }
  .step.opens {
    cursor: pointer;
  }
  .step[aria-selected='true'] {
    background: var(--moe-fill);
  }
  .steps:focus-visible .step[aria-selected='true'] {
    outline: 2px solid var(--moe-ink);
    outline-offset: -2px;
  }
  .steps:focus-visible {
    outline-width: 1px;
  }
  .part.lit,
  .norm.lit,
  .step.lit .name {
    text-decoration: underline dotted;
    text-underline-offset: 3px;
  }
  .what {
    display: flex;
    flex: 1;
    align-items: baseline;
    gap: 0 8px;
    min-width: 0;
    white-space: nowrap;
  }
  .stream .name,
  .plus .name {
    font-weight: 650;
  }
  .shape {
    font-size: 12px;
    line-height: 16px;
    color: var(--moe-ink2);
  }
  .came {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 0 16px;
    min-width: 0;
    font-size: 12px;
    line-height: 16px;
    white-space: nowrap;
  }
  .result {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .part {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .part span {
    min-width: 72px;
    text-align: end;
  }
  .norm {
    min-width: 104px;
    text-align: end;
  }
  .bar {
    width: 120px;
    height: 8px;
  }
  .two .bar {
    width: 56px;
  }
  .narrow .bar {
    width: 40px;
  }
  .narrow .part {
    gap: 4px;
  }

  .two .step {
    height: 24px;
  }
  .two .step.expert {
    height: 36px;
  }
  /* The table has the shapes, too. */
  .narrow .shape {
    display: none;
  }
  .narrow .step {
    font-size: 12px;
  }
  .two .expert .what {
    flex-direction: column;
    gap: 0;
    line-height: 16px;
  }
  .two .expert .came {
    flex-direction: column;
    align-items: flex-end;
  }
  .two .result {
    max-width: 160px;
  }
  .narrow .result {
    max-width: 104px;
  }
  .expert .norm {
    min-width: 136px;
  }
  .two .norm {
    min-width: 0;
  }

  .way {
    fill: none;
    stroke: var(--moe-line);
    stroke-width: 1.5;
  }
  .way.done {
    stroke: var(--moe-edge);
  }
  [data-term='stream'] .way {
    stroke-width: 3;
  }
  [data-term='stream'] .way.done {
    stroke: var(--moe-ink);
  }
  svg g.lit .way {
    stroke-width: 4;
  }
  .head,
  .dot {
    fill: var(--moe-line);
  }
  .dot {
    stroke: var(--moe-bg);
    stroke-width: 1;
  }
  .head.done,
  .dot.done {
    fill: var(--moe-ink);
  }
  .dot.done.latent {
    fill: var(--moe-ckv);
  }
  .dot.done.cache {
    fill: var(--moe-ckv);
  }
  .plus circle {
    fill: var(--moe-bg);
    stroke: var(--moe-line);
    stroke-width: 1.5;
  }
  .plus path {
    stroke: var(--moe-line);
    stroke-width: 1.5;
  }
  .plus.done circle,
  .plus.done path {
    stroke: var(--moe-ink);
  }
  .weighed {
    fill: var(--moe-note);
  }
  .zero {
    stroke: var(--moe-edge);
  }

  .panel {
    padding: 8px 0;
    border-top: 1px solid var(--moe-line);
    background: var(--moe-bg);
  }
  .description {
    min-height: 40px;
    color: var(--moe-ink2);
  }
  .two .description {
    min-height: 60px;
  }
  .narrow .description {
    min-height: 100px;
  }
  .vectors {
    height: 120px;
    overflow: auto;
    scrollbar-width: thin;
  }
  .list-name {
    color: var(--moe-ink2);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    max-width: 640px;
    columns: 2 160px;
  }
  .closer {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    line-height: 24px;
    color: var(--moe-ink2);
  }
  .closer button {
    line-height: 24px;
    color: var(--moe-ink);
  }
  /* The panel sticks to the bottom of the window and covers part of the diagram. */
  :host(:not(.low, .below-600)) {
    --moe-panel: sticky;
    --moe-covered: 256px;
  }
  .panel {
    position: var(--moe-panel, static);
    bottom: 0;
    z-index: 2;
  }
  .step {
    scroll-margin-bottom: var(--moe-covered, 0);
  }
  .beside .step {
    scroll-margin-bottom: 8px;
  }
  .beside {
    display: grid;
    grid-template-columns: 640px minmax(0, 640px);
    gap: 0 48px;
    align-items: start;
  }
  .beside .panel {
    top: 8px;
    bottom: auto;
    padding-top: 0;
    border-top: 0;
  }
  .beside .vectors {
    height: 320px;
  }
  @media print {
    .stages button,
    .closer {
      display: none;
    }
    .vectors {
      height: auto;
      overflow: visible;
    }
    .panel {
      position: static;
    }
  }
`;
