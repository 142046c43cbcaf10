// All English texts: those of the page here, those of each view in its own file.

import type { Fault } from '../../engine/messages';
import type { ModelInfo } from '../../engine/types';
import type { Shape } from '../../scope/shape';
import type { Operation } from '../../scope/stages';
import type { Complaint } from '../../scope/state';
import examples from '../examples.json';
import { format } from '../format';
import { enAttention } from './attention';
import { enCache } from './cache';
import { enCacheLab } from './cache-lab';
import { enFlow } from './flow';
import { enTerms } from './glossary';
import { enGrid } from './grid';
import { enModels } from './models';
import { enNext } from './next-token';
import { enRouter } from './router';
import { enWhatIf } from './what-if';

const f = format('en');

/** A piece of the legend: words, or a mark with its word. */
export type LegendPart =
  string | { readonly mark: 'score' | 'cut' | 'note' | 'shared' | 'latent'; readonly word: string };

export interface StepFacts {
  readonly token: string;
  readonly layer: number;
  /** Ascending; null where the layer is dense. */
  readonly experts: readonly number[] | null;
  readonly ofExperts: number;
  readonly latentBytes: number;
  readonly expandedBytes: number;
}

export interface StageFacts {
  readonly token: string;
  readonly layer: number;
  readonly operation: Operation;
  /** How many tokens are in the cache. */
  readonly tokens: number;
  readonly heads: number;
  /** Whether the roll is there, which draws their weights. */
  readonly ticks: boolean;
  readonly ofExperts: number;
  readonly latentBytes: number;
  /** The first and last expert of each group that is kept. */
  readonly kept: readonly (readonly number[])[];
  /** Ascending. */
  readonly experts: readonly number[];
}

export interface ExpertFacts {
  readonly expert: number;
  /** Null before it is known. */
  readonly score: number | null;
  readonly kept: boolean;
  /** Null where it is not chosen. */
  readonly share: number | null;
  readonly weight: number | null;
}

/** The examples' names, one for each domain that the shipped model knows. */
const EXAMPLES: Readonly<Record<string, string>> = { story: 'a story', python: 'Python', arithmetic: 'arithmetic' };

