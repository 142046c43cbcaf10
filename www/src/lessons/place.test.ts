import { describe, expect, test } from 'vitest';
import { formatAddress } from '../scope/address';
import { reduceIntent } from '../scope/reduce';
import type { ScopeState, Snapshot } from '../scope/state';
import { lessonWords } from './words';
import { MODEL, modelOf, recordedSnapshot, RUN } from '../testing/snapshots';
import type { Loaded } from '../engine/messages';
import { misfitOf } from './fits';
import type { Lesson, StateFields } from './format';
import { parseLesson } from './parse';
import { isSamePlace, placeOf, STATE_NAMES, whereIs } from './place';

const FIELDS: StateFields = [
  ['text', RUN.text],
  ['token', '1'],
  ['layer', '3'],
  ['stage', '3.score'],
  ['view', 'router'],
];

const start = recordedSnapshot({ state: { theme: 'dark', hidden: ['legend'], seed: 5 } });
const go = (snapshot: Snapshot, state: ScopeState): Snapshot =>
  reduceIntent(snapshot, { do: 'go', state, complaints: [] });
const place = placeOf(FIELDS, 'router', 3, start.state);
const there = go(start, place);
const ask = (intent: Parameters<typeof reduceIntent>[1], from = there): Snapshot => reduceIntent(from, intent);

describe('the state of a step', () => {
  test('has the fields of the step, the lesson, and the reader’s own settings (theme, hidden parts)', () => {
    expect(formatAddress(there.state)).toBe(
      'v=1&text=The+fox%2C+%22red%22&token=1&layer=3&stage=3.score&view=router&lesson=router&at=3&hide=legend&theme=dark',
    );
  });

  test('leaves out what another step has set', () => {
    const before = placeOf([...FIELDS, ['off', '4.10'], ['expert', '2']], 'router', 2, there.state);
    expect(before.whatIf.experts_off).toHaveLength(1);
    expect(placeOf(FIELDS, 'router', 3, before)).toEqual(place);
  });

  test('cannot change the reader’s own settings', () => {
    expect(STATE_NAMES).toContain('reveal');
    for (const name of ['theme', 'lang', 'hide', 'only', 'autoplay', 'speed', 'opened', 'lesson', 'at', 'ran']) {
      expect(STATE_NAMES).not.toContain(name);
    }
  });
});

describe('the reader', () => {
  test('is here after the step, whatever the theme is', () => {
    expect(whereIs(there, place)).toBe('here');
    expect(whereIs(ask({ do: 'theme', theme: 'light' }), place)).toBe('here');
  });

  test('is here if the step names the last layer or token by leaving it out', () => {
    const last = placeOf([['text', RUN.text]], 'router', 1, start.state);
    const end = go(start, last);
    expect(end.state.position).toBe(RUN.ids.length - 1);
    expect(whereIs(end, last)).toBe('here');
  });

  test('is elsewhere with another token, expert or text in the same view', () => {
    const early = { ...place, stage: null };
    const whole = go(start, early);
    expect(whereIs(whole, early)).toBe('here');
    expect(whereIs(ask({ do: 'seek', position: 0 }, whole), early)).toBe('elsewhere');
    expect(whereIs(ask({ do: 'look', layer: 3, expert: 2 }), place)).toBe('elsewhere');
    expect(whereIs(ask({ do: 'type', text: 'Another' }, whole), early)).toBe('elsewhere');
  });

  test.each([
    ['another view', { do: 'view', view: 'cache' }],
    ['another layer', { do: 'look', layer: 2 }],
    ['another stage', { do: 'stage', by: 1 }],
    ['a change', { do: 'change', whatIf: { topk_group: 1 } }],
  ] as const)('is away with %s', (_, intent) => {
    expect(whereIs(ask(intent), place)).toBe('away');
  });

  test('opens a step by its name alone: then nothing else of the state has changed', () => {
    expect(isSamePlace(start.state, { ...start.state, lesson: 'router', at: 3 })).toBe(true);
    expect(isSamePlace(start.state, { ...start.state, theme: 'light' })).toBe(true);
    expect(isSamePlace(start.state, { ...start.state, position: 1 })).toBe(false);
  });
});

