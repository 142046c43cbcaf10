// Style of the cache lab.

import { css } from 'lit';
import { scrollsSideways } from '../shared/sideways';

export const cacheLabStyle = css`
  h3 {
    margin: 0;
    padding-top: 8px;
    font: inherit;
    font-weight: 650;
  }
  svg {
    max-width: 100%;
  }
  .plainly {
    min-height: 64px;
  }
  .narrow .plainly {
    min-height: 104px;
  }
  .tries {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    min-height: 32px;
    padding-bottom: 8px;
  }
  .guess {
    padding-bottom: 8px;
  }
  .result {
    min-height: 80px;
    padding-bottom: 8px;
  }
  .snug .result {
    min-height: 104px;
  }
  /* Reserves the height of the longer text, which appears when the step's detail is computed. */
  .expandedly {
    min-height: 76px;
    padding: 4px 0 12px;
  }
  .narrow .expandedly {
    min-height: 116px;
  }
  .setting,
  .price {
    padding: 0 0 12px;
    border-top: 1px solid var(--moe-line);
  }
  .middle {
    text-anchor: middle;
  }
  .work {
    display: block;
    margin: 8px 0;
  }
  .price .description + .description {
    padding: 8px 0;
  }
  /* Only for screen readers: the heading and the sentences above the table say the same as its caption. */
  .price caption {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .axis {
    stroke: var(--moe-edge);
  }
  .own {
    stroke: var(--moe-ink2);
    stroke-dasharray: 2 4;
  }
  .notrun {
    stroke: var(--moe-edge);
    stroke-dasharray: 3 3;
  }
  .point {
    cursor: pointer;
  }
  .point.expanded {
    cursor: default;
  }
  .point:focus-visible {
    outline: none;
  }
  .point:focus-visible .hit,
  .point:hover .hit {
    stroke: var(--moe-ink);
    stroke-width: 2;
  }
  .hit,
  .ring {
    fill: none;
    pointer-events: all;
  }
  .ring {
    stroke: var(--moe-note);
    stroke-width: 2;
  }
  .disc {
    fill: var(--moe-note);
    stroke: none;
  }
  .latent .disc {
    fill: var(--moe-ckv);
  }
  .point.expanded {
    stroke: none;
  }
  .point.expanded .disc {
    fill: var(--moe-bg);
    stroke: var(--moe-ink2);
    stroke-width: 1.5;
  }
  .lab text {
    stroke: var(--moe-bg);
    stroke-width: 3px;
    paint-order: stroke;
  }
  .point text {
    fill: var(--moe-ink);
  }
  svg .point.lit {
    stroke: none;
  }
  .point.lit .hit {
    stroke: var(--moe-ink);
    stroke-width: 2;
  }
  .error {
    stroke: var(--moe-edge);
    fill: none;
  }
  .leader {
    stroke: var(--moe-edge);
  }
  .way {
    fill: none;
    stroke-width: 2;
  }
  .way.naive {
    stroke: var(--moe-edge);
    stroke-width: 5;
  }
  .way.absorbed {
    stroke: var(--moe-ckv);
  }
  .way.rebuilt {
    stroke: var(--moe-ink2);
    stroke-dasharray: 4 3;
  }
  .at.naive {
    fill: var(--moe-edge);
  }
  .at.absorbed {
    fill: var(--moe-ckv);
  }
  .at.rebuilt {
    fill: var(--moe-ink2);
  }
  .wide {
    max-width: 100%;
    ${scrollsSideways}
    padding: 4px 0 8px;
  }
  .wide th,
  .wide td {
    padding: 2px 16px 2px 0;
    vertical-align: bottom;
    border-bottom: 1px solid var(--moe-line);
  }
  .wide thead th {
    font-size: 12px;
    line-height: 16px;
    color: var(--moe-ink2);
  }
  .wide .number {
    text-align: end;
  }
  .beside {
    display: grid;
    grid-template-columns: 640px minmax(0, 640px);
    gap: 0 48px;
    align-items: start;
  }
`;
