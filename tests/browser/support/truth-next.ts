// The next tokens, as the native engine computed them: the stack beside the roll, and the table of the view “next”.

import { expect } from '@playwright/test';
import { float } from './native';
import { drawn, percent, spaced } from './printed';
import { grouped } from './scope';
import type { Seen, SeenNextToken } from './seen';
import type { Step } from './truth-step';
import { at } from './truth-step';

/** Space between two blocks of the stack, px. */
const GAP = 2;
/** Minimum length of a block with a name (`named`; `phone` on a phone), and of a block with a second line, px. */
const LEAST = { named: 12, phone: 44, second: 34 };
/** Allowed difference in px: lengths that the page sets by script are read back with only six digits. */
const TOLERANCE = 2e-3;

const wholePercent = (value: number): string => (float(value) < 0.005 ? '<1%' : `${(float(value) * 100).toFixed(0)}%`);

const full = ({ shape }: Step): string =>
  `The model reads at most ${grouped(shape.context)} tokens, so no token can be added.`;

/** The drawn blocks of the stack; `start` and `size` are converted from px to probabilities. */
export function foundNextTokens({ seen, record }: Step): readonly SeenNextToken[] {
  const { nextTokens, nextTokensExtent: extent } = seen.roll;
  const near = (found: number, wanted: number): number =>
    Math.abs(found - wanted) * extent <= TOLERANCE ? wanted : found;
  let start = 0;
  return nextTokens.map((block, rank) => {
    // The last block stands for all other tokens, and reaches to the end of the stack.
    const size = block.id === null ? 1 - start : float(at(record.next.probabilities, rank));
    const gap = block.id === null ? 0 : GAP;
    const found = { start: near(block.start / extent, start), size: near((block.size + gap) / extent, size) };
    start += size;
    return { ...block, ...found };
  });
}

/** The expected blocks, each as long as its token is probable; tokens without room for a name are in the last block. */
export function wantedNextTokens(step: Step): readonly SeenNextToken[] {
  const { native, record, phone, seen, position } = step;
  if (!step.done(null, 'next')) return [];
  const real = native.ids[position + 1];
  const px = (size: number): number => size * seen.roll.nextTokensExtent - GAP;
  const probabilities = record.next.probabilities.map(float);
  const named = probabilities.filter(size => px(size) >= (phone ? LEAST.phone : LEAST.named)).length;
  const tokens = record.next.tokens.slice(0, named);
  let start = 0;
  const blocks = tokens.map((id, rank): SeenNextToken => {
    const size = at(probabilities, rank);
    const block = {
      id,
      name: `Continue with ${step.quotedNext(id)}, ${wholePercent(size)}${id === real ? ', in your text' : ''}`,
      title: `${drawn(step.label(id))} ${percent(size)}`,
      text: spaced(drawn(step.label(id))),
      percent: wholePercent(size),
      real: id === real,
      inText: id === real && px(size) >= LEAST.second && !phone,
      start,
      size,
    };
    start += size;
    return block;
  });
  const isHidden = real !== undefined && !phone && !tokens.includes(real);
  return [
    ...blocks,
    {
      id: null,
      name: '',
      title: '',
      text: isHidden ? `others in your text: ${step.quotedNext(real)}` : 'others',
      percent: wholePercent(probabilities.slice(named).reduce((sum, size) => sum + size, float(record.next.rest))),
      real: false,
      inText: false,
      start,
      size: 1 - start,
    },
  ];
}

/** The view “next”. Its second column and `actual` are compared only if there is a native distribution. */
export function wantedNext(step: Step): Seen['next'] {
  const { native, position, record, count, asked, seen } = step;
  const { temperature = 0 } = asked;
  const other = native.distributions?.[position];
  const real = native.ids[position + 1];
  const isSame = temperature === 1;
  const bar = (value: number): string => `${float(value) * 100}%`;
  if (other) expect(other.next.tokens).toEqual(record.next.tokens);
  const second = (rank: number): { readonly percent: string; readonly bars: readonly string[] } => {
    if (isSame) return { percent: '', bars: [] };
    const found = seen.next?.rows[rank];
    if (!other) return { percent: found?.percents[1] ?? '', bars: found?.bars.slice(1) ?? [] };
    const probability = at(other.next.probabilities, rank);
    return { percent: percent(probability), bars: [bar(probability)] };
  };
  const secondRest = other ? percent(other.next.rest) : (seen.next?.rows.at(-1)?.percents[1] ?? '');
  const rows = record.next.tokens.map((id, rank) => {
    const probability = at(record.next.probabilities, rank);
    return {
      id,
      text: spaced(drawn(step.label(id))),
      percents: [percent(probability), second(rank).percent],
      bars: [bar(probability), ...second(rank).bars],
      inText: id === real,
    };
  });
  const rest = {
    id: null,
    text: 'others',
    percents: [percent(record.next.rest), isSame ? '' : secondRest],
    bars: [],
    inText: false,
  };
  const hint = position + 1 < count ? 'to continue with it instead of your text.' : 'to add it.';
  return {
    heading: `After ${spaced(step.quotedAt(position))}`,
    hint: step.room ? `Click a token ${hint}` : full(step),
    heads: ['token', 'at temperature 1', isSame ? 'temperature is 1' : `at temperature ${temperature}`],
    rows: [...rows, rest],
    actual: other ? actualText(step, temperature) : (seen.next?.actual ?? ''),
  };
}

/** The sentence about the text's next token; empty if the table has this token, or if the text ends here. */
function actualText(step: Step, temperature: number): string {
  const { native, position, record } = step;
  const real = native.ids[position + 1];
  const actual = native.distributions?.[position]?.actual;
  if (!actual || real === undefined || record.next.tokens.includes(real)) return '';
  const before = actual.rank === 1 ? '1 token was' : `${grouped(actual.rank)} tokens were`;
  const scaled = temperature === 1 ? '' : ` at temperature ${temperature}`;
  const token = step.quotedNext(real);
  return spaced(
    `Your text continues with ${token} (${percent(actual.probability)}${scaled}); ${before} more probable.`,
  );
}
