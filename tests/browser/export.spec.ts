// Exports: each number equals the native engine's, to the last digit; CSV and JSON have the version, the link and the
// model's hash; an export's link and its content belong to the same step.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { element, exported, parseCsv } from './support/exports';
import { holdBack, VIEWS } from './support/journey';
import { inspect, PROJECT, SHIPPED, survey } from './support/native';
import { expect, test } from './support/scope';

const TEXT = 'The fox, "red" #1, saw\nthe dark wood.';
const AT = 6;
const LAYER = 2;
const WHAT_IF = { off: '2.3', chosen: 3 };
const NATIVE = inspect(TEXT, { details: true, loads: true, temperature: 0.5 });
const CHANGED = inspect(TEXT, {
  details: true,
  whatIf: { experts_off: [{ layer: 2, expert: 3 }], num_experts_per_tok: 3 },
}).what_if;
const RECORDS = NATIVE.records.slice(0, AT + 1);
const DETAIL = NATIVE.details?.[AT];
const HASH = createHash('sha256')
  .update(readFileSync(join(PROJECT, SHIPPED, 'model.safetensors')))
  .digest('hex');
const { version: VERSION } = JSON.parse(readFileSync(join(PROJECT, 'www/package.json'), 'utf8')) as { version: string };
const DENSE = NATIVE.info.first_k_dense_replace;

type Cell = number | string | boolean | null | undefined;

/** A value as a CSV cell: numbers with the fewest digits that identify them; missing values are empty. */
const cell = (value: Cell): string => (value === null || value === undefined ? '' : String(value));
const token = (position: number): Cell[] => [position, NATIVE.ids[position], NATIVE.tokens[position]];

interface Route {
  readonly layer: number;
  readonly scores: readonly number[];
  readonly choice_scores: readonly number[];
  readonly kept_groups: readonly number[];
  readonly experts: readonly number[];
  readonly weights: readonly number[];
  readonly shares: readonly number[];
}

function choice(route: Route, expert: number): Cell[] {
  const group = Math.floor(expert / (NATIVE.info.n_routed_experts / NATIVE.info.n_group));
  const rank = route.experts.indexOf(expert);
  return [
    route.layer,
    expert,
    group,
    route.scores[expert],
    // `inspect` prints minus infinity as `null`.
    route.choice_scores[expert] ?? '-Infinity',
    route.kept_groups.includes(group),
    ...(rank < 0 ? [null, null, null] : [rank + 1, route.weights[rank], route.shares[rank]]),
  ];
}

const choices = (run: string, records: readonly { position: number; routes: readonly Route[] }[]): Cell[][] =>
  records.flatMap(({ position, routes }) =>
    routes.flatMap(route => route.scores.map((_, expert) => [run, ...token(position), ...choice(route, expert)])),
  );

const CHOICE = 'layer expert group score choice_score group_kept rank weight share'.split(' ');
const TOKEN = ['position', 'token', 'text'];

const LOAD = [
  'tokens',
  'layer',
  'expert',
  'count',
  'relative',
  'uniform',
  'max_violation',
  'chance_max_violation',
  'chance_max_violation_deviation',
];

/** For each view: the columns and rows of its table, and the fields that are set besides text, token and layer. */
const TABLES: Readonly<
  Record<
    string,
    { readonly with?: Record<string, string | number>; readonly columns: string[]; readonly rows: () => Cell[][] }
  >
