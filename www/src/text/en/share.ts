// English texts of exports and of the share dialog.

import type { ModelInfo } from '../../engine/types';
import type { Complaint } from '../../scope/state';
import type { Format } from '../format';
import { format } from '../format';
import type { Part, ViewId } from '../../scope/fields';

const f = format('en');

interface Named {
  readonly name: string;
  readonly sha256: string | null;
}

/** Why a session file cannot be opened. */
export type Refusal =
  | { readonly why: 'large'; readonly found: number; readonly most: number }
  | { readonly why: 'json'; readonly message: string }
  | { readonly why: 'field'; readonly field: string; readonly found: string; readonly expected: string }
  | { readonly why: 'state'; readonly complaint: Complaint }
  | { readonly why: 'vocabulary'; readonly index: number; readonly found: number; readonly most: number }
  | { readonly why: 'other'; readonly message: string }
  | { readonly why: 'model'; readonly found: Named; readonly here: Named }
  | {
      readonly why: 'tokens';
      readonly position: number;
      readonly found: number | null;
      readonly expected: number | null;
    };

/** What a field should contain, in words; the keys are those of `session.ts`. */
const EXPECTED: Readonly<Record<string, string>> = {
  object: 'an object',
  name: 'the model’s name',
  hash: 'a SHA-256 of 64 hexadecimal digits, or null',
  state: 'a state as in a link, after its #',
  ids: 'a list of token ids',
  id: 'a whole number from 0',
};

const MOST_FOUND = 40;

const short = (found: string): string => (found.length > MOST_FOUND ? `${found.slice(0, MOST_FOUND)}…` : found);
const known = ({ name, sha256 }: Named): string =>
  sha256 === null ? `“${short(name)}”` : `“${short(name)}”, SHA-256 ${sha256.slice(0, 12)}…`;

function because(refusal: Refusal): string {
  switch (refusal.why) {
    case 'large':
      return `the file is ${f.bytes(refusal.found)}, expected at most ${f.bytes(refusal.most)}.`;
    case 'json':
      return `the file cannot be read as JSON: ${refusal.message}`;
    case 'field': {
      const where = refusal.field === '' ? 'the file' : `“${refusal.field}”`;
      const found = refusal.found === '' ? 'missing' : short(refusal.found);
      return `${where} is ${found}, expected ${EXPECTED[refusal.expected] ?? refusal.expected}.`;
    }
    case 'state': {
      const { field, found } = refusal.complaint;
      const asked = field === 'v' ? ', expected 1' : ', which is none of its values';
      return `in “state”, “${field}” is ${found === '' ? 'missing' : `“${found}”`}${asked}.`;
    }
    case 'vocabulary':
      return `in “state”, “ids” has ${refusal.found} at ${refusal.index}, expected at most ${refusal.most}, this model’s last token.`;
    case 'other':
      return `${refusal.message.replace(/\.$/u, '')}.`;
    case 'model':
      return `it belongs to the model ${known(refusal.found)}, but this page has ${known(refusal.here)} open. Open “${short(refusal.found.name)}” first.`;
    case 'tokens':
      return `this model’s tokenizer splits the text differently: “tokens[${refusal.position}]” is ${refusal.found ?? 'missing'}, expected ${refusal.expected ?? 'no more'}.`;
  }
}

