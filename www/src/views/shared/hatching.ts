// The pattern of a group that was ruled out, for `fill="url(#hatch)"` in the same picture.

import { svg } from 'lit';

export const hatching = svg`
  <defs>
    <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse">
      <path class="hatchline" d="M-1 1L1-1M0 8L8 0M7 9L9 7" />
    </pattern>
  </defs>`;
