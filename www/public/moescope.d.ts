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
   * Score plus selection bias (V2: the score); used only to choose. (n_routed_experts)
   */
  readonly choice_scores: readonly number[];
  /**
   * Score of each group: the sum of its two best choice scores (V2: its best). (n_group)
   */
  readonly group_scores: readonly number[];
  /**
   * The kept groups, ascending: the router chooses only from their experts, except forced ones. (topk_group)
   */
  readonly kept_groups: readonly number[];
  /**
   * The chosen experts, largest weight first. (num_experts_per_tok)
   */
  readonly experts: readonly number[];
  /**
   * Weights of the chosen experts' outputs: their scores, normalised and scaled. (num_experts_per_tok)
   */
  readonly weights: readonly number[];
  /**
   * Weight divided by `routed_scaling_factor`: a chosen expert's part of the routed sum. (num_experts_per_tok)
   */
  readonly shares: readonly number[];
}

/**
 * Number of bytes stored in each cache: used length x width x element size of the live buffers. In a changed run,
 * `latent` counts the values as the what-if's cache encodes them.
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
   * Their ids, most probable first. (at most [`NEXT_TOKENS`])
   */
  readonly tokens: readonly number[];
  /**
   * Their probabilities: at temperature 1 in a [`Record`], at the requested temperature in a [`Distribution`]. (same
   * length)
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
   * Tokens in the vocabulary.
   */
  readonly vocab_size: number;
  /**
   * Width of the residual stream.
   */
  readonly hidden_size: number;
  /**
   * Decoder layers.
   */
  readonly num_hidden_layers: number;
  /**
   * Number of dense layers; they are the first ones. At most `num_hidden_layers`, also if `config.json` has a larger
   * number.
   */
  readonly first_k_dense_replace: number;
  /**
   * Attention heads.
   */
  readonly num_attention_heads: number;
  /**
   * Routed experts per layer.
   */
  readonly n_routed_experts: number;
  /**
   * Shared experts per layer.
   */
  readonly n_shared_experts: number;
  /**
   * Routed experts chosen per token.
   */
  readonly num_experts_per_tok: number;
  /**
   * Groups of experts.
   */
  readonly n_group: number;
  /**
   * Groups kept per token.
   */
  readonly topk_group: number;
  /**
   * The function that turns router logits into scores.
   */
  readonly scoring_func: ScoringFunc;
  /**
   * The score of a group.
   */
  readonly group_score: GroupScore;
  /**
   * True if the chosen experts' scores are divided by their sum.
   */
  readonly norm_topk_prob: boolean;
  /**
   * Factor of the routed experts' weights.
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
   * Values that one layer stores per token.
   */
  readonly cache_values: CacheValues;
  /**
   * Values that one layer of DeepSeek-V3 stores per token, for comparison.
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
   * Number of the model's weights.
   */
  readonly parameters: Parameters;
}

/**
 * The function that turns router logits into scores.
 */
export type ScoringFunc = 'sigmoid' | 'softmax';

/**
 * The score of a group of experts.
 */
export type GroupScore = 'sum of two' | 'best';

/**
 * Values that one layer stores per token, in several schemes. Multiply by the bytes of one value to get bytes.
 */
export interface CacheValues {
  /**
   * The latent: `kv_lora_rank`.
   */
  readonly c_kv: number;
  /**
   * The RoPE key that all heads share: `qk_rope_head_dim`.
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
   * Plain multi-head attention with the same heads and no RoPE split; computed for comparison only.
   */
  readonly plain_mha: number;
  /**
   * One key and one value, either of one head of plain attention or of a group of heads that share them: GQA-2
   * stores two such pairs, MQA one. Computed for comparison only.
   */
  readonly plain_group: number;
}

/**
 * Multiply-adds of one layer's attention per token in three ways with the same output up to rounding. Counted from the
 * latent and the query up to the heads' outputs, without softmax, RoPE, norms and the projections that all ways share.
 *
 * h is the number of heads, r the width of the latent, T the number of tokens in the context, this token included.
 */
export interface AttentionWork {
  /**
   * With the expanded cache: the token's keys and values are built once, h·(nope + v)·r. Each token of the context is
   * scored, h·(nope + rope), and its values are summed, h·v.
   */
  readonly naive: Work;
  /**
   * With the latent cache: the key projection is folded into the query, h·nope·r. Each token of the context is scored,
   * h·(r + rope), and its latent is summed, h·r. The sum is projected to values, h·r·v.
   */
  readonly absorbed: Work;
  /**
   * With the latent cache, without folding: keys and values of the whole context are rebuilt at each step,
   * T·h·(nope + v)·r, then read as in `naive`.
   */
  readonly rebuilt: Work;
}

/**
 * Multiply-adds: `fixed`, plus `per_token` for each token of the context.
 */
export interface Work {
  /**
   * Independent of the context.
   */
  readonly fixed: number;
  /**
   * For each token of the context.
   */
  readonly per_token: number;
}

/**
 * Number of weights of a model, with norms, biases and routers. The selection bias is not counted: it is a buffer and
 * not a trained parameter, also in transformers.
 */
export interface Parameters {
  /**
   * All weights; a tied head counts once.
   */
  readonly total: number;
  /**
   * Weights used per token: all except the routed experts that are not chosen.
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
  /** the model, opened from files: the hash of its files and its name; without these files no numbers are shown */
  get opened(): string | null;
  set opened(value: string | null | undefined);
  /** the playhead: the token that is shown, from 0 */
  get token(): number;
  set token(value: number | string | null | undefined);
  /** the last token that the model has run, from 0 */
  get ran(): number;
  set ran(value: number | string | null | undefined);
  /** the decoder layer, from 0 */
  get layer(): number;
  set layer(value: number | string | null | undefined);
  /** the selected expert */
  get expert(): number | null;
  set expert(value: number | string | null | undefined);
  /** the last stage of the step that is shown, such as `4.choose`; its number from 0 is also read */
  get stage(): string | null;
  set stage(value: string | null | undefined);
  /** `roll` `router` `next` `flow` `attention` `cache` `grid` `whatif` `cachelab` `models` */
  get view(): 'roll' | 'router' | 'next' | 'flow' | 'attention' | 'cache' | 'grid' | 'whatif' | 'cachelab' | 'models';
  set view(
    value:
      | 'roll'
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
  /** the attention head, from 0 */
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
  /** `always`; `click`: hide answers until asked */
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
  /** `off`: no selection bias */
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
