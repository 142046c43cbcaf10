// The derivation of a number in the ladder: a sentence, and an equation in MathML with the step's numbers. The
// numbers are rounded, so an equation holds only approximately.

import type { TemplateResult } from 'lit';
import { html, mathml } from 'lit';
import type { Words } from '../../text/words';
import type { Cell, Column, Ladder } from './ladder';

export interface Explained {
  readonly heading: string;
  readonly sentence: string;
  /** The equation: the left side, then each relation with its right side; empty if there is no equation. */
  readonly equation: readonly Side[];
  /** The cells whose numbers are in the equation. */
  readonly parts: readonly Cell[];
}

interface Side {
  /** The sign before the term; empty for the left side. */
  readonly relation: string;
  readonly term: Term;
}

/** A part of an equation, as MathML and as a line of text. */
interface Term {
  readonly maths: TemplateResult<3>;
  readonly text: string;
}

/** If a sum has more addends than this, the middle ones are left out. */
const ADDENDS = 4;

export function explain(ladder: Ladder, cell: Cell, all: Words): Explained {
  const words = all.router;
  const { description, names } = words;
  const { info, route } = ladder;
  const { expert, column } = cell;
  const group = ladder.groupOf(expert);
  const value = (column: Column, of = expert): Term => number(ladder.value({ expert: of, column }), words.exact);
  const part = (column: Column, of = expert): Cell => ({ expert: of, column });
  const heading = words.heading(expert, names[column]);
  const none = { equation: [], parts: [] };
  if (!ladder.knows(column)) return { heading, sentence: words.later, ...none };

  switch (column) {
    case 'logit': {
      const known = ladder.value(cell) !== undefined;
      const left = product(word('x'), '·', indexed('w', expert));
      return {
        heading,
        sentence: description.logit(expert, info.hidden_size),
        equation: known ? [first(left), nearly(value('logit'))] : [],
        parts: [],
      };
    }
    case 'score': {
      const logit = ladder.value(part('logit'));
      const softmax = info.scoring_func === 'softmax';
      const sentence = softmax ? description.softmax(route.scores.length) : description.sigmoid;
      if (logit === undefined) return { heading, sentence, ...none };
      const equation = softmax
        ? [
            first(word(names.score)),
            equal(over(power(value('logit')), sumOfPowers(names.logit))),
            nearly(value('score')),
          ]
        : [
            first(of('σ', value('logit'))),
            equal(over(digit(1), sum([digit(1), power(number(-logit, words.exact))]))),
            nearly(value('score')),
          ];
      return { heading, sentence, equation, parts: [part('logit')] };
    }
    case 'bias':
      return {
        heading,
        sentence: description.bias,
        equation: [first(indexed(names.bias, expert)), nearly(value('bias'))],
        parts: [],
      };
    case 'choice':
      return {
        heading,
        sentence: description.choice,
        equation: [first(sum([value('score'), bracketed(value('bias'))])), nearly(value('choice'))],
        parts: [part('score'), part('bias')],
      };
    case 'group': {
      const best = ladder.bestOf(group);
      const by: Column = ladder.isBiased ? 'choice' : 'score';
      const single = info.group_score === 'best';
      const kept = ladder.isKept(expert);
      const of = { kept: ladder.keptGroups, all: info.n_group };
      const addends = best.map(each => bracketed(value('choice', each)));
      return {
        heading: words.groupHeading(...ladder.range(group), single ? names.groupBest : names.group),
        sentence: single ? description.groupBest(kept, of) : description.groupSum(kept, of),
        equation: single
          ? [first(word(names.groupBest)), equal(value('choice', best[0]))]
          : [first(sum(addends)), nearly(value('group'))],
        parts: best.map(each => part(by, each)),
      };
    }
    case 'chosen': {
      const by: Column = ladder.isBiased ? 'choice' : 'score';
      if (!ladder.isKept(expert)) {
        const least = ladder.range(ladder.lastKept)[0];
        const scoreOf = (of: number): number => ladder.value({ expert: of, column: 'group' }) ?? NaN;
        const behind = scoreOf(least) - scoreOf(expert);
        return {
          heading,
          sentence: description.isCut(...ladder.range(group), behind),
          equation: [first(value('group')), compared('≤', value('group', least))],
          parts: [part('group'), part('group', least)],
        };
      }
      const last = ladder.lastChosen;
      const chosen = ladder.isChosen(expert);
      if (expert === last) {
        const sentence = description.isLastChosen(ladder.experts.length);
        return { heading, sentence, equation: [first(value('choice'))], parts: [part(by)] };
      }
      const sentence = chosen
        ? description.isChosen(ladder.experts.length)
        : description.isNotChosen(ladder.experts.length);
      return {
        heading,
        sentence,
        equation: [first(value('choice')), compared(chosen ? '≥' : '≤', value('choice', last))],
        parts: [part(by), part(by, last)],
      };
    }
    case 'share': {
      if (!ladder.isChosen(expert)) return { heading, sentence: description.noShare(expert), ...none };
      if (!info.norm_topk_prob) {
        return {
          heading,
          sentence: description.sharePlain,
          equation: [first(word(names.share)), equal(value('share'))],
          parts: [part('score')],
        };
      }
      const scores = ladder.experts.map(each => value('score', each));
      return {
        heading,
        sentence: description.share(ladder.experts.length),
        equation: [first(over(value('score'), sum(shortened(scores)))), nearly(value('share'))],
        parts: ladder.experts.map(each => part('score', each)),
      };
    }
    case 'weight': {
      if (!ladder.isChosen(expert)) return { heading, sentence: description.noShare(expert), ...none };
      const factor = number(info.routed_scaling_factor, words.factor);
      return {
        heading,
        sentence: description.weight,
        equation: [first(product(factor, '×', value('share'))), nearly(value('weight'))],
        parts: [part('share')],
      };
    }
  }
}

