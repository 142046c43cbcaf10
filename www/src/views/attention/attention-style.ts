// Style of the attention view.

import { css } from 'lit';

export const attentionStyle = css`
  .guess {
    padding-bottom: 8px;
  }
  .count {
    min-height: 20px;
    color: var(--moe-ink2);
  }
  .narrow .count {
    min-height: 40px;
  }
  .parts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px 48px;
    align-items: start;
  }
  .squares {
    pointer-events: none;
  }
  .squares .lit {
    stroke: var(--moe-ink);
    stroke-width: 1;
  }
  .parts.beside {
    grid-template-columns: max-content minmax(0, 480px);
  }
  /* Reserves the height of all rows. */
  .rows {
    min-height: var(--rows, 0);
  }
  .ranking caption {
    line-height: 24px;
    font-weight: 650;
    white-space: nowrap;
  }
  .ranking thead th {
    font-size: 12px;
    line-height: 20px;
    color: var(--moe-ink2);
  }
  .ranking th,
  .ranking td {
    height: 20px;
    padding: 0 12px 0 0;
    white-space: nowrap;
    vertical-align: middle;
  }
  .ranking th:last-child,
  .ranking td:last-child {
    padding-right: 0;
  }
  .ranking .number {
    text-align: end;
  }
  .ranking .token {
    width: 96px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .ranking tr.here th,
  .ranking tr.here td:last-child {
    font-weight: 650;
  }
  .tick {
    stroke: var(--moe-ink);
    stroke-width: 1.5;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 16px;
    padding: 8px 0;
    color: var(--moe-ink2);
  }
  .key span {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .result,
  .same,
  .best {
    max-width: 560px;
    color: var(--moe-ink2);
  }
  .result {
    min-height: 60px;
    padding-bottom: 4px;
    color: var(--moe-ink);
    box-sizing: content-box;
  }
  .best {
    min-height: 16px;
  }
  .same {
    min-height: 40px;
  }
  .narrow .result {
    min-height: 100px;
  }
  .narrow .same {
    min-height: 80px;
  }
`;
