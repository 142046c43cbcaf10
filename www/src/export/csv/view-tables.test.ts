import { describe, expect, test } from 'vitest';
import type { Survey } from '../../engine/types';
import type { Run, ScopeState, Snapshot, Tried } from '../../scope/state';
import type { Changes } from '../../testing/snapshots';
import { comparisonOf, MODEL, modelOf, recordedSnapshot, RUN, WHAT_IF } from '../../testing/snapshots';
import { originOf } from '../origin';
import { csv, json } from './table';
import { tableOf } from './view-tables';
import { VIEWS } from '../../scope/fields';

type Written = string | number | boolean | null | undefined;

const AT = RUN.position;
const LAYER = 2;
const DENSE = MODEL.info.first_k_dense_replace;
/** The recorded run as the native engine prints it: each number has the fewest digits that restore it. */
const { records, detail, distribution, load, compared, changed_detail, selection_biases, labels } = RUN.file;
const LABELS: Readonly<Record<string, string | undefined>> = labels;

/** A snapshot that shows the recorded plain run, with all parts of its last step. */
function shown(state: Partial<ScopeState>, { plain, ...changes }: Changes = {}): Snapshot {
  return recordedSnapshot({
    plain: { detail: RUN.detail, expertLoad: RUN.load, distribution: RUN.distribution, ...plain },
    ...changes,
    state: { layer: LAYER, temperature: RUN.distribution.temperature, ...state },
  });
}

/** A snapshot that shows the recorded changed run. */
const changed = (state: Partial<ScopeState>, run: Partial<Run> = {}): Snapshot =>
  shown({ whatIf: WHAT_IF, ...state }, { changed: comparisonOf({ run }) });

/** The header and the rows of a view's CSV file, parsed by RFC 4180. */
function rowsOf(snapshot: Snapshot): { readonly header: string[]; readonly rows: string[][] } {
  const text = csv(tableOf(snapshot), originOf(snapshot, '', null)).replace(/^(?:#[^\r\n]*\r\n)*/u, '');
  const found: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu)) {
    found.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '\r\n') found.push([]);
  }
  const [header = [], ...rows] = found.slice(0, -1);
  return { header, rows };
}

/** Compares a view's CSV and JSON files with the expected columns and rows. */
function expectTable(snapshot: Snapshot, columns: string, rows: readonly (readonly Written[])[]): void {
  expect(rows.length).toBeGreaterThan(0);
  const written = rowsOf(snapshot);
  expect(written.header).toEqual(columns.split(' '));
  expect(written.rows).toEqual(rows.map(row => row.map(cell => String(cell ?? ''))));
  const table: unknown = JSON.parse(json(tableOf(snapshot), originOf(snapshot, '', null)));
  expect(table).toMatchObject({ columns: columns.split(' '), rows: rows.map(row => row.map(cell => cell ?? null)) });
}

const token = (position: number): Written[] => {
  const id = RUN.ids[position];
  return [position, id, LABELS[String(id)]];
};

type Route = (typeof records)[number]['routes'][number] | (typeof compared)[number]['record']['routes'][number];

function choices(run: string, position: number, route: Route): Written[][] {
  return route.scores.map((score, expert) => {
    const group = Math.floor(expert / 4);
    const rank = route.experts.indexOf(expert);
    const chosen = rank < 0 ? [null, null, null] : [rank + 1, route.weights[rank], route.shares[rank]];
    return [
      run,
      ...token(position),
      route.layer,
      expert,
      group,
      score,
      // JSON has no infinity: the recorded file has null instead.
      route.choice_scores[expert] ?? '-Infinity',
      route.kept_groups.includes(group),
      ...chosen,
    ];
  });
}

const plainRows = records.flatMap(({ position, routes }) => routes.flatMap(route => choices('plain', position, route)));
const changedRows = compared.flatMap(({ record: { position, routes } }) =>
  routes.flatMap(route => choices('what-if', position, route)),
);
const TOKEN = 'position token text';
const CHOICE = `run ${TOKEN} layer expert group score choice_score group_kept rank weight share`;

