// The style of boxes that scroll sideways: a shadow at an edge tells that the content continues there. The shadows stay
// at the edges; covers of the page's colour move with the content and hide the shadow where the content ends.

import { css } from 'lit';

export const scrollsSideways = css`
  overflow-x: auto;
  background:
    linear-gradient(to right, var(--moe-bg) 50%, transparent) left / 40px 100% no-repeat local,
    linear-gradient(to left, var(--moe-bg) 50%, transparent) right / 40px 100% no-repeat local,
    linear-gradient(to right, var(--moe-shadow, var(--moe-edge)), transparent) left / 12px 100% no-repeat scroll,
    linear-gradient(to left, var(--moe-shadow, var(--moe-edge)), transparent) right / 12px 100% no-repeat scroll;
`;
