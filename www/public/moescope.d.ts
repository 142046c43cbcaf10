/** The types of `moescope.js`; docs/embedding.md describes the element. */

// <errors> Generated from src/faces/error-kinds.ts by `cargo xtask fields`.
export type ErrorKind =
  | 'fetch'
  | 'wasm'
  | 'config'
  | 'checkpoint'
  | 'tokenizer'
  | 'session'
  | 'what-if'
  | 'survey'
  | 'view'
  | 'panic'
  | 'link'
  | 'copy'
  | 'model'
  | 'lesson'
  | 'export';
// </errors>

// <engine> Generated from the engine's Rust types by `cargo xtask fields`.
/**
 * The result of one step: what the routers chose, how many bytes the caches store, and the most probable next tokens.
 */
export interface StepRecord {
  /**
   * The token's index in the text, from 0.
   */
  readonly position: number;
  /**
   * The token's id.
   */
  readonly token: number;
  /**
   * The choices of the routers, one per layer with routed experts, from the lowest layer up.
   */
  readonly routes: readonly Route[];
  /**
   * Number of bytes that each cache stores after this step, over all layers.
   */
  readonly cache: CacheBytes;
  /**
   * The most probable next tokens.
   */
  readonly next: NextTokens;
}

/**
 * One router's choice for one token (DeepSeek-V3 report, equations 12 to 16).
 */
export interface Route {
  /**
   * The decoder layer's index, from 0; dense layers count too.
   */
  readonly layer: number;
  /**
   * Score of each expert: the sigmoid (V2: softmax) of its router logit. (n_routed_experts)
   */
  readonly scores: readonly number[];
  /**
   * Choice score of each expert: its score plus its selection bias (V2: its score). Used only to choose.
   * (n_routed_experts)
   */
  readonly choice_scores: readonly number[];
  /**
   * Score of each group: the sum of its two best choice scores (V2: its best choice score). (n_group)
   */
  readonly group_scores: readonly number[];
  /**
   * The kept groups, ascending. Only forced experts can be chosen from other groups. (at most topk_group)
   */
  readonly kept_groups: readonly number[];
  /**
   * The chosen experts, largest weight first. (at most num_experts_per_tok)
   */
  readonly experts: readonly number[];
  /**
   * Weight of each chosen expert's output: the expert's score, divided by the sum of the chosen experts' scores if
   * `norm_topk_prob`, times `routed_scaling_factor`. (length of `experts`)
   */
  readonly weights: readonly number[];
  /**
   * Share of each chosen expert: its weight divided by `routed_scaling_factor`. (length of `experts`)
   */
  readonly shares: readonly number[];
}

/**
 * Number of bytes stored in each cache: number of tokens x row width x bytes per value, summed over all layers. In a
 * changed run, `latent` counts the values as the what-if's cache encodes them.
 */
export interface CacheBytes {
  /**
   * The latent cache: c_KV and the shared RoPE key.
   */
  readonly latent: number;
  /**
   * The expanded cache: keys and values per head, with the RoPE key repeated in each key.
   */
  readonly expanded: number;
}

/**
 * The most probable next tokens.
 */
export interface NextTokens {
  /**
   * Ids of the tokens, most probable first. (at most [`NEXT_TOKENS`])
   */
  readonly tokens: readonly number[];
  /**
   * Probability of each of these tokens: at temperature 1 in a [`Record`], at the requested temperature in a
   * [`Distribution`]. (length of `tokens`)
   */
  readonly probabilities: readonly number[];
  /**
   * The sum of all other tokens' probabilities.
   */
  readonly rest: number;
}

/**
 * The dimensions of a model, with the field names of `config.json`, and sizes computed from them.
 */
