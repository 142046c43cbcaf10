// The operations of one layer for the shown token, from bottom to top. Each has a name and a shape and, once the shown
// stage has reached it, numbers from the record and the detail.

import {
  chosenCount,
  hasDetail,
  isLayerDone,
  isReached,
  label,
  nextLabel,
  latentBytes,
  normsOf,
  part,
  routeAt,
  shownInfo,
  shownPosition,
  shownRecord,
  stagedRouteAt,
} from '../../scope/select';
import type { Operation } from '../../scope/stages';
import type { Snapshot } from '../../scope/state';
import { quoted } from '../../text/token';
import type { Words } from '../../text/words';
import type { Term } from '../shared/glossary';

/** Maximum number of tokens that the diagram names for attention. */
const NAMED = 3;

export type Kind = keyof Words['flow']['operations'];
type VectorName = keyof Words['flow']['vectors'];
type Values = ArrayLike<number>;

/** A vector of an operation. */
export interface Vector {
  readonly name: VectorName;
  readonly values: Values;
}

/** Where an operation is drawn: on the stream, as a plus on the stream, on a branch, or on an expert's line. */
type Place = 'stream' | 'plus' | 'branch' | 'expert';

/** One operation as it is drawn. An operation that is not done yet has only a name and a shape. */
export interface Step {
  readonly id: string;
  readonly kind: Kind;
  readonly place: Place;
  /** The stage of the operation; null for the stream that comes from the layer below. */
  readonly stage: Operation | null;
  readonly done: boolean;
  /** True if the numbers are computed, but the shown stage comes before the operation's stage. */
  readonly later: boolean;
  readonly name: string;
  readonly shape: string;
  readonly term: Term;
  readonly norm?: number | undefined;
  readonly vectors: readonly Vector[];
  /** The result in words: groups, experts or tokens. */
  readonly result?: string | undefined;
  /** `expert`, `weight`, `share` and `part` are set only for a chosen expert; `part` also for the shared expert. */
  readonly expert?: number | undefined;
  readonly weight?: number | undefined;
  readonly share?: number | undefined;
  readonly part?: number | undefined;
}

/** A head and the token with its largest attention weight. */
export interface Read {
  readonly head: number;
  readonly position: number;
  readonly weight: number;
}

/** One of the most probable next tokens. */
export interface Follow {
  readonly token: number;
  readonly logit: number;
  readonly probability: number;
}

/** The fields of an operation that depend on more than its kind; `id` and `name` default to the kind's. */
type Drawn = Omit<Step, 'id' | 'kind' | 'name' | 'done' | 'later' | 'vectors'> & {
  readonly id?: string;
  readonly name?: string;
  readonly vectors: readonly (readonly [VectorName, Values | undefined])[];
};

export function stepsOf(snapshot: Snapshot, layer: number, words: Words): Step[] {
  const info = shownInfo(snapshot);
  const { operations } = words.flow;
  const hidden = info.hidden_size;
  const { rope_key: rope } = info.cache_values;
  const norms = normsOf(snapshot, layer);
  const dense = layer < info.first_k_dense_replace;
  const make = (kind: Kind, drawn: Drawn): Step => step(snapshot, layer, kind, operations[kind].name, drawn);
  const cached = [
    ['latent', part(snapshot, 'latents', layer)],
    ['ropeKey', part(snapshot, 'rope_keys', layer)],
  ] as const;
  return [
    make('in', {
      place: 'stream',
      stage: null,
      shape: operations.in.shape(hidden),
      term: 'stream',
      norm: norms?.[0],
      vectors: [['stream', part(snapshot, 'stream', layer)]],
    }),
    make('attentionNorm', {
      place: 'branch',
      stage: 'cache',
      shape: operations.attentionNorm.shape(hidden),
      term: 'normalise',
      vectors: [['normed', part(snapshot, 'attention_inputs', layer)]],
    }),
    make('latent', {
      place: 'branch',
      stage: 'cache',
      shape: operations.latent.shape(hidden, info.kv_lora_rank, rope),
      term: 'latent',
      vectors: cached,
    }),
    make('cache', {
      place: 'branch',
      stage: 'cache',
      shape: operations.cache.shape(info.cache_values.c_kv, rope, latentBytes(snapshot)),
      term: 'cache',
      vectors: cached,
    }),
    make('attend', {
      place: 'branch',
      stage: 'attend',
      shape: operations.attend.shape(info.num_attention_heads, info.v_head_dim),
      term: 'attention',
      result: mostRead(snapshot, layer, words),
      vectors: [['heads', part(snapshot, 'head_outputs', layer)]],
    }),
    make('attentionOut', {
      place: 'branch',
      stage: 'attend',
      shape: operations.attentionOut.shape(info.num_attention_heads * info.v_head_dim, hidden),
      term: 'attention',
      norm: norms?.[1],
      vectors: [['adds', part(snapshot, 'attention_outputs', layer)]],
    }),
    make('between', {
      place: 'plus',
      stage: 'attend',
      shape: operations.between.shape(hidden),
      term: 'stream',
      norm: norms?.[2],
      vectors: [['stream', part(snapshot, 'attended', layer)]],
    }),
    make('ffnNorm', {
      place: 'branch',
      stage: dense ? 'dense' : 'score',
      shape: operations.ffnNorm.shape(hidden),
      term: 'normalise',
      vectors: [['normed', part(snapshot, 'ffn_inputs', layer)]],
    }),
    ...(dense ? [denseNetwork(snapshot, layer, make, operations)] : routed(snapshot, layer, words, make)),
    make('out', {
      place: 'plus',
      stage: dense ? 'dense' : 'choose',
      shape: operations.out.shape(hidden),
      term: 'stream',
      norm: norms?.[4],
      vectors: [['stream', part(snapshot, 'stream', layer + 1)]],
    }),
    ...(layer === info.num_hidden_layers - 1 ? afterLast(snapshot, words, make) : []),
  ];
}

