// The stages of a step in the order of the model's operations. Page Up and Page Down move through them, and a step's
// animation shows them in turn.

import type { ModelInfo } from '../engine/types';

/** One operation inside a step. */
export interface Stage {
  /** The decoder layer; null for the stage after the last layer. */
  readonly layer: number | null;
  readonly operation: Operation;
}

/**
 * `cache`: the layer stores the token's latent; `attend`: it reads the earlier tokens; `dense`: a dense layer's only
 * network; `score`: the router scores the experts; `cut`: groups are ruled out; `choose`: experts are chosen and their
 * outputs added; `next`: the next token's probabilities.
 */
export const OPERATIONS = ['cache', 'attend', 'dense', 'score', 'cut', 'choose', 'next'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A requested stage: layer and operation, or, in an old link, an index in the list of the model's stages. */
export type StageChoice = Stage | number;

type Shape = Pick<ModelInfo, 'num_hidden_layers' | 'first_k_dense_replace' | 'n_group' | 'topk_group'>;

/** Computed lists of stages, stored because views need the list for every drawing. */
const KNOWN = new WeakMap<Shape, readonly Stage[]>();

export function stagesOf(shape: Shape): readonly Stage[] {
  const known = KNOWN.get(shape);
  if (known) return known;
  const stages = listStages(shape);
  KNOWN.set(shape, stages);
  return stages;
}

function listStages(shape: Shape): readonly Stage[] {
  const routed: Operation[] =
    shape.topk_group < shape.n_group
      ? ['cache', 'attend', 'score', 'cut', 'choose']
      : ['cache', 'attend', 'score', 'choose'];
  const layers = Array.from({ length: shape.num_hidden_layers }, (_, layer) => layer);
  const inLayers = layers.flatMap(layer => {
    const operations: Operation[] = layer < shape.first_k_dense_replace ? ['cache', 'attend', 'dense'] : routed;
    return operations.map(operation => ({ layer, operation }));
  });
  return [...inLayers, { layer: null, operation: 'next' }];
}

/** The index of a requested stage; the last index if the request is null, too large, or not a stage of the model. */
export function indexOfStage(stages: readonly Stage[], choice: StageChoice | null): number {
  const last = stages.length - 1;
  if (choice === null) return last;
  if (typeof choice === 'number') return Math.min(choice, last);
  const index = stages.findIndex(({ layer, operation }) => layer === choice.layer && operation === choice.operation);
  return index < 0 ? last : index;
}

/** The stage at an index, as in the state: null for the last stage, because the step is then finished. */
export function stageAt(stages: readonly Stage[], index: number): Stage | null {
  return index >= stages.length - 1 ? null : (stages[Math.max(0, index)] ?? null);
}

/** True if an operation of a layer is done at the end of a stage. */
export function isDone(stages: readonly Stage[], stage: number, layer: number | null, operation: Operation): boolean {
  const index = stages.findIndex(each => each.layer === layer && each.operation === operation);
  return index >= 0 && index <= stage;
}

/** The name of a stage in links: for example `4.choose`, or `next` for the stage after the last layer. */
export function writeStage(choice: StageChoice): string {
  if (typeof choice === 'number') return String(choice);
  return choice.layer === null ? choice.operation : `${choice.layer}.${choice.operation}`;
}

/** Reads the name of a stage; null if `found` is not the name of a stage. */
export function readStage(found: string): Stage | null {
  if (found === 'next') return { layer: null, operation: 'next' };
  const [, layer = '', name = ''] = /^(\d{1,4})\.([a-z]+)$/u.exec(found) ?? [];
  const operation = OPERATIONS.find(each => each === name && each !== 'next');
  return operation === undefined ? null : { layer: Number(layer), operation };
}
