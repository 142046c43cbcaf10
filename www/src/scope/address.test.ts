import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { garbage } from '../testing/garbage';
import { en } from '../text/en/index';
import { addressOf, FIELD_NAMES, fieldOf, formatAddress, parseAddress, resetFields } from './address';
import type { Complaint, ScopeState } from './state';
import { initialState } from './state';
import { PLAIN } from './what-if';
import {
  CACHE_BITS,
  CACHE_FORMATS,
  LANGUAGES,
  LEAST_SIZE,
  MIXTURES,
  MOST_CONFIG,
  MOST_CONTEXT,
  MOST_LESSON_STEPS,
  MOST_MEMORY,
  MOST_SEED,
  MOST_SIZE,
  MOST_TEMPERATURE,
  MOST_USERS,
  PARTS,
  REVEALS,
  SHOWN,
  SORTS,
  SPANS,
  SPEEDS,
  THEMES,
  VIEWS,
  WEIGHT_BITS,
} from './fields';
import { decimals, END } from './values';

const SEED = 17;
const FIRST = initialState('Once upon a time there was a little girl who', 7, 4);

/** Reads a link that must have no problem. */
function read(link: string): ScopeState {
  const { state, complaints } = parseAddress(link, FIRST);
  expect(complaints).toEqual([]);
  return state;
}

/** The complaints that a link gets before a model is loaded, as sentences. */
function sentences(link: string): string[] {
  return (parseAddress(link, FIRST).complaints ?? []).map(complaint => en.complaint(complaint));
}

