import type { ViewId } from '../scope/fields';
// Loads the views that open beside the roll, on first use.

type LaterView = Exclude<ViewId, 'roll'>;

const LATER: Readonly<Record<LaterView, () => Promise<CustomElementConstructor>>> = {
  start: async () => (await import('../views/start/start')).Start,
  router: async () => (await import('../views/router/router')).Router,
  next: async () => (await import('../views/next-token/next-token')).Next,
  flow: async () => (await import('../views/flow/flow')).Flow,
  attention: async () => (await import('../views/attention/attention')).Attention,
  cache: async () => (await import('../views/cache/cache')).Cache,
  models: async () => (await import('../views/models/models')).Models,
  whatif: async () => (await import('../views/what-if/what-if')).WhatIfView,
  cachelab: async () => (await import('../views/cache-lab/cache-lab')).CacheLab,
  grid: async () => (await import('../views/grid/grid')).Grid,
};

/** True if the code of a view is loaded. */
export function isHere(view: ViewId): boolean {
  return view === 'roll' || customElements.get(`moe-${view}`) !== undefined;
}

/** Loads a view; rejects if its file cannot be loaded. */
export async function loadView(view: ViewId): Promise<void> {
  if (view === 'roll' || isHere(view)) return;
  const element = await LATER[view]();
  if (!isHere(view)) customElements.define(`moe-${view}`, element);
}

/** Loads all views in advance. A file that cannot be loaded is tried again when its view is selected. */
export function loadAllViews(): void {
  for (const view of Object.keys(LATER) as LaterView[]) loadView(view).catch(() => undefined);
}
