import { css } from 'lit';
import { scrollsSideways } from '../views/shared/sideways';

/** A row on wide screens: title, content, moves; on narrow ones, the parts are below each other. */
export const lessonBarStyle = css`
  :host {
    position: var(--moe-bar, sticky);
    bottom: 0;
    z-index: 6;
    margin: 16px calc(-1 * var(--moe-margin)) 0;
    padding: 12px var(--moe-margin);
    background: var(--moe-bg);
    border-top: 2px solid var(--moe-ink);
    display: grid;
    grid-template-columns: minmax(0, 1fr) max-content;
    gap: 8px 32px;
    align-items: center;
    font-size: 14px;
  }
  section {
    display: grid;
    grid-template-columns: 208px minmax(0, 1fr);
    gap: 8px 32px;
    align-items: center;
  }
  h2 {
    font-weight: 650;
  }
  h2:focus {
    outline: none;
  }
  .place {
    color: var(--moe-ink2);
    font-size: 12px;
  }
  .content {
    display: grid;
    gap: 8px;
    max-width: 840px;
    min-height: 84px;
    align-content: center;
  }
  .text,
  .result {
    font-size: 16px;
    line-height: 24px;
  }
  .result {
    font-weight: 650;
  }
  .result.good::before {
    content: '✓ ';
    color: var(--moe-shared);
  }
  .result.bad::before {
    content: '✗ ';
    color: var(--moe-fault);
  }
  .result + .text {
    margin-top: -4px;
  }
  b {
    font-weight: 650;
  }
  a {
    color: inherit;
    text-underline-offset: 3px;
  }
  .fault {
    color: var(--moe-fault);
  }
  .notice {
    color: var(--moe-ink2);
  }
  .choices,
  form,
  .moves {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .choices button.show {
    margin-left: 8px;
  }
  form input {
    width: 128px;
  }
  form .fault:empty {
    display: none;
  }
  .file {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .file input {
    border: 0;
    padding: 4px 0;
    height: auto;
    max-width: 100%;
  }
  .close {
    position: absolute;
    top: 8px;
    right: calc(var(--moe-margin) - 8px);
  }
  .moves {
    margin-top: 24px;
  }
  .moves button {
    max-width: 320px;
    height: auto;
    min-height: 32px;
    white-space: normal;
  }
  .table {
    ${scrollsSideways}
  }
  .table th,
  .table td {
    padding: 2px 20px 2px 0;
    white-space: nowrap;
    font-size: 14px;
    border-bottom: 1px solid var(--moe-line);
  }
  .table thead th {
    color: var(--moe-ink2);
    font-size: 12px;
  }
  .table tbody th {
    font-weight: 650;
  }
  :host(.below-900) {
    grid-template-columns: minmax(0, 1fr);
    padding-block: 8px;
  }
  :host(.below-900) section {
    grid-template-columns: minmax(0, 1fr);
    gap: 4px 8px;
  }
  :host(.below-900) .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 12px;
    padding: 6px 32px 0 0;
  }
  :host(.below-900) .content {
    min-height: 0;
    max-width: none;
  }
  :host(.below-900) .moves {
    margin-top: 0;
    justify-content: flex-end;
  }
  :host(.below-600) {
    bottom: var(--moe-steps-height, 61px);
    /* The picture stays visible above the longest text. */
    max-height: calc(62vh / var(--moe-size, 1));
    max-height: calc(62dvh / var(--moe-size, 1));
    overflow-y: auto;
  }
  :host(.below-600) :is(.text, .result) {
    font-size: 15px;
    line-height: 21px;
  }
  :host(.below-600) :is(.choices button, form button, form input, .moves button) {
    height: auto;
    min-height: 44px;
  }
  :host(.below-600) .choices button.show {
    min-width: 72px;
  }
  :host(.below-600) .moves button {
    flex: 1;
    max-width: none;
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
