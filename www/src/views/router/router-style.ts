// Style of the router ladder.

import { css } from 'lit';

export const ladderStyle = css`
  .with {
    padding-bottom: 4px;
  }
  .sentence {
    min-height: 24px;
    padding-bottom: 4px;
    color: var(--moe-ink2);
  }
  .narrow .sentence {
    min-height: 44px;
  }

  .many .box {
    max-height: min(640px, 70vh / var(--moe-size, 1));
    overflow-y: auto;
    scrollbar-gutter: stable;
    scrollbar-width: thin;
  }
  table {
    width: 100%;
    table-layout: fixed;
    border-collapse: separate;
    border-spacing: 0;
    font-size: 12px;
    line-height: 24px;
  }
  tbody {
    cursor: pointer;
  }
  .expert {
    width: 40px;
  }
  .logit {
    width: 56px;
  }
  .bias {
    width: 56px;
  }
  .group {
    width: 68px;
  }
  .choice {
    width: 50px;
  }
  .chosen {
    width: 38px;
  }
  .share {
    width: 50px;
  }
  .weight {
    width: 54px;
  }
  /* Total width of the columns chosen, share and weight, which are hatched in the rows of a ruled-out group. */
  section {
    --rest: 142px;
  }
  .narrow {
    --rest: 92px;
  }
  .tight :is(table, thead th) {
    font-size: 11px;
  }
  .tight .logit,
  .tight .bias {
    width: 52px;
  }
  .tight .group {
    width: 64px;
  }
  .tight .choice {
    width: 46px;
  }
  .tight .share {
    width: 44px;
  }
  .tight .weight {
    width: 48px;
  }
  .tight {
    --rest: 130px;
  }
  .roomy table {
    font-size: 14px;
  }
  .roomy .expert {
    width: 40px;
  }
  .roomy .logit,
  .roomy .bias,
  .roomy .choice {
    width: 76px;
  }
  .roomy .group {
    width: 80px;
  }
  .roomy .chosen {
    width: 64px;
  }
  .roomy .share,
  .roomy .weight {
    width: 68px;
  }
  .roomy {
    --rest: 200px;
  }
  thead th {
    height: 32px;
    padding: 0 4px 4px 0;
    color: var(--moe-ink2);
    font-size: 12px;
    line-height: 14px;
    vertical-align: bottom;
    text-align: end;
  }
  thead th.first {
    position: relative;
    text-align: start;
    white-space: nowrap;
  }
  thead th.middle {
    padding-right: 0;
    text-align: center;
  }
  thead th.start {
    padding-left: 14px;
    text-align: start;
  }
  .many thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--moe-bg);
  }
  .many thead th.first {
    z-index: 2;
  }
  /* The gap between groups; a tbody has no margin. */
  tbody + tbody::before {
    content: '';
    display: block;
    height: 8px;
  }
  tbody th,
  td {
    position: relative;
    height: 24px;
    padding-right: 4px;
    white-space: nowrap;
    text-align: end;
  }
  tbody th {
    color: var(--moe-ink2);
    text-align: start;
  }
  tbody th span {
    display: inline-block;
    min-width: 20px;
    padding: 0 3px;
    border-radius: 2px;
    line-height: 18px;
    text-align: end;
  }
  tr.in th,
  tr.in td[data-cell='weight'] {
    color: var(--moe-ink);
    font-weight: 650;
  }
  tr[aria-selected='true'] th span {
    background: var(--moe-ink);
    color: var(--moe-bg);
  }
  tr.out td,
  tr.cut td {
    color: var(--moe-ink2);
  }
  tr td.sum {
    padding-left: 14px;
    color: var(--moe-ink);
    line-height: 18px;
    text-align: start;
  }
  tr.cut td.sum {
    color: var(--moe-ink2);
  }
  td.sum::before {
    content: '';
    position: absolute;
    inset: 2px auto 2px 6px;
    border-left: 1px solid var(--moe-edge);
  }
  .many td.sum {
    vertical-align: top;
  }
  .many td.sum div {
    position: sticky;
    top: 32px;
    padding-top: 3px;
  }
  td.sum b {
    display: block;
    font-weight: 650;
  }
  tr.cut td.sum b {
    font-weight: 400;
  }
  s {
    text-decoration-thickness: 1px;
  }
  td svg.track {
    position: absolute;
    top: 0;
    left: 8px;
    width: calc(100% - 8px);
    height: 24px;
  }
  .roomy td svg.track {
    left: 16px;
    width: calc(100% - 76px);
  }
  td span.over {
    position: relative;
  }
  td svg.rest {
    position: absolute;
    top: 0;
    left: 4px;
    width: calc(var(--rest) - 4px);
    height: 24px;
    pointer-events: none;
  }
  td[data-cell='chosen'] {
    padding: 0;
    text-align: center;
  }
  td svg.disc {
    margin: auto;
  }
  /* The explained number and the numbers in its equation have a frame, which also shows the focus. */
  td:focus {
    outline: none;
  }
  td.part::after,
  td.explained::after {
    content: '';
    position: absolute;
    inset: 1px 0 1px 4px;
    border: 1px solid var(--moe-edge);
    border-radius: 2px;
    pointer-events: none;
  }
  tr td.sum::after {
    inset: 1px -3px 1px 6px;
  }
  td.explained::after {
    border-color: var(--moe-ink);
  }
  td:focus-visible::after {
    border-width: 2px;
  }
  td.blank {
    background: var(--moe-fill);
  }

  .explanation {
    height: 152px;
    padding: 12px 0 0;
    overflow: auto;
  }
  .narrow .explanation {
    height: 200px;
  }
  .explanation h3 {
    margin: 0;
    font: inherit;
    font-weight: 650;
  }
  .explanation p {
    color: var(--moe-ink2);
  }
  math {
    display: block;
    padding-top: 8px;
    font-size: 15px;
    text-align: start;
  }
  math,
  mtable {
    math-style: normal;
  }
  mtd {
    padding: 2px 0;
    text-align: start;
  }

  .wide header,
  .wide .sentence {
    max-width: 760px;
  }
  .beside {
    display: grid;
    grid-template-columns: minmax(720px, 760px) minmax(240px, 400px);
    gap: 0 48px;
  }
  .beside .explanation {
    position: sticky;
    top: 0;
    height: auto;
    min-height: 152px;
    align-self: start;
    padding-top: 32px;
  }
`;