describe('writing and reading', () => {
  test('a state with every field set is unchanged after writing and reading', () => {
    const state: ScopeState = {
      version: 1,
      text: 'a+b & c=d#e?f%20g\n\t“שלום” 🦊',
      appended: [5, 2047],
      opened: { name: 'a name with . and “spaces”', sha256: '0f'.repeat(32) },
      position: 3,
      reach: 9,
      layer: 2,
      expert: 14,
      stage: 8,
      view: 'grid',
      head: 3,
      sort: 'load',
      span: 'all',
      lesson: 'router',
      at: 3,
      reveal: 'click',
      hidden: ['legend', 'prose'],
      autoplay: true,
      whatIf: {
        experts_off: [
          { layer: 2, expert: 3 },
          { layer: 4, expert: 1 },
        ],
        experts_forced: [{ layer: 1, expert: 15 }],
        mixture: 'only_shared',
        num_experts_per_tok: 3,
        topk_group: 1,
        selection_bias: false,
        bias_shifts: [{ layer: 2, expert: 14, by: -0.25 }],
        latent_rank: 16,
        cache_format: 'int8',
      },
      shown: 'plain',
      temperature: 0.8,
      seed: 77,
      speed: 4,
      theme: 'dark',
      size: 1.25,
      language: 'en',
      published: 'kimi-k2',
      context: 4096,
      users: 100,
      memory: 80,
      bits: 8,
      weights: 0,
      config: '{"model_type": "deepseek_v3"}',
    };
    expect(read(formatAddress(state))).toEqual(state);
  });

  test('default values are not written, except the text', () => {
    expect(formatAddress(initialState('', END, END))).toBe('v=1&text=');
    expect(formatAddress(FIRST)).toBe('v=1&text=Once+upon+a+time+there+was+a+little+girl+who&token=7&layer=4');
  });

  test('in a link, spaces are written as + and numbers in plain decimals', () => {
    const state = { ...FIRST, text: 'The fox saw.', view: 'router', temperature: 0.0000001 } as const;
    expect(formatAddress(state)).toBe('v=1&text=The+fox+saw.&token=7&layer=4&view=router&temperature=0.0000001');
  });

  test.each(['a+b & c=d#e?f%20g', 'שלום 🦊\n\ttab', '  two  spaces  ', '<script>alert(1)</script>', ''])(
    'the text %j is unchanged after writing and reading',
    text => {
      const link = formatAddress({ ...FIRST, text });
      expect(link).not.toMatch(/[ #<>"]/u);
      expect(read(link).text).toBe(text);
    },
  );

  test('half a surrogate pair is written as the replacement character', () => {
    expect(read(formatAddress({ ...FIRST, text: 'a\ud83e' })).text).toBe('a\ufffd');
  });

  test('a link with a text and no token opens at the end of that text, without appended tokens', () => {
    const before = { ...FIRST, appended: [5, 6], reach: 9 };
    const { state } = parseAddress('v=1&text=A', before);
    expect(state).toMatchObject({ text: 'A', appended: [], position: END, reach: END });
    expect(parseAddress('v=1&text=A&token=2&ids=5', before).state).toMatchObject({
      position: 2,
      reach: 2,
      appended: [5],
    });
    expect(parseAddress('v=1&text=A&token=2&ran=6', before).state).toMatchObject({ position: 2, reach: 6 });
    expect(parseAddress('v=1&layer=2', before).state).toMatchObject({ position: 7, reach: 9, appended: [5, 6] });
  });

  test('“ran” is written only if the text was run beyond the playhead', () => {
    expect(formatAddress({ ...FIRST, reach: 7 })).not.toContain('ran=');
    expect(formatAddress({ ...FIRST, reach: 9 })).toContain('&ran=9');
  });

  test('“hide” lists the hidden parts, and “only” the visible parts around the view', () => {
    expect(read('v=1&hide=text_legend').hidden).toEqual(['text', 'legend']);
    expect(read('v=1&hide=legend,text').hidden).toEqual(['text', 'legend']);
    expect(read('v=1&hide=legend%20text').hidden).toEqual(['text', 'legend']);
    expect(read('v=1&only=view').hidden).toEqual(PARTS);
    expect(read('v=1&only=controls_sentence').hidden).toEqual([
      'name',
      'text',
      'scrubber',
      'legend',
      'prose',
      'tables',
    ]);
    expect(sentences('v=1&hide=text_nothing')).toEqual([
      'In the link, “hide” is “text_nothing”, which is none of its values; it was ignored.',
    ]);
  });

  test('an empty value clears a list and switches a flag on', () => {
    const before = { ...FIRST, whatIf: { ...PLAIN, experts_off: [{ layer: 2, expert: 3 }], selection_bias: false } };
    const { state } = parseAddress('v=1&off=&bias=&autoplay=', before);
    expect(state.whatIf).toEqual(PLAIN);
    expect(state.autoplay).toBe(true);
    expect(read('v=1&autoplay=off').autoplay).toBe(false);
  });

  test('“opened” has the model’s hash and name, or the word “unknown” and the name', () => {
    const hash = '0f'.repeat(32);
    expect(read(`v=1&opened=${hash}.DeepSeek-V2.5`).opened).toEqual({ name: 'DeepSeek-V2.5', sha256: hash });
    expect(read('v=1&opened=unknown.tiny').opened).toEqual({ name: 'tiny', sha256: null });
    expect(read('v=1&opened=').opened).toBeNull();
    expect(formatAddress({ ...FIRST, opened: { name: 'tiny', sha256: null } })).toContain('&opened=unknown.tiny&');
  });

  test.each(['tiny', `${'0f'.repeat(32)}.`, `${'0F'.repeat(32)}.tiny`, '.tiny', `${'0f'.repeat(31)}.tiny`])(
    '“opened” with the value %s is ignored and reported',
    value => {
      const { state, complaints } = parseAddress(`v=1&opened=${value}`, FIRST);
      expect(state).toEqual(FIRST);
      expect(complaints).toMatchObject([{ field: 'opened', problem: 'unreadable' }]);
    },
  );

  test('a number is written in plain decimals', () => {
    expect(decimals(1e-7)).toBe('0.0000001');
    expect(decimals(0.25)).toBe('0.25');
    expect(decimals(2)).toBe('2');
  });
});

describe('a field', () => {
  test('has a unique name', () => {
    expect(new Set(FIELD_NAMES).size).toBe(FIELD_NAMES.length);
  });

  test('has its value in the form of a link, or null for the default', () => {
    const state = {
      ...FIRST,
      hidden: ['text'],
      temperature: 1e-7,
      whatIf: { ...PLAIN, selection_bias: false },
    } as const;
    expect(fieldOf(state, 'hide')).toBe('text');
    expect(fieldOf(state, 'only')).toBe('name_controls_scrubber_sentence_legend_prose_tables');
    expect(fieldOf({ ...FIRST, hidden: PARTS }, 'only')).toBe('view');
    expect(fieldOf(state, 'temperature')).toBe('0.0000001');
    expect(fieldOf(state, 'bias')).toBe('off');
    expect(fieldOf(state, 'speed')).toBeNull();
    expect(fieldOf(FIRST, 'only')).toBeNull();
    expect(fieldOf(FIRST, 'nothing')).toBeNull();
  });

  test('is reset to its default; the other fields stay', () => {
    const state = { ...FIRST, text: 'A', layer: 2, hidden: ['text'], position: 3, reach: 5 } as const;
    expect(resetFields(state, ['layer'], FIRST)).toEqual({ ...state, layer: 4 });
    expect(resetFields(state, ['only'], FIRST)).toEqual({ ...state, hidden: [] });
    expect(resetFields(state, ['hide'], FIRST)).toEqual({ ...state, hidden: [] });
    expect(resetFields(state, [], FIRST)).toBe(state);
    expect(resetFields(state, ['text'], FIRST)).toEqual({ ...state, text: FIRST.text });
  });

  test('may have any characters in its value', () => {
    expect(addressOf([])).toBe('v=1');
    expect(
      addressOf([
        ['text', 'a & b'],
        ['token', '2'],
      ]),
    ).toBe('v=1&text=a+%26+b&token=2');
  });
});

/** Odd links, each with all complaints that it gets before a model is loaded, as sentences. */
const ODD: Readonly<Record<string, readonly [link: string, sentences: readonly string[]]>> = {
  'a word without fields': [
    '#hello',
    ['This link has no version; this page reads version 1, so the link was ignored.'],
  ],
  'another version': ['#v=2&text=x', ['This link is version 2; this page reads version 1, so the link was ignored.']],
  'a long version': [
    `#v=${'9'.repeat(500)}`,
    [`This link is version “${'9'.repeat(24)}…”; this page reads version 1, so the link was ignored.`],
  ],
  'a word for a number': [
    '#v=1&token=NaN',
    ['In the link, “token” is “NaN”, which is none of its values; it was ignored.'],
  ],
  'a number with an exponent': [
    '#v=1&token=1e9',
    ['In the link, “token” is “1e9”, which is none of its values; it was ignored.'],
  ],
  'a negative token': ['#v=1&token=-5', ['In the link, “token” is -5, which is out of range; 0 is used.']],
  'a token with a fraction': ['#v=1&token=2.5', ['In the link, “token” is 2.5, which is out of range; 2 is used.']],
  'unreadable what-if values': [
    '#v=1&off=three&forced=1.2.3&mixture=some&chosen=many&bias=maybe&shifts=1.2&rank=-&format=int2',
    [
      'In the link, “off” is “three”, which is none of its values; it was ignored.',
      'In the link, “forced” is “1.2.3”, which is none of its values; it was ignored.',
      'In the link, “mixture” is “some”, which is none of its values; it was ignored.',
      'In the link, “chosen” is “many”, which is none of its values; it was ignored.',
      'In the link, “bias” is “maybe”, which is none of its values; it was ignored.',
      'In the link, “shifts” is “1.2”, which is none of its values; it was ignored.',
      'In the link, “rank” is “-”, which is none of its values; it was ignored.',
      'In the link, “format” is “int2”, which is none of its values; it was ignored.',
    ],
  ],
  'a view that no longer exists': [
    '#v=1&view=ledger',
    ['In the link, “view” is “ledger”, which is none of its values; it was ignored.'],
  ],
  'a temperature too high': [
    '#v=1&temperature=7',
    ['In the link, “temperature” is 7, which is out of range; 2 is used.'],
  ],
  'a size too small': ['#v=1&size=0.1', ['In the link, “size” is 0.1, which is out of range; 0.75 is used.']],
  'a seed too large': [
    '#v=1&seed=4294967296',
    ['In the link, “seed” is 4294967296, which is out of range; 4294967295 is used.'],
  ],
  'a speed that is not offered': [
    '#v=1&speed=3',
    ['In the link, “speed” is “3”, which is none of its values; it was ignored.'],
  ],
  'an unknown theme': [
    '#v=1&theme=pink',
    ['In the link, “theme” is “pink”, which is none of its values; it was ignored.'],
  ],
  'an unknown language': [
    '#v=1&lang=xx',
    ['In the link, “lang” is “xx”, which is none of its values; it was ignored.'],
  ],
  'a script as a value': [
    '#v=1&view=<script>alert(1)</script>',
    ['In the link, “view” is “<script>alert(1)</script…”, which is none of its values; it was ignored.'],
  ],
  'a script as a field name': [
    '#v=1&<img src=x onerror=alert(1)>=1',
    ['The link has a field “<img src” that does not exist.'],
  ],
  'a field named __proto__': ['#v=1&__proto__=1', ['The link has a field “__proto__” that does not exist.']],
  'a field named constructor': ['#v=1&constructor=1', ['The link has a field “constructor” that does not exist.']],
  'a huge text': [`#v=1&text=${'a+fox+'.repeat(33_334)}`, ['In the link, “text” is too long; only its start is used.']],
  'ids that are not numbers': [
    '#v=1&ids=5.x',
    ['In the link, “ids” is “5.x”, which is none of its values; it was ignored.'],
  ],
  '10,000 ids': [`#v=1&text=A&ids=${'5.'.repeat(9_999)}5`, ['In the link, “ids” is too long; only its start is used.']],
  'a field that occurs twice': ['#v=1&token=3&token=4&v=2', []],
  'broken percent-encoding': [
    '#v=1&text=100%&token=0&view=%E0%A4%A',
    ['In the link, “view” is “\ufffd%A”, which is none of its values; it was ignored.'],
  ],
  'half a surrogate pair': ['#v=1&text=%ED%A0%80a', []],
  'empty fields': [
    '#v=1&text=&ids=&token=&ran=&layer=&expert=&stage=&view=&seed=',
    [
      'In the link, “token” is “”, which is none of its values; it was ignored.',
      'In the link, “ran” is “”, which is none of its values; it was ignored.',
      'In the link, “layer” is “”, which is none of its values; it was ignored.',
      'In the link, “expert” is “”, which is none of its values; it was ignored.',
      'In the link, “stage” is “”, which is none of its values; it was ignored.',
      'In the link, “view” is “”, which is none of its values; it was ignored.',
      'In the link, “seed” is “”, which is none of its values; it was ignored.',
    ],
  ],
  'fields without a name': ['#v=1&&&=&=x&', ['The link has a field “” that does not exist.']],
  'survey numbers out of range': [
    '#v=1&memory=0&context=0&users=-1&bits=3',
    [
      'In the link, “context” is 0, which is out of range; 1 is used.',
      'In the link, “users” is -1, which is out of range; 0 is used.',
      'In the link, “memory” is 0, which is out of range; 1 is used.',
      'In the link, “bits” is “3”, which is none of its values; it was ignored.',
    ],
  ],
};

describe('an odd link', () => {
  test.each(Object.entries(ODD))('%s', (_, [link, expected]) => {
    expect(sentences(link)).toEqual(expected);
  });

  test('an empty hash is no link', () => {
    for (const link of ['', '#']) expect(parseAddress(link, FIRST)).toEqual({ state: FIRST, complaints: null });
  });

  test('a link of another version changes nothing', () => {
    expect(parseAddress('v=2&text=x&layer=1', FIRST).state).toBe(FIRST);
  });

  test('unreadable values leave the state as it was', () => {
    expect(parseAddress('v=1&view=nope&token=x&off=three', FIRST).state).toEqual(FIRST);
  });

  test('of two fields with the same name, the first is used', () => {
    expect(read('v=1&token=3&token=4').position).toBe(3);
  });

  test('a text, id list or config that is too long is shortened to its maximum length', () => {
    const { state } = parseAddress(`v=1&text=${'a'.repeat(100_001)}`, FIRST);
    expect(state.text).toHaveLength(100_000);
    const ids = parseAddress(`v=1&ids=${'5.'.repeat(4096)}5`, FIRST).state.appended;
    expect(ids).toHaveLength(4096);
    expect(parseAddress(`v=1&config=${'a'.repeat(20_001)}`, FIRST).state.config).toHaveLength(20_000);
    const emoji = parseAddress(`v=1&config=${'a'.repeat(19_999)}🦊`, FIRST).state.config;
    expect(emoji.slice(-2)).toBe('a\ufffd');
  });

  test('a property name of Object.prototype is an unknown field', () => {
    expect(parseAddress('v=1&toString=1', FIRST).complaints).toEqual<Complaint[]>([
      { field: 'toString', found: '1', problem: 'unknown', used: '' },
    ]);
  });
});

describe('any link', () => {
  test('gives a state within all bounds; each complaint is a complete sentence', () => {
    fc.assert(
      fc.property(garbage, link => {
        const { state, complaints } = parseAddress(link, FIRST);
        expect(outside(state)).toEqual([]);
        for (const complaint of complaints ?? []) {
          expect(en.complaint(complaint)).toMatch(
            /^(?:In the link, |The link has |This link |There is no |The text has ).*\.$/su,
          );
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  test('gives the same state and the same link after writing and reading again', () => {
    fc.assert(
      fc.property(garbage, link => {
        const { state } = parseAddress(link, FIRST);
        const written = formatAddress(state);
        const again = parseAddress(written, FIRST);
        expect(again.complaints).toEqual([]);
        expect(formatAddress(again.state)).toBe(written);
        const reach = Math.max(state.reach, state.position);
        expect(plain(again.state)).toEqual(plain({ ...state, reach }));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});

/** The state without signed zeros and lone surrogates, which a link cannot contain. */
function plain(state: ScopeState): unknown {
  return JSON.parse(JSON.stringify(state).replace(/\\ud[89a-f][0-9a-f]{2}/giu, '\ufffd')) as unknown;
}

/** The fields that are outside their bounds. */
function outside(state: ScopeState): string[] {
  const {
    experts_off: off,
    experts_forced: forced,
    mixture,
    num_experts_per_tok: chosen,
    topk_group: groups,
    bias_shifts: shifts,
    latent_rank: rank,
    cache_format: format,
  } = state.whatIf;
  const places = [...off, ...forced, ...shifts].flatMap(({ layer, expert }) => [layer, expert]);
  const isWithin: Readonly<Record<string, boolean>> = {
    text: state.text.length <= 100_000,
    ids: state.appended.length <= 4096 && state.appended.every(id => isWhole(id, 0, 999_999_999)),
    places: [state.position, state.reach, state.layer, state.expert ?? 0, state.head].every(value =>
      isWhole(value, 0, END),
    ),
    stage: typeof state.stage !== 'number' || isWhole(state.stage, 0, END),
    view: VIEWS.includes(state.view),
    sort: SORTS.includes(state.sort),
    span: SPANS.includes(state.span),
    reveal: REVEALS.includes(state.reveal),
    shown: SHOWN.includes(state.shown),
    theme: THEMES.includes(state.theme),
    language: LANGUAGES.includes(state.language),
    speed: SPEEDS.includes(state.speed),
    bits: CACHE_BITS.includes(state.bits),
    weights: WEIGHT_BITS.includes(state.weights),
    hidden: PARTS.filter(part => state.hidden.includes(part)).join() === state.hidden.join(),
    temperature: state.temperature >= 0 && state.temperature <= MOST_TEMPERATURE,
    size: state.size >= LEAST_SIZE && state.size <= MOST_SIZE,
    seed: isWhole(state.seed, 0, MOST_SEED),
    context: isWhole(state.context, 1, MOST_CONTEXT),
    users: isWhole(state.users, 0, MOST_USERS),
    memory: isWhole(state.memory, 1, MOST_MEMORY),
    lesson: /^[\w.-]{0,64}$/u.test(state.lesson),
    at: isWhole(state.at, 1, MOST_LESSON_STEPS),
    published: /^[\w.-]{1,64}$/u.test(state.published),
    config: state.config.length <= MOST_CONFIG,
    experts: places.every(value => isWhole(value, 0, 9999)),
    shifts: shifts.every(({ by }) => Math.abs(by) < 10_000),
    counts: [chosen, groups, rank].every(count => count === null || isWhole(count, 0, END)),
    mixture: MIXTURES.includes(mixture),
    format: CACHE_FORMATS.includes(format),
  };
  return Object.keys(isWithin).filter(name => isWithin[name] !== true);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
