// English texts: the page’s here, each view’s in its own file. `share.ts` is not included: it is loaded on demand.

import type { Fault } from '../../engine/messages';
import type { ModelIdentity } from '../../engine/model-identity';
import type { ModelInfo } from '../../engine/types';
import type { Shape } from '../../scope/shape';
import type { Operation } from '../../scope/stages';
import type { Complaint } from '../../scope/state';
import examples from '../examples.json';
import { format } from '../format';
import { enAttention } from './attention';
import { enCache } from './cache';
import { enCacheLab } from './cache-lab';
import { enChangeBar } from './change-bar';
import { enFlow } from './flow';
import { enTerms } from './glossary';
import { enGrid } from './grid';
import { enModels } from './models';
import { enNext } from './next-token';
import { enRouter } from './router';
import { enStart } from './start';
import { enWhatIf } from './what-if';

const f = format('en');

/** A piece of the legend: text, or a drawn mark and the word beside it. */
export type LegendPart =
  | string
  | {
      readonly mark: 'score' | 'cut' | 'note' | 'shared' | 'latent' | 'ring' | 'ringed' | 'outlined';
      readonly word: string;
    };

export interface StepFacts {
  readonly token: string;
  readonly layer: number;
  /** Ascending; null if the layer is dense. */
  readonly experts: readonly number[] | null;
  readonly ofExperts: number;
  /** Number of shared experts that ran. */
  readonly shared: number;
  readonly latentBytes: number;
  readonly expandedBytes: number;
}

export interface StageFacts {
  readonly token: string;
  readonly layer: number;
  readonly operation: Operation;
  /** Number of tokens in the cache. */
  readonly tokens: number;
  readonly heads: number;
  /** True if the roll is shown; it draws the heads' weights as ticks. */
  readonly ticks: boolean;
  readonly ofExperts: number;
  readonly latentBytes: number;
  /** The kept groups and those ruled out, ascending. */
  readonly kept: readonly number[];
  readonly ruledOut: readonly number[];
  /** First and last expert of each kept group. */
  readonly keptExperts: readonly (readonly number[])[];
  /** Number of shared experts that run. */
  readonly shared: number;
  /** Ascending. */
  readonly experts: readonly number[];
}

export interface ExpertFacts {
  readonly expert: number;
  /** True if a what-if switches the expert off in the shown run. */
  readonly off: boolean;
  /** Null before the scores are known. */
  readonly score: number | null;
  /** Null before groups are ruled out. */
  readonly kept: boolean | null;
  /** Null before experts are chosen. */
  readonly chosen: boolean | null;
  /** Null if the expert is not chosen. */
  readonly share: number | null;
  readonly weight: number | null;
}

/** “ran 4 of its 16 experts (0, 2, 3, 8) and the shared one”. */
function ran(experts: readonly number[], of: number, shared: number): string {
  const always = shared === 1 ? 'the shared one' : `the ${f.whole(shared)} shared ones`;
  if (experts.length === 0) return `ran none of its ${of} routed experts${shared > 0 ? `, only ${always}` : ''}`;
  return `ran ${experts.length} of its ${of} experts (${experts.join(', ')})${shared > 0 ? ` and ${always}` : ''}`;
}

const groups = (all: readonly number[]): string =>
  all.length === 0 ? 'no group' : `${all.length === 1 ? 'group' : 'groups'} ${f.list(all)}`;

/** Names of the examples, one for each domain of the shipped model. */
const EXAMPLES: Readonly<Record<string, string>> = { story: 'a story', python: 'Python', arithmetic: '6 × 7' };

/** Link fields whose numbers the page shows unchanged, so that a message can say “There is no layer 9”. */
const INDEXED = ['layer', 'expert', 'head'];

