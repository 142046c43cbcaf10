// Style of the view of published models.

import { css } from 'lit';
import { scrollsSideways } from '../shared/sideways';

export const modelsStyle = css`
  h3 {
    margin: 0;
    padding: 16px 0 8px;
    font: inherit;
    font-weight: 650;
  }
  .controls {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: 8px 16px;
    max-width: 640px;
    padding: 8px 0;
  }
  .controls > * {
    display: grid;
    grid-template-columns: 64px minmax(0, 1fr);
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .controls select {
    width: 100%;
    min-width: 0;
  }
  .controls .wide {
    grid-column: 1 / -1;
  }
  .controls .slider {
    grid-column: 1 / -1;
    grid-template-columns: 104px minmax(0, 1fr) 104px;
    min-height: 32px;
  }
  .controls .wide {
    grid-template-columns: 104px minmax(0, 1fr);
  }
  .controls input {
    width: 100%;
    min-width: 0;
  }
  .controls span {
    color: var(--moe-ink2);
  }
  .narrow .controls {
    grid-template-columns: minmax(0, 1fr);
  }
  .narrow .controls > label {
    grid-template-columns: 104px minmax(0, 1fr);
  }
  .narrow .controls .slider {
    grid-template-columns: minmax(0, 1fr) 104px;
  }
  .narrow .controls .slider span {
    grid-column: 1 / -1;
    margin-bottom: -8px;
  }
  .paste textarea {
    display: block;
    width: 100%;
    max-width: 640px;
    margin: 4px 0 8px;
    padding: 4px 8px;
    resize: vertical;
    font:
      12px/16px ui-monospace,
      monospace;
  }
  .refused {
    max-width: 640px;
    color: var(--moe-fault);
    overflow-wrap: anywhere;
  }
  .figures {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 0 16px;
    margin: 0;
    max-width: 640px;
    min-height: 80px;
    padding: 8px 0;
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
    min-height: 32px;
    font-size: 24px;
    line-height: 32px;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .narrow .figures {
    min-height: 104px;
  }
  .narrow .figures dd {
    min-height: 24px;
    font-size: 16px;
    line-height: 24px;
  }
  .description {
    max-width: 640px;
    padding-bottom: 4px;
    color: var(--moe-ink2);
  }
  .result {
    min-height: 148px;
  }
  .narrow .result {
    min-height: 180px;
  }
  .of {
    max-width: 640px;
    padding-top: 8px;
    color: var(--moe-ink2);
    overflow-wrap: anywhere;
  }
  .unverified {
    color: var(--moe-ink);
  }
  .columns {
    display: grid;
    grid-template-columns: 640px minmax(0, 640px);
    gap: 0 48px;
    align-items: start;
  }
  .weighed {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 8px 24px;
    align-items: start;
    min-height: 416px;
    padding-bottom: 8px;
  }
  .stacked .weighed {
    grid-template-columns: minmax(0, 1fr);
  }
  .scroll {
    max-width: 100%;
    ${scrollsSideways}
  }
  .scroll caption {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .scroll th,
  .scroll td {
    padding: 2px 10px 2px 0;
    font-size: 12px;
    border-bottom: 1px solid var(--moe-line);
    white-space: nowrap;
  }
  .scroll tr > :last-child {
    padding-right: 0;
  }
  .scroll thead th {
    font-size: 12px;
    line-height: 16px;
    color: var(--moe-ink2);
  }
  .scroll tr.here > * {
    font-weight: 650;
  }
  .swatch {
    display: inline-block;
    margin-right: 8px;
    vertical-align: -1px;
  }
  .bars .bar {
    cursor: pointer;
  }
  .bars .hit {
    fill: transparent;
  }
  .bars .bar:hover .hit {
    fill: var(--moe-fill);
  }
  .bars text {
    fill: var(--moe-ink);
  }
  .bars .chosen text {
    font-weight: 650;
  }
  svg.clip {
    overflow: hidden;
  }
  .heads,
  .ghost {
    fill: var(--moe-fill);
    stroke: var(--moe-expanded);
  }
  .index {
    fill: var(--moe-ink2);
  }
  .more,
  .plain {
    fill: none;
    stroke: var(--moe-ink2);
    stroke-dasharray: 4 3;
  }
  .part.attention {
    fill: var(--moe-ckv);
  }
  .part.routed_experts {
    fill: var(--moe-note);
  }
  .part.shared_experts {
    fill: var(--moe-shared);
  }
  .part.dense_ffn {
    fill: var(--moe-ink2);
  }
  .part.embedding {
    fill: var(--moe-score);
  }
  .part.head {
    fill: var(--moe-below);
  }
  .part.norms_and_routers {
    fill: var(--moe-rope);
  }
  .part.idle {
    fill: var(--moe-line);
  }
  .gridlines {
    stroke: var(--moe-bg);
  }
  .facts {
    display: grid;
    max-width: 640px;
    gap: 16px;
    margin: 0;
    padding: 0 0 16px;
    list-style: none;
  }
  .facts .claim {
    font-weight: 650;
  }
`;
