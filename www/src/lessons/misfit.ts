// Why a lesson cannot be shown with a model.

import type { Need } from './needs';

/** Why a lesson cannot be shown. */
export type Misfit =
  | { readonly is: 'need'; readonly need: Need }
  | { readonly is: 'layer' | 'expert' | 'group' | 'head'; readonly found: number; readonly most: number }
  | { readonly is: 'routed layer'; readonly layer: number }
  | { readonly is: 'stage'; readonly stage: string };