export const en = {
  language: 'en',
  f,

  name: 'moescope',
  tagline: (parameters: number) => `DeepSeek-V3-style, ${f.compact(parameters)} parameters`,

  transport: {
    label: 'Text and steps',
    text: 'Text',
    textKeys: 'Enter runs the text; Shift+Enter makes a new line',
    placeholder: 'Type some text or pick an example',
    placeholderBrief: 'Type some text',
    nextGenerates: 'End of your text: “Next token” lets the model choose a token',
    examples: 'Examples',
    previous: 'Previous token',
    next: 'Next token',
    last: 'Run to the end',
    play: 'Play',
    pause: 'Pause',
    slowly: 'Slowly',
    slowlyMeans: 'Shows one operation of the step at a time',
    stage: (stage: number, of: number) => `${stage}/${of}`,
    scrubber: 'Token',
    where: (position: number, length: number) => `token ${f.whole(position + 1)} of ${f.whole(length)}`,
    beyond: (context: number) =>
      `The model reads at most ${f.whole(context)} tokens. The rest of your text is not read:`,
  },

  header: {
    subtitle:
      'A small DeepSeek-V3-style model runs in this page. Step it through your own text: see which experts each token ' +
      'uses, and what its compressed memory saves.',
    label: 'Page',
    lessons: 'Lessons',
    lessonsMeans: 'Short lessons with questions',
    quiz: 'Quiz',
    quizMeans: 'Hides each answer until you ask for it',
    share: 'Share',
    menu: 'Menu',
  },

  settings: {
    label: 'settings',
    values: (speed: number, temperature: number, seed: number) =>
      `: speed ${speed}×, temperature ${temperature}, seed ${seed}`,
    speed: 'speed',
    times: (speed: number) => `${speed}×`,
    generate: 'Generate a token',
    temperature: 'temperature',
    seed: 'seed',
  },

  examples: examples.map(example => ({ ...example, name: EXAMPLES[example.id] ?? example.id })),

  roll: {
    experts: 'Experts of the token at the playhead: the up and down arrow keys select one, Enter explains its choice',
    why: (layer: number) => `Layer ${layer}: why these experts?`,
    whyDense: (layer: number) => `Layer ${layer} is dense`,
    whyShort: 'why these?',
    /** The text's next token, if it has no block of its own and is counted in the block “others”. */
    inText: (token: string) => `in your text: ${token}`,
    full: 'The context is full.',
    off: (expert: number) => `${expert} off`,
    expert: ({ expert, off, score, kept, share, weight }: ExpertFacts): string => {
      const parts = [`Expert ${expert}`];
      if (score !== null) parts.push(`score ${f.exact(score)}`);
      if (off) parts.push('switched off');
      if (kept === false) parts.push('group ruled out');
      if (share !== null && weight !== null) parts.push(`chosen, share ${f.exact(share)}, weight ${f.exact(weight)}`);
      return parts.join(', ');
    },
    chip: ({
      token,
      layer,
      expert,
      off,
      score,
      kept,
      chosen,
      share,
      weight,
    }: ExpertFacts & { token: string; layer: number }): string => {
      const parts = [`${token}, layer ${layer}, expert ${expert}: score ${f.exact(score ?? NaN)}`];
      if (share !== null && weight !== null) parts.push(`chosen, share ${f.exact(share)}, weight ${f.exact(weight)}`);
      else if (off) parts.push('switched off');
      else if (kept === false) parts.push('group ruled out');
      else if (chosen === false) parts.push('not chosen');
      else if (kept === true) parts.push('group kept');
      return parts.join(', ');
    },
  },

  /** The legend of the marks that compare the changed run with the plain run. */
  changeLegend: [
    ' With the change: a ',
    { mark: 'ring', word: 'ring' },
    ' is an expert chosen only without it, a ',
    { mark: 'ringed', word: 'disc in a ring' },
    ' one chosen only with it, a pale disc one chosen in both; the ',
    { mark: 'outlined', word: 'outlined column' },
    ' has the next tokens without it.',
  ] as readonly LegendPart[],

  legend: (shape: Shape, fullScore: number): LegendPart[] => {
    const { n_routed_experts, n_group, topk_group, num_experts_per_tok, n_shared_experts } = shape;
    const cuts: LegendPart[] = [{ mark: 'cut', word: 'rules out' }, ` ${n_group - topk_group} of ${n_group} groups, `];
    const shared: LegendPart[] = [
      'always adds the ',
      { mark: 'shared', word: 'shared' },
      n_shared_experts > 1 ? ' ones, ' : ' one, ',
    ];
    return [
      'Each column is one token; read it from bottom to top. Every layer ',
      { mark: 'score', word: 'scores' },
      ` its own ${n_routed_experts} experts (strongest colour from ${fullScore}), `,
      ...(topk_group < n_group ? cuts : []),
      { mark: 'note', word: 'runs' },
      ` the best ${num_experts_per_tok} (bigger disc, bigger share), `,
      ...(n_shared_experts > 0 ? shared : []),
      'and stores only a ',
      { mark: 'latent', word: 'latent' },
      '.',
    ];
  },

  step: ({ token, layer, experts, ofExperts, shared, latentBytes, expandedBytes }: StepFacts): string =>
    `For ${token}, layer ${layer} ${experts ? ran(experts, ofExperts, shared) : 'is dense: it ran its only network'}, ` +
    `and stored ${f.whole(latentBytes)} bytes; expanded into keys and values for every head they would be ` +
    `${f.whole(expandedBytes)}.`,

  stage: ({
    token,
    layer,
    operation,
    tokens,
    heads,
    ticks,
    ofExperts,
    latentBytes,
    kept,
    ruledOut,
    keptExperts,
    shared,
    experts,
  }: StageFacts): string => {
    const where = `For ${token}, layer ${layer}`;
    switch (operation) {
      case 'cache':
        return `${where} stores ${f.whole(latentBytes)} bytes in its cache.`;
      case 'attend':
        return tokens === 1
          ? `${where} attends: the only token is this one${ticks ? `; grey ticks are its ${heads} heads’ weights` : ''}.`
          : `${where} attends to ${f.whole(tokens)} tokens in its cache${ticks ? `; grey ticks are its ${heads} heads’ weights on each` : ''}.`;
      case 'dense':
        return `${where} is dense: it runs its only network, without a router.`;
      case 'score':
        return `${where} scores its ${ofExperts} experts: its router rates how well each of them fits.`;
      case 'cut':
        return `${where} keeps ${groups(kept)} (experts ${f.list(keptExperts.map(ends => [...new Set(ends)].join('–')))}) and rules out ${groups(ruledOut)}.`;
      case 'choose':
        if (experts.length === 0) return `${where} chooses no expert.`;
        return `${where} chooses ${experts.length === 1 ? 'expert' : 'experts'} ${f.list(experts)} and adds ${experts.length === 1 ? 'its' : 'their'} weighted ${experts.length === 1 ? 'output' : 'outputs'}${shared > 0 ? ` to the shared ${shared === 1 ? 'expert’s' : 'experts’'}` : ''}.`;
      case 'next':
        return `After ${token} the model expects these tokens.`;
    }
  },

  complaint: ({ field, found, problem, used }: Complaint): string => {
    switch (problem) {
      case 'version':
        return found === ''
          ? `This link has no version; this page reads version ${used}, so the link was ignored.`
          : `This link is version ${/^\d+$/u.test(found) ? found : `“${found}”`}; this page reads version ${used}, so the link was ignored.`;
      case 'unknown':
        return `The link has a field “${field}” that does not exist.`;
      case 'unreadable':
        return `In the link, “${field}” is “${found}”, which is none of its values; it was ignored.`;
      case 'range':
        return INDEXED.includes(field) && used !== ''
          ? `There is no ${field} ${found}; ${field} ${used} is shown.`
          : `In the link, “${field}” is ${found}, which is out of range; ${used === '' ? 'the default' : used} is used.`;
      case 'end':
        return field === 'token'
          ? `The text has no position ${found}; its last token is shown.`
          : `In the link, “${field}” is ${found}, which is beyond the text; the whole text is run.`;
      case 'length':
        return `In the link, “${field}” is too long; only its start is used.`;
      case 'vocabulary':
        return `In the link, “ids” has ${found}, expected ids up to ${used}; the text ends before this token.`;
      case 'model':
        return `The link was made with the model ${found}; you opened ${used}. All numbers belong to the model that you opened.`;
    }
  },

  moreComplaints: (count: number) =>
    count === 1 ? 'The link has one more problem.' : `The link has ${f.whole(count)} more problems.`,

  otherCopy:
    'This page loads moescope twice, and this element belongs to the second copy: load one copy for all elements.',

  inPage:
    'This page cannot start a worker. The engine runs in the page itself, so the page can stop reacting while it computes.',

  loading: {
    label: 'Loading the model',
    amount: (loaded: number, total: number | null) =>
      total === null
        ? `Loading the model: ${f.megabytes(loaded)} MB`
        : `Loading the model: ${f.megabytes(loaded)} of ${f.megabytes(total)} MB`,
    starting: 'Starting the model',
  },

  fault: {
    again: 'Try again',
    dismiss: 'Dismiss',
    say: (kind: Fault['kind'], message: string, recovered: boolean): string => {
      switch (kind) {
        case 'fetch':
          return `A file could not be loaded: ${message}.`;
        case 'wasm':
          return `This browser, or the page’s security policy, refuses the engine (a policy has to allow script-src 'wasm-unsafe-eval'): ${message}.`;
        case 'config':
        case 'checkpoint':
        case 'tokenizer':
          return `This model cannot be opened: ${message}.`;
        case 'panic':
          return recovered
            ? `The engine stopped and was restarted; your text is still here. Reason: ${message}.`
            : `The engine failed twice on this text. Your text is kept. Reason: ${message}.`;
        case 'view':
          return 'This part could not be loaded; select it again to retry.';
        case 'session':
        case 'what-if':
        case 'survey':
        case 'restarted':
        case 'cancelled':
          return `The engine could not do this: ${message}.`;
      }
    },
  },

  tokens: {
    label: 'Tokens: arrow keys step through them',
    where: (position: number) => f.whole(position + 1),
    of: (length: number) => ` / ${f.whole(length)}`,
    window: (first: number, end: number, count: number) => `${f.whole(first + 1)}–${f.whole(end)} of ${f.whole(count)}`,
    here: (token: string, position: number, length: number) =>
      `${token}, token ${f.whole(position + 1)} of ${f.whole(length)}`,
    /** The accessible name of the token at the playhead; it contains the words that are shown. */
    atPlayhead: (token: string, position: number, length: number) =>
      `${token}, ${f.whole(position + 1)} / ${f.whole(length)}`,
  },

  routing: {
    layer: (layer: number) => `Layer ${layer}`,
    chosen: (chosen: number, of: number) => `${chosen} of ${of}`,
    dense: 'dense',
    shared: 'shared',
    cache: 'cache',
    cut: 'ruled out',
    none: 'none',
    count: (chosen: number) => `${chosen} chosen`,
    grew: (bytes: number) => `+${f.whole(bytes)} B`,
    numbersOf: (layer: number) => `The picture in numbers, layer ${layer}`,
    tokenCaption: (token: string, layer: number) => `${token} in layer ${layer}`,
    tokensCaption: (layer: number) => `The tokens shown, in layer ${layer}`,
    groupsCaption: 'The groups of the layer',
    expert: 'expert',
    score: 'score',
    choiceScore: 'choice score',
    weight: 'weight',
    share: 'share',
    group: 'group',
    groupScore: 'group score',
    kept: 'kept',
    token: 'token',
    position: 'position',
    chosenWeights: 'chosen experts and their weights',
    range: f.range,
  },

  overview: {
    label: 'All layers: choose one to open',
    caption: 'Chosen experts in all layers: tap a layer to open it',
    layer: (layer: number) => `Open layer ${layer}`,
  },

  cache: {
    smaller: 'smaller than expanded',
    /** The same ratio for plain multi-head attention; a short line, since the column is narrow. */
    thanPlain: (ratio: number) => `plain MHA: ${f.ratio(ratio)}×`,
    kept: (bytes: number) => `${f.kilobytes(bytes)} kB stored`,
    notKept: (bytes: number) => `${f.kilobytes(bytes)} kB if expanded`,
    times: (ratio: number) => `${f.ratio(ratio)}×`,
    expanded: 'expanded',
    box: (heads: number, each: number, values: number) =>
      `Expanded, each layer would store this whole box: ${heads} heads × ${each} = ${f.whole(values)} values per token.`,
    strip: (cKv: number, ropeKey: number, values: number) =>
      `Each layer stores only the strip along the top: c_KV ${cKv} + RoPE key ${ropeKey} = ${values}.`,
    boxShort: (values: number) => `Expanded: ${f.whole(values)} values.`,
    stripShort: (values: number) => `Stored: the strip, ${f.whole(values)}.`,
    not: (bytes: number) => `${f.whole(bytes)} B`,
    ifExpanded: 'if expanded',
    caption: (layers: number) => `Bytes in the cache after this token, all ${layers} layers`,
    scheme: 'scheme',
    perToken: 'per token and layer',
    now: 'so far',
    ratio: '× the latent',
    latent: 'latent, stored',
    expandedRow: 'expanded',
    plainMha: 'plain MHA',
    plainMhaNote: 'same heads, no RoPE split; calculated, not run',
    bytes: (bytes: number) => `${f.whole(bytes)} bytes`,
  },

  /** The notice of a view while an earlier stage of the step is shown. */
  stageNotice: {
    shown: (name: string, index: number, count: number) =>
      `Stage ${f.whole(index + 1)} of ${f.whole(count)} is shown: ${name}. Numbers of later stages are hidden.`,
    whole: 'Show the whole step',
  },

  /** Buttons to the neighbouring layers, and the notice of a dense layer. */
  layers: {
    below: 'The layer below',
    above: 'The layer above',
    go: (layer: number): string => `Go to layer ${layer}`,
    dense: (layer: number): string =>
      `Layer ${layer} is dense: every token runs through the same network, and there is no router.`,
  },

  /** A vector as a strip of cells. */
  strips: {
    key: 'Blue: negative. Orange: positive. Strongest at the ± value beside the name.',
    from: 'from',
    caption: (name: string, size: number, columns: number): string =>
      `${name}: ${f.whole(size)} values in rows of ${f.whole(columns)}`,
    values: (size: number): string => (size === 1 ? '1 value' : `${f.whole(size)} values`),
    scale: (value: number): string => `±${f.hundredths(value)}`,
    label: (name: string, size: number, scale: number): string =>
      `${name}: ${f.whole(size)} values, blue negative, orange positive, strongest at ±${f.exact(scale)}`,
  },

  router: enRouter,
  next: enNext,
  flow: enFlow,
  attention: enAttention,
  cacheView: enCache,
  grid: enGrid,
  whatIf: enWhatIf,
  changeBar: enChangeBar,
  cacheLab: enCacheLab,
  models: enModels,
  start: enStart,
  terms: enTerms,

  /** Names of the views in the menu. */
  views: {
    label: 'Views',
    roll: 'roll',
    start: 'Start',
    router: 'router',
    next: 'next token',
    flow: 'flow',
    attention: 'attention',
    cache: 'cache',
    grid: 'grid',
    whatif: 'what if',
    cachelab: 'cache lab',
    models: 'real models',
  },

  /** Names of the groups of views. */
  viewGroups: { step: 'Step', memory: 'Memory', experts: 'Experts', beyond: 'Beyond' },

  /** Questions in place of a hidden answer. */
  reveal: {
    show: 'Show the answer',
    label: 'Let me guess each step first',
    step: (token: string, layer: number, chosen: number, of: number) =>
      `Guess first: which ${chosen} of its ${of} experts does layer ${layer} choose for ${token}, and which token follows?`,
    dense: (token: string, layer: number, bytes: number) =>
      `Guess first: which token follows ${token}, and how many bytes does layer ${layer} store for it (${f.whole(bytes)} if expanded)?`,
    router: (token: string, layer: number, chosen: number, of: number) =>
      `Which ${chosen} of its ${of} experts does layer ${layer} choose for ${token}?`,
    next: (token: string) => `Which token does the model expect after ${token}?`,
    again: 'Make your guess, then show the answer.',
  },

  close: 'Close',
  back: (view: string): string => `‹ Back to ${view}`,
  print: 'Print this picture',
  share: 'Share, embed or save',
  theme: { label: 'Theme', auto: 'match system', light: 'light', dark: 'dark' },
  size: { label: 'Size', percent: (size: number) => `${Math.round(size * 100)}%` },

  open: {
    summary: 'Open another model',
    hint:
      'Choose three files of a DeepSeek-V3-style model: config.json, model.safetensors (one file) and tokenizer.json. ' +
      'They are not uploaded.',
    files: 'Files of the model',
    missing: 'Open the model’s files',
    missingFiles: (names: readonly string[]) => `Choose all three files at once; missing: ${f.list(names)}.`,
  },

  lessons: {
    label: 'Lessons',
    minutes: (minutes: number) => `${f.whole(minutes)} min`,
    open: 'Open your own lesson',
    openHint: 'A Markdown file (.md), which is not uploaded. docs/lessons.md describes how to write one.',
    file: 'File of a lesson',
  },

  missingModel: {
    title: ({ name }: ModelIdentity) => `This link needs the model “${name}”`,
    sentence: ({ name, sha256 }: ModelIdentity) =>
      `The link was made with the model “${name}”, which was opened from files` +
      `${sha256 === null ? '' : ` (SHA-256 of its files: ${sha256.slice(0, 12)}…)`}. ` +
      'It is not open here, so no numbers are shown. Open the same files to see them.',
    shipped: 'Use the shipped model instead',
  },

  about: {
    promise: 'Every number is computed by the model in this page or read from a named source.',
    model: ({ parameters, num_hidden_layers, max_position_embeddings }: ModelInfo) =>
      `The model: ${f.whole(parameters.total)} parameters, ${f.whole(parameters.active)} used per token, ` +
      `${num_hidden_layers} layers, a context of ${f.whole(max_position_embeddings)} tokens.`,
    card: 'About moescope: what is computed where, the model card, licences',
  },
};
