// The content of each view as a plain table. All the model's numbers are read from the snapshot; none is computed here.
// The rows of a step whose answer is hidden are left out.

import type { Route } from '../../engine/types';
import {
  comparedAt,
  hasDetail,
  isHidden,
  isReached,
  label,
  nextLabel,
  normsOf,
  part,
  routeAt,
  shownComparison,
  shownDistribution,
  shownExpertLoad,
  shownInfo,
  shownPosition,
  shownRecord,
  shownRun,
  shownRunName,
  upToDate,
} from '../../scope/select';
import { chosenLayer } from '../../scope/shape';
import type { RunName, Snapshot } from '../../scope/state';
import { EMPTY_RUN, RUNS } from '../../scope/state';
import { shareWords } from '../../text/share-words';
import { named } from '../../text/token';
import type { Cell, Kind, Table } from './table';
import type { ViewId } from '../../scope/fields';

type Row = readonly Cell[];
type Columns = readonly (readonly [name: string, kind: Kind])[];
interface Plain {
  readonly columns: Columns;
  readonly rows: readonly Row[];
}

export function tableOf(snapshot: Snapshot): Table {
  const { view, language } = snapshot.state;
  return { about: shareWords(language).tables[view], ...TABLES[view](snapshot) };
}

/** Columns of a token: position, id and label. */
const TOKEN: Columns = [
  ['position', 'whole'],
  ['token', 'whole'],
  ['text', 'text'],
];

const CHOICE: Columns = [
  ['layer', 'whole'],
  ['expert', 'whole'],
  ['group', 'whole'],
  ['score', 'single'],
  ['choice_score', 'single'],
  ['group_kept', 'flag'],
  ['rank', 'whole'],
  ['weight', 'single'],
  ['share', 'single'],
];

/** Every router's choice for every token so far. */
function routing(snapshot: Snapshot): Plain {
  const runs = shownRunName(snapshot) === 'changed' ? RUNS : (['plain'] as const);
  const rows = runs.flatMap(run =>
    positions(snapshot).flatMap(position =>
      routesAt(snapshot, position, run).flatMap(route =>
        route.scores.map((_, expert) => [
          nameOf(run),
          ...token(snapshot, position),
          ...choice(snapshot, route, expert),
        ]),
      ),
    ),
  );
  return { columns: [['run', 'text'], ...TOKEN, ...CHOICE], rows };
}

