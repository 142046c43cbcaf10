// Replaces `sources.ts` in the build of the notebook widget (`vite.widget.config.ts`): the files of the engine and the
// model are embedded in the module.

import packed from '../../pkg/packed.json?raw';
import { unpack } from './unpack';

/** The widget has no website, so the link in an export cannot be opened; it only describes the state. */
export const viewAlone = (): string => 'moescope:/embed.html';

const texts = new Map(Object.entries(JSON.parse(packed) as Readonly<Record<string, string>>));

export const SOURCES = await unpack(name => texts.get(name) ?? '');
