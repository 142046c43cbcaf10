// The engine's own types, made from the Rust types when it is built: the page cannot drift from the engine.
// Only types pass through here. May import: `pkg`.

export type {
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
  Question,
  Scheme,
  SchemeName,
  Survey,
  Surveyed,
  Weighed,
} from '../../pkg/moescope';