/** The equation in one line; in a narrow view, an equation with three sides has two lines. */
export function maths(equation: readonly Side[], narrow: boolean): TemplateResult {
  const text = equation.map(({ relation, term }) => `${relation} ${term.text}`.trim()).join(' ');
  const side = ({ relation, term }: Side): TemplateResult<3> =>
    mathml`${relation === '' ? '' : mathml`<mo>${relation}</mo>`}${term.maths}`;
  const lines = narrow && equation.length > 2 ? [equation.slice(0, 2), equation.slice(2)] : [equation];
  return html`<math aria-label=${text}
    >${mathml`<mtable displaystyle="true">${lines.map(line => mathml`<mtr><mtd>${line.map(side)}</mtd></mtr>`)}</mtable>`}</math
  >`;
}

function first(term: Term): Side {
  return { relation: '', term };
}

function equal(term: Term): Side {
  return { relation: '=', term };
}

function nearly(term: Term): Side {
  return { relation: '≈', term };
}

function compared(relation: '≤' | '≥', term: Term): Side {
  return { relation, term };
}

function word(text: string): Term {
  return { maths: mathml`<mi>${text}</mi>`, text };
}

function digit(value: number): Term {
  return { maths: mathml`<mn>${value}</mn>`, text: String(value) };
}

/** A number as the table shows it, with its minus sign as an operator. */
function number(value: number | undefined, show: (value: number) => string): Term {
  const text = show(value ?? NaN);
  const digits = text.replace(/^−/u, '');
  if (digits === text) return { maths: mathml`<mn>${text}</mn>`, text };
  return { maths: mathml`<mrow><mo form="prefix">−</mo><mn>${digits}</mn></mrow>`, text };
}

/** The term, in brackets if it is negative. */
function bracketed(term: Term): Term {
  if (!term.text.startsWith('−')) return term;
  return { maths: mathml`<mrow><mo>(</mo>${term.maths}<mo>)</mo></mrow>`, text: `(${term.text})` };
}

function of(name: string, { maths, text }: Term): Term {
  return { maths: mathml`<mrow><mi>${name}</mi><mo>(</mo>${maths}<mo>)</mo></mrow>`, text: `${name}(${text})` };
}

function indexed(name: string, index: number): Term {
  return {
    maths: mathml`<msub><mrow><mi>${name}</mi><mspace depth="0.3em" /></mrow><mn>${index}</mn></msub>`,
    text: `${name} ${index}`,
  };
}

function sum(terms: readonly Term[]): Term {
  const maths = terms.map(({ maths }, index) => mathml`${index === 0 ? '' : mathml`<mo>+</mo>`}${maths}`);
  return { maths: mathml`<mrow>${maths}</mrow>`, text: terms.map(({ text }) => text).join(' + ') };
}

function product(one: Term, sign: '×' | '·', other: Term): Term {
  return {
    maths: mathml`<mrow>${one.maths}<mo>${sign}</mo>${other.maths}</mrow>`,
    text: `${one.text} ${sign} ${other.text}`,
  };
}

function over(above: Term, below: Term): Term {
  return { maths: mathml`<mfrac>${above.maths}${below.maths}</mfrac>`, text: `${above.text} / (${below.text})` };
}

function power({ maths, text }: Term): Term {
  return { maths: mathml`<msup><mi>e</mi><mrow>${maths}</mrow></msup>`, text: `e^(${text})` };
}

/** The sum of e^logit over all experts, with a sum sign because they are too many to write out. */
function sumOfPowers(logit: string): Term {
  const { maths, text } = power(word(logit));
  return { maths: mathml`<mrow><mo>∑</mo>${maths}</mrow>`, text: `∑ ${text}` };
}

/** The addends; the middle ones are left out if there are many. */
function shortened(terms: readonly Term[]): Term[] {
  if (terms.length <= ADDENDS) return [...terms];
  return [...terms.slice(0, 2), { maths: mathml`<mo>⋯</mo>`, text: '…' }, ...terms.slice(-1)];
}