describe('the roll’s table', () => {
  test('has one row per expert, routed layer and position', () => {
    expect(plainRows).toHaveLength((AT + 1) * 4 * 16);
    expectTable(shown({ view: 'roll' }), CHOICE, plainRows);
  });

  test('lists the changed run after the plain run if there is a what-if', () => {
    expectTable(changed({ view: 'roll' }), CHOICE, [...plainRows, ...changedRows]);
  });

  test('has only the plain run while the plain run is shown', () => {
    expectTable(changed({ view: 'roll', shown: 'plain' }), CHOICE, plainRows);
  });
});

describe('the router’s table', () => {
  const ladder = (rows: Written[][], logits: readonly (readonly number[])[]): Written[][] =>
    rows
      .filter(row => row[1] === AT && row[4] === LAYER)
      .map((row, expert) => [...row, logits[LAYER - DENSE]?.[expert], selection_biases[LAYER - DENSE]?.[expert]]);

  test('has the experts of the selected layer, with their logits and the model’s selection biases', () => {
    expectTable(shown({ view: 'router' }), `${CHOICE} logit model_bias`, ladder(plainRows, detail.router_logits));
  });

  test('has the route of the changed run if there is a what-if', () => {
    const rows = ladder(changedRows, changed_detail.router_logits);
    expectTable(changed({ view: 'router' }), `${CHOICE} logit model_bias`, rows);
  });

  test('has the route of the plain run while the plain run is shown', () => {
    const rows = ladder(plainRows, detail.router_logits);
    expectTable(changed({ view: 'router', shown: 'plain' }), `${CHOICE} logit model_bias`, rows);
  });

  test('has no rows for a dense layer', () => {
    expect(rowsOf(shown({ view: 'router', layer: 0 })).rows).toEqual([]);
  });
});

describe('the next tokens’ table', () => {
  const inText = RUN.ids[AT + 1];
  type Next = (typeof records)[number]['next'];
  const rowsFor = (record: Next | undefined): Written[][] =>
    [
      { temperature: 1, next: record },
      { temperature: distribution.temperature, next: distribution.next },
    ].flatMap(({ temperature, next }): Written[][] => [
      ...(next?.tokens ?? []).map((id, index) => [
        ...token(AT),
        temperature,
        'token',
        index + 1,
        id,
        LABELS[String(id)] ?? '',
        next?.probabilities[index],
        id === inText,
      ]),
      [...token(AT), temperature, 'others', null, null, null, next?.rest, null],
    ]);
  const rows = rowsFor(records[AT]?.next);
  const columns = `${TOKEN} temperature what rank next_token next_text probability in_text`;

  test('lists the next tokens at temperature 1 and at the chosen temperature', () => {
    expect(distribution.next.tokens).toContain(inText);
    expectTable(shown({ view: 'next' }), columns, rows);
  });

  test('lists the next tokens of the changed run if there is a what-if', () => {
    const changedNext = rowsFor(compared[AT]?.record.next);
    expect(changedNext).not.toEqual(rows);
    expectTable(changed({ view: 'next' }, { distribution: RUN.distribution }), columns, changedNext);
  });

  test('ends with the token that follows in the text if that token is not among the most probable', () => {
    const actual = { token: 644, probability: 0.125, rank: 99 };
    const text = [...token(AT), distribution.temperature, 'text', 100, 644, 'red', 0.125, true];
    const other = shown({ view: 'next' }, { plain: { distribution: { ...RUN.distribution, actual } } });
    expectTable(other, columns, [...rows, text]);
  });

  test('lists the next tokens once if the temperature is 1', () => {
    const plain = { distribution: { ...RUN.distribution, temperature: 1 } };
    const snapshot = shown({ view: 'next', temperature: 1 }, { plain });
    expect(rowsOf(snapshot).rows.filter(row => row[4] === 'others')).toHaveLength(1);
  });
});

