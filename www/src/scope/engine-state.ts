// Changes of the engine's state, as pure functions.

import type { Progress } from '../engine/fetch-files';
import type { EngineState, ShownFault } from './state';

/** A model is loading. An engine that has one goes on with it until the new one is ready. */
export function loading(engine: EngineState, progress: Progress): EngineState {
  return 'next' in engine ? { ...engine, next: progress } : { is: 'loading', progress };
}

/** No model is loading any more. */
export function notLoading(engine: EngineState): EngineState {
  if ('next' in engine) return { ...engine, next: null };
  return engine.is === 'loading' ? { is: 'empty' } : engine;
}

/** The engine has crashed, and the new one has no text. */
export function restarting(engine: EngineState): EngineState {
  return engine.is === 'running' ? { ...engine, is: 'restarting' } : engine;
}

/** The engine has the text. */
export function running(engine: EngineState): EngineState {
  if (!('next' in engine) || engine.is === 'running') return engine;
  return { is: 'running', inPage: engine.inPage, next: engine.next };
}

/** After a fault no model is loading. Only a load without a model, or a crash, changes what the engine does. */
export function afterFault(engine: EngineState, { kind, message, during, recovered }: ShownFault): EngineState {
  const failure = { kind, sentence: message };
  if (!('next' in engine)) return during === 'load' ? { is: 'failed', during, ...failure } : engine;
  if (during === 'load' || kind !== 'panic') return engine.next ? { ...engine, next: null } : engine;
  const { inPage } = engine;
  if (recovered) return { is: 'restarting', inPage, next: null };
  return { is: 'failed', during, inPage, next: null, ...failure };
}
