// Figures of DeepSeek-V3 that lessons name. Sizes: its config.json, copied in ai-dynamo/aiconfigurator@095f58a; a test
// compares them with engine/presets.json. The rest: DeepSeek-V3 Technical Report (arXiv 2412.19437) and its checkpoint.

export const DEEPSEEK_V3 = {
  layers: 61,
  denseLayers: 3,
  experts: 256,
  sharedExperts: 1,
  chosen: 8,
  groups: 8,
  keptGroups: 4,
  scale: 2.5,
  heads: 128,
  latent: 512,
  ropeKey: 64,
  nopeKey: 128,
  value: 128,
  /** Bytes of a cached value in bfloat16, the `torch_dtype` of the config. */
  valueBytes: 2,
  /** Published numbers of weights, in all and used per token (the README of deepseek-ai/DeepSeek-V3). */
  parameters: 671e9,
  active: 37e9,
  /** The smallest selection bias of all layers: e_score_correction_bias in the checkpoint. */
  smallestBias: 2.02,
} as const;
