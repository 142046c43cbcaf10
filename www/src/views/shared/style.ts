// Styles that all views share: fonts, marks, controls. They are adopted style sheets, which a strict content security
// policy allows.

import { css } from 'lit';

export const base = css`
  :host {
    display: block;
    font: 14px/20px var(--moe-font);
    font-variant-numeric: tabular-nums;
    color: var(--moe-ink);
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  p,
  table,
  caption,
  td,
  th {
    margin: 0;
    padding: 0;
    font: inherit;
    text-align: start;
  }
  table {
    border-collapse: collapse;
  }
  details:not([hidden]) {
    display: var(--moe-tables, block);
  }
  @media print {
    details:not([open]) {
      display: none;
    }
    button.icon {
      visibility: hidden;
    }
  }
  .number {
    text-align: end;
  }
  .quiet {
    color: var(--moe-ink2);
  }
  .stage-notice {
    padding: 4px 0 8px;
  }
  .small {
    font-size: 12px;
    line-height: 16px;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export const controls = css`
  button,
  input,
  textarea,
  summary {
    font: inherit;
    color: inherit;
    font-variant-numeric: inherit;
  }
  button,
  input,
  textarea {
    background: none;
    border: 1px solid var(--moe-edge);
    border-radius: 4px;
    margin: 0;
  }
  button {
    height: 32px;
    padding: 0 12px;
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover {
    background: var(--moe-fill);
  }
  button[aria-disabled='true'] {
    color: var(--moe-ink2);
    border-color: var(--moe-line);
    cursor: default;
  }
  button[aria-disabled='true']:hover {
    background: none;
  }
  button.strong {
    background: var(--moe-ink);
    border-color: var(--moe-ink);
    color: var(--moe-bg);
    font-weight: 650;
  }
  button.strong[aria-disabled='true'] {
    background: var(--moe-fill);
    border-color: var(--moe-fill);
    color: var(--moe-ink2);
  }
  /* At least 24 px tall as a click target (WCAG 2.2); the negative margins keep the height of a line of text. */
  button.plain {
    border: 0;
    height: auto;
    margin: -4px 0;
    padding: 4px 0;
    text-decoration: underline;
    text-decoration-color: var(--moe-edge);
    text-underline-offset: 3px;
  }
  button.plain:hover {
    background: none;
    text-decoration-color: currentColor;
  }
  input {
    height: 32px;
    padding: 0 8px;
    accent-color: var(--moe-ink);
  }
  select {
    font: inherit;
    height: 32px;
    padding: 0 4px;
    color: var(--moe-ink);
    background: var(--moe-bg);
    border: 1px solid var(--moe-edge);
    border-radius: 4px;
  }
  input[type='range'] {
    padding: 0;
    border: 0 solid var(--moe-edge);
    border-radius: 0;
    appearance: none;
    cursor: pointer;
  }
  input[type='range']::-webkit-slider-runnable-track {
    height: 2px;
    background: var(--moe-edge);
  }
  input[type='range']::-moz-range-track {
    height: 2px;
    background: var(--moe-edge);
  }
  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 16px;
    height: 16px;
    margin-top: -7px;
    border: 0;
    border-radius: 8px;
    background: var(--moe-ink);
  }
  input[type='range']::-moz-range-thumb {
    width: 16px;
    height: 16px;
    border: 0;
    border-radius: 8px;
    background: var(--moe-ink);
  }
  summary {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--moe-ink);
    outline-offset: 2px;
  }
`;

export const marks = css`
  svg {
    display: block;
    overflow: visible;
  }
  svg text {
    fill: var(--moe-ink2);
    font-size: 12px;
  }
  svg text.name {
    fill: var(--moe-ink);
    font-size: 14px;
    font-weight: 650;
  }
  svg text.strong {
    fill: var(--moe-ink);
    font-weight: 650;
  }
  .end {
    text-anchor: end;
  }
  .score {
    fill: var(--moe-score);
  }
  .cutscore {
    fill: var(--moe-cut);
  }
  .hatchline {
    stroke: var(--moe-cut);
    stroke-width: 1;
  }
  .note {
    fill: var(--moe-note);
    stroke: var(--moe-bg);
    paint-order: stroke;
    stroke-width: 1;
  }
  .shared {
    fill: var(--moe-shared);
  }
  .dense {
    fill: var(--moe-ink2);
  }
  .ckv {
    fill: var(--moe-ckv);
  }
  text.grew {
    fill: var(--moe-ckv);
    font-weight: 650;
  }
  .rope {
    fill: var(--moe-rope);
  }
  .expanded {
    fill: none;
    stroke: var(--moe-expanded);
  }
  .line {
    stroke: var(--moe-line);
  }
  .rule {
    stroke: var(--moe-ink);
  }
  .paper {
    fill: var(--moe-bg);
  }
  .solid {
    fill: var(--moe-ink);
  }
  .fill {
    fill: var(--moe-fill);
  }
  .future {
    opacity: 0.7;
  }
  .future .score,
  .future .cutscore,
  .future .hatch {
    opacity: 0.3;
  }
`;
