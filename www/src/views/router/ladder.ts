// The numbers of the ladder, per expert and column, read from a layer's route, router logits and selection biases.

import type { ModelInfo } from '../../engine/types';
import type { StagedRoute } from '../../scope/select';
import { part, shownComparison, shownPosition, shownRunName, stagedRouteAt } from '../../scope/select';
import type { Snapshot } from '../../scope/state';

/** The columns, in the order in which the router computes them. */
const COLUMNS = ['logit', 'score', 'bias', 'choice', 'group', 'chosen', 'share', 'weight'] as const;
export type Column = (typeof COLUMNS)[number];
/** Columns that a narrow table leaves out; the explanations of other cells contain their numbers. */
const WIDE_ONLY: readonly Column[] = ['logit', 'bias', 'share'];

export interface Cell {
  readonly expert: number;
  readonly column: Column;
}

export class Ladder {
  readonly info: ModelInfo;
  readonly route: StagedRoute;
  /** One logit per routed expert; undefined until the step's detail is computed. */
  readonly #logits: Float32Array | undefined;
  /** One bias per routed expert; undefined if the model has no selection biases. */
  readonly #biases: readonly number[] | undefined;

  private constructor(snapshot: Snapshot, route: StagedRoute) {
    const { info } = snapshot.model;
    const row = route.layer - info.first_k_dense_replace;
    this.info = info;
    this.route = route;
    this.#logits = part(snapshot, 'router_logits', row);
    this.#biases = biasesOf(snapshot, route.layer);
  }

  /** The ladder of a layer for the shown token; undefined until the scores are computed and shown. */
  static of(snapshot: Snapshot, layer: number): Ladder | undefined {
    const route = stagedRouteAt(snapshot, shownPosition(snapshot), layer);
    return route && new Ladder(snapshot, route);
  }

  /** True if experts are chosen by score plus bias. */
  get isBiased(): boolean {
    return this.#biases !== undefined;
  }

  groupOf(expert: number): number {
    return Math.floor(expert / perGroup(this.info));
  }

  /** The first and the last expert of a group. */
  range(group: number): readonly [first: number, last: number] {
    const size = perGroup(this.info);
    return [group * size, (group + 1) * size - 1];
  }

  /** True if the shown stage has computed a column. */
  knows(column: Column): boolean {
    if (column === 'group') return this.route.group_scores !== undefined;
    return !['chosen', 'share', 'weight'].includes(column) || this.route.experts !== undefined;
  }

  /** The chosen experts, largest weight first; empty before the stage that chooses. */
  get experts(): readonly number[] {
    return this.route.experts ?? [];
  }

  /** Number of kept groups; 0 before the stage that rules out groups. */
  get keptGroups(): number {
    return this.route.kept_groups?.length ?? 0;
  }

  /** False if the expert's group is ruled out; true before the stage that rules out groups. */
  isKept(expert: number): boolean {
    return this.route.kept_groups?.includes(this.groupOf(expert)) ?? true;
  }

  isChosen(expert: number): boolean {
    return this.experts.includes(expert);
  }

  /** The experts whose choice scores make up the group's score, the best first. */
  bestOf(group: number): number[] {
    const [first, last] = this.range(group);
    const experts = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const best = experts.sort((one, other) => this.#choice(other) - this.#choice(one) || one - other);
    return best.slice(0, this.info.group_score === 'best' ? 1 : 2);
  }

  /** The chosen expert that has the lowest choice score. */
  get lastChosen(): number {
    const { experts } = this;
    return experts.reduce(
      (least, expert) => (this.#choice(expert) < this.#choice(least) ? expert : least),
      experts[0] ?? 0,
    );
  }

  /** The kept group with the lowest score. */
  get lastKept(): number {
    const { group_scores: scores = [], kept_groups: kept = [] } = this.route;
    return kept.reduce((least, group) => ((scores[group] ?? 0) < (scores[least] ?? 0) ? group : least), kept[0] ?? 0);
  }

  /** The number in a cell; undefined if the cell has no number, or if it is not computed yet. */
  value({ expert, column }: Cell): number | undefined {
    const { route } = this;
    const rank = this.experts.indexOf(expert);
    switch (column) {
      case 'logit':
        return this.#logits?.[expert];
      case 'score':
        return route.scores[expert];
      case 'bias':
        return this.#biases?.[expert];
      case 'choice':
        return route.choice_scores[expert];
      case 'group':
        return route.group_scores?.[this.groupOf(expert)];
      case 'chosen':
      case 'share':
        return route.shares?.[rank];
      case 'weight':
        return route.weights?.[rank];
    }
  }

  #choice(expert: number): number {
    return this.route.choice_scores[expert] ?? -Infinity;
  }
}

/** The columns of a snapshot's ladder. */
export function columnsIn(snapshot: Snapshot, layer: number, narrow: boolean): Column[] {
  const { info } = snapshot.model;
  const isBiased = biasesOf(snapshot, layer) !== undefined;
  return COLUMNS.filter(column => {
    if (narrow && WIDE_ONLY.includes(column)) return false;
    if (column === 'bias' || column === 'choice') return isBiased;
    return column !== 'group' || info.n_group > 1;
  });
}

/** Number of experts per group. */
export function perGroup({ n_routed_experts, n_group }: ModelInfo): number {
  return n_routed_experts / Math.max(1, n_group);
}

/** One selection bias per routed expert of a layer, in the shown run; undefined if the model has no biases. */
function biasesOf(snapshot: Snapshot, layer: number): readonly number[] | undefined {
  const { info, selectionBiases } = snapshot.model;
  const changed = shownRunName(snapshot) === 'changed' ? shownComparison(snapshot)?.plan.selection_biases : undefined;
  return (changed ?? selectionBiases)[layer - info.first_k_dense_replace];
}
