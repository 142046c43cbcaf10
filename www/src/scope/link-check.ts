// Fields of a link that the model or the text does not have. Pure.

import type { Loaded } from '../engine/messages';
import { tokenCount } from './select';
import { stagesOf, writeStage } from './stages';
import type { Complaint, PendingLink, ScopeState, Snapshot } from './state';
import { END } from './values';

/** The ids before the first id outside the model's vocabulary, and a complaint about that first id. */
export function knownIds(
  { info }: Loaded,
  ids: readonly number[],
): { appended: readonly number[]; complaints: Complaint[] } {
  const unknown = ids.findIndex(token => token >= info.vocab_size);
  if (unknown < 0) return { appended: ids, complaints: [] };
  const found = String(ids[unknown]);
  const used = String(info.vocab_size - 1);
  return { appended: ids.slice(0, unknown), complaints: [{ field: 'ids', found, problem: 'vocabulary', used }] };
}

/** Fields of the link that are out of range for this text or model, unless the user has changed them since. */
export function outOfRangeComplaints(snapshot: Snapshot, linked: PendingLink): Complaint[] {
  const { state, model } = snapshot;
  if (!linked) return [];
  const most = {
    token: tokenCount(snapshot) - 1,
    ran: tokenCount(snapshot) - 1,
    layer: model.info.num_hidden_layers - 1,
    expert: model.info.n_routed_experts - 1,
    head: model.info.num_attention_heads - 1,
  };
  const limited = ({ position, reach, layer, expert, head }: ScopeState): typeof most => ({
    token: position,
    ran: reach > position ? reach : END,
    layer,
    expert: expert ?? 0,
    head,
  });
  const [first, now] = [limited(linked), limited(state)];
  const numbers = (Object.keys(most) as (keyof typeof most)[])
    .filter(field => [first, now].every(each => each[field] !== END && each[field] > most[field]))
    .map((field): Complaint => ({
      field,
      found: String(first[field]),
      problem: field === 'token' || field === 'ran' ? 'end' : 'range',
      used: String(most[field]),
    }));
  return [...numbers, ...stageComplaints(model, linked, state)];
}

/** A complaint about a stage that the model does not have. */
function stageComplaints({ info }: Loaded, { stage: asked }: ScopeState, { stage }: ScopeState): Complaint[] {
  const stages = stagesOf(info);
  const last = stages.length - 1;
  if (asked === null || asked === END || stage !== asked) return [];
  if (typeof asked === 'number') {
    const used = String(last);
    return asked > last ? [{ field: 'stage', found: String(asked), problem: 'range', used }] : [];
  }
  const isKnown = stages.some(({ layer, operation }) => layer === asked.layer && operation === asked.operation);
  return isKnown ? [] : [{ field: 'stage', found: writeStage(asked), problem: 'range', used: '' }];
}
