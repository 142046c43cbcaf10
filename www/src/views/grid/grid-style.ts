// Style of the grid view.

import { css } from 'lit';

export const gridStyle = css`
  h3 {
    margin: 0;
    font: inherit;
    font-weight: 650;
  }
  .guess {
    padding-bottom: 8px;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0 24px;
    line-height: 24px;
  }
  .choices div {
    display: flex;
    gap: 0 12px;
    color: var(--moe-ink2);
  }
  .choices button {
    color: var(--moe-ink);
    line-height: 24px;
  }
  .choices button[aria-pressed='true'] {
    font-weight: 650;
    text-decoration-color: currentColor;
    text-decoration-thickness: 2px;
  }
  .count {
    min-height: 20px;
    color: var(--moe-ink2);
  }
  .narrow .count {
    min-height: 40px;
  }
  p.chance {
    min-height: 40px;
    color: var(--moe-ink2);
  }
  path.chance {
    stroke: var(--moe-ink);
    stroke-dasharray: 3 3;
  }
  .parts {
    display: flex;
    flex-wrap: wrap;
    gap: 24px 48px;
    align-items: flex-start;
  }
  .parts > * {
    min-width: 0;
    max-width: 100%;
  }
  .cells {
    pointer-events: none;
  }
  .cells .lit .score,
  .cells .lit .cutscore,
  .cells .hatch.lit,
  .cells .note.lit {
    stroke: var(--moe-ink);
    stroke-width: 1;
  }
  .middle {
    text-anchor: middle;
  }
  .bars {
    stroke: none;
  }
  .pair {
    fill: var(--moe-note);
  }
  svg.pairs:focus-visible {
    outline: 2px solid var(--moe-ink);
    outline-offset: 2px;
  }
  .violation,
  .chosen,
  .pairs-note,
  .pair-result {
    max-width: 560px;
    color: var(--moe-ink2);
  }
  .narrow .pair-result {
    min-height: 40px;
  }
  .violation {
    min-height: 40px;
    padding-top: 8px;
    box-sizing: content-box;
  }
  .violation b {
    color: var(--moe-ink);
    font-weight: 650;
  }
  .narrow .violation {
    min-height: 80px;
  }
  .chosen {
    min-height: 84px;
    padding-top: 8px;
    box-sizing: content-box;
  }
  .narrow .chosen {
    min-height: 124px;
  }
  .pairs-note {
    min-height: 40px;
    padding-bottom: 8px;
    box-sizing: content-box;
  }
  .narrow .pairs-note {
    min-height: 60px;
  }
  svg.pairs {
    cursor: pointer;
  }
  .pair-result {
    min-height: 20px;
    padding-top: 8px;
    box-sizing: content-box;
    color: var(--moe-ink);
  }
  .layers {
    display: flex;
    flex-wrap: wrap;
    gap: 16px 48px;
    margin: 8px 0 16px;
    padding: 0;
    list-style: none;
  }
  button.layer {
    display: block;
    height: auto;
    max-width: 100%;
    padding: 4px 0;
    border: 0;
    text-align: start;
  }
  button.layer:hover {
    background: none;
  }
  button.layer:hover b {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  button.layer b {
    font-weight: 650;
  }
  button.layer .name {
    display: block;
    padding-bottom: 4px;
  }
  button.layer .quiet {
    padding-left: 8px;
  }
`;