type Make = (kind: Kind, drawn: Drawn) => Step;

function denseNetwork(snapshot: Snapshot, layer: number, make: Make, { dense }: Words['flow']['operations']): Step {
  const info = shownInfo(snapshot);
  return make('dense', {
    place: 'branch',
    stage: 'dense',
    shape: dense.shape(info.hidden_size, info.intermediate_size),
    term: 'stream',
    norm: normsOf(snapshot, layer)?.[3],
    vectors: [['adds', part(snapshot, 'ffn_outputs', layer)]],
  });
}

function routed(snapshot: Snapshot, layer: number, words: Words, make: Make): Step[] {
  const info = shownInfo(snapshot);
  const { operations } = words.flow;
  const row = layer - info.first_k_dense_replace;
  const route = stagedRouteAt(snapshot, shownPosition(snapshot), layer);
  const shared = info.n_shared_experts > 0;
  const chosen = chosenCount(snapshot);
  const cuts: Step[] =
    snapshot.model.info.topk_group < info.n_group
      ? [
          make('cut', {
            place: 'branch',
            stage: 'cut',
            shape: operations.cut.shape(info.topk_group, info.n_group),
            term: 'group',
            result: route?.kept_groups && words.flow.groups(route.kept_groups),
            vectors: [['groups', route?.group_scores]],
          }),
        ]
      : [];
  return [
    make('score', {
      place: 'branch',
      stage: 'score',
      shape: operations.score.shape(info.hidden_size, info.n_routed_experts),
      term: 'router',
      vectors: [
        ['logits', part(snapshot, 'router_logits', row)],
        ['scores', route?.scores],
      ],
    }),
    ...cuts,
    make('choose', {
      place: 'branch',
      stage: 'choose',
      shape: operations.choose.shape(chosen, info.n_routed_experts),
      term: 'router',
      result: route?.experts && words.flow.experts(route.experts),
      vectors: [['weights', route?.weights]],
    }),
    ...experts(snapshot, layer, words, make),
    make('sum', {
      place: 'branch',
      stage: 'choose',
      shape: operations.sum.shape(chosen + (shared ? 1 : 0), info.hidden_size),
      term: 'weight',
      norm: normsOf(snapshot, layer)?.[3],
      vectors: [['adds', part(snapshot, 'ffn_outputs', layer)]],
    }),
  ];
}

