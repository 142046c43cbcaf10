// The numbers that a lesson can name or ask for. Each is read from the snapshot: from the model's dimensions, or from
// the shown run at the shown token and layer. Pure.

import type { ModelInfo, Route } from '../engine/types';
import { lossOf, shownComparison, shownHead, shownPosition, shownRun, tokenCount } from '../scope/select';
import { chosenLayer } from '../scope/shape';
import type { Run, Snapshot } from '../scope/state';
import { DEEPSEEK_V3 as V3 } from './deepseek-v3';
import type { Need } from './needs';
import { detailIn, recordIn, routeIn, runNamed } from './results';

/**
 * How a number is written: `count` 16; `bytes` 2,560; `percent` 34%; `ratio` 13.3; `bits` 0.45; `exact` 0.8412; `size`
 * 671B.
 */
export type Unit = 'count' | 'bytes' | 'percent' | 'ratio' | 'bits' | 'exact' | 'tiny' | 'size';

export interface Quantity {
  readonly unit: Unit;
  readonly needs: readonly Need[];
  /** What it is, for the documentation. */
  readonly means: string;
  /** True if it is a number of the model, whatever is shown. */
  readonly isFixed: boolean;
  /** Undefined while it is not computed, or if the shown state has no such number. */
  readonly value: (snapshot: Snapshot) => number | undefined;
  /** The number in the plain and in the changed run, if it can differ between them. */
  readonly ofRun?: (snapshot: Snapshot, run: Run) => number | undefined;
}

type Value = Quantity['value'];

const none: readonly Need[] = [];

/** A number of the model. */
function model(means: string, of: (info: ModelInfo) => number, unit: Unit = 'count', needs = none): Quantity {
  return { unit, needs, means, isFixed: true, value: ({ model }) => of(model.info) };
}

/** A number of DeepSeek-V3. */
function v3(means: string, value: number, unit: Unit = 'count'): Quantity {
  return { unit, needs: none, means: `DeepSeek-V3: ${means}`, isFixed: true, value: () => value };
}

function shown(means: string, value: Value, unit: Unit = 'count', needs = none): Quantity {
  return { unit, needs, means, isFixed: false, value };
}

/** A number of a run at the shown token; its value is that of the shown run. */
function ofRun(means: string, of: NonNullable<Quantity['ofRun']>, unit: Unit, needs = none): Quantity {
  return { unit, needs, means, isFixed: false, ofRun: of, value: snapshot => of(snapshot, shownRun(snapshot)) };
}

/** A number of the shown layer's route. */
function ofRoute(means: string, of: (route: Route, snapshot: Snapshot) => number | undefined, unit: Unit): Quantity {
  const value = (snapshot: Snapshot, run: Run): number | undefined => {
    const route = routeIn(snapshot, run);
    return route && of(route, snapshot);
  };
  return ofRun(means, value, unit, ['experts']);
}

const routedLayers = ({ num_hidden_layers, first_k_dense_replace }: ModelInfo): number =>
  num_hidden_layers - first_k_dense_replace;

const bytes = (values: number, info: ModelInfo): number => values * info.cache_value_bytes;

/** The group scores of the kept or of the ruled-out groups. */
function groupScores({ group_scores: scores, kept_groups: kept }: Route, isKept: boolean): number[] {
  return scores.filter((_, group) => kept.includes(group) === isKept);
}

/** The lowest kept group's score and the highest score of a ruled-out group. */
function gap(route: Route): number | undefined {
  const [kept, out] = [groupScores(route, true), groupScores(route, false)];
  return kept.length > 0 && out.length > 0 ? Math.min(...kept) - Math.max(...out) : undefined;
}

/** A number of the state's expert in a list by expert. */
function ofExpert(list: readonly number[], { state }: Snapshot): number | undefined {
  return state.expert === null ? undefined : list[state.expert];
}