const TABLES: Readonly<Record<ViewId, (snapshot: Snapshot) => Plain>> = {
  roll: routing,
  start: routing,

  router: snapshot => {
    const layer = chosenLayer(snapshot);
    const row = layer - snapshot.model.info.first_k_dense_replace;
    const route = row < 0 ? undefined : routeAt(snapshot, shownPosition(snapshot), layer);
    const logits = route && part(snapshot, 'router_logits', row);
    const here = token(snapshot, shownPosition(snapshot));
    const rows = (route?.scores ?? []).map((_, expert) => [
      nameOf(shownRunName(snapshot)),
      ...here,
      ...(route ? choice(snapshot, route, expert) : []),
      logits?.[expert],
      snapshot.model.selectionBiases[row]?.[expert],
    ]);
    const columns: Columns = [['run', 'text'], ...TOKEN, ...CHOICE, ['logit', 'single'], ['model_bias', 'single']];
    return { columns, rows };
  },

  next: snapshot => {
    const record = shownRecord(snapshot);
    const other = shownDistribution(snapshot);
    const here = token(snapshot, shownPosition(snapshot));
    const inText = snapshot.text.tokens[shownPosition(snapshot) + 1];
    const all = [
      ...(record?.next ? [{ temperature: 1, next: record.next }] : []),
      ...(other && other.temperature !== 1 ? [other] : []),
    ];
    const rows = all.flatMap(({ temperature, next }): Row[] => [
      ...next.tokens.map((id, index) => [
        ...here,
        temperature,
        'token',
        index + 1,
        id,
        named(nextLabel(snapshot, id)),
        next.probabilities[index],
        id === inText,
      ]),
      [...here, temperature, 'others', null, null, null, next.rest, null],
    ]);
    const actual = other?.actual;
    if (other && actual && !other.next.tokens.includes(actual.token)) {
      const { token: id, rank, probability } = actual;
      rows.push([...here, other.temperature, 'text', rank + 1, id, named(nextLabel(snapshot, id)), probability, true]);
    }
    const columns: Columns = [
      ...TOKEN,
      ['temperature', 'single'],
      ['what', 'text'],
      ['rank', 'whole'],
      ['next_token', 'whole'],
      ['next_text', 'text'],
      ['probability', 'single'],
      ['in_text', 'flag'],
    ];
    return { columns, rows };
  },

  flow: snapshot => {
    const { num_hidden_layers: layers, first_k_dense_replace: dense, n_shared_experts } = shownInfo(snapshot);
    const here = token(snapshot, shownPosition(snapshot));
    const record = shownRecord(snapshot);
    const rows: Row[] = [];
    for (let layer = 0; layer < layers && hasDetail(snapshot); layer++) {
      const add = (quantity: string, expert: Cell, value: number | undefined): void => {
        rows.push([...here, layer, quantity, expert, value]);
      };
      normsOf(snapshot, layer)?.forEach((value, index) => {
        add(NORMS[index] ?? '', null, value);
      });
      const [difference] = part(snapshot, 'attention_differences', layer) ?? [];
      if (difference !== undefined) add('attention_difference', null, difference);
      const route = record?.routes.find(each => each.layer === layer);
      if (!route) continue;
      const norms = part(snapshot, 'expert_norms', layer - dense);
      const parts = part(snapshot, 'parts', layer - dense);
      const { num_experts_per_tok: chosen } = shownInfo(snapshot);
      route.experts.forEach((expert, rank) => {
        add('expert_weight', expert, route.weights[rank]);
        add('expert_norm', expert, norms?.[rank]);
        add('expert_part', expert, parts?.[rank]);
      });
      if (n_shared_experts === 0) continue;
      add('expert_norm', 'shared', norms?.[chosen]);
      add('expert_part', 'shared', parts?.[chosen]);
    }
    const columns: Columns = [
      ...TOKEN,
      ['layer', 'whole'],
      ['quantity', 'text'],
      ['expert', 'text'],
      ['value', 'single'],
    ];
    return { columns, rows };
  },

  attention: snapshot => {
    const layer = chosenLayer(snapshot);
    const at = shownPosition(snapshot);
    const heads = range(hasDetail(snapshot) ? snapshot.model.info.num_attention_heads : 0);
    const rows = heads.flatMap(head => {
      const other = part(snapshot, 'other_attention', layer, head);
      const weights = Array.from(part(snapshot, 'attention', layer, head) ?? []);
      return weights.map((weight, to) => [
        ...token(snapshot, at),
        layer,
        head,
        ...token(snapshot, to),
        weight,
        other?.[to],
      ]);
    });
    const columns: Columns = [
      ...TOKEN,
      ['layer', 'whole'],
      ['head', 'whole'],
      ['to_position', 'whole'],
      ['to_token', 'whole'],
      ['to_text', 'text'],
      ['weight', 'single'],
      ['expanded_weight', 'single'],
    ];
    return { columns, rows };
  },

  cache: snapshot => {
    const rows = positions(snapshot).map(position => {
      const isShown = position === shownPosition(snapshot);
      const bytes = (isShown ? shownRecord(snapshot) : shownRun(snapshot).records[position])?.cache;
      return [...token(snapshot, position), bytes?.latent, bytes?.expanded];
    });
    return { columns: [...TOKEN, ['latent_bytes', 'whole'], ['expanded_bytes', 'whole']], rows };
  },

  grid: snapshot => {
    const { span } = snapshot.state;
    const load = shownExpertLoad(snapshot);
    const layers = (load?.layers ?? []).filter(({ layer }) => span === 'all' || layer === chosenLayer(snapshot));
    const chance = [load?.chance?.max_violation, load?.chance?.max_violation_deviation];
    const rows = layers.flatMap(({ layer, counts, relative, uniform, max_violation }) =>
      counts.map((count, expert) => [
        load?.tokens,
        layer,
        expert,
        count,
        relative[expert],
        uniform,
        max_violation,
        ...chance,
      ]),
    );
    const columns: Columns = [
      ['tokens', 'whole'],
      ['layer', 'whole'],
      ['expert', 'whole'],
      ['count', 'whole'],
      ['relative', 'single'],
      ['uniform', 'single'],
      ['max_violation', 'single'],
      ['chance_max_violation', 'single'],
      ['chance_max_violation_deviation', 'single'],
    ];
    return { columns, rows };
  },

  whatif: snapshot => {
    const rows = (shownComparison(snapshot)?.steps ?? []).flatMap((_, position): Row[] => {
      const compared = comparedAt(snapshot, position);
      if (!compared) return [];
      const { kl_bits, loss, route_changes } = compared;
      const routes = route_changes.map(
        ({ layer, left, entered }) => `${layer}: ${left.join(' ')} > ${entered.join(' ')}`,
      );
      return [[...token(snapshot, position), kl_bits, loss?.plain, loss?.changed, routes.join('; ')]];
    });
    const columns: Columns = [
      ...TOKEN,
      ['kl_bits', 'double'],
      ['next_loss_plain', 'double'],
      ['next_loss_changed', 'double'],
      ['route_changes', 'text'],
    ];
    return { columns, rows };
  },

  cachelab: snapshot => {
    const rows = upToDate(snapshot).map(({ setting, bytes, loss }) => [
      setting.latent_rank,
      setting.cache_format,
      bytes,
      loss.tokens,
      loss.plain,
      loss.changed,
      loss.cost,
      loss.plain_error,
      loss.cost_error,
    ]);
    const columns: Columns = [
      ['rank', 'whole'],
      ['format', 'text'],
      ['token_bytes', 'whole'],
      ['tokens', 'whole'],
      ['loss_plain', 'double'],
      ['loss', 'double'],
      ['cost', 'double'],
      ['loss_plain_error', 'double'],
      ['cost_error', 'double'],
    ];
    return { columns, rows };
  },

  models: ({ survey }) => {
    const rows = (survey?.models ?? []).flatMap(({ id, name, attention, layers, weights, schemes }) => {
      const model = [id, name, attention, layers, weights?.total, weights?.active, weights?.bytes];
      if (schemes.length === 0) return [model];
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
    });
    const columns: Columns = [
      ['id', 'text'],
      ['name', 'text'],
      ['attention', 'text'],
      ['layers', 'whole'],
      ['parameters', 'double'],
      ['active_parameters', 'double'],
      ['weight_bytes', 'double'],
      ['scheme', 'text'],
      ['values', 'double'],
      ['token_bytes', 'double'],
      ['long_token_bytes', 'double'],
      ['user_bytes', 'double'],
      ['all_bytes', 'double'],
      ['users_fit', 'double'],
    ];
    return { columns, rows };
  },
};

