// The engine's own types, made from the Rust types when it is built: the page cannot drift from the engine.
// Only types pass through here. May import: `pkg`.

export type {
  CacheBytes,
  CacheValues,
  Distribution,
  LayerLoad,
  Load,
  ModelInfo,
  NextTokens,
  Parameters,
  Record as StepRecord,
  Route,
} from '../../pkg/moescope';