export interface ModelInfo {
  /**
   * Number of tokens in the vocabulary.
   */
  readonly vocab_size: number;
  /**
   * Width of the residual stream.
   */
  readonly hidden_size: number;
  /**
   * Number of decoder layers.
   */
  readonly num_hidden_layers: number;
  /**
   * Number of dense layers, which are the first layers. At most `num_hidden_layers`, even if `config.json` has a
   * larger number.
   */
  readonly first_k_dense_replace: number;
  /**
   * Number of attention heads per layer.
   */
  readonly num_attention_heads: number;
  /**
   * Number of routed experts per layer with experts.
   */
  readonly n_routed_experts: number;
  /**
   * Number of shared experts per layer with experts.
   */
  readonly n_shared_experts: number;
  /**
   * Number of routed experts that a router chooses per token.
   */
  readonly num_experts_per_tok: number;
  /**
   * Number of groups into which a layer's routed experts are divided.
   */
  readonly n_group: number;
  /**
   * Number of groups that a router keeps per token.
   */
  readonly topk_group: number;
  /**
   * The function that turns router logits into scores.
   */
  readonly scoring_func: ScoringFunc;
  /**
   * How a group of experts is scored.
   */
  readonly group_score: GroupScore;
  /**
   * True if the chosen experts' scores are divided by their sum.
   */
  readonly norm_topk_prob: boolean;
  /**
   * Factor that turns a routed expert's share into its weight.
   */
  readonly routed_scaling_factor: number;
  /**
   * Width of the latent c_KV.
   */
  readonly kv_lora_rank: number;
  /**
   * Width of the shared RoPE key.
   */
  readonly qk_rope_head_dim: number;
  /**
   * Width of a head's query and key without the RoPE part.
   */
  readonly qk_nope_head_dim: number;
  /**
   * Width of a head's value.
   */
  readonly v_head_dim: number;
  /**
   * Width of the compressed query; `None` if queries are not compressed.
   */
  readonly q_lora_rank: number | undefined;
  /**
   * Inner width of a routed expert.
   */
  readonly moe_intermediate_size: number;
  /**
   * Inner width of a dense network.
   */
  readonly intermediate_size: number;
  /**
   * The context: maximum number of positions.
   */
  readonly max_position_embeddings: number;
  /**
   * Number of values that one layer stores per token.
   */
  readonly cache_values: CacheValues;
  /**
   * Number of values that one layer of DeepSeek-V3 stores per token, for comparison.
   */
  readonly deepseek_v3_cache_values: CacheValues;
  /**
   * Multiply-adds of one layer's attention per token.
   */
  readonly attention_work: AttentionWork;
  /**
   * Multiply-adds of one layer's attention per token in DeepSeek-V3, for comparison.
   */
  readonly deepseek_v3_attention_work: AttentionWork;
  /**
   * Bytes of one value in the live caches.
   */
  readonly cache_value_bytes: number;
  /**
   * Number of weights: all of the model's, and those used per token.
   */
  readonly parameters: Parameters;
}

/**
 * The function that turns router logits into scores.
 */
export type ScoringFunc = 'sigmoid' | 'softmax';

/**
 * How a group of experts is scored.
 */
export type GroupScore = 'sum of two' | 'best';

/**
 * Number of values that one layer stores per token, for several kinds of cache. Multiply by the bytes of one value to
 * get bytes.
 */
export interface CacheValues {
  /**
   * Width of the latent: `kv_lora_rank`.
   */
  readonly c_kv: number;
  /**
   * Width of the RoPE key that all heads share: `qk_rope_head_dim`.
   */
  readonly rope_key: number;
  /**
   * The latent cache: `c_kv + rope_key`.
   */
  readonly latent: number;
  /**
   * The expanded cache: keys and values per head, with the RoPE key repeated in each key.
   */
  readonly expanded: number;
  /**
   * Plain multi-head attention: the same number of heads, and keys without a separate RoPE part. For comparison
   * only.
   */
  readonly plain_mha: number;
  /**
   * One key and one value of plain attention. A group of heads can share one such pair: GQA-2 stores two pairs per
   * token, MQA stores one pair. For comparison only.
   */
  readonly plain_group: number;
}