/** Names of the entries that `stream_norms` has for each layer, in their order. */
const NORMS = ['stream_norm', 'attention_norm', 'stream_after_attention_norm', 'ffn_norm', 'stream_after_ffn_norm'];

/** The positions that have a record, without the shown position while `reveal=click` hides its answer. */
function positions(snapshot: Snapshot): number[] {
  const hidden = isHidden(snapshot) ? shownPosition(snapshot) : -1;
  return range(shownRun(snapshot).records.length).filter(position => position !== hidden);
}

/** A run's name in the column `run`. In the CSV format (version 1), the changed run is called `what-if`. */
function nameOf(run: RunName): string {
  return run === 'changed' ? 'what-if' : 'plain';
}

/** The routes of a run at a position. At the shown position, only layers that have chosen experts at the shown stage. */
function routesAt(snapshot: Snapshot, position: number, run: RunName): readonly Route[] {
  const { records } = run === 'plain' ? snapshot.plain : (shownComparison(snapshot)?.run ?? EMPTY_RUN);
  const routes = records[position]?.routes ?? [];
  if (position !== shownPosition(snapshot)) return routes;
  return routes.filter(({ layer }) => isReached(snapshot, layer, 'choose'));
}

function token(snapshot: Snapshot, position: number): Row {
  return [position, snapshot.text.tokens[position], named(label(snapshot, position))];
}

function choice({ model }: Snapshot, route: Route, expert: number): Row {
  const { n_routed_experts, n_group } = model.info;
  const group = Math.floor((expert * Math.max(1, n_group)) / n_routed_experts);
  const rank = route.experts.indexOf(expert);
  const isChosen = rank >= 0;
  return [
    route.layer,
    expert,
    group,
    route.scores[expert],
    route.choice_scores[expert],
    n_group <= 1 || route.kept_groups.includes(group),
    isChosen ? rank + 1 : null,
    isChosen ? route.weights[rank] : null,
    isChosen ? route.shares[rank] : null,
  ];
}

function range(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index);
}
