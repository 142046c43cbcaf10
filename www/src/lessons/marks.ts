// The marks that a lesson can outline, `mark: group 4.1`, and the elements of the page that each stands for. Pure.

import { chosenLayer } from '../scope/shape';
import type { Snapshot } from '../scope/state';
import type { ViewId } from '../scope/fields';
import type { Need } from './needs';
import { groupsOf } from './phrases';

/** What follows a mark's name: a number, or a layer and a number in it. */
type Place = 'none' | 'layer' | 'layer.number' | 'number' | 'word';

interface Kind {
  readonly place: Place;
  /** The words that can follow, if `place` is `word`. */
  readonly words?: readonly string[];
  readonly needs: readonly Need[];
  /** The view that has it; undefined if it is around the views, or in the roll, which the page always shows. */
  readonly view?: ViewId;
  readonly means: string;
}

const kind = (place: Place, means: string, more: Partial<Kind> = {}): Kind => ({ place, means, needs: [], ...more });

export const MARKS = {
  sentence: kind('none', 'the sentence about the shown step'),
  legend: kind('none', 'the legend of the roll'),
  change: kind('none', 'the bar that names the change and its cost'),
  token: kind('number', 'the label of a token, by its position from 0'),
  playhead: kind('none', 'the label of the shown token'),
  column: kind('none', 'the opened column of the shown token'),
  layer: kind('layer', 'the name of a layer'),
  group: kind('layer.number', 'a group in the opened column: `group 4.1`', { needs: ['groups'] }),
  expert: kind('layer.number', 'an expert in the opened column: `expert 4.10`', { needs: ['experts'] }),
  chosen: kind('layer', 'the numbers of a layer’s chosen experts in the opened column', { needs: ['experts'] }),
  'ruled-out': kind('layer', 'the ruled-out groups of a layer in the opened column', { needs: ['groups'] }),
  shared: kind('layer', 'the line of the shared expert of a layer', { needs: ['shared'] }),
  dense: kind('layer', 'the line of a dense layer'),
  cache: kind('layer', 'the cache strip of a layer, up to the shown token'),
  expanded: kind('none', 'the box of the expanded cache below the lowest layer'),
  figures: kind('none', 'the ratio of the caches and their bytes, beside the roll'),
  next: kind('none', 'the next tokens beside the roll'),
  ladder: kind('word', 'a column of the router’s table', {
    words: ['logit', 'score', 'bias', 'choice', 'group', 'chosen', 'share', 'weight'],
    needs: ['experts'],
    view: 'router',
  }),
  row: kind('number', 'an expert’s row in the router’s table', { needs: ['experts'], view: 'router' }),
  equation: kind('none', 'the derivation below or beside the router’s table', { needs: ['experts'], view: 'router' }),
  schemes: kind('word', 'a row of the cache view’s table', {
    words: ['latent', 'expanded', 'plain_mha'],
    view: 'cache',
  }),
  cell: kind('none', 'the values of the shown token’s cell in the cache view', { view: 'cache' }),
  rebuilt: kind('none', 'the rebuilt key and value in the cache view', { view: 'cache' }),
  heads: kind('none', 'the picture of all heads in the attention view', { view: 'attention' }),
  reading: kind('none', 'the selected head’s largest weights in the attention view', { view: 'attention' }),
  difference: kind('none', 'the difference between the two caches in the attention view', { view: 'attention' }),
  experts: kind('none', 'the switches of the experts in the what-if view', { needs: ['experts'], view: 'whatif' }),
  verdict: kind('none', 'what the change costs, in the what-if view', { view: 'whatif' }),
  moves: kind('none', 'the next tokens whose probability moved, in the what-if view', { view: 'whatif' }),
  losses: kind('none', 'the loss of each token in the what-if view', { view: 'whatif' }),
  setting: kind('none', 'the cache setting and its cost, in the cache lab', { view: 'cachelab' }),
  work: kind('none', 'the multiply-adds in the cache lab', { view: 'cachelab' }),
  caches: kind('none', 'the caches of the selected published model', { view: 'models' }),
  weights: kind('none', 'the square of the weights of the selected published model', { view: 'models' }),
  flow: kind('word', 'an operation of the flow', {
    words: ['latent', 'cache', 'attend', 'score', 'cut', 'choose', 'shared', 'dense'],
    view: 'flow',
  }),
} as const satisfies Readonly<Record<string, Kind>>;

export type MarkName = keyof typeof MARKS;

export const MARK_NAMES = Object.keys(MARKS) as MarkName[];

export interface Mark {
  readonly name: MarkName;
  /** The layer; null if the mark has none. */
  readonly layer: number | null;
  /** A group, an expert or a position; null if the mark has none. */
  readonly number: number | null;
  readonly word: string | null;
}

export const kindOf = (name: MarkName): Kind => MARKS[name];

/** Reads a mark; null if it is none. */
export function readMark(text: string): Mark | null {
  const [name = '', place = '', ...rest] = text.trim().split(/\s+/u);
  if (!(name in MARKS) || rest.length > 0) return null;
  const mark = { name: name as MarkName, layer: null, number: null, word: null };
  const { place: expected, words } = kindOf(mark.name);
  const [, one = '', other] = /^(\d{1,6})(?:\.(\d{1,6}))?$/u.exec(place) ?? [];
  switch (expected) {
    case 'none':
      return place === '' ? mark : null;
    case 'word':
      return words?.includes(place) ? { ...mark, word: place } : null;
    case 'layer':
      return one !== '' && other === undefined ? { ...mark, layer: Number(one) } : null;
    case 'number':
      return one !== '' && other === undefined ? { ...mark, number: Number(one) } : null;
    case 'layer.number':
      return other === undefined ? null : { ...mark, layer: Number(one), number: Number(other) };
  }
}

