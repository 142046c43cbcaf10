// Exports the shown view in each format. Loaded by `import()` on the first export.

import type { Snapshot } from '../scope/state';
import { words } from '../text/words';
import { csv, json } from './csv/table';
import { tableOf } from './csv/view-tables';
import type { Format } from './formats';
import { EXPORT_FORMATS } from './formats';
import type { Origin } from './origin';
import { originOf } from './origin';
import { sessionOf } from './session';
import type { Drawing } from './settled';
import { drawn, settled, up } from './settled';
import { pngOf } from './svg/png';
import type { Picture } from './svg/svg';
import { svgOf } from './svg/svg';
import type { ViewId } from '../scope/fields';

/** The element that is exported: the page, or a single view. */
export interface Exportable extends Drawing {
  /** The address of the page, without its fragment (`#…`). */
  readonly home: string;
  readonly renderRoot: ParentNode;
  /** Loads the code of a view. */
  loadView(view: ViewId): Promise<void>;
}

/** Maximum number of attempts to draw the settled state, which can change during each attempt. */
const MOST_TRIES = 5;

/**
 * Exports the shown view when everything is computed. Content and link belong to the same state.
 * @throws Error if the state cannot be computed, or the format does not exist.
 */
export async function exported(shell: Exportable, format: Format): Promise<string> {
  if (format === 'svg') return (await picture(shell)).svg;
  const { snapshot, sha256 } = await momentOf(shell);
  const origin = originOf(snapshot, shell.home, sha256);
  switch (format) {
    case 'csv':
      return csv(tableOf(snapshot), origin);
    case 'json':
      return json(tableOf(snapshot), origin);
    case 'session':
      return sessionOf(snapshot, origin);
    default:
      throw new Error(
        `moescope: the export format is “${String(format)}”, expected one of ${EXPORT_FORMATS.join(', ')}`,
      );
  }
}

/** The view's picture as PNG, with two pixels per CSS pixel. */
export async function png(shell: Exportable): Promise<Blob> {
  return pngOf(await picture(shell));
}

/** A settled snapshot and its model's hash. The hash takes time; it is computed first, so that the snapshot is new. */
async function momentOf({
  scope,
}: Exportable): Promise<{ readonly snapshot: Snapshot; readonly sha256: string | null }> {
  for (;;) {
    const { model } = await up(scope);
    const sha256 = await scope.fingerprint();
    const snapshot = await settled(scope);
    if (snapshot.model === model) return { snapshot, sha256 };
  }
}

/** The drawn picture with its origin. After `MOST_TRIES` attempts, the picture shows the last drawn snapshot. */
async function picture(shell: Exportable): Promise<Picture> {
  for (let tries = 1; ; tries++) {
    const { snapshot, sha256 } = await momentOf(shell);
    await shell.loadView(snapshot.state.view);
    await drawn(shell);
    const { shown } = shell;
    const isSame = shown.state === snapshot.state || tries >= MOST_TRIES;
    if (isSame && shown.model === snapshot.model) return pictureOf(shell, shown, originOf(shown, shell.home, sha256));
  }
}

function pictureOf(shell: Exportable, { state }: Snapshot, origin: Origin): Picture {
  shell.scope.ended.throwIfAborted();
  const { view, language } = state;
  const element = shell.renderRoot.querySelector(`moe-${view}`);
  if (!element) throw new Error(`moescope: the view “${view}” is not drawn`);
  const { name, views } = words(language);
  return svgOf(element, `${name}: ${views[view]}`, origin);
}
