// Style of the share dialog.

import { css } from 'lit';

export const shareStyle = css`
  :host {
    display: contents;
  }
  dialog {
    width: min(1200px, 100vw / var(--moe-size, 1) - 32px);
    max-width: none;
    max-height: calc(100dvh / var(--moe-size, 1) - 32px);
    padding: 0;
    border: 1px solid var(--moe-edge);
    border-radius: 4px;
    background: var(--moe-bg);
    color: var(--moe-ink);
    overflow: auto;
    overscroll-behavior: contain;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 40%);
  }
  .body {
    padding: 8px 24px 24px;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 48px;
    padding: 0 16px 0 24px;
    background: var(--moe-bg);
    border-bottom: 1px solid var(--moe-line);
  }
  h2 {
    font-size: 16px;
    line-height: 24px;
    font-weight: 650;
  }
  h3,
  legend {
    margin: 0;
    padding: 0;
    font: inherit;
    font-weight: 650;
    line-height: 32px;
  }
  fieldset {
    margin: 0;
    padding: 0 0 8px;
    border: 0;
    min-width: 0;
  }
  label.check {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }
  label.check input {
    height: auto;
    margin: 0;
  }
  label.line {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-height: 40px;
  }
  label.line input {
    width: 88px;
  }
  .embed {
    display: grid;
    grid-template-columns: 208px minmax(0, 1fr);
    gap: 0 32px;
  }
  .look {
    min-width: 0;
  }
  .preview {
    overflow: auto;
    height: 384px;
    border: 1px solid var(--moe-line);
  }
  iframe {
    display: block;
    border: 0;
  }
  .codes {
    display: grid;
    grid-template-columns: 160px minmax(0, 1fr) auto;
    gap: 8px 12px;
    align-items: start;
    margin-top: 8px;
    padding-top: 12px;
    border-top: 1px solid var(--moe-line);
  }
  .codes label {
    line-height: 32px;
  }
  textarea {
    display: block;
    width: 100%;
    min-height: 32px;
    padding: 5px 8px;
    font-family: ui-monospace, monospace;
    font-size: 12px;
    line-height: 20px;
    resize: vertical;
    word-break: break-all;
  }
  .save {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0 32px;
    margin-top: 16px;
    padding-top: 8px;
    border-top: 1px solid var(--moe-line);
  }
  .formats {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .save p {
    padding-top: 8px;
  }
  input[type='file'] {
    border: 0;
    padding: 4px 0;
    height: 32px;
    max-width: 100%;
  }
  .result {
    min-height: 20px;
  }
  .refused {
    color: var(--moe-fault);
    overflow-wrap: anywhere;
  }
  :host(.below-768) dialog {
    width: calc(100vw / var(--moe-size, 1));
    max-height: calc(100dvh / var(--moe-size, 1));
    border-width: 0;
    border-radius: 0;
  }
  :host(.below-768) .head {
    padding: 0 8px 0 16px;
  }
  :host(.below-768) .body {
    padding: 8px 16px 24px;
  }
  :host(.below-768) :is(.embed, .save) {
    grid-template-columns: minmax(0, 1fr);
  }
  :host(.below-768) .codes {
    grid-template-columns: minmax(0, 1fr) auto;
  }
  :host(.below-768) .codes label {
    grid-column: 1 / -1;
    margin-bottom: -8px;
  }
`;