export const en = {
  language: 'en',
  f,

  name: 'moescope',
  tagline: (parameters: number) => `DeepSeek-V3-style, ${f.compact(parameters)} parameters`,

  transport: {
    label: 'Text and steps',
    text: 'Text',
    placeholder: 'Type a text, or take an example',
    placeholderBrief: 'Type a text',
    nextGenerates: 'The text ends here: the model chooses the next token',
    examples: 'Try',
    previous: 'Previous token',
    next: 'Next token',
    last: 'Run to the end',
    play: 'Play',
    pause: 'Pause',
    speed: 'speed',
    times: (speed: number) => `${speed}×`,
    scrubber: 'Token',
    where: (position: number, length: number) => `${f.whole(position + 1)} of ${f.whole(length)}`,
    generate: 'Generate one',
    temperature: 'temperature',
    seed: 'seed',
    beyond: (context: number) =>
      `The model reads ${f.whole(context)} tokens, its context. The grey text is beyond it and is not read:`,
  },

  examples: examples.map(({ id, ...example }) => ({ ...example, name: EXAMPLES[id] ?? id })),

  roll: {
    experts: 'Experts of the token at the playhead: up and down choose one, Enter asks why',
    why: (layer: number) => `Layer ${layer}: why these experts?`,
    whyDense: (layer: number) => `Layer ${layer} is dense`,
    whyShort: 'why these?',
    /** The text's next token, where it is one of the others. */
    inText: (token: string) => `${token} is in the text`,
    full: 'The context is full.',
    off: (expert: number) => `${expert} off`,
    expert: ({ expert, score, kept, share, weight }: ExpertFacts): string => {
      const parts = [`Expert ${expert}`];
      if (score !== null) parts.push(`score ${f.exact(score)}`);
      if (!kept) parts.push('group cut');
      if (share !== null && weight !== null) parts.push(`chosen, share ${f.exact(share)}, weight ${f.exact(weight)}`);
      return parts.join(', ');
    },
    chip: ({
      token,
      layer,
      expert,
      score,
      kept,
      share,
      weight,
    }: ExpertFacts & { token: string; layer: number }): string => {
      const chosen = share !== null && weight !== null;
      const what = chosen
        ? `chosen, share ${f.exact(share)}, weight ${f.exact(weight)}`
        : kept
          ? 'not chosen'
          : 'group cut';
      return `${token}, layer ${layer}, expert ${expert}: score ${f.exact(score ?? NaN)}, ${what}`;
    },
  },

  legend: (shape: Shape, fullScore: number): LegendPart[] => {
    const { n_routed_experts, n_group, topk_group, num_experts_per_tok, n_shared_experts } = shape;
    const cuts: LegendPart[] = [{ mark: 'cut', word: 'cuts' }, ` ${n_group - topk_group} of ${n_group} groups, `];
    const shared: LegendPart[] = [
      'adds the ',
      { mark: 'shared', word: 'shared' },
      n_shared_experts > 1 ? ' ones, ' : ' one, ',
    ];
    return [
      'Each column is a token, read upwards: every layer ',
      { mark: 'score', word: 'scores' },
      ` ${n_routed_experts} experts (full blue from ${fullScore}), `,
      ...(topk_group < n_group ? cuts : []),
      { mark: 'note', word: 'chooses' },
      ` ${num_experts_per_tok} (disc area: share), `,
      ...(n_shared_experts > 0 ? shared : []),
      'and caches only a ',
      { mark: 'latent', word: 'latent' },
      '.',
    ];
  },

  step: ({ token, layer, experts, ofExperts, latentBytes, expandedBytes }: StepFacts): string =>
    (experts
      ? `For ${token}, layer ${layer} used ${experts.length === 1 ? 'expert' : 'experts'} ${f.list(experts)} of ${ofExperts}; `
      : `For ${token}, layer ${layer} used its one network: it is dense; `) +
    `its cache grew by ${f.whole(latentBytes)} bytes, not ${f.whole(expandedBytes)}.`,

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
    experts,
  }: StageFacts): string => {
    const where = `For ${token}, layer ${layer}`;
    switch (operation) {
      case 'cache':
        return `${where} keeps ${f.whole(latentBytes)} bytes in its cache.`;
      case 'attend':
        return tokens === 1
          ? `${where} attends: the only token is this one${ticks ? `; grey ticks are its ${heads} heads’ weights` : ''}.`
          : `${where} attends to ${f.whole(tokens)} tokens in its cache${ticks ? `; grey ticks are its ${heads} heads’ weights on each` : ''}.`;
      case 'dense':
        return `${where} runs the one network that it has: it is dense, without a router.`;
      case 'score':
        return `${where} scores its ${ofExperts} experts.`;
      case 'cut':
        return `${where} keeps experts ${f.list(kept.map(ends => [...new Set(ends)].join('–')))} and cuts the other groups.`;
      case 'choose':
        return `${where} chooses ${experts.length === 1 ? 'expert' : 'experts'} ${f.list(experts)} and mixes their outputs.`;
      case 'next':
        return `After ${token} the model expects these tokens.`;
    }
  },

  complaint: ({ field, found, problem, used }: Complaint): string => {
    switch (problem) {
      case 'version':
        return `The link is of version “${found}”; this page reads version ${used}, and takes nothing of it.`;
      case 'unknown':
        return `In the link, “${field}” means nothing here.`;
      case 'unreadable':
        return `In the link, “${field}” is “${found}”, which cannot be read; it is left out.`;
      case 'range':
        return `In the link, “${field}” is ${found}, which is not there; ${used} is shown.`;
      case 'end':
        return `In the link, “${field}” is ${found}, which is beyond the text; its last token is taken.`;
      case 'length':
        return `In the link, “${field}” is too long; its start is shown.`;
      case 'vocabulary':
        return `In the link, “ids” has ${found}, expected ids up to ${used}; the text ends before it.`;
    }
  },

  moreComplaints: (count: number) =>
    count === 1 ? 'One more thing in it is wrong.' : `${f.whole(count)} more things in it are wrong.`,

  otherCopy: 'Another copy of moescope runs on this page, and this element is of a second one: load one copy for both.',

  inPage: 'No worker may start here, so the engine runs in the page itself, which can pause while it computes.',

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
          return `A file did not arrive: ${message}.`;
        case 'wasm':
          return `This browser, or the page’s security policy, refuses the engine (a policy has to allow script-src 'wasm-unsafe-eval'): ${message}.`;
        case 'config':
        case 'checkpoint':
        case 'tokenizer':
          return `This model cannot be opened: ${message}.`;
        case 'panic':
          return recovered
            ? `The engine broke and a fresh one took over, your text is kept: ${message}.`
            : `The engine broke and would break again, your text is kept: ${message}.`;
        case 'view':
          return 'A part of this page did not arrive; choose it again to try once more.';
        case 'session':
        case 'what-if':
        case 'survey':
        case 'restarted':
        case 'cancelled':
          return `The engine refused: ${message}.`;
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
    /** The name of the token at the playhead: what it shows. */
    atPlayhead: (token: string, position: number, length: number) =>
      `${token}, ${f.whole(position + 1)} / ${f.whole(length)}`,
  },

  routing: {
    layer: (layer: number) => `Layer ${layer}`,
    chosen: (chosen: number, of: number) => `${chosen} of ${of}`,
    dense: 'dense',
    shared: 'shared',
    cache: 'cache',
    cut: 'cut',
    none: 'none',
    count: (chosen: number) => `${chosen} chosen`,
    grew: (bytes: number) => `+${f.whole(bytes)} B`,
    numbersOf: (layer: number) => `The picture in numbers, layer ${layer}`,
    tokenCaption: (token: string, layer: number) => `${token} in layer ${layer}`,
    tokensCaption: (layer: number) => `The tokens shown, in layer ${layer}`,
    groupsCaption: 'Its groups',
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
    range: (first: number, last: number) => (first === last ? `${first}` : `${first}–${last}`),
  },

  overview: {
    label: 'All layers: choose one to open',
    caption: 'Chosen experts in all layers: tap one to open it',
    layer: (layer: number) => `Open layer ${layer}`,
  },

  cache: {
    smaller: 'smaller than expanded',
    kept: (bytes: number) => `${f.kilobytes(bytes)} kB kept`,
    notKept: (bytes: number) => `${f.kilobytes(bytes)} kB expanded`,
    times: (ratio: number) => `${f.ratio(ratio)}×`,
    expanded: 'expanded',
    box: (heads: number, each: number, values: number) =>
      `Expanded, each layer would keep this whole box: ${heads} heads × ${each} = ${f.whole(values)} values a token.`,
    strip: (cKv: number, ropeKey: number, values: number) =>
      `It keeps only the strip along the top: c_KV ${cKv} + RoPE key ${ropeKey} = ${values}.`,
    boxShort: (values: number) => `Expanded: ${f.whole(values)} values a token.`,
    stripShort: (values: number) => `Kept: the strip, ${f.whole(values)}.`,
    not: (bytes: number) => `not ${f.whole(bytes)} B`,
    caption: (layers: number) => `Bytes in the cache after this token, all ${layers} layers`,
    scheme: 'scheme',
    perToken: 'a token, a layer',
    now: 'now',
    ratio: 'times the latent',
    latent: 'latent, kept',
    expandedRow: 'expanded',
    plainMha: 'plain MHA',
    plainMhaNote: 'same heads, no RoPE split; arithmetic, never run',
    bytes: (bytes: number) => `${f.whole(bytes)} bytes`,
  },

  /** Of a view that shows a step as it ends. */
  plainRun:
    'The plain run is shown here: what the change does is in the roll, the router, the cache lab and the what-if panel.',
  wholeStep: 'Shown as the whole step leaves it: the roll and flow go stage by stage.',

  /** The layers beside the one that is shown. */
  layers: {
    below: 'The layer below',
    above: 'The layer above',
    go: (layer: number): string => `Go to layer ${layer}`,
    dense: (layer: number): string =>
      `Layer ${layer} is dense: every token takes the one network that it has, and no router chooses.`,
  },

  /** A vector as a strip of cells. */
  strips: {
    key: 'Blue is below 0, orange above; full at the ± beside the name.',
    from: 'from',
    caption: (name: string, size: number, columns: number): string =>
      `${name}: ${f.whole(size)} values in rows of ${f.whole(columns)}`,
    values: (size: number): string => (size === 1 ? '1 value' : `${f.whole(size)} values`),
    scale: (value: number): string => `±${f.hundredths(value)}`,
    label: (name: string, size: number, scale: number): string =>
      `${name}: ${f.whole(size)} values, blue below 0, orange above, full at ±${f.exact(scale)}`,
  },

  router: enRouter,
  next: enNext,
  flow: enFlow,
  attention: enAttention,
  cacheView: enCache,
  grid: enGrid,
  whatIf: enWhatIf,
  cacheLab: enCacheLab,
  models: enModels,
  terms: enTerms,

  /** The views by name, as they are chosen. */
  views: {
    label: 'Look inside',
    roll: 'roll',
    router: 'router',
    next: 'what follows',
    flow: 'flow',
    attention: 'attention',
    cache: 'cache',
    grid: 'grid',
    whatif: 'what if',
    cachelab: 'cache lab',
    models: 'real models',
  },

  /** Where a step is to be guessed before it is shown. */
  reveal: {
    show: 'Show the answer',
    label: 'Let me guess each step first',
    step: (token: string, layer: number, chosen: number, of: number) =>
      `Guess first: which ${chosen} of its ${of} experts does layer ${layer} choose for ${token}, and which token follows?`,
    dense: (token: string, layer: number, bytes: number) =>
      `Guess first: which token follows ${token}, and how many of ${f.whole(bytes)} bytes does layer ${layer} keep of it?`,
    router: (token: string, layer: number, chosen: number, of: number) =>
      `Which ${chosen} of its ${of} experts does layer ${layer} choose for ${token}?`,
    next: (token: string) => `Which token does the model expect after ${token}?`,
    again: 'Guess, then show the answer.',
  },

  close: 'Close',
  back: (view: string): string => `‹ Back to ${view}`,
  print: 'Print this picture',
  share: 'Share, embed or save',
  theme: { label: 'Theme', auto: 'as the system', light: 'light', dark: 'dark' },

  open: {
    summary: 'Open another model',
    hint:
      'Choose three files of a DeepSeek-V3-style model: config.json, model.safetensors (one file) and tokenizer.json. ' +
      'They stay on this computer.',
    files: 'Files of the model',
    missing: (names: readonly string[]) => `Choose all three files together; missing: ${f.list(names)}.`,
  },

  about: {
    promise: 'Every number and mark on this page is computed by the model in the page.',
    model: ({ parameters, num_hidden_layers, max_position_embeddings }: ModelInfo) =>
      `The model: ${f.whole(parameters.total)} parameters, ${f.whole(parameters.active)} used for a token, ` +
      `${num_hidden_layers} layers, a context of ${f.whole(max_position_embeddings)} tokens.`,
    card: 'How the shipped model was made, and what it cannot do',
  },
};