> = {
  roll: { columns: ['run', ...TOKEN, ...CHOICE], rows: () => choices('plain', RECORDS) },
  start: { columns: ['run', ...TOKEN, ...CHOICE], rows: () => choices('plain', RECORDS) },
  'roll with a what-if': {
    with: WHAT_IF,
    columns: ['run', ...TOKEN, ...CHOICE],
    rows: () => [
      ...choices('plain', RECORDS),
      ...choices(
        'what-if',
        (CHANGED?.compared ?? []).slice(0, AT + 1).map(({ record }) => record),
      ),
    ],
  },
  router: {
    columns: ['run', ...TOKEN, ...CHOICE, 'logit', 'model_bias'],
    rows: () =>
      choices('plain', RECORDS.slice(-1))
        .filter(row => row[4] === LAYER)
        .map((row, expert) => [
          ...row,
          DETAIL?.router_logits[LAYER - DENSE]?.[expert],
          NATIVE.selection_biases[LAYER - DENSE]?.[expert],
        ]),
  },
  'router with a what-if': {
    with: WHAT_IF,
    columns: ['run', ...TOKEN, ...CHOICE, 'logit', 'model_bias'],
    rows: () =>
      choices(
        'what-if',
        (CHANGED?.compared ?? []).slice(AT, AT + 1).map(({ record }) => record),
      )
        .filter(row => row[4] === LAYER)
        .map((row, expert) => [
          ...row,
          CHANGED?.details?.[AT]?.router_logits[LAYER - DENSE]?.[expert],
          NATIVE.selection_biases[LAYER - DENSE]?.[expert],
        ]),
  },
  next: {
    with: { temperature: 0.5 },
    columns: [...TOKEN, 'temperature', 'what', 'rank', 'next_token', 'next_text', 'probability', 'in_text'],
    rows: () => {
      const real = NATIVE.ids[AT + 1];
      const distribution = NATIVE.distributions?.[AT];
      const rows = [
        { temperature: 1, next: NATIVE.records[AT]?.next },
        { temperature: 0.5, next: distribution?.next },
      ].flatMap(({ temperature, next }): Cell[][] => [
        ...(next?.tokens ?? []).map((id, index) => [
          ...token(AT),
          temperature,
          'token',
          index + 1,
          id,
          NATIVE.labels.get(id),
          next?.probabilities[index],
          id === real,
        ]),
        [...token(AT), temperature, 'others', null, null, null, next?.rest, null],
      ]);
      const actual = distribution?.actual;
      if (actual && !distribution.next.tokens.includes(actual.token)) {
        const { rank, probability } = actual;
        rows.push([...token(AT), 0.5, 'text', rank + 1, real, NATIVE.tokens[AT + 1], probability, true]);
      }
      return rows;
    },
  },
  flow: {
    columns: [...TOKEN, 'layer', 'quantity', 'expert', 'value'],
    rows: () =>
      Array.from({ length: NATIVE.info.num_hidden_layers }, (_, layer) => layer).flatMap(layer => {
        const row = (quantity: string, expert: Cell, value: Cell): Cell[] => [
          ...token(AT),
          layer,
          quantity,
          expert,
          value,
        ];
        const names = 'stream_norm attention_norm stream_after_attention_norm ffn_norm stream_after_ffn_norm'.split(
          ' ',
        );
        const norms = DETAIL?.expert_norms[layer - DENSE];
        const parts = DETAIL?.parts[layer - DENSE];
        const route = RECORDS[AT]?.routes.find(each => each.layer === layer);
        return [
          ...names.map((name, index) => row(name, null, DETAIL?.stream_norms[layer]?.[index])),
          row('attention_difference', null, DETAIL?.attention_differences[layer]),
          ...(route?.experts ?? []).flatMap((expert, rank) => [
            row('expert_weight', expert, route?.weights[rank]),
            row('expert_norm', expert, norms?.[rank]),
            row('expert_part', expert, parts?.[rank]),
          ]),
          ...(route ? [row('expert_norm', 'shared', norms?.at(-1)), row('expert_part', 'shared', parts?.at(-1))] : []),
        ];
      }),
  },
  attention: {
    columns: [...TOKEN, 'layer', 'head', 'to_position', 'to_token', 'to_text', 'weight', 'expanded_weight'],
    rows: () =>
      (DETAIL?.attention[LAYER] ?? []).flatMap((weights, head) =>
        weights.map((weight, to) => [
          ...token(AT),
          LAYER,
          head,
          ...token(to),
          weight,
          DETAIL?.other_attention[LAYER]?.[head]?.[to],
        ]),
      ),
  },
  cache: {
    columns: [...TOKEN, 'latent_bytes', 'expanded_bytes'],
    rows: () => RECORDS.map(({ position, cache }) => [...token(position), cache.latent, cache.expanded]),
  },
  grid: {
    columns: LOAD,
    rows: () => loads(([layer]) => layer === LAYER),
  },
  'grid of all layers': {
    with: { span: 'all' },
    columns: LOAD,
    rows: () => loads(() => true),
  },
  whatif: {
    with: WHAT_IF,
    columns: [...TOKEN, 'kl_bits', 'next_loss_plain', 'next_loss_changed', 'route_changes'],
    rows: () =>
      (CHANGED?.compared ?? [])
        .slice(0, AT + 1)
        .map(({ kl_bits, loss, route_changes }, position) => [
          ...token(position),
          kl_bits,
          loss?.plain,
          loss?.changed,
          route_changes
            .map(({ layer, left, entered }) => `${layer}: ${left.join(' ')} > ${entered.join(' ')}`)
            .join('; '),
        ]),
  },
  cachelab: {
    columns: 'rank format token_bytes tokens loss_plain loss cost loss_plain_error cost_error'.split(' '),
    rows: () => {
      const loss = inspect(NATIVE.ids.slice(0, AT + 2), { whatIf: {} }).what_if;
      if (!loss) return [];
      const { tokens, plain, changed, cost, plain_error, cost_error } = loss.loss;
      return [[null, 'f32', loss.plan.latent_bytes, tokens, plain, changed, cost, plain_error, cost_error]];
    },
  },
  models: {
    with: { users: 3 },
    columns:
      'id name attention layers parameters active_parameters weight_bytes scheme values token_bytes long_token_bytes user_bytes all_bytes users_fit'.split(
        ' ',
      ),
    rows: () =>
      survey({ context: 131_072, users: 3, memory: 1000, bits: 16, weights: 8, config: '' }).models.flatMap(
        ({ id, name, attention, layers, weights, schemes }): Cell[][] => {
          const model = [id, name, attention, layers, weights?.total, weights?.active, weights?.bytes];
          if (schemes.length === 0) return [[...model, ...Array<null>(7).fill(null)]];
          return schemes.map(each => [
            ...model,
            each.scheme,
            each.values,
            each.token_bytes,
            each.long_token_bytes,
            each.user_bytes,
            each.all_bytes,
            each.fit,
          ]);
        },
      ),
  },
};

