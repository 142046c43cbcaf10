import { describe, expect, test } from 'vitest';
import type { Fault } from '../../engine/messages';
import type { Complaint } from '../../scope/state';
import { MODEL } from '../../testing/snapshots';
import { shareWords } from '../share-words';
import { words } from '../words';
import { en } from './index';
import { enShare } from './share';

test('an unknown language falls back to English', () => {
  expect([words('en'), words('xx')]).toEqual([en, en]);
  expect([shareWords('en'), shareWords('xx')]).toEqual([enShare, enShare]);
});

describe('problems of a link', () => {
  const of = (problem: Complaint['problem'], found: string, used = ''): string =>
    en.complaint({ field: 'token', found, problem, used });

  test('each kind has its own sentence', () => {
    expect(of('version', '2', '1')).toBe('This link is version 2; this page reads version 1, so the link was ignored.');
    expect(of('unknown', 'x')).toBe('The link has a field “token” that does not exist.');
    expect(of('unreadable', 'x')).toBe('In the link, “token” is “x”, which is none of its values; it was ignored.');
    expect(of('range', '-5', '0')).toBe('In the link, “token” is -5, which is out of range; 0 is used.');
    expect(of('range', '-1')).toBe('In the link, “token” is -1, which is out of range; the default is used.');
    expect(en.complaint({ field: 'layer', found: '9', problem: 'range', used: '4' })).toBe(
      'There is no layer 9; layer 4 is shown.',
    );
    expect(of('version', '', '1')).toBe(
      'This link has no version; this page reads version 1, so the link was ignored.',
    );
    expect(en.complaint({ field: 'ran', found: '99', problem: 'end', used: '8' })).toBe(
      'In the link, “ran” is 99, which is beyond the text; the whole text is run.',
    );
    expect(of('end', '99')).toBe('The text has no position 99; its last token is shown.');
    expect(of('length', 'aaaa')).toBe('In the link, “token” is too long; only its start is used.');
    expect(of('vocabulary', '2048', '2047')).toBe(
      'In the link, “ids” has 2048, expected ids up to 2047; the text ends before this token.',
    );
  });

  test('problems that are not shown are counted', () => {
    expect(en.moreComplaints(1)).toBe('The link has one more problem.');
    expect(en.moreComplaints(5)).toBe('The link has 5 more problems.');
    expect(en.moreComplaints(1200)).toBe('The link has 1,200 more problems.');
  });
});

describe('an error message', () => {
  const say = (kind: Fault['kind'], recovered = false): string => en.fault.say(kind, 'because', recovered);

  test('says what failed and why', () => {
    expect(say('fetch')).toBe('A file could not be loaded: because.');
    expect(say('config')).toBe('This model cannot be opened: because.');
    expect(say('panic', true)).toBe('The engine stopped and was restarted; your text is still here. Reason: because.');
    expect(say('panic')).toBe('The engine failed twice on this text. Your text is kept. Reason: because.');
    expect(say('session')).toBe('The engine could not do this: because.');
    expect(say('wasm')).toContain("allow script-src 'wasm-unsafe-eval'): because.");
  });

  test('lists the missing files of an incomplete model', () => {
    expect(en.open.missingFiles(['model.safetensors', 'tokenizer.json'])).toBe(
      'Choose all three files at once; missing: model.safetensors and tokenizer.json.',
    );
  });
});

describe('the sentence of a step', () => {
  const step = { token: '“was”', layer: 4, ofExperts: 16, shared: 1, latentBytes: 192, expandedBytes: 2560 };

  test('names the experts and the bytes', () => {
    expect(en.step({ ...step, experts: [0, 2, 3, 8] })).toBe(
      'For “was”, layer 4 ran 4 of its 16 experts (0, 2, 3, 8) and the shared one, ' +
        'and stored 192 bytes; expanded into keys and values for every head they would be 2,560.',
    );
    expect(en.step({ ...step, experts: [7] })).toContain('ran 1 of its 16 experts (7) and');
    expect(en.step({ ...step, experts: [7], shared: 2 })).toContain('(7) and the 2 shared ones, and stored');
    expect(en.step({ ...step, experts: [7], shared: 0 })).toContain('(7), and stored');
    expect(en.step({ ...step, experts: [] })).toContain(
      'ran none of its 16 routed experts, only the shared one, and stored',
    );
  });

  test('of a dense layer names no experts', () => {
    expect(en.step({ ...step, layer: 0, experts: null })).toContain(
      'layer 0 is dense: it ran its only network, and stored',
    );
  });

  test('describes a stage of the step if a stage is shown', () => {
    const stage = {
      token: '“was”',
      layer: 4,
      tokens: 8,
      heads: 8,
      ticks: false,
      ofExperts: 16,
      latentBytes: 192,
      kept: [0, 2],
      ruledOut: [1, 3],
      keptExperts: [
        [0, 3],
        [8, 11],
      ],
      shared: 1,
      experts: [0, 2],
    } as const;
    expect(en.stage({ ...stage, operation: 'cut' })).toBe(
      'For “was”, layer 4 keeps groups 0 and 2 (experts 0–3 and 8–11) and rules out groups 1 and 3.',
    );
    const one = { kept: [5], ruledOut: [4], keptExperts: [[5, 5]] };
    expect(en.stage({ ...stage, ...one, operation: 'cut' })).toContain(
      'keeps group 5 (experts 5) and rules out group 4.',
    );
    expect(en.stage({ ...stage, operation: 'choose' })).toBe(
      'For “was”, layer 4 chooses experts 0 and 2 and adds their weighted outputs to the shared expert’s.',
    );
    expect(en.stage({ ...stage, operation: 'attend' })).toBe('For “was”, layer 4 attends to 8 tokens in its cache.');
    expect(en.stage({ ...stage, operation: 'attend', tokens: 1 })).toContain('the only token is this one');
    expect(en.stage({ ...stage, operation: 'attend', ticks: true })).toContain('8 heads’ weights on each');
  });
});

describe('the legend', () => {
  const legend = (shape: Partial<typeof MODEL.info>): string =>
    en
      .legend({ ...MODEL.info, ...shape }, 0.5)
      .map(part => (typeof part === 'string' ? part : part.word))
      .join('');

  test('describes the model’s layers', () => {
    expect(legend({})).toBe(
      'Each column is one token; read it from bottom to top. Every layer scores its own 16 experts (strongest colour ' +
        'from 0.5), rules out 2 of 4 groups, runs the best 4 (bigger disc, bigger share), always adds the shared one, ' +
        'and stores only a latent.',
    );
  });

  test('omits ruled-out groups and shared experts if the model has none', () => {
    expect(legend({ topk_group: 4, n_shared_experts: 0 })).toBe(
      'Each column is one token; read it from bottom to top. Every layer scores its own 16 experts (strongest colour ' +
        'from 0.5), runs the best 4 (bigger disc, bigger share), and stores only a latent.',
    );
    expect(legend({ n_shared_experts: 2 })).toContain('adds the shared ones, ');
  });
});