/**
 * Multiply-adds of one layer's attention per token, in three ways that give the same output up to rounding. The count
 * starts with the latent and the query, and ends with the heads' outputs. Softmax, RoPE, norms, and the projections
 * that all three ways need are not counted.
 *
 * The formulas use h for the number of heads, r for `kv_lora_rank`, and nope, rope and v for `qk_nope_head_dim`,
 * `qk_rope_head_dim` and `v_head_dim`. The context includes the current token.
 */
export interface AttentionWork {
  /**
   * With the expanded cache. Once per step: build the current token's keys and values, h·(nope + v)·r. For each
   * token of the context: compute its scores, h·(nope + rope), and add up its weighted values, h·v.
   */
  readonly naive: Work;
  /**
   * With the latent cache. Once per step: fold the key projection into the query, h·nope·r, and project the sum of
   * latents to values, h·r·v. For each token of the context: compute its scores, h·(r + rope), and add its weighted
   * latent to each head's sum, h·r.
   */
  readonly absorbed: Work;
  /**
   * With the latent cache and no folding. For each token of the context: rebuild its keys and values, h·(nope +
   * v)·r, then compute its scores and add up its weighted values as in `naive`.
   */
  readonly rebuilt: Work;
}

/**
 * Multiply-adds of one step: `fixed` + `per_token` × number of tokens in the context.
 */
export interface Work {
  /**
   * The multiply-adds that do not depend on the context.
   */
  readonly fixed: number;
  /**
   * The multiply-adds for each token of the context.
   */
  readonly per_token: number;
}

/**
 * Number of a model's weights. Norms, biases and routers are counted. The selection bias is not counted, because
 * transformers stores it as a buffer and not as a parameter.
 */
export interface Parameters {
  /**
   * All weights. If the head uses the embedding's table, the table counts once.
   */
  readonly total: number;
  /**
   * Weights used per token: those of the chosen routed experts, and all weights outside the routed experts, without
   * the embedding table, because a token reads only one row of it. The head counts, also if it uses the same table.
   */
  readonly active: number;
}
// </engine>

/** Values of fields: as the properties have them, or as in a link. */
export type Value = string | number | boolean | readonly unknown[];

/** Fields by their names in a link; null stands for the default. */
export type Fields = Readonly<Record<string, Value | null>>;

export interface ReadyDetail {
  readonly version: 1;
  /** The model's shape; most fields have the names of the model's `config.json`. */
  readonly model: ModelInfo;
}

export interface StepDetail {
  /** The token's position, from 0. */
  readonly position: number;
  /** The token's id. */
  readonly token: number;
  /** The chosen experts, the sizes of the caches in bytes, and the next tokens. */
  readonly record: StepRecord;
  /** The run that the record belongs to: `changed` while the changed run is shown, otherwise `plain`. */
  readonly run: 'plain' | 'changed';
}

export interface StateDetail {
  /** The whole state, written as in a link after its `#`. */
  readonly state: string;
}

export interface ErrorDetail {
  readonly kind: ErrorKind;
  /** The error as one sentence. */
  readonly message: string;
}

export interface MoeScopeEventMap {
  ready: CustomEvent<ReadyDetail>;
  step: CustomEvent<StepDetail>;
  statechange: CustomEvent<StateDetail>;
  error: CustomEvent<ErrorDetail>;
  /** All reported errors are resolved. */
  recovered: CustomEvent<Readonly<Record<string, never>>>;
}