describe('a lesson that the model cannot show', () => {
  const lessonOf = (step: string, text = 'Text.', head = ''): Lesson => {
    const file = `---\nid: a\ntitle: A?\nminutes: 1\n${head}---\n## A\n\`\`\`step\n${step}\n\`\`\`\n${text}\n`;
    const { lesson, problems } = parseLesson(file);
    if (!lesson) throw new Error(JSON.stringify(problems));
    return lesson;
  };
  const sentence = (lesson: Lesson, model: Loaded): string | null => {
    const misfit = misfitOf(lesson, model);
    return misfit && lessonWords('en').misfit(misfit);
  };
  const asking = (ask: string): Lesson => lessonOf(`ask: ${ask}`, 'Text.\n```after\n```\nText.');
  const dense = { ...modelOf({ num_hidden_layers: 2, first_k_dense_replace: 2 }), selectionBiases: [] };
  const ungrouped = { ...modelOf({ n_group: 1, topk_group: 1, scoring_func: 'softmax' }), selectionBiases: [] };
  const because = 'This lesson cannot be shown with this model: ';

  test.each([
    ['a layer', lessonOf('layer: 7'), MODEL, 'it shows layer 7, and the last layer is 4.'],
    ['a mark', lessonOf('mark: cache 9'), MODEL, 'it shows layer 9, and the last layer is 4.'],
    ['an expert', lessonOf('expert: 16'), MODEL, 'it shows expert 16, and the last expert is 15.'],
    ['an expert off', lessonOf('off: 4.77'), MODEL, 'it shows expert 77, and the last expert is 15.'],
    ['an expert’s mark', lessonOf('mark: expert 4.77'), MODEL, 'it shows expert 77, and the last expert is 15.'],
    ['a group', lessonOf('mark: group 4.4'), MODEL, 'it shows group 4, and the last group is 3.'],
    ['a number of groups', lessonOf('groups: 5'), MODEL, 'it shows group 5, and the last group is 4.'],
    ['a head', lessonOf('head: 8'), MODEL, 'it shows head 8, and the last head is 7.'],
    [
      'a dense layer',
      lessonOf('view: router\nlayer: 0'),
      MODEL,
      'it shows the experts of layer 0, and that layer is dense.',
    ],
    ['a stage', lessonOf('stage: 0.score'), MODEL, 'it shows the stage “0.score”, which the model does not have.'],
    ['a stage by its number', lessonOf('stage: 99'), MODEL, 'it shows the stage “99”, which the model does not have.'],
    ['experts', asking('expert chosen'), dense, 'it needs layers with routed experts, and the model has none.'],
    [
      'a value of experts',
      lessonOf('', '{{experts}}'),
      dense,
      'it needs layers with routed experts, and the model has none.',
    ],
    [
      'groups',
      asking('group best'),
      ungrouped,
      'it needs groups of experts that are ruled out, and the model has none.',
    ],
    [
      'a mark of groups',
      lessonOf('mark: group 4.0'),
      ungrouped,
      'it needs groups of experts that are ruled out, and the model has none.',
    ],
    ['a bias', lessonOf('', '{{largest-bias}}'), ungrouped, 'it needs a selection bias, and the model has none.'],
    [
      'sigmoids',
      lessonOf('', 'A.', 'needs: sigmoid\n'),
      ungrouped,
      'it needs scores that are sigmoids, normalised over the chosen experts, and the model has none.',
    ],
    [
      'a shared expert',
      lessonOf('mark: shared 4'),
      modelOf({ n_shared_experts: 0 }),
      'it needs a shared expert, and the model has none.',
    ],
  ])('says so for %s', (_, lesson, model, reason) => {
    expect(sentence(lesson, model)).toBe(because + reason);
  });

  test('fits a model that has everything', () => {
    const lesson = lessonOf(
      'layer: 4\nexpert: 15\nmark: group 4.3, shared 1, cache 0\nstage: 4.cut',
      '{{largest-bias}}',
    );
    expect(sentence(lesson, MODEL)).toBeNull();
    expect(sentence(asking('number bytes-per-layer'), dense)).toBeNull();
  });
});