/** A number of the state's expert in a list by rank; undefined if the expert is not chosen. */
function ofChosen({ experts }: Route, list: readonly number[], { state }: Snapshot): number | undefined {
  return list[experts.findIndex(expert => expert === state.expert)];
}

/** The probability that a run gives to the text's next token, from its loss in bits; undefined without a what-if. */
function lossAt(snapshot: Snapshot, run: Run): number | undefined {
  const loss = shownComparison(snapshot)?.steps[shownPosition(snapshot)]?.loss;
  return loss && (run === snapshot.plain ? loss.plain : loss.changed);
}

/** The model's selection biases of the shown layer, without a what-if's shifts. */
function biases(snapshot: Snapshot): readonly number[] {
  const { info, selectionBiases } = snapshot.model;
  return selectionBiases[chosenLayer(snapshot) - info.first_k_dense_replace] ?? [];
}

/** A value of the biases; undefined if the shown layer has none. */
function ofBiases(means: string, of: (all: readonly number[]) => number): Quantity {
  const value: Value = snapshot => {
    const all = biases(snapshot);
    return all.length > 0 ? of(all) : undefined;
  };
  return shown(means, value, 'exact', ['bias']);
}

/** The weights with which the shown head reads the tokens. */
export function weightsRead(snapshot: Snapshot): Float32Array | undefined {
  return detailIn(snapshot, shownRun(snapshot), 'attention', [chosenLayer(snapshot), shownHead(snapshot)]);
}

const largest = (values: ArrayLike<number> | undefined): number | undefined =>
  values && values.length > 0 ? Math.max(...Array.from(values)) : undefined;

const v3Stored = V3.latent + V3.ropeKey;
const v3Plain = 2 * V3.heads * V3.value;
const v3Expanded = V3.heads * (V3.nopeKey + V3.ropeKey + V3.value);

