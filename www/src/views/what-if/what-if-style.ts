// Style of the what-if view.

import { css } from 'lit';

export const whatIfStyle = css`
  h3,
  .moves caption {
    margin: 0;
    padding-top: 16px;
    font: inherit;
    font-weight: 650;
  }
  .result {
    padding: 4px 0 12px;
    border-bottom: 1px solid var(--moe-line);
  }
  .answer {
    margin-bottom: 8px;
    min-height: 112px;
  }
  .narrow .answer {
    min-height: 160px;
  }
  .continued {
    margin: 8px 0;
  }
  .continued dt {
    color: var(--moe-ink2);
    font-size: 12px;
  }
  .continued dd {
    margin: 0 0 4px;
    overflow-wrap: anywhere;
  }
  mark {
    background: var(--moe-fill);
    color: inherit;
    font-weight: 650;
    box-shadow: inset 0 -2px var(--moe-note);
  }
  .note {
    min-height: 20px;
  }
  .row button[aria-pressed='true'] {
    font-weight: 650;
    text-decoration-color: currentColor;
    text-decoration-thickness: 2px;
  }
  .experts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    max-height: 320px;
    padding: 4px 0 8px;
    overflow-y: auto;
  }
  .group {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .expert {
    min-width: 36px;
    padding: 0 4px;
  }
  .expert.off {
    border-color: var(--moe-ink);
    text-decoration: line-through;
    text-decoration-thickness: 2px;
    color: var(--moe-ink2);
    background: var(--moe-fill);
  }
  .expert.forced {
    border-color: var(--moe-note);
    box-shadow: inset 0 0 0 1px var(--moe-note);
    font-weight: 650;
  }
  .shift {
    min-height: 32px;
  }
  .narrow .bar {
    display: none;
  }
  .effect {
    display: flow-root;
    min-height: 320px;
    padding-top: 8px;
  }
  .effect th,
  .effect td {
    padding: 0 16px 0 0;
    font-size: 14px;
    line-height: 24px;
    white-space: nowrap;
    border-bottom: 1px solid var(--moe-line);
  }
  .effect th:first-child {
    min-width: 96px;
  }
  .effect .number {
    text-align: end;
  }
  .bar {
    display: inline-block;
    width: 56px;
    height: 8px;
    margin-right: 8px;
  }
  .effect .number span {
    display: inline-block;
    min-width: 52px;
  }
  .with {
    fill: var(--moe-note);
  }
  .with.here {
    fill: var(--moe-ink);
  }
  rect.without {
    fill: var(--moe-edge);
  }
  path.without {
    fill: none;
    stroke: var(--moe-ink);
    stroke-width: 1.5;
  }
  .beside {
    display: grid;
    grid-template-columns: 480px minmax(0, 640px);
    gap: 0 48px;
    align-items: start;
  }
  .beside .controls {
    grid-row: 1 / span 2;
  }
`;
