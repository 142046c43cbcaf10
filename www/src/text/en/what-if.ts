// English texts of the what-if view.

import { format } from '../format';

const f = format('en');

const tokens = (count: number): string => (count === 1 ? '1 token' : `${f.whole(count)} tokens`);

export const enWhatIf = {
  label: 'What if',
  title: (layer: number): string => `What if, layer ${layer}`,
  prose:
    'Switch off parts of the model and see the cost. The model reads the same tokens [twice|whatIf], with the change ' +
    'and without it. The [loss] measures how well each run predicts the text; lower is better.',
  back: 'Undo all changes',
  plain: 'Nothing is changed.',
  neutral: 'This has no effect: the model computes the same without it.',
  refused: (sentence: string): string => `${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}.`,
  running: 'Running the text with the change …',
  /** The mean cost of the change over the text. */
  cost: (cost: number): string => `${f.signedHundredths(cost)} bits per token`,
  costs: (plain: number, changed: number, count: number): string =>
    `loss ${f.hundredths(plain)} without, ${f.hundredths(changed)} with, n = ${f.whole(count)}`,
  noise: (error: number, of: number): string =>
    `Standard errors: ±${f.hundredths(error)} for the cost, ±${f.hundredths(of)} for the loss.`,
  few: 'Too few tokens for a standard error.',
  /** How much of the text the cost is measured on: every token except the first one is predicted. */
  counted: (count: number, all: number): string =>
    count < all
      ? `Measured on ${f.whole(count)} of the text’s ${f.whole(all)} predictions; run to the end to measure all.`
      : `Measured on all ${f.whole(all)} predictions of the text.`,
  none: 'Nothing to predict yet. Step forward.',
  step: (token: string, bits: number, layers: number, of: number): string =>
    `After ${token} the next-token distribution changed by ${f.hundredths(bits)} bits (KL); ` +
    `${layers === 0 ? 'no layer chooses' : layers === 1 ? `1 of ${of} layers chooses` : `${layers} of ${of} layers choose`} different experts.`,

  experts: (layer: number): string => `Experts of layer ${layer}`,
  clicks: 'Click to:',
  modes: { off: 'switch off', forced: 'force' },
  expert: (expert: number, off: boolean, forced: boolean): string =>
    `expert ${expert}${off ? ', off' : forced ? ', forced' : ''}`,
  mixture: 'Experts that run:',
  mixtures: {
    all: 'chosen + shared',
    only_shared: 'shared only',
    without_shared: 'chosen only',
  },
  chosen: 'Experts per token',
  groups: 'Groups kept',
  ofModel: (value: number, own: number): string =>
    value === own ? `${f.whole(value)}, as in the model` : `${f.whole(value)} (model: ${f.whole(own)})`,
  lifted: 'The kept groups have too few experts, so experts of all groups can be chosen.',
  bias: 'Use the selection bias',
  shift: (expert: number): string => `Bias shift of expert ${expert}`,
  shiftBy: f.signedHundredths,
  shiftNone: 'Select an expert above or in the picture to shift its bias.',
  shiftDescription: 'The bias affects only the choice: weights are computed from the scores alone.',

  cache: 'Cache',
  rank: 'Directions of c_KV kept',
  rankDescription:
    'Principal directions, computed for each layer from the latents of this whole text: the text on which the loss is ' +
    'measured. On another text the same directions may cost more.',
  formatDescription:
    'int8 and int4 apply to c_KV, with one 4-byte scale per token and layer; the RoPE key is stored as f16.',
  format: 'Number format',
  formats: { f32: 'f32', f16: 'f16', int8: 'int8', int4: 'int4' },
  bytes: (bytes: number, own: number): string =>
    `${f.whole(bytes)} bytes per token in all layers; ${f.whole(own)} without the change.`,

  continue: 'Let both runs continue the text',
  continued: { plain: 'without the change', changed: 'with the change' },
  difference: (index: number, count: number): string =>
    index < 0
      ? `Both runs choose the same ${tokens(count)}.`
      : `${index === 0 ? 'The two differ from the first token on' : `The first ${tokens(index)} ${index === 1 ? 'is' : 'are'} the same`}; the first difference is marked.`,

  moves: (token: string): string => `Next token after ${token}`,
  heads: {
    token: 'token',
    plain: 'without',
    changed: 'with',
    route: 'changed routes',
    kl: 'KL, bits',
  },
  losses: 'Loss, token by token',
  lossesDescription: 'Bits per token, from the second token on. Filled: with the change. Line: without.',
  lossesLabel: (count: number): string => `Losses of ${tokens(count)}, with the change and without`,
  numbers: 'The change in numbers',
  caption: 'Each token, with the change and without',
  lossHeads: { plain: 'loss without', changed: 'loss with' },
  routes: (
    changes: readonly {
      readonly layer: number;
      readonly left: readonly number[];
      readonly entered: readonly number[];
    }[],
  ): string =>
    changes
      .map(
        ({ layer, left, entered }) =>
          `layer ${layer}: ${[...left.map(e => `−${e}`), ...entered.map(e => `+${e}`)].join(' ')}`,
      )
      .join('; '),
};
