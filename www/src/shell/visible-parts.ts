// What stands around a view can be left out: each part takes its `display` from a property of its own, which goes
// through the shadow roots. May import: lit.

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