describe('the flow’s table', () => {
  const NORMS = 'stream_norm attention_norm stream_after_attention_norm ffn_norm stream_after_ffn_norm'.split(' ');
  const rows = (shared: boolean): Written[][] =>
    detail.stream_norms.flatMap((norms, layer) => {
      const row = (quantity: string, expert: Written, value: Written): Written[] => [
        ...token(AT),
        layer,
        quantity,
        expert,
        value,
      ];
      const route = records[AT]?.routes.find(each => each.layer === layer);
      const [expertNorms, parts] = [detail.expert_norms[layer - DENSE], detail.parts[layer - DENSE]];
      return [
        ...norms.map((value, index) => row(NORMS[index] ?? '', null, value)),
        row('attention_difference', null, detail.attention_differences[layer]),
        ...(route?.experts ?? []).flatMap((expert, rank) => [
          row('expert_weight', expert, route?.weights[rank]),
          row('expert_norm', expert, expertNorms?.[rank]),
          row('expert_part', expert, parts?.[rank]),
        ]),
        ...(route && shared
          ? [row('expert_norm', 'shared', expertNorms?.at(-1)), row('expert_part', 'shared', parts?.at(-1))]
          : []),
      ];
    });

  const columns = `${TOKEN} layer quantity expert value`;

  test('has the norms of each layer, and the weight, norm and part of each chosen expert', () => {
    expect(rows(true)).toHaveLength(5 * 6 + 4 * (4 * 3 + 2));
    expectTable(shown({ view: 'flow' }), columns, rows(true));
  });

  test('has no rows for shared experts if the model has no shared experts', () => {
    expectTable(
      shown({ view: 'flow' }, { model: { ...MODEL, ...modelOf({ n_shared_experts: 0 }) } }),
      columns,
      rows(false),
    );
  });

  test('has no rows before the detail arrives', () => {
    expect(rowsOf(shown({ view: 'flow' }, { plain: { detail: null } })).rows).toEqual([]);
  });

  test('with a what-if, lists for each layer the experts that the changed run chose, then the shared expert', () => {
    // 3 chosen experts and the shared one in each of 4 layers.
    const snapshot = changed({ view: 'flow' });
    const found = rowsOf(snapshot).rows.filter(row => row[4] === 'expert_norm');
    const experts = (compared[AT]?.record.routes ?? []).flatMap(route => [...route.experts.map(String), 'shared']);
    expect(found.map(row => row[5])).toEqual(experts);
    expect(found.map(row => row[6])).toEqual(changed_detail.expert_norms.flat().map(String));
  });
});

test('the attention table has a row per head and token, with the weights from the latent and expanded caches', () => {
  const rows = (detail.attention[LAYER] ?? []).flatMap((weights, head) =>
    weights.map((weight, to) => [
      ...token(AT),
      LAYER,
      head,
      ...token(to),
      weight,
      detail.other_attention[LAYER]?.[head]?.[to],
    ]),
  );
  expect(rows).toHaveLength(8 * (AT + 1));
  expectTable(
    shown({ view: 'attention' }),
    `${TOKEN} layer head to_position to_token to_text weight expanded_weight`,
    rows,
  );
});

describe('the cache table', () => {
  const columns = `${TOKEN} latent_bytes expanded_bytes`;
  const rows = records.map(({ position, cache }) => [...token(position), cache.latent, cache.expanded]);

  test('has the bytes in each cache after each token', () => {
    // After one token: 48 values (latent) or 640 values (expanded) in each of 5 layers, 4 bytes per value.
    expect(rows[0]?.slice(3)).toEqual([960, 12_800]);
    expectTable(shown({ view: 'cache' }), columns, rows);
  });

  test('has the bytes of the changed run if there is a what-if', () => {
    const half = RUN.compared.map(({ record }) => {
      return { ...record, cache: { ...record.cache, latent: record.cache.latent / 2 } };
    });
    const halves = rows.map(([position, id, text, latent, expanded]) => [
      position,
      id,
      text,
      Number(latent) / 2,
      expanded,
    ]);
    expectTable(changed({ view: 'cache' }, { records: half }), columns, halves);
  });
});

describe('the grid’s table', () => {
  const rows = (layers: typeof load.layers): Written[][] =>
    layers.flatMap(({ layer, counts, relative, uniform, max_violation }) =>
      counts.map((count, expert) => [
        load.tokens,
        layer,
        expert,
        count,
        relative[expert],
        uniform,
        max_violation,
        load.chance.max_violation,
        load.chance.max_violation_deviation,
      ]),
    );
  const columns =
    'tokens layer expert count relative uniform max_violation chance_max_violation chance_max_violation_deviation';

  test('has the expert load of the selected layer or, if the grid shows all layers, of all layers', () => {
    expectTable(shown({ view: 'grid' }), columns, rows(load.layers.slice(LAYER - DENSE, LAYER - DENSE + 1)));
    expectTable(shown({ view: 'grid', span: 'all' }), columns, rows(load.layers));
  });

  test('has the expert load of the changed run if there is a what-if', () => {
    const halved = load.layers.map(each => ({ ...each, uniform: each.uniform / 2 }));
    const snapshot = changed(
      { view: 'grid', span: 'all' },
      { expertLoad: { ...RUN.load, layers: RUN.load.layers.map(each => ({ ...each, uniform: each.uniform / 2 })) } },
    );
    expectTable(snapshot, columns, rows(halved));
    expect(rowsOf(changed({ view: 'grid', span: 'all' })).rows).toEqual([]);
  });
});

