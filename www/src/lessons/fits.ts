// Finds out why a lesson cannot be shown with the loaded model, if it cannot. Pure.

import type { Loaded } from '../engine/messages';
import { parseAddress, addressOf } from '../scope/address';
import { stagesOf, writeStage } from '../scope/stages';
import { initialState } from '../scope/state';
import type { ScopeState } from '../scope/state';
import { END } from '../scope/values';
import type { Asked, Lesson, StateFields, Step } from './format';
import { valuesIn } from './inline';
import type { Mark } from './marks';
import { kindOf } from './marks';
import type { Misfit } from './misfit';
import type { Need } from './needs';
import { has, NEEDS } from './needs';
import { needsOf } from './phrases';
import { needsOfQuestion } from './questions';

/** Why the lesson cannot be shown with this model; null if it can. */
export function misfitOf(lesson: Lesson, model: Loaded): Misfit | null {
  const wanted = new Set([...lesson.needs, ...lesson.steps.flatMap(needsOfStep)]);
  const need = NEEDS.find(each => wanted.has(each) && !has(model, each));
  if (need) return { is: 'need', need };
  for (const step of lesson.steps) {
    const misfit = stepMisfit(step, model);
    if (misfit) return misfit;
  }
  return null;
}

function needsOfStep({ marks, text, asked }: Step): readonly Need[] {
  const values = [...valuesIn(text), ...valuesIn(asked?.text ?? [])];
  return [
    ...values.flatMap(needsOf),
    ...(asked ? needsOfQuestion(asked.question) : []),
    ...[...marks, ...(asked?.marks ?? [])].flatMap(({ name }) => kindOf(name).needs),
  ];
}

function stepMisfit({ state, marks, asked }: Step, model: Loaded): Misfit | null {
  const parts: { readonly state: StateFields; readonly marks: readonly Mark[]; readonly asked: Asked | null }[] = [
    { state, marks, asked },
    ...(asked ? [{ state: asked.state, marks: asked.marks, asked }] : []),
  ];
  for (const part of parts) {
    const { state: shown } = parseAddress(addressOf(part.state), initialState('', END, END));
    const misfit = stateMisfit(shown, model, part.asked !== null) ?? marksMisfit(part.marks, model);
    if (misfit) return misfit;
  }
  return null;
}

/** A place in the state that the model does not have. */
function stateMisfit(state: ScopeState, model: Loaded, isAsked: boolean): Misfit | null {
  const { info } = model;
  const { layer, expert, head, stage, whatIf } = state;
  const places = [...whatIf.experts_off, ...whatIf.experts_forced, ...whatIf.bias_shifts];
  const needsRouter = state.view === 'router' || (isAsked && expert !== null);
  return (
    layerMisfit(layer, model, needsRouter || expert !== null) ??
    above('expert', expert ?? 0, expert === null ? END : info.n_routed_experts - 1) ??
    above('head', head, info.num_attention_heads - 1) ??
    places.map(each => placeMisfit(each.layer, each.expert, model)).find(misfit => misfit !== null) ??
    above('expert', whatIf.num_experts_per_tok ?? 0, info.n_routed_experts) ??
    above('group', whatIf.topk_group ?? 0, info.n_group) ??
    stageMisfit(stage, model)
  );
}

function stageMisfit(stage: ScopeState['stage'], { info }: Loaded): Misfit | null {
  if (stage === null) return null;
  const stages = stagesOf(info);
  const isKnown =
    typeof stage === 'number'
      ? stage < stages.length
      : stages.some(({ layer, operation }) => layer === stage.layer && operation === stage.operation);
  return isKnown ? null : { is: 'stage', stage: writeStage(stage) };
}

function marksMisfit(marks: readonly Mark[], model: Loaded): Misfit | null {
  const { info } = model;
  for (const { name, layer, number } of marks) {
    const needsRouter = kindOf(name).needs.length > 0;
    const misfit =
      (layer === null ? null : layerMisfit(layer, model, needsRouter)) ??
      (name === 'group' ? above('group', number ?? 0, info.n_group - 1) : null) ??
      (name === 'expert' || name === 'row' ? above('expert', number ?? 0, info.n_routed_experts - 1) : null);
    if (misfit) return misfit;
  }
  return null;
}

function placeMisfit(layer: number, expert: number, model: Loaded): Misfit | null {
  return layerMisfit(layer, model, true) ?? above('expert', expert, model.info.n_routed_experts - 1);
}

/** A layer that the model does not have, or that is dense although the step needs experts. */
function layerMisfit(layer: number, { info }: Loaded, isRouted: boolean): Misfit | null {
  if (layer === END) return null;
  const misfit = above('layer', layer, info.num_hidden_layers - 1);
  return misfit ?? (isRouted && layer < info.first_k_dense_replace ? { is: 'routed layer', layer } : null);
}

function above(is: 'layer' | 'expert' | 'group' | 'head', found: number, most: number): Misfit | null {
  return found > most ? { is, found, most } : null;
}
