// English texts of the what-if view.

import { format } from '../format';

const f = format('en');

const tokens = (count: number): string => (count === 1 ? '1 token' : `${f.whole(count)} tokens`);
/** +0.42, −0.42: of a difference. */
const signed = (value: number): string => (value < 0 ? f.hundredths(value) : `+${f.hundredths(value)}`);

export const enWhatIf = {
  label: 'What if',
  title: (layer: number): string => `What if, layer ${layer}`,
  prose:
    'Switch things off, and see what it costs. The same tokens run [twice|whatIf], with the change and without it; the ' +
    '[loss] says how well each run foresees the text.',
  back: 'Back to the plain run',
  plain: 'Nothing is changed.',
  neutral: 'This changes nothing: it is what the model does anyway.',
  refused: (sentence: string): string => `${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}.`,
  running: 'Running the text with the change …',
  /** What the change costs over the text; the text’s own noise beside it. */
  cost: (cost: number): string => `${signed(cost)} bits a token`,
  costs: (plain: number, changed: number, count: number): string =>
    `loss ${f.hundredths(plain)} without, ${f.hundredths(changed)} with, n = ${f.whole(count)}`,
  noise: (error: number, of: number): string =>
    `The cost is sure to ±${f.hundredths(error)}; the text’s own loss to ±${f.hundredths(of)} (standard errors).`,
  few: 'Too few tokens to say how sure this is.',
  none: 'No token to foresee yet: go on in the text.',
  step: (token: string, bits: number, layers: number, of: number): string =>
    `After ${token} the next-token distribution moved by ${f.hundredths(bits)} bits (KL); ` +
    `${layers === 0 ? 'no layer chooses' : layers === 1 ? `1 of ${of} layers chooses` : `${layers} of ${of} layers choose`} otherwise.`,

  experts: (layer: number): string => `Experts of layer ${layer}`,
  clicks: 'A click',
  modes: { off: 'switches off', forced: 'forces' },
  expert: (expert: number, off: boolean, forced: boolean): string =>
    `expert ${expert}${off ? ', off' : forced ? ', forced' : ''}`,
  mixture: 'Runs',
  mixtures: {
    all: 'chosen and shared',
    only_shared: 'only the shared expert',
    without_shared: 'without the shared expert',
  },
  chosen: 'Experts a token',
  groups: 'Groups kept',
  ofModel: (value: number, own: number): string =>
    value === own ? `${f.whole(value)}, as the model` : `${f.whole(value)}, the model ${f.whole(own)}`,
  lifted: 'More experts than the kept groups have: the group limit is lifted.',
  bias: 'The selection bias counts',
  shift: (expert: number, by: number): string => `Bias of expert ${expert}: ${signed(by)}`,
  shiftNone: 'Choose an expert above or in the picture to shift its bias.',
  shiftSays: 'The bias helps to choose and never mixes: weights come from scores alone.',

  cache: 'Cache',
  rank: 'Directions of c_KV kept',
  rankSays: 'Principal directions of this text’s own latents, layer by layer.',
  format: 'Numbers',
  formats: { f32: 'f32', f16: 'f16', int8: 'int8', int4: 'int4' },
  bytes: (bytes: number, own: number): string =>
    `${f.whole(bytes)} bytes a token in all layers, without the change ${f.whole(own)}.`,

  moves: (token: string): string => `What follows ${token}`,
  heads: {
    token: 'token',
    plain: 'without',
    changed: 'with',
    position: 'no.',
    route: 'routes changed',
    kl: 'KL, bits',
  },
  losses: 'Loss, token by token',
  lossesSays: 'Bits for each token from the second on: filled with the change, outlined without.',
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