describe('the what-if’s table', () => {
  const rows = compared.map(({ kl_bits, loss, route_changes }, position) => [
    ...token(position),
    kl_bits,
    loss.plain,
    loss.changed,
    route_changes.map(({ layer, left, entered }) => `${layer}: ${left.join(' ')} > ${entered.join(' ')}`).join('; '),
  ]);

  test('has the effect of the change at each position', () => {
    expectTable(changed({ view: 'whatif' }), `${TOKEN} kl_bits next_loss_plain next_loss_changed route_changes`, rows);
  });

  test('has no rows without a change', () => {
    expect(rowsOf(shown({ view: 'whatif' })).rows).toEqual([]);
  });
});

test('the cache lab’s table has only the settings whose loss is up to date', () => {
  const loss = {
    ...RUN.loss,
    tokens: AT + 1,
    plain: 3.25,
    changed: 3.5,
    cost: 0.25,
    plain_error: 0.125,
    cost_error: 0.0625,
  };
  const tried: Tried[] = [
    { setting: { latent_rank: 16, cache_format: 'int8' }, bytes: 320, loss },
    { setting: { latent_rank: null, cache_format: 'f32' }, bytes: 960, loss: { ...loss, tokens: 2 } },
  ];
  const snapshot = shown({ view: 'cachelab' }, { tried });
  expectTable(snapshot, 'rank format token_bytes tokens loss_plain loss cost loss_plain_error cost_error', [
    [16, 'int8', 320, AT + 1, 3.25, 3.5, 0.25, 0.125, 0.0625],
  ]);
});

test('the models’ table has a row per scheme, and one row for a model without a known scheme', () => {
  const models = [
    {
      id: 'one',
      name: 'One',
      attention: 'mla',
      layers: 61,
      weights: { total: 671_026_419_200, active: 37_550_000_000, bytes: 671_026_419_200 },
      schemes: [
        {
          scheme: 'latent',
          values: 576,
          token_bytes: 70_272,
          long_token_bytes: 70_272,
          user_bytes: 9_210_691_584,
          all_bytes: 73_685_532_672,
          fit: 35,
        },
      ],
    },
    { id: 'two', name: 'Two', attention: 'unknown', layers: 10, schemes: [] },
  ];
  expectTable(
    shown({ view: 'models' }, { survey: { models } as unknown as Survey }),
    'id name attention layers parameters active_parameters weight_bytes scheme values token_bytes long_token_bytes user_bytes all_bytes users_fit',
    [
      [
        ...['one', 'One', 'mla', 61, 671_026_419_200, 37_550_000_000, 671_026_419_200],
        ...['latent', 576, 70_272, 70_272, 9_210_691_584, 73_685_532_672, 35],
      ],
      ['two', 'Two', 'unknown', 10, ...Array<null>(10).fill(null)],
    ],
  );
});

describe('a step that the reader must still guess', () => {
  // The table of published models does not depend on a step.
  test.each(VIEWS.filter(view => view !== 'models'))('is not in the table of the view %s', view => {
    const { header, rows } = rowsOf(changed({ view, reveal: 'click' }));
    const at = header.indexOf('position');
    expect(rows.filter(row => at < 0 || row[at] === String(AT))).toEqual([]);
    if (['roll', 'cache', 'whatif'].includes(view)) {
      expect(new Set(rows.map(row => row[at]))).toEqual(
        new Set(Array.from({ length: AT }, (_, index) => String(index))),
      );
    }
  });

  test('is in the table after the reader reveals it', () => {
    const snapshot = shown({ view: 'cache', reveal: 'click' }, { revealed: AT });
    expect(rowsOf(snapshot).rows).toHaveLength(AT + 1);
  });
});

test('each table has a sentence about its rows', () => {
  for (const view of VIEWS) expect(tableOf(shown({ view })).about, view).toMatch(/\.$/u);
});
