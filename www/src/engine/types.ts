// Types of the engine and the survey, generated from the Rust types at build time, so that both always match.

import type { Detail } from '../../pkg/moescope';

export type {
  AttentionWork,
  CacheBytes,
  CacheFormat,
  CacheValues,
  ChanceLoad,
  Compared,
  Component,
  Continuations,
  Detail as StepDetail,
  DetailArray,
  Distribution,
  LayerLoad,
  ExpertLoad,
  Loss,
  Mixture,
  ModelInfo,
  NextTokens,
  Parameters,
  ResolvedWhatIf,
  Question,
  Record as StepRecord,
  Route,
  RouteChange,
  Scheme,
  SchemeName,
  Survey,
  SurveyedModel,
  TokenLoss,
  Weighed,
  WhatIf,
  Work,
} from '../../pkg/moescope';

/** The name of an array in a detail. */
export type DetailName = Exclude<keyof Detail, 'position'>;
