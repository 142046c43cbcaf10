// The survey of published models: a separate wasm module that needs no engine. It runs on the caller's thread, because
// it only does arithmetic on a few shapes.

import type * as Module from '../../pkg/survey/survey';
import { reasonOf } from './error-message';
import type { Bytes } from './messages';
import { EngineFault } from './messages';
import type { Question, Survey } from './types';

/** What is asked of every published model. */
export type SurveyQuestion = Readonly<Question>;

export class Surveyor {
  readonly #module: typeof Module;
  readonly #presets: Bytes;

  private constructor(module: typeof Module, presets: Bytes) {
    this.#module = module;
    this.#presets = presets;
  }

  /**
   * Compiles the module.
   * @throws EngineFault of kind `fetch` or `wasm`.
   */
  static async open(wasm: Bytes, presets: Bytes): Promise<Surveyor> {
    const module = await import('../../pkg/survey/survey').catch((error: unknown) => {
      throw new EngineFault({ kind: 'fetch', message: `survey.js: ${reasonOf(error)}` });
    });
    try {
      await module.default({ module_or_path: wasm });
    } catch (error) {
      throw new EngineFault({ kind: 'wasm', message: reasonOf(error) });
    }
    return new Surveyor(module, presets);
  }

  /**
   * Surveys the published models, the page's and the question's.
   * @throws EngineFault of kind `config` or `survey`.
   */
  survey(config: Bytes, question: SurveyQuestion): Survey {
    try {
      return this.#module.survey(config, this.#presets, JSON.stringify(question));
    } catch (error) {
      const kind = error instanceof Error && error.name === 'config' ? 'config' : 'survey';
      throw new EngineFault({ kind, message: reasonOf(error) });
    }
  }
}