function loads(wanted: (of: readonly [layer: number]) => boolean): Cell[][] {
  const load = NATIVE.loads?.[AT];
  return (load?.layers ?? [])
    .filter(({ layer }) => wanted([layer]))
    .flatMap(({ layer, counts, relative, uniform, max_violation }) =>
      counts.map((count, expert) => [
        load?.tokens,
        layer,
        expert,
        count,
        relative[expert],
        uniform,
        max_violation,
        load?.chance?.max_violation,
        load?.chance?.max_violation_deviation,
      ]),
    );
}

const fields = (name: string, more: Readonly<Record<string, string | number>> = {}) => ({
  view: name.split(' ')[0] ?? '',
  text: TEXT,
  token: AT,
  layer: LAYER,
  ...more,
});

/** The link that an element's export must contain. */
function permalink(page: Page): Promise<string> {
  return page.evaluate(() => {
    const scope = document.querySelector('moe-scope') as unknown as { readonly state: string };
    return `${new URL('embed.html', location.href).href}#${scope.state}`;
  });
}

test('every view has an expected table in this file', () => {
  expect(new Set(Object.keys(TABLES).map(name => name.split(' ')[0]))).toEqual(new Set(VIEWS));
});

/** Replaces the element by a new element with these fields, which goes on with the same engine. */
function again(page: Page, fields: Readonly<Record<string, string | number>>): Promise<void> {
  return page.evaluate(fields => {
    const scope = document.createElement('moe-scope');
    for (const [name, value] of Object.entries(fields)) scope.setAttribute(name, String(value));
    document.querySelector('moe-scope')?.replaceWith(scope);
  }, fields);
}

