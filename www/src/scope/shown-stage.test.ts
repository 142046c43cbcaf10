import { describe, expect, test } from 'vitest';
import type { DetailName, Route, StepDetail, StepRecord } from '../engine/types';
import { tableOf } from '../export/csv/view-tables';
import { must } from '../testing/must';
import { MODEL, recordedSnapshot, RUN } from '../testing/snapshots';
import {
  cachedCells,
  changedRoutesAt,
  comparedAt,
  normsOf,
  part,
  shownDistribution,
  shownExpertLoad,
  shownRecord,
  stagedRouteAt,
} from './select';
import { isDone, stageAt, stagesOf } from './stages';
import type { Operation, Stage } from './stages';
import type { Run, Snapshot } from './state';
import { VIEWS } from './fields';

const { info } = MODEL;
const DENSE = info.first_k_dense_replace;
const LAYERS = Array.from({ length: info.num_hidden_layers }, (_, layer) => layer);
const STAGES = stagesOf(info);

/** The last operation of a layer. */
const lastOf = (layer: number): Operation => (layer < DENSE ? 'dense' : 'choose');

/** For each array, the stage that computes a row; null for the step's input. */
const COMPUTED_IN: Readonly<Record<Exclude<DetailName, 'stream_norms'>, (row: number) => Stage | null>> = {
  stream: row => (row === 0 ? null : { layer: row - 1, operation: lastOf(row - 1) }),
  attention_inputs: layer => ({ layer, operation: 'cache' }),
  latents: layer => ({ layer, operation: 'cache' }),
  rope_keys: layer => ({ layer, operation: 'cache' }),
  queries: layer => ({ layer, operation: 'attend' }),
  absorbed_queries: layer => ({ layer, operation: 'attend' }),
  keys: layer => ({ layer, operation: 'attend' }),
  values: layer => ({ layer, operation: 'attend' }),
  attention: layer => ({ layer, operation: 'attend' }),
  other_attention: layer => ({ layer, operation: 'attend' }),
  weight_differences: layer => ({ layer, operation: 'attend' }),
  attention_differences: layer => ({ layer, operation: 'attend' }),
  head_outputs: layer => ({ layer, operation: 'attend' }),
  attention_outputs: layer => ({ layer, operation: 'attend' }),
  attended: layer => ({ layer, operation: 'attend' }),
  ffn_inputs: layer => ({ layer, operation: layer < DENSE ? 'dense' : 'score' }),
  router_logits: row => ({ layer: row + DENSE, operation: 'score' }),
  expert_outputs: row => ({ layer: row + DENSE, operation: 'choose' }),
  shared_outputs: row => ({ layer: row + DENSE, operation: 'choose' }),
  expert_norms: row => ({ layer: row + DENSE, operation: 'choose' }),
  parts: row => ({ layer: row + DENSE, operation: 'choose' }),
  ffn_outputs: layer => ({ layer, operation: lastOf(layer) }),
  final_input: () => ({ layer: null, operation: 'next' }),
  logits: () => ({ layer: null, operation: 'next' }),
};
/** For each of the five norms in a row of `stream_norms`, the stage that computes the norm. */
const NORMS_COMPUTED_IN = [
  (layer: number) => COMPUTED_IN.stream(layer),
  (layer: number) => ({ layer, operation: 'attend' as const }),
  (layer: number) => ({ layer, operation: 'attend' as const }),
  (layer: number) => ({ layer, operation: lastOf(layer) }),
  (layer: number) => ({ layer, operation: lastOf(layer) }),
];

/** A snapshot that shows the last step of a run up to a stage. */
function at(stage: number, run: Run = RECORDED): Snapshot {
  return recordedSnapshot({ state: { stage: stageAt(STAGES, stage), sort: 'load', span: 'all' }, plain: run });
}
const RECORDED: Run = {
  records: RUN.records,
  detail: RUN.detail,
  distribution: RUN.distribution,
  expertLoad: RUN.load,
};

