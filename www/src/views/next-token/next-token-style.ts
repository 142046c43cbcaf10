// Style of the next-token view.

import { css } from 'lit';

export const nextStyle = css`
  section {
    max-width: 760px;
  }
  h2 {
    font-size: 16px;
    line-height: 24px;
    padding: 4px 0;
    font-weight: 650;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .hint,
  .actual,
  .description {
    color: var(--moe-ink2);
  }
  .hint,
  .actual {
    min-height: 20px;
  }
  .narrow .hint,
  .narrow .actual {
    min-height: 40px;
  }
  .actual {
    padding-top: 4px;
    box-sizing: content-box;
  }
  .actual b {
    color: var(--moe-ink);
    font-weight: 650;
  }
  table {
    width: 100%;
    table-layout: fixed;
    border-collapse: separate;
    border-spacing: 0 2px;
  }
  .token {
    width: 36%;
  }
  .narrow .token {
    width: 34%;
  }
  thead th {
    height: 32px;
    padding: 0 0 2px 8px;
    color: var(--moe-ink2);
    font-size: 12px;
    line-height: 14px;
    vertical-align: bottom;
    text-align: end;
  }
  thead .same {
    color: var(--moe-ink2);
    font-size: 12px;
    line-height: 14px;
    padding: 0 0 2px 8px;
    vertical-align: bottom;
    text-align: end;
  }
  thead th:first-child {
    padding-left: 12px;
    text-align: start;
  }
  tbody th {
    position: relative;
    height: 32px;
  }
  td.number {
    position: relative;
  }
  .track {
    position: absolute;
    inset: 0;
    left: 16px;
    width: calc(100% - 80px);
    height: 32px;
  }
  .narrow .track {
    left: 8px;
    width: calc(100% - 68px);
  }
  .track rect {
    fill: var(--moe-edge);
  }
  .track .zero {
    stroke: var(--moe-line);
  }
  .real {
    position: absolute;
    inset: 2px auto 2px 0;
    width: 4px;
    background: var(--moe-ink);
  }
  tbody button {
    position: relative;
    display: flex;
    align-items: center;
    gap: 0 4px;
    width: 100%;
    height: 32px;
    padding: 0 4px 0 12px;
    border: 0;
    text-align: start;
    overflow: hidden;
  }
  tbody button b {
    min-width: 0;
    font-size: 14px;
    font-weight: 650;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  tbody button:hover {
    background: none;
  }
  tbody button:hover b {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  tbody button[aria-disabled='true'],
  tbody button[aria-disabled='true']:hover b {
    color: inherit;
    text-decoration: none;
  }
  tbody button:focus-visible {
    outline-offset: -2px;
  }
  /* The sign for a space is drawn with borders, because the character ␣ has a different size in each font. */
  .space {
    flex: none;
    align-self: flex-end;
    width: 6px;
    height: 4px;
    margin: 0 0 10px;
    border: solid var(--moe-edge);
    border-width: 0 1px 1px;
  }
  .inText {
    flex: none;
    padding-left: 4px;
    color: var(--moe-ink2);
    font-size: 12px;
    font-weight: 400;
  }
  .narrow .inText {
    position: absolute;
    left: 8px;
    bottom: 0;
    line-height: 13px;
  }
  .narrow tr.isReal button b {
    padding-bottom: 12px;
    line-height: 18px;
  }
  .narrow tr.isReal .space {
    margin-bottom: 16px;
  }
  .others th {
    padding-left: 12px;
    color: var(--moe-ink2);
    line-height: 32px;
  }
  .others td {
    color: var(--moe-ink2);
  }
  .blank {
    height: 32px;
    background: var(--moe-fill);
  }

  .choose {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px 16px;
    margin-top: 12px;
    padding-top: 16px;
    border-top: 1px solid var(--moe-line);
  }
  .choose label {
    display: flex;
    align-items: center;
    gap: 8px 12px;
  }
  input[type='range'] {
    flex: 1;
    min-width: 0;
    height: 24px;
  }
  .value {
    min-width: 24px;
    font-weight: 650;
    text-align: end;
  }
  @media (pointer: coarse) {
    input[type='range'] {
      height: 44px;
    }
  }
`;
