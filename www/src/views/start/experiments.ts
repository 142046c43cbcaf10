// Experiments: states of the page that each show one effect of a change. Their figures come from the run.

import type { Loaded } from '../../engine/messages';
import { isComplete, lossOf, shownComparison } from '../../scope/select';
import type { ScopeState, Snapshot } from '../../scope/state';
import { END } from '../../scope/values';
import type { WhatIf } from '../../scope/what-if';
import { PLAIN, sameChange } from '../../scope/what-if';
import type { Words } from '../../text/words';

type ExampleId = 'story' | 'arithmetic';

export interface Experiment {
  readonly id: keyof Words['start']['experiments'];
  readonly example: ExampleId;
  readonly whatIf: WhatIf;
}

const EXPERT_10 = { ...PLAIN, experts_off: [{ layer: 4, expert: 10 }] };

export const EXPERIMENTS: readonly Experiment[] = [
  { id: 'expertArithmetic', example: 'arithmetic', whatIf: EXPERT_10 },
  { id: 'expertStory', example: 'story', whatIf: EXPERT_10 },
  { id: 'oneExpert', example: 'story', whatIf: { ...PLAIN, num_experts_per_tok: 1 } },
  { id: 'onlyShared', example: 'story', whatIf: { ...PLAIN, mixture: 'only_shared' } },
  { id: 'noBias', example: 'story', whatIf: { ...PLAIN, selection_bias: false } },
  { id: 'int4', example: 'story', whatIf: { ...PLAIN, cache_format: 'int4' } },
];

/** True if the model has the experts and the router that the experiment changes. */
export function fits({ whatIf }: Experiment, { info, selectionBiases }: Loaded): boolean {
  const { n_routed_experts: experts, first_k_dense_replace: dense, num_hidden_layers: layers } = info;
  if (dense >= layers || (whatIf.mixture === 'only_shared' && info.n_shared_experts === 0)) return false;
  if (!whatIf.selection_bias && selectionBiases.length === 0) return false;
  return whatIf.experts_off.every(({ layer, expert }) => layer >= dense && layer < layers && expert < experts);
}

/** The state of an experiment: its text, run to the end, with its change. */
export function stateOf({ example, whatIf }: Experiment, state: ScopeState, texts: Words['examples']): ScopeState {
  const text = textOf(example, texts);
  const [place] = whatIf.experts_off;
  return {
    ...state,
    ...(place ?? {}),
    text,
    appended: [],
    position: END,
    reach: END,
    stage: null,
    shown: 'auto',
    whatIf,
  };
}

/** True if the page shows the text of an experiment with its change. */
export function isShown({ example, whatIf }: Experiment, { state }: Snapshot, texts: Words['examples']): boolean {
  return state.text === textOf(example, texts) && state.appended.length === 0 && sameChange(state.whatIf, whatIf);
}

function textOf(example: ExampleId, texts: Words['examples']): string {
  return texts.find(({ id }) => id === example)?.text ?? '';
}

/** What an experiment did to its text. */
export interface Effect {
  readonly cost: number;
  readonly error: number;
  /** The token that the plain run expects most after the whole text, and its probability in each run. */
  readonly token: number;
  readonly plain: number;
  /** Null if the token is not among the most probable ones of the changed run. */
  readonly changed: number | null;
}

/** The effect of the change on the whole text; null until both runs are complete. */
export function effectOf(snapshot: Snapshot): Effect | null {
  const comparison = shownComparison(snapshot);
  const last = snapshot.text.tokens.length - 1;
  const [before, after] = [snapshot.plain.records[last]?.next, comparison?.run.records[last]?.next];
  const loss = lossOf(comparison);
  const [token] = before?.tokens ?? [];
  const [plain] = before?.probabilities ?? [];
  if (!comparison || !isComplete(comparison) || !after || !loss || token === undefined || plain === undefined)
    return null;
  const changed = after.probabilities[after.tokens.indexOf(token)] ?? null;
  return { cost: loss.cost, error: loss.cost_error, token, plain, changed };
}