/** The chosen experts, the largest weight first, then the shared expert. */
function experts(snapshot: Snapshot, layer: number, { flow }: Words, make: Make): Step[] {
  const info = shownInfo(snapshot);
  const row = layer - info.first_k_dense_replace;
  const route = routeAt(snapshot, shownPosition(snapshot), layer);
  const norms = part(snapshot, 'expert_norms', row);
  const parts = part(snapshot, 'parts', row);
  const chosen = Array.from({ length: chosenCount(snapshot) }, (_, rank) => {
    const expert = route?.experts[rank];
    return make('expert', {
      id: `expert-${rank}`,
      ...(expert === undefined ? {} : { name: flow.expert(expert) }),
      place: 'expert',
      stage: 'choose',
      shape: flow.operations.expert.shape(info.hidden_size, info.moe_intermediate_size),
      term: 'expert',
      expert,
      weight: route?.weights[rank],
      share: route?.shares[rank],
      norm: norms?.[rank],
      part: parts?.[rank],
      vectors: [['output', part(snapshot, 'expert_outputs', row, rank)]],
    });
  });
  if (info.n_shared_experts === 0) return chosen;
  const shared = make('shared', {
    place: 'expert',
    stage: 'choose',
    shape: flow.operations.shared.shape(info.hidden_size, info.moe_intermediate_size * info.n_shared_experts),
    term: 'shared',
    norm: norms?.[info.num_experts_per_tok],
    part: parts?.[info.num_experts_per_tok],
    vectors: [['output', part(snapshot, 'shared_outputs', row)]],
  });
  return [...chosen, shared];
}

/** The operations after the last layer. */
function afterLast(snapshot: Snapshot, words: Words, make: Make): Step[] {
  const info = shownInfo(snapshot);
  const { operations } = words.flow;
  const next = followsOf(snapshot);
  const [first] = next;
  return [
    make('finalNorm', {
      place: 'stream',
      stage: 'next',
      shape: operations.finalNorm.shape(info.hidden_size),
      term: 'normalise',
      vectors: [['normed', part(snapshot, 'final_input')]],
    }),
    make('logits', {
      place: 'stream',
      stage: 'next',
      shape: operations.logits.shape(info.hidden_size, info.vocab_size),
      term: 'logit',
      result: first && words.flow.first(quoted(nextLabel(snapshot, first.token)), first.probability),
      vectors: [['logits', next.length > 0 ? next.map(({ logit }) => logit) : undefined]],
    }),
  ];
}

/** An operation, with its results if the shown stage has reached the operation. */
function step(snapshot: Snapshot, layer: number, kind: Kind, name: string, drawn: Drawn): Step {
  const { id = kind, stage, place, shape, term, vectors } = drawn;
  const there = vectors.flatMap(([name, values]) => (values ? [{ name, values }] : []));
  const reached = hasReached(snapshot, layer, stage);
  const done = reached && there.length === vectors.length && hasDetail(snapshot);
  const later = !reached && hasDetail(snapshot);
  const bare = { id, kind, place, stage, shape, term, name: drawn.name ?? name };
  if (!done) return { ...bare, done, later, vectors: [] };
  const { norm, result, expert, weight, share } = drawn;
  return { ...bare, done, later, vectors: there, norm, result, expert, weight, share, part: drawn.part };
}

/** True if the shown stage has reached an operation of a layer; null: the stream that enters the layer. */
function hasReached(snapshot: Snapshot, layer: number, operation: Operation | null): boolean {
  if (operation === 'next') return isReached(snapshot, null, operation);
  if (operation !== null) return isReached(snapshot, layer, operation);
  return layer === 0 || isLayerDone(snapshot, layer - 1);
}

/** For each head, the token with its largest attention weight. */
export function readsOf(snapshot: Snapshot, layer: number): Read[] {
  const { num_attention_heads: heads } = snapshot.model.info;
  return Array.from({ length: heads }, (_, head) => head).flatMap(head => {
    const weights = part(snapshot, 'attention', layer, head);
    if (!weights) return [];
    const position = weights.reduce((most, weight, at) => (weight > (weights[most] ?? 0) ? at : most), 0);
    return [{ head, position, weight: weights[position] ?? NaN }];
  });
}

/** Names the tokens that the heads read most: at most `NAMED`, in descending order of weight. */
function mostRead(snapshot: Snapshot, layer: number, words: Words): string | undefined {
  const reads = readsOf(snapshot, layer).toSorted((one, other) => other.weight - one.weight);
  if (reads.length === 0) return undefined;
  const positions = [...new Set(reads.map(({ position }) => position))].slice(0, NAMED);
  return words.flow.most(positions.map(position => quoted(label(snapshot, position))));
}

/** The most probable next tokens, with their logits. */
export function followsOf(snapshot: Snapshot): Follow[] {
  const next = shownRecord(snapshot)?.next;
  const logits = part(snapshot, 'logits');
  if (!next || !logits) return [];
  return next.tokens.map((token, rank) => ({
    token,
    logit: logits[token] ?? NaN,
    probability: next.probabilities[rank] ?? NaN,
  }));
}
