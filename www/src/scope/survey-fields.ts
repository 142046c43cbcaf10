// The state's fields about published models, clamped to their ranges. Pure.

import { clamp } from './clamp';
import { MOST_CONFIG, MOST_CONTEXT, MOST_MEMORY, MOST_USERS } from './fields';
import type { ScopeState, SurveyFields } from './state';
import { wellFormed } from './well-formed';

/** The survey's fields with `asked` applied, numbers clamped to their ranges. */
export function clampSurvey(state: ScopeState, asked: Partial<SurveyFields>): SurveyFields {
  const { published, context, users, memory, bits, weights, config } = { ...state, ...asked };
  const whole = (value: number, least: number, most: number, before: number): number =>
    Number.isFinite(value) ? clamp(Math.round(value), least, most) : before;
  return {
    published,
    context: whole(context, 1, MOST_CONTEXT, state.context),
    users: whole(users, 0, MOST_USERS, state.users),
    memory: whole(memory, 1, MOST_MEMORY, state.memory),
    bits,
    weights,
    config: wellFormed(config.slice(0, MOST_CONFIG)),
  };
}