export const QUANTITIES = {
  // The model.
  layers: model('layers', info => info.num_hidden_layers),
  'dense-layers': model('dense layers', info => info.first_k_dense_replace),
  'routed-layers': model('layers with experts', routedLayers),
  experts: model('routed experts per layer', info => info.n_routed_experts, 'count', ['experts']),
  'shared-experts': model('shared experts per layer', info => info.n_shared_experts, 'count', ['experts']),
  chosen: model('experts chosen per token and layer', info => info.num_experts_per_tok, 'count', ['experts']),
  'not-chosen': model(
    'routed experts per layer that do not run for a token',
    info => info.n_routed_experts - info.num_experts_per_tok,
    'count',
    ['experts'],
  ),
  'experts-run': model(
    'expert networks that run per token in all layers, the shared ones included',
    info => routedLayers(info) * (info.num_experts_per_tok + info.n_shared_experts),
    'count',
    ['experts'],
  ),
  'times-work': model(
    'routed experts divided by chosen experts',
    info => info.n_routed_experts / info.num_experts_per_tok,
    'ratio',
    ['experts'],
  ),
  groups: model('groups of experts', info => info.n_group, 'count', ['groups']),
  'kept-groups': model('groups kept per token', info => info.topk_group, 'count', ['groups']),
  'ruled-out': model('groups ruled out per token', info => info.n_group - info.topk_group, 'count', ['groups']),
  'group-size': model('experts per group', info => info.n_routed_experts / info.n_group, 'count', ['groups']),
  candidates: model(
    'experts in the kept groups',
    info => (info.n_routed_experts / info.n_group) * info.topk_group,
    'count',
    ['groups'],
  ),
  scale: model('`routed_scaling_factor`', info => info.routed_scaling_factor, 'ratio', ['experts']),
  heads: model('attention heads', info => info.num_attention_heads),
  latent: model('values of the latent c_KV', info => info.cache_values.c_kv),
  'rope-key': model('values of the shared RoPE key', info => info.cache_values.rope_key),
  'stored-values': model('values that a layer stores per token', info => info.cache_values.latent),
  'value-bytes': model('bytes of a cached value', info => info.cache_value_bytes, 'bytes'),
  'nope-key': model('values of a head’s key without the RoPE key', info => info.qk_nope_head_dim),
  'head-key': model('values of a head’s key', info => info.qk_nope_head_dim + info.qk_rope_head_dim),
  'head-value': model('values of a head’s value', info => info.v_head_dim),
  'expanded-values': model('values of the expanded cache per token and layer', info => info.cache_values.expanded),
  'expanded-bytes': model(
    'bytes of the expanded cache per token and layer',
    info => bytes(info.cache_values.expanded, info),
    'bytes',
  ),
  'mha-values': model(
    'values that plain multi-head attention with the same heads would store per token and layer',
    info => info.cache_values.plain_mha,
  ),
  'mha-bytes': model(
    'bytes that plain multi-head attention with the same heads would store per token and layer',
    info => bytes(info.cache_values.plain_mha, info),
    'bytes',
  ),
  'expanded-ratio': model(
    'the expanded cache divided by the latent one',
    info => info.cache_values.expanded / info.cache_values.latent,
    'ratio',
  ),
  'mha-ratio': model(
    'the cache of plain multi-head attention divided by the latent one',
    info => info.cache_values.plain_mha / info.cache_values.latent,
    'ratio',
  ),
  'own-rope-values': model(
    'values that a layer would store per token if each head had its own RoPE key',
    info => info.cache_values.c_kv + info.num_attention_heads * info.cache_values.rope_key,
  ),
  'folded-work': model(
    'multiply-adds of a layer’s attention for each token of the context, read from the latents',
    info => info.attention_work.absorbed.per_token,
  ),
  'rebuilt-work': model(
    'the same if all keys and values are rebuilt at each step',
    info => info.attention_work.rebuilt.per_token,
  ),
  'rebuilt-ratio': model(
    'the work with rebuilt keys and values divided by the work with latents',
    info => info.attention_work.rebuilt.per_token / info.attention_work.absorbed.per_token,
    'ratio',
  ),
  'v3-rebuilt-ratio': model(
    'DeepSeek-V3: the work with rebuilt keys and values divided by the work with latents',
    ({ deepseek_v3_attention_work: work }) => work.rebuilt.per_token / work.absorbed.per_token,
    'ratio',
  ),
  hidden: model('width of the residual stream', info => info.hidden_size),
  context: model('maximum number of tokens', info => info.max_position_embeddings),
  parameters: model('all parameters', info => info.parameters.total, 'size'),
  'active-parameters': model('parameters used per token', info => info.parameters.active, 'size'),
  'active-share': model(
    'the part of all parameters that is used per token',
    info => info.parameters.active / info.parameters.total,
    'percent',
  ),

  // The shown run.
  'token-number': shown('the shown token’s number, from 1', snapshot => shownPosition(snapshot) + 1),
  'text-tokens': shown('tokens of the text', snapshot => tokenCount(snapshot) || undefined),
  layer: shown('the shown layer, from 0', chosenLayer),
  head: shown('the shown attention head, from 0', shownHead),
  expert: shown('the selected expert, from 0', ({ state }) => state.expert ?? undefined, 'count', ['experts']),
  'bytes-per-layer': ofRun(
    'bytes that a layer stores per token in the shown run',
    (snapshot, run) => {
      const { info } = snapshot.model;
      const changed = run === snapshot.plain ? undefined : shownComparison(snapshot)?.plan.latent_bytes;
      return changed === undefined ? bytes(info.cache_values.latent, info) : changed / info.num_hidden_layers;
    },
    'bytes',
  ),
  'bytes-per-token': model(
    'bytes that all layers store per token',
    info => bytes(info.cache_values.latent, info) * info.num_hidden_layers,
    'bytes',
  ),
  'cache-bytes': ofRun(
    'bytes in the cache of all layers after the shown token',
    (snapshot, run) => run.records[shownPosition(snapshot)]?.cache.latent,
    'bytes',
  ),
  'expanded-cache-bytes': ofRun(
    'bytes in the expanded cache of all layers after the shown token',
    (snapshot, run) => run.records[shownPosition(snapshot)]?.cache.expanded,
    'bytes',
  ),
  'next-chance': ofRun(
    'the probability of the most probable next token',
    (snapshot, run) => run.records[shownPosition(snapshot)]?.next.probabilities[0],
    'percent',
  ),
  'plain-next-chance': shown(
    'the probability of the most probable next token in the plain run',
    snapshot => recordIn(snapshot, snapshot.plain)?.next.probabilities[0],
    'percent',
  ),
  'text-chance': ofRun(
    'with a change: the probability of the text’s next token',
    (snapshot, run) => {
      const loss = lossAt(snapshot, run);
      return loss === undefined ? undefined : 2 ** -loss;
    },
    'percent',
  ),
  'lowest-kept': ofRoute('the lowest score of a kept group', route => Math.min(...groupScores(route, true)), 'exact'),
  'highest-ruled-out': ofRoute(
    'the highest score of a ruled-out group',
    route => largest(groupScores(route, false)),
    'exact',
  ),
  'group-gap': ofRoute('the lowest kept group’s score minus the highest one that is ruled out', gap, 'exact'),
  'largest-share': ofRoute('the largest share of a chosen expert', route => largest(route.shares), 'percent'),
  'largest-weight': ofRoute('the largest weight of a chosen expert', route => largest(route.weights), 'exact'),
  'weight-sum': ofRoute(
    'the sum of the weights',
    route => route.weights.reduce((sum, weight) => sum + weight, 0),
    'ratio',
  ),
  'expert-score': ofRoute(
    'the selected expert’s score',
    (route, snapshot) => ofExpert(route.scores, snapshot),
    'exact',
  ),
  'expert-choice-score': ofRoute(
    'the selected expert’s choice score',
    (route, snapshot) => ofExpert(route.choice_scores, snapshot),
    'exact',
  ),
  'expert-weight': ofRoute(
    'the selected expert’s weight, if it is chosen',
    (route, snapshot) => ofChosen(route, route.weights, snapshot),
    'exact',
  ),
  'expert-bias': shown(
    'the selected expert’s selection bias',
    snapshot => ofExpert(biases(snapshot), snapshot),
    'exact',
    ['bias'],
  ),
  'smallest-bias': ofBiases('the smallest selection bias of the layer', all => Math.min(...all)),
  'largest-bias': ofBiases('the largest selection bias of the layer', all => Math.max(...all)),
  'bias-spread': ofBiases(
    'the largest selection bias of the layer minus the smallest one',
    all => Math.max(...all) - Math.min(...all),
  ),
  'largest-read': shown(
    'the largest weight with which the shown head reads a token',
    snapshot => largest(weightsRead(snapshot)),
    'percent',
  ),
  'cache-difference': shown(
    'the largest difference between the attention weights of the two caches, in the shown layer',
    snapshot => detailIn(snapshot, shownRun(snapshot), 'weight_differences', [chosenLayer(snapshot)])?.[0],
    'tiny',
  ),
  'stored-directions': shown(
    'directions of the latent that the cache stores',
    ({ state, model }) => state.whatIf.latent_rank ?? model.info.cache_values.c_kv,
  ),
  loss: {
    unit: 'bits',
    needs: none,
    means: 'with a change: the loss per token of the shown run',
    isFixed: false,
    value: snapshot => lossIn(snapshot, shownRun(snapshot)),
    ofRun: lossIn,
  },
  'plain-loss': shown(
    'with a change: the loss per token of the plain run',
    snapshot => lossIn(snapshot, snapshot.plain),
    'bits',
  ),
  'cost-error': shown(
    'with a change: the standard error of its cost',
    snapshot => lossOf(shownComparison(snapshot))?.cost_error,
    'bits',
  ),
  'changed-tokens': shown(
    'with a change: the tokens for which a layer chooses different experts',
    snapshot => {
      const comparison = shownComparison(snapshot);
      return comparison && lossOf(comparison)
        ? comparison.steps.filter(step => step.route_changes.length > 0).length
        : undefined;
    },
    'count',
    ['experts'],
  ),

  // DeepSeek-V3.
  'v3-layers': v3('layers', V3.layers),
  'v3-dense-layers': v3('dense layers', V3.denseLayers),
  'v3-experts': v3('routed experts per layer', V3.experts),
  'v3-shared-experts': v3('shared experts per layer', V3.sharedExperts),
  'v3-chosen': v3('experts chosen per token and layer', V3.chosen),
  'v3-groups': v3('groups of experts', V3.groups),
  'v3-kept-groups': v3('groups kept per token', V3.keptGroups),
  'v3-group-size': v3('experts per group', V3.experts / V3.groups),
  'v3-candidates': v3('experts in the kept groups', (V3.experts / V3.groups) * V3.keptGroups),
  'v3-routed-layers': v3('layers with experts', V3.layers - V3.denseLayers),
  'v3-experts-run': v3(
    'expert networks that run per token in all layers, the shared ones included',
    (V3.layers - V3.denseLayers) * (V3.chosen + V3.sharedExperts),
  ),
  'v3-scale': v3('`routed_scaling_factor`', V3.scale, 'ratio'),
  'v3-heads': v3('attention heads', V3.heads),
  'v3-latent': v3('values of the latent c_KV', V3.latent),
  'v3-rope-key': v3('values of the shared RoPE key', V3.ropeKey),
  'v3-stored-values': v3('values that a layer stores per token', v3Stored),
  'v3-value-bytes': v3('bytes of a cached value in bfloat16', V3.valueBytes, 'bytes'),
  'v3-bytes-per-token': v3('bytes that all layers store per token', v3Stored * V3.valueBytes * V3.layers, 'bytes'),
  'v3-mha-bytes': v3(
    'bytes per token that plain multi-head attention with the same heads would store',
    v3Plain * V3.valueBytes * V3.layers,
    'bytes',
  ),
  'v3-mha-ratio': v3('the cache of plain multi-head attention divided by the latent one', v3Plain / v3Stored, 'ratio'),
  'v3-expanded-values': v3('values of the expanded cache per token and layer', v3Expanded),
  'v3-parameters': v3('all parameters, as published', V3.parameters, 'size'),
  'v3-active-parameters': v3('parameters used per token, as published', V3.active, 'size'),
  'v3-active-share': v3('the part of all parameters that is used per token', V3.active / V3.parameters, 'percent'),
  'v3-smallest-bias': v3('the smallest selection bias of all layers', V3.smallestBias, 'bits'),
} as const satisfies Readonly<Record<string, Quantity>>;

export type QuantityName = keyof typeof QUANTITIES;

export const QUANTITY_NAMES = Object.keys(QUANTITIES) as QuantityName[];

export function quantity(name: QuantityName): Quantity {
  return QUANTITIES[name];
}

/** True if the number can differ between the plain and the changed run. */
export function isOfRun(name: QuantityName): boolean {
  return quantity(name).ofRun !== undefined;
}

/** The number in the plain run and in the changed run; undefined without a computed what-if. */
export function bothOf(
  snapshot: Snapshot,
  name: QuantityName,
): { readonly plain: number; readonly changed: number } | undefined {
  const { ofRun } = quantity(name);
  const changedRun = runNamed(snapshot, 'changed');
  if (!ofRun || !changedRun) return undefined;
  const [plain, changed] = [ofRun(snapshot, snapshot.plain), ofRun(snapshot, changedRun)];
  return plain === undefined || changed === undefined ? undefined : { plain, changed };
}

/** The loss per token of a run; undefined until the changed run is complete. */
function lossIn(snapshot: Snapshot, run: Run): number | undefined {
  const loss = lossOf(shownComparison(snapshot));
  return loss ? (run === snapshot.plain ? loss.plain : loss.changed) : undefined;
}
