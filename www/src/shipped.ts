// The shipped model: its shape, as far as a first paint needs it, read from its config.json when the page is built
// (vite.config.ts). The engine's own answer replaces it. May import: geometry's types.

import type { Shape } from './views/geometry';

declare const __SHIPPED_SHAPE__: Shape;

export const shippedShape: Shape = __SHIPPED_SHAPE__;
