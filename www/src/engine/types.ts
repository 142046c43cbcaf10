// Types of the engine and the survey, generated from the Rust types at build time, so the page cannot drift from them.

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