test('the CSV and JSON exports of every view have the native engine’s numbers', async ({ page }) => {
  await element(page, fields('roll'));
  for (const [name, table] of Object.entries(TABLES)) {
    await test.step(name, async () => {
      await again(page, fields(name, table.with));
      const rows = table.rows();
      expect(rows.length).toBeGreaterThan(0);
      const { comments, header, rows: cells } = parseCsv(await exported(page, 'csv'));
      expect(header).toEqual(table.columns);
      expect(cells).toEqual(rows.map(row => row.map(cell)));
      const link = await permalink(page);
      expect(comments).toContain(`# moescope ${VERSION}`);
      expect(comments).toContain(`# link: ${link}`);
      expect(comments).toContain(`# sha-256: ${HASH}`);
      const json = JSON.parse(await exported(page, 'json')) as Record<string, unknown>;
      expect(json).toMatchObject({ moescope: 1, version: VERSION, permalink: link, view: name.split(' ')[0] });
      expect(json['model']).toMatchObject({ sha256: HASH });
      expect(json['columns']).toEqual(table.columns);
      expect(json['rows']).toEqual(rows.map(row => row.map(value => value ?? null)));
    });
  }
});

test('while a view hides its answer, its CSV export does not contain the answer (every view except models, which hides none)', async ({
  page,
}) => {
  await element(page, fields('roll'));
  for (const view of VIEWS.filter(each => each !== 'models')) {
    await test.step(view, async () => {
      await again(page, fields(view, { reveal: 'click', ...(view === 'whatif' ? WHAT_IF : {}) }));
      const { rows, header } = parseCsv(await exported(page, 'csv'));
      const at = header.indexOf('position');
      expect(rows.filter(row => at < 0 || row[at] === String(AT))).toEqual([]);
      if (['roll', 'cache', 'whatif'].includes(view)) {
        expect(new Set(rows.map(row => row[at]))).toEqual(
          new Set(Array.from({ length: AT }, (_, index) => String(index))),
        );
      }
    });
  }
});

interface ScopeElement extends HTMLElement {
  export(format: string): Promise<string>;
  step(by?: number): void;
}

/** The position in an export's link, and the positions in its rows, or in the state of a session file. */
function places(format: string, text: string): { readonly link: string | null; readonly content: string[] } {
  const tokenOf = (link: string): string | null => new URLSearchParams(link.slice(link.indexOf('#') + 1)).get('token');
  if (format === 'csv') {
    const { comments, header, rows } = parseCsv(text);
    const link = comments.find(line => line.startsWith('# link: ')) ?? '';
    const at = header.indexOf('position');
    return { link: tokenOf(link), content: [...new Set(rows.map(row => row[at] ?? ''))] };
  }
  const { permalink, state, columns, rows } = JSON.parse(text) as {
    permalink: string;
    state: string;
    columns: string[];
    rows: Cell[][];
  };
  const content =
    format === 'json' ? rows.map(row => String(row[columns.indexOf('position')])) : [tokenOf(`#${state}`) ?? ''];
  return { link: tokenOf(permalink), content: [...new Set(content)] };
}

