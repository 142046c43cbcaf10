// Exports of what is shown, by their formats. It comes by `import()` when an export is first wanted.
// May import: all of export, scope, views (later, shell).

import type { Snapshot } from '../scope/state';
import { words } from '../text/words';
import type { Shell } from '../views/shell';
import type { Format } from './formats';
import { FORMATS } from './formats';
import type { Origin } from './origin';
import { originOf } from './origin';
import { sessionOf } from './session';
import { drawn, settled } from './settled';
import { pngOf } from './png';
import type { Picture } from './svg';
import { svgOf } from './svg';
import { csv, json } from './table';
import { tableOf } from './tables';

/**
 * What a shell shows, in a format, once all of it is there.
 * @throws Error where that never comes, or there is no such format.
 */
export async function exported(shell: Shell, format: Format): Promise<string> {
  const { snapshot, origin } = await ready(shell);
  switch (format) {
    case 'svg':
      return (await picture(shell, origin)).svg;
    case 'csv':
      return csv(tableOf(snapshot), origin);
    case 'json':
      return json(tableOf(snapshot), origin);
    case 'session':
      return sessionOf(snapshot, origin);
    default:
      throw new Error(`moescope: no export “${String(format)}”; there are ${FORMATS.join(', ')}`);
  }
}

async function ready(shell: Shell): Promise<{ readonly snapshot: Snapshot; readonly origin: Origin }> {
  await settled(shell.scope);
  const origin = await originOf(shell.scope, shell.home);
  // It may have gone on meanwhile: what is written is of one moment.
  const { snapshot } = shell.scope.store;
  return { snapshot, origin };
}

/** The picture at twice the screen's pixels. */
export async function png(shell: Shell): Promise<Blob> {
  const { origin } = await ready(shell);
  return pngOf(await picture(shell, origin));
}

async function picture(shell: Shell, origin: Origin): Promise<Picture> {
  await drawn(shell);
  const { view, language } = shell.scope.store.snapshot.state;
  const element = shell.renderRoot.querySelector(`moe-${view}`);
  if (!element) throw new Error(`moescope: ${view} is not drawn`);
  const { name, views } = words(language);
  return svgOf(element, `${name}: ${views[view]}`, origin);
}
