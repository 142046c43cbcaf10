// The look of a picture with a list box over it: what is pointed at has a ring, and a line of numbers below its row.
// May import: lit.

import { css } from 'lit';

export const pickedStyle = css`
  .picture {
    position: relative;
    width: max-content;
    max-width: 100%;
    cursor: pointer;
    contain: layout style;
  }
  .picture > svg.list {
    position: absolute;
    top: 0;
    left: 0;
  }
  svg.list:focus-visible {
    outline: 2px solid var(--moe-ink);
    outline-offset: 2px;
  }
  svg text.inverted {
    fill: var(--moe-bg);
    font-weight: 650;
  }
  .rule {
    fill: none;
    pointer-events: none;
  }
  .reach {
    fill: transparent;
  }
  .ring {
    fill: none;
    stroke: var(--moe-ink);
    stroke-width: 2;
    pointer-events: none;
  }
  .chip {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 2;
    width: max-content;
    max-width: min(100%, 520px);
    padding: 2px 8px;
    font-size: 12px;
    line-height: 16px;
    background: var(--moe-ink);
    color: var(--moe-bg);
    pointer-events: none;
  }
`;
