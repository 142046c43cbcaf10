// Messages between a frame and the page around it: plain objects with a version, from and to any origin. A state in a
// message is read by the same schema as a link.

import { reasonOf } from '../engine/error-message';
import type { Format } from '../export/formats';
import { EXPORT_FORMATS } from '../export/formats';
import { boxOf, zoomOf } from '../measure/zoom';
import { VERSION } from '../scope/address';
import type { Scope } from '../scope/scope';
import type { Shell } from '../shell/shell';
import type { Fields } from './api';
import { EmbedApi } from './api';

/** Maximum length of a link or of all field values together, characters. */
const MOST_LETTERS = 200_000;
const MOST_FIELDS = 100;

/** A message to the frame; all have `moescope: 1`. */
export type FrameMessage =
  | { readonly type: 'set'; readonly state: string | Fields }
  | { readonly type: 'step'; readonly by?: number }
  | { readonly type: 'seek'; readonly position: number }
  | { readonly type: 'export'; readonly format: Format }
  | { readonly type: 'play' }
  | { readonly type: 'pause' };

/** Connects the frame's scope to messages from and to the page around it. */
export function frame(scope: Scope, shell: Shell): void {
  const { parent } = window;
  const post = (type: string, detail: object): void => {
    parent.postMessage({ moescope: VERSION, type, ...detail }, '*');
  };
  const api = new EmbedApi(scope, shell, (what, detail) => {
    post(what === 'statechange' ? 'state' : what, detail);
  });
  const give = async (format: Format): Promise<void> => {
    try {
      const content = await (await import('../export/export')).exported(shell, format);
      post('export', { format, content });
    } catch (error) {
      post('error', { kind: 'export', message: reasonOf(error) });
    }
  };
  let warned = false;
  addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source !== parent || !isOurs(data)) return;
    const message = read(data);
    if (message) {
      if (message.type === 'export') void give(message.format);
      else act(api, message);
      return;
    }
    if (!warned) console.warn('moescope: a message to this frame was not understood; see docs/embedding.md');
    warned = true;
  });
  let height = 0;
  new ResizeObserver(() => {
    const now = Math.ceil(boxOf(shell).height * zoomOf(shell));
    if (now === height) return;
    height = now;
    post('resize', { height });
  }).observe(shell);
}

function act(api: EmbedApi, message: Exclude<FrameMessage, { type: 'export' }>): void {
  switch (message.type) {
    case 'set':
      api.set(message.state);
      return;
    case 'step':
      api.step(message.by ?? 1);
      return;
    case 'seek':
      api.seek(message.position);
      return;
    case 'play':
      api.play(true);
      return;
    case 'pause':
      api.play(false);
  }
}

/** True if the message is meant for moescope; other listeners in the frame have messages of their own. */
function isOurs(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, 'moescope');
}

/** Reads a message; null if it is not valid. */
function read(data: Readonly<Record<string, unknown>>): FrameMessage | null {
  const own = (name: string): unknown => (Object.hasOwn(data, name) ? data[name] : undefined);
  if (own('moescope') !== VERSION) return null;
  const type = own('type');
  switch (type) {
    case 'set': {
      const state = readState(own('state'));
      return state === null ? null : { type, state };
    }
    case 'step': {
      const by = own('by');
      if (by === undefined) return { type };
      return isWhole(by) ? { type, by } : null;
    }
    case 'seek': {
      const position = own('position');
      return isWhole(position) ? { type, position } : null;
    }
    case 'export': {
      const format = EXPORT_FORMATS.find(each => each === own('format'));
      return format ? { type, format } : null;
    }
    case 'play':
    case 'pause':
      return { type };
    default:
      return null;
  }
}

/** Reads a link, or fields: values are words, numbers, booleans, or null for the default. */
function readState(state: unknown): string | Fields | null {
  if (typeof state === 'string') return state.length <= MOST_LETTERS ? state : null;
  if (!isPlain(state)) return null;
  const fields: [string, unknown][] = Object.entries(state);
  if (fields.length > MOST_FIELDS) return null;
  const taken: [string, Fields[string]][] = [];
  let letters = 0;
  for (const [name, value] of fields) {
    if (!/^[a-z]{1,20}$/u.test(name)) return null;
    if (!(value === null || typeof value === 'string' || typeof value === 'boolean' || isNumber(value))) return null;
    letters += String(value).length;
    taken.push([name, value]);
  }
  return letters <= MOST_LETTERS ? Object.fromEntries(taken) : null;
}

/** True if the value is a plain object; lists, dates and files would otherwise be read as objects without fields. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