export const enShare = {
  modelName: ({ compact }: Format, { parameters, num_hidden_layers, n_routed_experts }: ModelInfo): string =>
    `DeepSeek-V3-style, ${compact(parameters.total)} parameters, ${num_hidden_layers} layers, ${n_routed_experts} routed experts`,

  /** The origin of an export. */
  origin: {
    version: 'moescope',
    link: 'link:',
    model: 'model:',
    noHash: 'not known: browsers compute it only on secure origins (https)',
  },

  /** The meaning of a row in the exported table of each view. */
  tables: {
    roll: 'Routing: one row for each expert, in each layer with routed experts, for each token. Only chosen experts have rank, weight and share.',
    start: 'Routing: the same rows as in the view roll.',
    router: 'One router’s choice for one token: one row per expert. Only chosen experts have rank, weight and share.',
    next: 'Probabilities of the next token after the shown token: the most probable tokens one by one and all others together, at temperature 1 and at the chosen temperature.',
    flow: 'One token’s way through the layers: Euclidean norms, and the weight, norm and part of the sum of each chosen expert.',
    attention:
      'Attention weights of one token in one layer: one row per head and token, with the latent cache and with the expanded one.',
    cache: 'Bytes in the cache after each token, over all layers: latent, as it is stored, and expanded.',
    grid: 'How many tokens so far chose each expert of a layer; relative is the count over uniform, the mean.',
    whatif:
      'The effect of the change at each token: the Kullback-Leibler divergence and the loss of the next token, in bits. ' +
      'route_changes has the layers that choose different experts. Before the sign > are the experts chosen only without ' +
      'the change, after it those chosen only with it.',
    cachelab:
      'Each cache setting that was tried on the text: bytes per token in all layers, and mean loss in bits per token with standard errors.',
    models: 'Cache bytes and weights of published models: one row per model and scheme, for the settings in the link.',
  } satisfies Record<ViewId, string>,

  title: 'Share, embed or save',
  close: 'Close',

  show: 'Show',
  parts: {
    name: 'the name',
    text: 'the text',
    controls: 'the buttons',
    scrubber: 'the scrubber',
    sentence: 'the sentence',
    legend: 'the legend',
    prose: 'the explanation',
    tables: 'the tables',
  } satisfies Record<Part, string>,
  behave: 'When it opens',
  reveal: 'hide answers until asked',
  autoplay: 'play when opened',
  autoplayDescription: 'Not if the reader’s system asks for less motion.',
  theme: 'Theme',
  width: 'Width in pixels',
  preview: 'Preview',
  previewOf: (view: string): string => `Preview: ${view}`,
  previewDescription: (width: number, height: number | null): string =>
    height === null
      ? 'If you go to another token in the preview, the code changes with it.'
      : `${f.whole(width)} × ${f.whole(height)} pixels. If you go to another token in the preview, the code changes with it.`,
  measuring: 'Measuring the height …',

  codes: { link: 'Link', markdown: 'Markdown', frame: 'Frame (iframe)', element: 'Element (moe-scope)' },
  openedModel: (name: string): string =>
    `Links, code and saved files name your model “${name}” and contain a hash of its files, but not the files. To see its numbers elsewhere, open the same files there.`,
  copy: 'Copy',
  copyWhat: (what: string): string => `Copy: ${what}`,
  copied: (what: string): string => `Copied: ${what}.`,
  notCopied: (what: string): string => `The browser did not allow copying. The code is selected: ${what}.`,
  /** The `title` of an embedding frame, read by screen readers. */
  frameTitle: (view: string): string => `moescope: ${view}`,
  oneFile:
    'This page is a single file. To embed it, write an iframe with the address of this file as its src. The element needs ' +
    'the files of the site.',

  save: 'Save what is shown',
  formats: { svg: 'SVG', png: 'PNG, 2×', csv: 'CSV', json: 'JSON', session: 'Session' },
  saveWhat: (format: string): string => `Save as ${format}`,
  saveDescription:
    'Each file contains the link, the version of moescope and the SHA-256 of the model. A session can be opened again.',
  saving: 'Computing …',
  saved: (file: string): string => `Saved: ${file}.`,
  notSaved: (why: string): string => `The file could not be saved: ${why}`,

  session: 'Open a session',
  sessionDescription: 'Choose a file that was saved here, or drop it anywhere on the page.',
  sessionFile: 'Session file',
  opening: 'Opening …',

  /** Why a session file is not opened. */
  refused: (refusal: Refusal): string =>
    refusal.why === 'field' && refusal.field === 'kind'
      ? `This is not a moescope session: ${because(refusal)}`
      : `This session cannot be opened: ${because(refusal)}`,
};