test('link and content belong to one state, even if a step is made during the export', async ({ page }) => {
  await element(page, fields('flow'));
  const formats = ['csv', 'json', 'session'];
  const texts = await page.evaluate(async formats => {
    await customElements.whenDefined('moe-scope');
    const scope = document.querySelector<ScopeElement>('moe-scope');
    if (!scope) return [];
    // The first export computes the model's hash, which takes long. The test makes a step when this computation starts.
    const digest = crypto.subtle.digest.bind(crypto.subtle);
    crypto.subtle.digest = (...asked) => {
      scope.step();
      return digest(...asked);
    };
    return Promise.all(formats.map(format => scope.export(format)));
  }, formats);
  const one = { link: String(AT + 1), content: [String(AT + 1)] };
  expect(formats.map((format, index) => places(format, texts[index] ?? ''))).toEqual([one, one, one]);
});

test('an export right after a step has this step’s position in its rows and in its link', async ({ page }) => {
  await element(page, fields('attention', { token: 0 }));
  await exported(page, 'csv');
  const texts = await page.evaluate(async count => {
    const scope = document.querySelector<ScopeElement>('moe-scope');
    const found: string[] = [];
    for (let step = 1; scope && step < count; step++) {
      scope.step();
      found.push(await scope.export('csv'));
    }
    return found;
  }, NATIVE.ids.length);
  expect(texts.map(text => places('csv', text))).toEqual(
    NATIVE.ids.slice(1).map((_, index) => ({ link: String(index + 1), content: [String(index + 1)] })),
  );
});

test('a session file that is exported right after a token was generated has this token in its state and in its list of tokens', async ({
  page,
}) => {
  await element(page, fields('next', { token: NATIVE.ids.length - 1 }));
  await exported(page, 'session');
  const given = page.evaluate(
    () =>
      new Promise<string>(resolve => {
        const scope = document.querySelector<ScopeElement>('moe-scope');
        const take = (): void => {
          // Messages to the engine are now 200 ms late. An export that does not wait would have the old tokens.
          const post = Reflect.get(Worker.prototype, 'postMessage') as (...said: unknown[]) => void;
          Worker.prototype.postMessage = function (...said: unknown[]) {
            setTimeout(() => {
              post.apply(this, said);
            }, 200);
          };
          if (scope) resolve(scope.export('session'));
        };
        scope?.addEventListener('statechange', take, { once: true });
      }),
  );
  await page.locator('moe-settings summary').click();
  await page.locator('moe-scope').getByRole('button', { name: 'Generate a token' }).click();
  const { state, tokens } = JSON.parse(await given) as { state: string; tokens: number[] };
  expect(tokens).toHaveLength(NATIVE.ids.length + 1);
  expect(new URLSearchParams(state).get('ids')).toBe(String(tokens.at(-1)));
});

/** The error with which an export fails. `leave`: the element is removed while the export is waiting. */
const refused = (page: Page, leave: boolean): Promise<string> =>
  page.evaluate(async leave => {
    await customElements.whenDefined('moe-scope');
    const scope = document.querySelector<ScopeElement>('moe-scope');
    const given = scope?.export('csv');
    if (leave) scope?.remove();
    return (
      given?.then(
        () => 'given',
        (error: unknown) => String(error),
      ) ?? ''
    );
  }, leave);

test('an export fails if its element leaves the page', async ({ page }) => {
  const release = await holdBack(page, '**/model.safetensors');
  await element(page, fields('roll'));
  expect(await refused(page, true)).toBe('Error: moescope: the view has left the page');
  release();
  await element(page, fields('roll'));
  await exported(page, 'csv');
  expect(await refused(page, true)).toBe('Error: moescope: the view has left the page');
});

test('without a model an export is refused, also after the error is dismissed', async ({ page, problems }) => {
  problems.allow(/404|Failed to load/u);
  await page.route('**/model.safetensors', route => route.fulfill({ status: 404, body: '' }));
  await element(page, fields('roll'));
  expect(await refused(page, false)).toContain('404');
  await page.locator('moe-scope').getByRole('button', { name: 'Dismiss' }).click();
  expect(await refused(page, false)).toBe('Error: the model could not be loaded');
});
