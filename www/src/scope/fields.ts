// The list of the state's fields: the name of each field in links, its values, default and meaning. The types of the
// state, the initial state, links, attributes, messages and session files are made from this list. `cargo xtask fields`
// writes the element's types and manifest, a table of the documentation, and the types of the notebook widget from it.

import type { Values } from './values';
import {
  END,
  flag,
  index,
  modelIdentity,
  number,
  oneOf,
  optional,
  optionalWord,
  othersOf,
  places,
  shifts,
  someOf,
  stage,
  text,
  tokenIds,
  wellFormedText,
  whole,
  word,
} from './values';

/** The roll, and the views that open beside it; each can also be shown alone. */
export const VIEWS = [
  'roll',
  'start',
  'router',
  'next',
  'flow',
  'attention',
  'cache',
  'grid',
  'whatif',
  'cachelab',
  'models',
] as const;
export type ViewId = (typeof VIEWS)[number];

/** `auto`: the page has the theme of the reader's system, the element has the theme of the page around it. */
export const THEMES = ['auto', 'light', 'dark'] as const;

export const LANGUAGES = ['en'] as const;

/** Playback speeds, as multiples of the default. */
export const SPEEDS = [0.5, 1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

/** `always`: a step is shown at once; `click`: its answer is hidden until the reader asks for it. */
export const REVEALS = ['always', 'click'] as const;

/** The order of the grid's experts: by index, or by the number of tokens for which the expert was chosen. */
export const SORTS = ['expert', 'load'] as const;

/** The layers in the grid: only the selected layer, or small pictures of all layers. */
export const SPANS = ['one', 'all'] as const;

/** The parts around a view; each can be hidden. */
export const PARTS = ['name', 'text', 'controls', 'scrubber', 'sentence', 'legend', 'prose', 'tables'] as const;
export type Part = (typeof PARTS)[number];

/** Value of `only` when every part around the view is hidden. */
const NO_PART = 'view';

/** The run whose numbers are shown. `auto`: the changed run while something is changed. */
export const SHOWN = ['auto', 'plain', 'changed'] as const;

export const MIXTURES = ['all', 'only_shared', 'without_shared'] as const;
export const CACHE_FORMATS = ['f32', 'f16', 'int8', 'int4'] as const;

/** Bits per cached value of a published model. */
export const CACHE_BITS = [16, 8] as const;

/** Bits per weight; 0: the weights are not in this memory, so the cache can use all of it. */
export const WEIGHT_BITS = [16, 8, 4, 0] as const;

/** Maximum length of the text in a link, in characters. At four characters per token, about 49 contexts of 512 tokens. */
const MOST_TEXT = 100_000;
export const MOST_TEMPERATURE = 2;
/** Smallest and largest size of type and pictures, as a factor. */
export const LEAST_SIZE = 0.75;
export const MOST_SIZE = 2;
export const MOST_SEED = 0xffff_ffff;
/** Survey: maximum number of tokens per user. */
export const MOST_CONTEXT = 10_000_000;
/** Survey: maximum number of users at once. */
export const MOST_USERS = 1_000_000;
/** Survey: maximum memory, in units of 10^9 bytes. */
export const MOST_MEMORY = 1_000_000;
/** Maximum length of a pasted `config.json`, in characters. */
export const MOST_CONFIG = 20_000;

/** Maximum number of steps in a lesson. */
export const MOST_LESSON_STEPS = 99;

/** The subjects of the fields. */
export type Group = 'text' | 'view' | 'what-if' | 'sampling' | 'page' | 'real models' | 'lesson';

export interface Field<V> {
  /** The field's name in links, messages and session files, and the name of the element's attribute and property. */
  readonly name: string;
  /** The old name of a renamed field. It can still be read. */
  readonly alias?: string;
  readonly group: Group;
  readonly values: Values<V>;
  /** The value in the initial state. Links contain it only if `isAlwaysWritten`. */
  readonly initial: V;
  readonly isAlwaysWritten?: true;
  /** The meaning of the field, for the documentation (Markdown). */
  readonly meaning: string;
  /** The default, for the documentation (Markdown). */
  readonly byDefault: string;
}

/** Makes a field; the type of its value follows from `values`. */
function field<V>(
  name: string,
  group: Group,
  values: Values<V>,
  initial: NoInfer<V>,
  byDefault: string,
  meaning: string,
  more: Pick<Field<V>, 'alias' | 'isAlwaysWritten'> = {},
): Field<V> {
  return { name, group, values, initial, byDefault, meaning, ...more };
}

const code = (words: readonly (string | number)[]): string => words.map(word => `\`${word}\``).join(' ');

/** The fields that links have before the what-if, by their names in `ScopeState`, in the order of links. */
export const FIELDS_BEFORE_WHAT_IF = {
  /** The text as typed. */
  text: field('text', 'text', text(MOST_TEXT), '', 'an example', 'the text', { isAlwaysWritten: true }),
  /** Ids of the tokens appended to the text. As text they might be tokenized differently. */
  appended: field(
    'ids',
    'text',
    tokenIds,
    [],
    'none',
    'tokens appended to the text: their ids, joined by dots (`12.7`: tokens 12 and 7)',
  ),
  /** The model that was opened from files; null for the shipped model. */
  opened: field(
    'opened',
    'text',
    modelIdentity,
    null,
    'the shipped model',
    'a model that was opened from files: the hash of its files, and its name; no numbers are shown until these files are open',
  ),
  /** The playhead: a position in the tokens, or `END`. */
  position: field(
    'token',
    'text',
    index,
    END,
    'the last token',
    'the playhead: the position of the shown token, from 0',
  ),
  /** The last position to run, at or after the playhead; or `END`. */
  reach: field(
    'ran',
    'text',
    index,
    END,
    'the same as `token`',
    'the last position that the playhead has reached, from 0; the model runs up to this position, also after the playhead moves back',
  ),
  /** The selected decoder layer, clamped to the model. */
  layer: field('layer', 'view', index, END, 'the top layer', 'the selected decoder layer, from 0'),
  /** The selected expert of the selected layer. */
  expert: field('expert', 'view', optional, null, 'none', 'the selected expert'),
  /** The last shown stage of the playhead's step; null for the finished step. */
  stage: field(
    'stage',
    'view',
    stage,
    null,
    'the last stage',
    'the stage up to which the step is shown, for example `4.choose`; the number of the stage, from 0, is also accepted',
  ),
  view: field('view', 'view', oneOf(VIEWS), 'roll', '`roll`', code(VIEWS)),
  /** The selected attention head, clamped to the model. */
  head: field('head', 'view', whole(0, END), 0, '0', 'the selected attention head, from 0'),
  sort: field(
    'sort',
    'view',
    oneOf(SORTS),
    'expert',
    '`expert`',
    "order of the grid's experts: by `expert` (index) or `load`",
  ),
  span: field('span', 'view', oneOf(SPANS), 'one', '`one`', 'layers in the grid: `one` or `all`'),
  /** The open lesson's id; empty if no lesson is open. */
  lesson: field('lesson', 'lesson', optionalWord, '', 'none', 'the lesson that is open: its id, such as `router`'),
  /** The shown step of the lesson. */
  at: field('at', 'lesson', whole(1, MOST_LESSON_STEPS), 1, '1', 'the step of the lesson, from 1'),
  reveal: field(
    'reveal',
    'page',
    oneOf(REVEALS),
    'always',
    '`always`',
    '`always`: show each answer at once; `click`: hide it until the reader clicks “Show the answer”',
  ),
  /** The hidden parts. */
  hidden: field('hide', 'page', someOf(PARTS), [], 'none', `hidden parts: ${code(PARTS)}, joined by \`_\``),
  /** True if playback starts when the model is ready, unless the reader's system asks for less motion. */
  autoplay: field(
    'autoplay',
    'page',
    flag,
    false,
    '`off`',
    "`on`: play when opened, unless the reader's system asks for less motion",
  ),
} as const;

/** The fields of the what-if, by their names in the engine. */
export const WHAT_IF_FIELDS = {
  experts_off: field(
    'off',
    'what-if',
    places,
    [],
    'none',
    'experts switched off, `2.14_3.5`: expert 14 of layer 2, expert 5 of layer 3',
  ),
  experts_forced: field('forced', 'what-if', places, [], 'none', 'experts that are always chosen, written like `off`'),
  mixture: field('mixture', 'what-if', oneOf(MIXTURES), 'all', '`all`', `experts that run: ${code(MIXTURES)}`),
  /** Experts chosen per token. */
  num_experts_per_tok: field('chosen', 'what-if', optional, null, "the model's", 'number of experts chosen per token'),
  /** Groups kept per token. */
  topk_group: field('groups', 'what-if', optional, null, "the model's", 'number of groups kept per token'),
  /** True if the selection bias is used. */
  selection_bias: field('bias', 'what-if', flag, true, '`on`', '`off`: experts are chosen without the selection bias'),
  bias_shifts: field(
    'shifts',
    'what-if',
    shifts,
    [],
    'none',
    'changes of the selection bias, `2.14.-0.25`: -0.25 for expert 14 of layer 2',
  ),
  /** Number of principal directions stored of each latent. */
  latent_rank: field(
    'rank',
    'what-if',
    optional,
    null,
    'all',
    'number of directions of the latent that the cache stores',
  ),
  cache_format: field(
    'format',
    'what-if',
    oneOf(CACHE_FORMATS),
    'f32',
    '`f32`',
    `format of the cached values: ${code(CACHE_FORMATS)}`,
  ),
} as const;

/** The fields that links have after the what-if, by their names in `ScopeState`. */
export const FIELDS_AFTER_WHAT_IF = {
  shown: field(
    'shown',
    'what-if',
    oneOf(SHOWN),
    'auto',
    '`auto`',
    'with a what-if: the run that is shown, `plain` or `changed`; `auto` is the same as `changed`',
  ),
  /** Sampling temperature of the next token; at 0 the most probable token is chosen. */
  temperature: field(
    'temperature',
    'sampling',
    number(0, MOST_TEMPERATURE),
    0,
    '0',
    'temperature for the next token, 0 to 2',
  ),
  seed: field('seed', 'sampling', whole(0, MOST_SEED), 1, '1', 'seed for drawing the next token'),
  speed: field('speed', 'page', oneOf(SPEEDS), 1, '1', `speed of playback: ${SPEEDS.join(', ')}`),
  theme: field('theme', 'page', oneOf(THEMES), 'auto', '`auto`', code(THEMES)),
  /** The factor by which type and pictures are larger. */
  size: field('size', 'page', number(LEAST_SIZE, MOST_SIZE), 1, '1', 'size of type and pictures, 0.75 to 2'),
  language: field('lang', 'page', oneOf(LANGUAGES), 'en', '`en`', code(LANGUAGES)),
  /** The selected published model: a preset's id, `page` or `own`. */
  published: field(
    'published',
    'real models',
    word,
    'deepseek-v3',
    '`deepseek-v3`',
    'in the view `models`: the selected published model',
    { alias: 'model' },
  ),
  /** Survey: tokens per user. */
  context: field(
    'context',
    'real models',
    whole(1, MOST_CONTEXT),
    131_072,
    '131072',
    'in the view `models`: tokens per user',
  ),
  /** Survey: users at once. */
  users: field('users', 'real models', whole(0, MOST_USERS), 8, '8', 'in the view `models`: users at once'),
  /** Survey: memory, in units of 10^9 bytes. */
  memory: field('memory', 'real models', whole(1, MOST_MEMORY), 1000, '1000', 'in the view `models`: GB of memory'),
  bits: field(
    'bits',
    'real models',
    oneOf(CACHE_BITS),
    16,
    '16',
    'in the view `models`: 16 or 8 bits per cached value',
  ),
  weights: field(
    'weights',
    'real models',
    oneOf(WEIGHT_BITS),
    8,
    '8',
    'in the view `models`: 16, 8 or 4 bits per weight; 0: weights are not in this memory',
  ),
  /** The text of the user's own `config.json`; empty if there is none. */
  config: field(
    'config',
    'real models',
    wellFormedText(MOST_CONFIG),
    '',
    'none',
    'in the view `models`: the text of your own `config.json`',
  ),
} as const;

/** Sets the same value as `hide`, but lists the parts that stay visible. The page never writes it to a link. */
export const ONLY = field(
  'only',
  'page',
  othersOf(PARTS, NO_PART),
  [],
  'all',
  'the only parts that stay visible, joined by `_`; `view`: no part, only the picture',
);

export const STATE_FIELDS = { ...FIELDS_BEFORE_WHAT_IF, ...FIELDS_AFTER_WHAT_IF };

/** An object with a value for each field of `F`. */
export type ValuesOf<F> = { readonly [K in keyof F]: F[K] extends Field<infer V> ? V : never };

/** The values of fields in the initial state. */
export function initialValues<F extends Readonly<Record<string, { readonly initial: unknown }>>>(
  fields: F,
): ValuesOf<F> {
  return Object.fromEntries(Object.entries(fields).map(([key, { initial }]) => [key, initial])) as ValuesOf<F>;
}
