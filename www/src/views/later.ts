// The views that open beside the roll come when they are first wanted: who never looks at one need not bring it.
// May import: scope (state), and the views, by `import()`.

import type { ViewId } from '../scope/state';

type LaterView = Exclude<ViewId, 'roll'>;

const LATER: Readonly<Record<LaterView, () => Promise<CustomElementConstructor>>> = {
  router: async () => (await import('./router')).Router,
  next: async () => (await import('./next')).Next,
  flow: async () => (await import('./flow/flow')).Flow,
  attention: async () => (await import('./attention/attention')).Attention,
  cache: async () => (await import('./cache/cache')).Cache,
  models: async () => (await import('./models/models')).Models,
  whatif: async () => (await import('./what-if/what-if')).WhatIfView,
  cachelab: async () => (await import('./cache-lab/cache-lab')).CacheLab,
  grid: async () => (await import('./grid/grid')).Grid,
};

/** Whether a view can be drawn. */
export function isHere(view: ViewId): boolean {
  return view === 'roll' || customElements.get(`moe-${view}`) !== undefined;
}

/** Brings a view; rejected where its file does not arrive. */
export async function bring(view: ViewId): Promise<void> {
  if (view === 'roll' || isHere(view)) return;
  const element = await LATER[view]();
  if (!isHere(view)) customElements.define(`moe-${view}`, element);
}

/** Brings them all: somebody is about to choose one. What does not arrive is brought again when it is wanted. */
export function bringAll(): void {
  for (const view of Object.keys(LATER) as LaterView[]) bring(view).catch(() => undefined);
}
