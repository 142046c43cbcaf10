// Style of the cache view.

import { css } from 'lit';
import { scrollsSideways } from '../shared/sideways';

export const cacheStyle = css`
  h3 {
    margin: 0;
    font: inherit;
    font-weight: 650;
  }
  .figures {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 0 16px;
    margin: 0;
    max-width: 560px;
    min-height: 64px;
    padding-bottom: 8px;
  }
  .figures div {
    display: flex;
    flex-direction: column-reverse;
    justify-content: flex-end;
  }
  .figures dt {
    font-size: 12px;
    line-height: 16px;
    color: var(--moe-ink2);
  }
  .figures dd {
    margin: 0;
    font-size: 24px;
    line-height: 32px;
    font-weight: 650;
  }
  .guess {
    min-height: 64px;
    padding-bottom: 8px;
  }
  .narrow .figures,
  .narrow .guess {
    min-height: 80px;
  }
  .narrow .figures dd {
    font-size: 16px;
    line-height: 24px;
  }
  .window {
    min-height: 16px;
    font-size: 12px;
    line-height: 16px;
    color: var(--moe-ink2);
  }
  .picture {
    display: block;
    max-width: 100%;
    cursor: pointer;
    touch-action: manipulation;
  }
  .ghost {
    opacity: 0.6;
  }
  .plain {
    fill: none;
    stroke: var(--moe-ink2);
    stroke-dasharray: 4 3;
  }
  .say {
    fill: var(--moe-ink2);
    stroke: var(--moe-bg);
    stroke-width: 3px;
    paint-order: stroke;
  }
  .result {
    fill: var(--moe-ink2);
    font-weight: 400;
  }
  .ring {
    fill: none;
    stroke: var(--moe-ink);
    stroke-width: 2;
  }
  .tables {
    display: flex;
    flex-wrap: wrap;
    gap: 16px 48px;
    align-items: flex-start;
    max-width: 100%;
    padding: 8px 0 16px;
    ${scrollsSideways}
  }
  .tables table {
    border-collapse: collapse;
  }
  .tables th,
  .tables td {
    padding: 2px 24px 2px 0;
    vertical-align: top;
    border-bottom: 1px solid var(--moe-line);
    text-align: start;
  }
  .tables .number {
    text-align: end;
  }
  .tables td {
    white-space: nowrap;
  }
  .tables thead th {
    vertical-align: bottom;
    font-size: 12px;
    line-height: 16px;
    color: var(--moe-ink2);
  }
  .tables tbody th {
    font-weight: 400;
  }
  .narrow .tables th,
  .narrow .tables td {
    padding-right: 12px;
  }
  .name {
    display: flex;
    align-items: center;
    gap: 8px;
    white-space: nowrap;
  }
  .note {
    display: block;
    padding-left: 20px;
    font-size: 12px;
    line-height: 16px;
    color: var(--moe-ink2);
  }
  tr.lit .name {
    text-decoration: underline dotted;
    text-underline-offset: 3px;
  }
  .cell,
  .rebuilt {
    padding: 8px 0;
    border-top: 1px solid var(--moe-line);
  }
  .beside .cell {
    border-top: 0;
    padding-top: 0;
  }
  .description,
  .agree {
    max-width: 640px;
    padding-bottom: 4px;
    color: var(--moe-ink2);
  }
  .agree {
    min-height: 84px;
  }
  .narrow .agree {
    min-height: 124px;
  }
  .agree b {
    font-weight: 650;
    color: var(--moe-ink);
  }
  .strips {
    display: flow-root;
    min-height: 88px;
  }
  sub {
    font-size: 0.75em;
    line-height: 0;
  }
  .equation {
    padding: 8px 0;
    line-height: 28px;
    ${scrollsSideways}
  }
  math {
    font-size: 16px;
  }
  .heads {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    max-height: 76px;
    padding: 4px 0 8px;
    overflow-y: auto;
    color: var(--moe-ink2);
  }
  .heads span {
    padding-right: 4px;
  }
  .heads button {
    min-width: 32px;
    padding: 0 4px;
    color: var(--moe-ink);
  }
  .heads button[aria-pressed='true'] {
    background: var(--moe-fill);
    font-weight: 650;
    border-color: var(--moe-ink);
  }
  .beside {
    display: grid;
    grid-template-columns: 640px minmax(0, 640px);
    gap: 0 48px;
    align-items: start;
  }
`;