/** `<moe-scope>`: one view. Its attributes and properties are the fields of a link. */
export class MoeScope extends HTMLElement {
  static readonly observedAttributes: readonly string[];
  /** The whole state, written as in a link after its `#`. */
  readonly state: string;
  /** Resolves when everything that was requested is computed and drawn; rejects with an error sentence. */
  readonly settled: Promise<void>;
  // <fields> Generated from src/scope/fields.ts by `cargo xtask fields`.
  /** the text */
  get text(): string;
  set text(value: string | null | undefined);
  /** tokens appended to the text: their ids, joined by dots (`12.7`: tokens 12 and 7) */
  get ids(): readonly number[];
  set ids(value: readonly number[] | string | null | undefined);
  /** a model that was opened from files: the hash of its files, and its name; no numbers are shown until these files are open */
  get opened(): string | null;
  set opened(value: string | null | undefined);
  /** the playhead: the position of the shown token, from 0 */
  get token(): number;
  set token(value: number | string | null | undefined);
  /** the last position that the playhead has reached, from 0; the model runs up to this position, also after the playhead moves back */
  get ran(): number;
  set ran(value: number | string | null | undefined);
  /** the selected decoder layer, from 0 */
  get layer(): number;
  set layer(value: number | string | null | undefined);
  /** the selected expert */
  get expert(): number | null;
  set expert(value: number | string | null | undefined);
  /** the stage up to which the step is shown, for example `4.choose`; the number of the stage, from 0, is also accepted */
  get stage(): string | null;
  set stage(value: string | null | undefined);
  /** `roll` `start` `router` `next` `flow` `attention` `cache` `grid` `whatif` `cachelab` `models` */
  get view():
    'roll' | 'start' | 'router' | 'next' | 'flow' | 'attention' | 'cache' | 'grid' | 'whatif' | 'cachelab' | 'models';
  set view(
    value:
      | 'roll'
      | 'start'
      | 'router'
      | 'next'
      | 'flow'
      | 'attention'
      | 'cache'
      | 'grid'
      | 'whatif'
      | 'cachelab'
      | 'models'
      | null
      | undefined,
  );
  /** the selected attention head, from 0 */
  get head(): number;
  set head(value: number | string | null | undefined);
  /** order of the grid's experts: by `expert` (index) or `load` */
  get sort(): 'expert' | 'load';
  set sort(value: 'expert' | 'load' | null | undefined);
  /** layers in the grid: `one` or `all` */
  get span(): 'one' | 'all';
  set span(value: 'one' | 'all' | null | undefined);
  /** the lesson that is open: its id, such as `router` */
  get lesson(): string;
  set lesson(value: string | null | undefined);
  /** the step of the lesson, from 1 */
  get at(): number;
  set at(value: number | string | null | undefined);
  /** `always`: show each answer at once; `click`: hide it until the reader clicks “Show the answer” */
  get reveal(): 'always' | 'click';
  set reveal(value: 'always' | 'click' | null | undefined);
  /** hidden parts: `name` `text` `controls` `scrubber` `sentence` `legend` `prose` `tables`, joined by `_` */
  get hide(): readonly ('name' | 'text' | 'controls' | 'scrubber' | 'sentence' | 'legend' | 'prose' | 'tables')[];
  set hide(
    value:
      | readonly ('name' | 'text' | 'controls' | 'scrubber' | 'sentence' | 'legend' | 'prose' | 'tables')[]
      | string
      | null
      | undefined,
  );
  /** the only parts that stay visible, joined by `_`; `view`: no part, only the picture */
  get only(): readonly ('name' | 'text' | 'controls' | 'scrubber' | 'sentence' | 'legend' | 'prose' | 'tables')[];
  set only(
    value:
      | readonly ('name' | 'text' | 'controls' | 'scrubber' | 'sentence' | 'legend' | 'prose' | 'tables')[]
      | string
      | null
      | undefined,
  );
  /** `on`: play when opened, unless the reader's system asks for less motion */
  get autoplay(): boolean;
  set autoplay(value: boolean | string | null | undefined);
  /** experts switched off, `2.14_3.5`: expert 14 of layer 2, expert 5 of layer 3 */
  get off(): readonly { readonly layer: number; readonly expert: number }[];
  set off(value: readonly { readonly layer: number; readonly expert: number }[] | string | null | undefined);
  /** experts that are always chosen, written like `off` */
  get forced(): readonly { readonly layer: number; readonly expert: number }[];
  set forced(value: readonly { readonly layer: number; readonly expert: number }[] | string | null | undefined);
  /** experts that run: `all` `only_shared` `without_shared` */
  get mixture(): 'all' | 'only_shared' | 'without_shared';
  set mixture(value: 'all' | 'only_shared' | 'without_shared' | null | undefined);
  /** number of experts chosen per token */
  get chosen(): number | null;
  set chosen(value: number | string | null | undefined);
  /** number of groups kept per token */
  get groups(): number | null;
  set groups(value: number | string | null | undefined);
  /** `off`: experts are chosen without the selection bias */
  get bias(): boolean;
  set bias(value: boolean | string | null | undefined);
  /** changes of the selection bias, `2.14.-0.25`: -0.25 for expert 14 of layer 2 */
  get shifts(): readonly { readonly layer: number; readonly expert: number; readonly by: number }[];
  set shifts(
    value:
      readonly { readonly layer: number; readonly expert: number; readonly by: number }[] | string | null | undefined,
  );
  /** number of directions of the latent that the cache stores */
  get rank(): number | null;
  set rank(value: number | string | null | undefined);
  /** format of the cached values: `f32` `f16` `int8` `int4` */
  get format(): 'f32' | 'f16' | 'int8' | 'int4';
  set format(value: 'f32' | 'f16' | 'int8' | 'int4' | null | undefined);
  /** with a what-if: the run that is shown, `plain` or `changed`; `auto` is the same as `changed` */
  get shown(): 'auto' | 'plain' | 'changed';
  set shown(value: 'auto' | 'plain' | 'changed' | null | undefined);
  /** temperature for the next token, 0 to 2 */
  get temperature(): number;
  set temperature(value: number | string | null | undefined);
  /** seed for drawing the next token */
  get seed(): number;
  set seed(value: number | string | null | undefined);
  /** speed of playback: 0.5, 1, 2, 4, 8 */
  get speed(): 0.5 | 1 | 2 | 4 | 8;
  set speed(value: 0.5 | 1 | 2 | 4 | 8 | null | undefined);
  /** `auto` `light` `dark` */
  get theme(): 'auto' | 'light' | 'dark';
  set theme(value: 'auto' | 'light' | 'dark' | null | undefined);
  /** size of type and pictures, 0.75 to 2 */
  get size(): number;
  set size(value: number | string | null | undefined);
  /** in the view `models`: the selected published model */
  get published(): string;
  set published(value: string | null | undefined);
  /** @deprecated use `published` */
  get model(): string;
  set model(value: string | null | undefined);
  /** in the view `models`: tokens per user */
  get context(): number;
  set context(value: number | string | null | undefined);
  /** in the view `models`: users at once */
  get users(): number;
  set users(value: number | string | null | undefined);
  /** in the view `models`: GB of memory */
  get memory(): number;
  set memory(value: number | string | null | undefined);
  /** in the view `models`: 16 or 8 bits per cached value */
  get bits(): 16 | 8;
  set bits(value: 16 | 8 | null | undefined);
  /** in the view `models`: 16, 8 or 4 bits per weight; 0: weights are not in this memory */
  get weights(): 16 | 8 | 4 | 0;
  set weights(value: 16 | 8 | 4 | 0 | null | undefined);
  /** in the view `models`: the text of your own `config.json` */
  get config(): string;
  set config(value: string | null | undefined);
  // </fields>
  /** Address, without `#`, of the link in exported files; default: `embed.html` of the script's site. */
  home: string;
  /** The address of a lesson's file (Markdown), relative to the page; empty without one. */
  lessonSrc: string;
  /** The value of a field, written as in a link; null if it is the default. */
  get(name: string): string | null;
  /** The current view as text. */
  export(format: 'svg' | 'csv' | 'json' | 'session'): Promise<string>;
  /** Moves the playhead by this number of tokens; a negative number moves it back. */
  step(by?: number): void;
  /** Moves the playhead to a token, from 0. */
  seek(position: number): void;
  play(): void;
  pause(): void;
  /** Sets fields by name, or all fields of a link; the other fields keep their values. */
  set(fields: string | Fields): void;
  addEventListener<K extends keyof MoeScopeEventMap>(
    type: K,
    listener: (this: MoeScope, event: MoeScopeEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: MoeScope, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof MoeScopeEventMap>(
    type: K,
    listener: (this: MoeScope, event: MoeScopeEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: MoeScope, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'moe-scope': MoeScope;
  }
}