/** A copy of the recorded run in which all numbers that stages after `stage` compute are different. */
function disturbed(stage: number): Run {
  const isLater = (computed: Stage | null): boolean =>
    computed !== null && !isDone(STAGES, stage, computed.layer, computed.operation);
  const changed = (value: number): number => value + 1;
  const routeOf = (route: Route): Route => {
    const { layer } = route;
    const later = (operation: Operation): boolean => isLater({ layer, operation });
    const { scores, choice_scores, group_scores, kept_groups, experts, weights, shares } = route;
    return {
      layer,
      scores: later('score') ? scores.map(changed) : scores,
      choice_scores: later('score') ? choice_scores.map(changed) : choice_scores,
      group_scores: later('cut') ? group_scores.map(changed) : group_scores,
      kept_groups: later('cut') ? kept_groups.map(group => (group + 1) % info.n_group) : kept_groups,
      experts: later('choose') ? experts.map(expert => (expert + 1) % info.n_routed_experts) : experts,
      weights: later('choose') ? weights.map(changed) : weights,
      shares: later('choose') ? shares.map(changed) : shares,
    };
  };
  const last = must(RUN.records.at(-1));
  const record: StepRecord = {
    ...last,
    routes: last.routes.map(routeOf),
    next: { ...last.next, probabilities: last.next.probabilities.map(changed), rest: changed(last.next.rest) },
  };
  return {
    records: [...RUN.records.slice(0, -1), record],
    detail: disturbedDetail(isLater),
    distribution: { ...RUN.distribution, next: { ...RUN.distribution.next, rest: 2 } },
    expertLoad: {
      ...RUN.load,
      layers: RUN.load.layers.map(load =>
        isLater({ layer: load.layer, operation: 'choose' })
          ? { ...load, counts: load.counts.map(changed), relative: load.relative.map(changed), max_violation: 9 }
          : load,
      ),
    },
  };
}

const NAMES = Object.keys(RUN.detail).filter((name): name is DetailName => name !== 'position');

function disturbedDetail(isLater: (computed: Stage | null) => boolean): StepDetail {
  const arrays = NAMES.map(name => {
    const { shape, values: old } = RUN.detail[name];
    const values = old.slice();
    const size = values.length / must(shape[0]);
    values.forEach((value, index) => {
      const row = Math.floor(index / size);
      const computed = name === 'stream_norms' ? must(NORMS_COMPUTED_IN[index % size])(row) : COMPUTED_IN[name](row);
      if (isLater(computed)) values[index] = value + 1;
    });
    return [name, { shape, values }] as const;
  });
  return { ...RUN.detail, ...Object.fromEntries(arrays) };
}

/** The results of all selectors, and all exported tables, for the shown step. */
function shownOf(snapshot: Snapshot): unknown {
  const { position } = RUN.detail;
  return {
    record: shownRecord(snapshot),
    cells: cachedCells(snapshot),
    routes: LAYERS.map(layer => stagedRouteAt(snapshot, position, layer)),
    norms: LAYERS.map(layer => normsOf(snapshot, layer)),
    parts: NAMES.map(name =>
      name === 'logits' || name === 'final_input'
        ? part(snapshot, name)
        : Array.from({ length: must(RUN.detail[name].shape[0]) }, (_, row) => part(snapshot, name, row)),
    ),
    wholes: NAMES.map(name => part(snapshot, name)),
    load: shownExpertLoad(snapshot),
    distribution: shownDistribution(snapshot),
    compared: [comparedAt(snapshot, position), changedRoutesAt(snapshot, position)],
    tables: VIEWS.map(view => tableOf({ ...snapshot, state: { ...snapshot.state, view } })),
  };
}

describe('a stage of a step', () => {
  test.each(STAGES.slice(0, -1).map((stage, index) => [`${String(stage.layer)}.${stage.operation}`, index] as const))(
    '%s shows the same numbers if later stages compute different numbers',
    (_, index) => {
      expect(shownOf(at(index, disturbed(index)))).toEqual(shownOf(at(index)));
    },
  );

  test('shows a number that the stage before it does not show', () => {
    for (let index = 1; index < STAGES.length; index++) {
      expect(shownOf(at(index)), `stage ${index}`).not.toEqual(shownOf(at(index - 1)));
    }
  });

  test('counts the bytes of the shown token only in layers that have stored it', () => {
    const layers = info.num_hidden_layers;
    const before = RUN.position * layers;
    expect(cachedCells(at(0))).toBe(before + 1);
    expect(cachedCells(at(STAGES.length - 1))).toBe(before + layers);
    const whole = must(RUN.records.at(-1)).cache;
    const first = must(shownRecord(at(0))).cache;
    expect(first.latent).toBe((whole.latent / (before + layers)) * (before + 1));
    expect(first.expanded).toBe((whole.expanded / (before + layers)) * (before + 1));
    expect(must(shownRecord(at(STAGES.length - 1))).cache).toEqual(whole);
  });

  test('shows no record and no routes while a question hides the answer', () => {
    const hidden = recordedSnapshot({
      state: { stage: stageAt(STAGES, 8), reveal: 'click' },
      plain: RECORDED,
    });
    expect(shownRecord(hidden)).toBeUndefined();
    expect(LAYERS.map(layer => stagedRouteAt(hidden, RUN.position, layer))).toEqual(LAYERS.map(() => undefined));
  });
});