/** A mark as a lesson writes it. */
export function writeMark({ name, layer, number, word }: Mark): string {
  const place = [layer, number].filter(each => each !== null).join('.');
  return [name, word ?? place].filter(each => each !== '').join(' ');
}

/** How the documentation writes a mark's name: with what follows it. */
export function usageOf(name: MarkName): string {
  const { place, words } = kindOf(name);
  const after = {
    none: '',
    layer: ' LAYER',
    number: name === 'token' ? ' POSITION' : ' EXPERT',
    'layer.number': name === 'group' ? ' LAYER.GROUP' : ' LAYER.EXPERT',
    word: ` ${(words ?? []).join(', ')}`,
  };
  return name + after[place];
}

/** Elements inside a part of the page that match a selector, outlined as one box, or each on its own. */
export interface Target {
  /** The path to the element whose shadow root has them. */
  readonly within: readonly string[];
  readonly selector: string;
  readonly isEach?: true;
  /** True if other content is close: the outline is at the edge of the elements. */
  readonly isTight?: true;
}

const ROLL = ['moe-roll'];
const TOKENS = ['moe-roll', 'moe-tokens'];

/** The targets of a mark: one outline for each. None if the run has no such mark yet. */
export function targetsOf({ name, layer, number, word }: Mark, snapshot: Snapshot): readonly Target[] {
  const inRoll = (selector: string): Target[] => [{ within: ROLL, selector }];
  const inView = (view: string, selector: string): Target[] => [{ within: [`moe-${view}`], selector }];
  const { n_routed_experts: experts, n_group } = snapshot.model.info;
  const size = experts / Math.max(1, n_group);
  const at = layer ?? chosenLayer(snapshot);
  const expert = (index: number): Target => ({ within: ROLL, selector: `#expert-${at}-${index} .reach` });
  const group = (index: number): Target => ({
    within: ROLL,
    selector: Array.from({ length: size }, (_, each) => `#expert-${at}-${index * size + each} .reach`).join(', '),
  });
  switch (name) {
    case 'sentence':
      return [{ within: ['moe-status'], selector: '[role=status]' }];
    case 'legend':
      return [{ within: ['moe-legend'], selector: 'p' }];
    case 'change':
      return [{ within: ['moe-change-bar'], selector: 'section' }];
    case 'token':
      return [{ within: TOKENS, selector: `#token-${number ?? 0}` }];
    case 'playhead':
      return [{ within: TOKENS, selector: '.here' }];
    case 'column':
      return inRoll('svg.opened');
    case 'layer':
      return inRoll(`.name[data-layer='${at}']`);
    case 'group':
      return [group(number ?? 0)];
    case 'expert':
      return [expert(number ?? 0)];
    case 'chosen':
      // The numbers of the chosen experts beside their discs: rows that are close to each other would merge.
      return [{ within: ROLL, selector: `[data-opened='${at}'] text.strong[data-group-words]`, isEach: true }];
    case 'ruled-out':
      return (ruledOut(snapshot, at) ?? []).map(group);
    case 'shared':
    case 'dense':
      return inRoll(`rect.${name}[data-line='${at}']`);
    case 'cache':
      return inRoll(`path[data-strip='${at}'], [data-motion='grow'][data-layer='${at}']`);
    case 'expanded':
      return inRoll("[data-scheme='expanded']");
    case 'figures':
      return inRoll('.figures');
    case 'next':
      return inRoll('.next-tokens');
    case 'ladder':
      return inView('router', `th[data-head='${word ?? ''}'], td[data-cell='${word ?? ''}']`).map(target => ({
        ...target,
        isTight: true,
      }));
    case 'row':
      return inView('router', `tr[data-expert='${number ?? 0}'] > *`);
    case 'equation':
      return inView('router', '.explanation');
    case 'schemes':
      return inView('cache', `.tables table[data-table='schemes'] tr[data-scheme='${word ?? ''}']`);
    case 'cell':
      return inView('cache', '.cell');
    case 'rebuilt':
      return inView('cache', '.rebuilt');
    case 'heads':
      return inView('attention', 'svg.squares');
    case 'reading':
      return inView('attention', '.rows');
    case 'difference':
      return inView('attention', '.same');
    case 'experts':
      return inView('whatif', '.experts');
    case 'verdict':
      return inView('whatif', '.verdict');
    case 'moves':
      return inView('whatif', "table[data-table='moves']");
    case 'losses':
      return inView('whatif', 'svg.losses');
    case 'setting':
      return inView('cachelab', '.setting');
    case 'work':
      return inView('cachelab', '.price');
    case 'caches':
      return inView('models', 'svg.schemes');
    case 'weights':
      return inView('models', 'svg.square');
    case 'flow':
      return inView('flow', `[data-step='${word ?? ''}']`);
  }
}

function ruledOut(snapshot: Snapshot, layer: number): readonly number[] | undefined {
  return groupsOf({ ...snapshot, state: { ...snapshot.state, layer } }, false);
}
