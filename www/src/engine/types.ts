// The engine's and the survey's own types, made from the Rust types when they are built: the page cannot drift from them.
// Only types pass through here. May import: `pkg`.

export type {
  AttentionWork,
  CacheBytes,
  CacheFormat,
  CacheValues,
  Compared,
  Component,
  Distribution,
  LayerLoad,
  Load,
  Loss,
  Mixture,
  ModelInfo,
  NextTokens,
  Parameters,
  Plan,
  Record as StepRecord,
  Route,
  TokenLoss,
  WhatIf,
  Work,
} from '../../pkg/moescope';
export type { Question, Scheme, SchemeName, Survey, Surveyed, Weighed } from '../../pkg/survey/survey';
