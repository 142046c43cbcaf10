// The origin of an export: a link to the state, the model, and moescope's version. Every exported file contains these.

import { version } from '../../package.json';
import { formatAddress, VERSION } from '../scope/address';
import { shownComparison, shownRunName } from '../scope/select';
import type { Snapshot } from '../scope/state';
import { shareWords } from '../text/share-words';
import { words } from '../text/words';

export interface Model {
  readonly name: string;
  /** Hash of the checkpoint's bytes; null if the browser cannot compute it. */
  readonly sha256: string | null;
}

export interface Origin {
  readonly version: string;
  readonly permalink: string;
  readonly model: Model;
  /** The origin as lines of text. */
  readonly lines: readonly string[];
  /** The origin as members of a JSON object. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** The origin of a snapshot's export; `home` is the page's address, `sha256` the hash of the snapshot's model. */
export function originOf(snapshot: Snapshot, home: string, sha256: string | null): Origin {
  const model = { name: nameOf(snapshot), sha256 };
  const permalink = `${home}#${formatAddress(snapshot.state)}`;
  const texts = shareWords(snapshot.state.language).origin;
  const hash = model.sha256 ?? texts.noHash;
  return {
    version,
    permalink,
    model,
    lines: [
      `${texts.version} ${version}`,
      `${texts.link} ${permalink}`,
      `${texts.model} ${model.name}`,
      `sha-256: ${hash}`,
      ...runLine(snapshot),
    ],
    members: {
      moescope: VERSION,
      version,
      permalink,
      model: model.sha256 === null ? { ...model, why: texts.noHash } : model,
      view: snapshot.state.view,
      run: shownRunName(snapshot),
    },
  };
}

/** A line with the shown run and the changes; no line without a change. */
function runLine(snapshot: Snapshot): string[] {
  const { state, model } = snapshot;
  if (!shownComparison(snapshot)) return [];
  const { changeBar } = words(state.language);
  const changes = changeBar.changes(state.whatIf, model.info.kv_lora_rank);
  return [changeBar.run(changes, shownRunName(snapshot) === 'changed')];
}

/** A name for the model, made from its size: the model's files contain no name. */
export function nameOf({ state, model }: Snapshot): string {
  return shareWords(state.language).modelName(words(state.language).f, model.info);
}
