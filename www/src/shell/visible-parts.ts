// The parts around a view (`PARTS` in scope/state.ts) can be hidden; each reads its `display` from a CSS property,
// which passes through shadow roots.

import { css } from 'lit';

export const partsStyle = css`
  :host([hide~='name']) {
    --moe-name: none;
  }
  :host([hide~='text']) {
    --moe-text: none;
  }
  :host([hide~='controls']) {
    --moe-controls: none;
    --moe-steps-height: 0px;
  }
  :host([hide~='scrubber']) {
    --moe-scrubber: none;
  }
  :host([hide~='sentence']) {
    --moe-sentence: none;
  }
  :host([hide~='legend']) {
    --moe-legend: none;
  }
  :host([hide~='prose']) {
    --moe-prose: none;
  }
  :host([hide~='tables']) {
    --moe-tables: none;
  }
`;
