// English texts of the lesson bar, and of the errors in a lesson's file.

import { enChangeBar } from '../../text/en/change-bar';
import { costPerToken } from '../../text/en/cost';
import { format } from '../../text/format';
import type { Misfit } from '../misfit';
import type { Need } from '../needs';
import type { Part, Problem } from '../problem';
import type { Unit } from '../quantities';

const f = format('en');

/** `Mark` of `marks.ts`, whose imports lead to this file. */
interface MarkFacts {
  readonly name: string;
  readonly layer: number | null;
  readonly number: number | null;
  readonly word: string | null;
}

/** Maximum length of a quoted piece of a file, characters. */
const MOST_FOUND = 60;

const quote = (found: string): string =>
  found.length > MOST_FOUND ? `“${found.slice(0, MOST_FOUND)}…”` : `“${found}”`;

const PARTS: Readonly<Record<Part, string>> = { text: 'the text of this step', after: 'the text after the answer' };

const NEEDS: Readonly<Record<Need, string>> = {
  experts: 'layers with routed experts',
  shared: 'a shared expert',
  groups: 'groups of experts that are ruled out',
  bias: 'a selection bias',
  sigmoid: 'scores that are sigmoids, normalised over the chosen experts',
  'compressed-query': 'a compressed query',
};

/** A bare name of a mark in words; the others have a place. */
const MARKS: Readonly<Record<string, string>> = {
  sentence: 'the sentence about the step',
  legend: 'the legend',
  change: 'the bar with the change',
  playhead: 'the shown token',
  column: 'the opened column',
  expanded: 'the box of the expanded cache',
  figures: 'the figures of the cache',
  next: 'the next tokens',
  equation: 'the derivation of the number',
  cell: 'the cell of the shown token',
  rebuilt: 'the rebuilt key and value',
  heads: 'the picture of all heads',
  reading: 'the weights of the selected head',
  difference: 'the difference between the two caches',
  experts: 'the switches of the experts',
  verdict: 'the cost of the change',
  moves: 'the next tokens whose probability moved',
  losses: 'the losses of the tokens',
  setting: 'the cache setting and its cost',
  work: 'the multiply-adds',
  caches: 'the caches of the published model',
  weights: 'the square of the weights',
};

export const enLessons = {
  f,
  label: 'Lesson',
  step: (at: number, of: number): string => `${f.whole(at)} of ${f.whole(of)}`,
  minutes: (minutes: number): string => `${f.whole(minutes)} min`,
  close: 'Close the lesson',
  steps: 'Steps of the lesson',
  choices: 'Answers',
  table: 'Table',
  /** A typed number, as it was meant. */
  typed: (value: number): string => f.upToExact(value),
  back: 'Back',
  next: 'Next',
  finish: 'Finish',
  following: (title: string): string => `Next lesson: ${title}`,
  keys: 'Alt + Page Down and Alt + Page Up go to the next and the previous step.',
  show: 'Show me',
  check: 'Check',
  number: 'Your answer',
  numberIn: (unit: string): string => `Your answer, ${unit}`,
  /** Beside the box of an answer. */
  unit: {
    count: '',
    bytes: 'bytes',
    percent: '%',
    ratio: '×',
    bits: 'bits',
    exact: '',
    tiny: '',
    size: '',
  } satisfies Record<Unit, string>,
  noNumber: 'Type a number, for example 128.',
  right: 'Right.',
  wrong: (given: string, right: string): string => `Not ${given}. The answer: ${right}.`,
  rightWas: (right: string): string => `Right: ${right}.`,
  answer: (right: string): string => `The answer: ${right}.`,
  yours: 'your answer',
  correct: 'right',
  waiting: 'The model is still computing this.',
  noAnswer: 'For the token that is shown, this question has no answer.',
  loading: 'Loading the lesson',
  failed: 'The lesson could not be loaded.',
  retry: 'Try again',
  /** While the reader looks at something else than the step shows. */
  away: 'You have left this step of the lesson.',
  elsewhere: (token: string): string => `The numbers are now those of ${token}, which you selected.`,
  return: 'Back to the lesson’s place',
  /** The marks that are outlined, for readers who cannot see them. */
  outlined: (marks: readonly string[]): string => (marks.length === 0 ? '' : `Outlined: ${f.list(marks)}.`),
  told: (title: string, step: string): string => `${title} Step ${step}.`,

  open: 'Open a lesson file',
  unknown: (id: string): string => `The lesson “${id}” is not one of the built-in lessons. Open its file to continue.`,
  outOf: (at: number, of: number): string =>
    `The lesson has ${f.whole(of)} ${of === 1 ? 'step' : 'steps'} and no step ${f.whole(at)}; its last step is shown.`,
  refused: (file: string): string => `“${file}” is not a lesson that can be shown.`,
  more: (count: number): string => `${f.whole(count)} more ${count === 1 ? 'error' : 'errors'}.`,
  notFetched: (address: string, reason: string): string =>
    `The lesson could not be loaded: found ${reason} at ${address}, expected a Markdown file.`,

  group: (experts: string): string => `experts ${experts}`,
  tokenAt: (token: string, position: number): string => `${token} (${f.whole(position + 1)})`,
  changed: { higher: 'higher', lower: 'lower', same: 'the same' },
  changes: enChangeBar.changes,
  cost: (cost: number, error: number): string => `${costPerToken(cost)} (standard error ${f.hundredths(error)})`,
  /** A number as text. */
  write: (value: number, unit: Unit): string => {
    switch (unit) {
      case 'count':
      case 'bytes':
        return f.whole(value);
      case 'percent':
        return f.tenthsPercent(value);
      case 'ratio':
        return Number.isInteger(value) ? f.whole(value) : f.ratio(value);
      case 'bits':
        return f.hundredths(value);
      case 'exact':
        return f.exact(value);
      case 'tiny':
        return f.scientific(value);
      case 'size':
        return f.counted(value);
    }
  },

  misfit: (misfit: Misfit): string => {
    const because = 'This lesson cannot be shown with this model:';
    switch (misfit.is) {
      case 'need':
        return `${because} it needs ${NEEDS[misfit.need]}, and the model has none.`;
      case 'layer':
        return `${because} it shows layer ${misfit.found}, and the last layer is ${misfit.most}.`;
      case 'expert':
        return `${because} it shows expert ${misfit.found}, and the last expert is ${misfit.most}.`;
      case 'group':
        return `${because} it shows group ${misfit.found}, and the last group is ${misfit.most}.`;
      case 'head':
        return `${because} it shows head ${misfit.found}, and the last head is ${misfit.most}.`;
      case 'routed layer':
        return `${because} it shows the experts of layer ${misfit.layer}, and that layer is dense.`;
      case 'stage':
        return `${because} it shows the stage “${misfit.stage}”, which the model does not have.`;
    }
  },

  mark: ({ name, layer, number, word }: MarkFacts): string => {
    switch (name) {
      case 'token':
        return `token ${(number ?? 0) + 1}`;
      case 'layer':
        return `layer ${layer}`;
      case 'group':
        return `group ${number} of layer ${layer}`;
      case 'expert':
        return `expert ${number} of layer ${layer}`;
      case 'chosen':
        return `the chosen experts of layer ${layer}`;
      case 'ruled-out':
        return `the ruled-out groups of layer ${layer}`;
      case 'shared':
        return `the shared expert of layer ${layer}`;
      case 'dense':
        return `the dense network of layer ${layer}`;
      case 'cache':
        return `the cache of layer ${layer}`;
      case 'ladder':
        return `the column ${COLUMNS[word ?? ''] ?? ''} of the router’s table`;
      case 'row':
        return `the row of expert ${number}`;
      case 'schemes':
        return `the row ${SCHEMES[word ?? ''] ?? ''}`;
      case 'flow':
        return `the operation ${OPERATIONS[word ?? ''] ?? ''}`;
      default:
        return MARKS[name] ?? name;
    }
  },

  /** An error in a lesson's file: what, where, found, expected. */
  problem: (problem: Problem): string => {
    switch (problem.is) {
      case 'length':
        return `The file has ${f.whole(problem.found)} characters; expected at most ${f.whole(problem.most)}.`;
      case 'too many steps':
        return `The lesson has ${f.whole(problem.found)} steps; expected at most ${f.whole(problem.most)}.`;
      case 'no steps':
        return 'The lesson has no step; expected at least one heading “## …”.';
      case 'front matter':
        return `Line ${problem.line}: found ${problem.found === '' ? 'nothing' : quote(problem.found)}, expected “---”, the start of the front matter.`;
      case 'open':
        return `Line ${problem.line}: the ${problem.what} has no end; expected a line ${problem.what === 'block' ? '“```”' : '“---”'}.`;
      case 'line':
        return `Line ${problem.line}: found ${quote(problem.found)}, expected “name: value”.`;
      case 'quotes':
        return `Line ${problem.line}, field “${problem.field}”: found ${quote(problem.found)}, expected a value with matching quotation marks.`;
      case 'unknown':
        return `Line ${problem.line}: found the field “${problem.field}”, expected one of ${problem.expected.join(', ')}.`;
      case 'twice':
        return `Line ${problem.line}: found the field “${problem.field}” for the second time, expected it once.`;
      case 'missing':
        return `Line ${problem.line}: the field “${problem.field}” is missing in the front matter; expected a value.`;
      case 'value':
        return `Line ${problem.line}, field “${problem.field}”: found ${quote(problem.found)}, expected ${problem.expected}.`;
      case 'no block':
        return `Line ${problem.line}: the step ${quote(problem.title)} has no block “\`\`\`step”; expected one below its heading.`;
      case 'no text':
        return `Line ${problem.line}: found nothing, expected ${PARTS[problem.part]}.`;
      case 'words':
        return `Line ${problem.line}: ${PARTS[problem.part]} has ${problem.found} words; expected at most ${problem.most}.`;
      case 'no after':
        return `Line ${problem.line}: the question has no block “\`\`\`after”; expected one, with the text that explains the answer.`;
      case 'no question':
        return `Line ${problem.line}: found a block “\`\`\`after” in a step without the field “ask”; expected both or none.`;
      case 'placeholder':
        return `Line ${problem.line}: found ${quote(problem.found)}, expected a value of docs/lessons.md, such as “{{token}}”.`;
      case 'address':
        return `Line ${problem.line}: found the address ${quote(problem.found)}, expected one that starts with “https://”.`;
      case 'row':
        return `Line ${problem.line}: the row of the table has ${problem.found} cells; expected ${problem.expected}.`;
      case 'outside':
        return `Line ${problem.line}: found ${quote(problem.found)}, expected a paragraph or a table below a block “\`\`\`step” or “\`\`\`after”.`;
    }
  },
};

const COLUMNS: Readonly<Record<string, string>> = {
  logit: 'logit',
  score: 'score',
  bias: 'bias',
  choice: 'choice score',
  group: 'group score',
  chosen: 'chosen',
  share: 'share',
  weight: 'weight',
};

const SCHEMES: Readonly<Record<string, string>> = {
  latent: 'latent',
  expanded: 'expanded',
  plain_mha: 'plain multi-head attention',
};

const OPERATIONS: Readonly<Record<string, string>> = {
  latent: 'compress',
  cache: 'write the cache',
  attend: 'attend',
  score: 'score experts',
  cut: 'keep groups',
  choose: 'choose',
  shared: 'shared expert',
  dense: 'dense network',
};
