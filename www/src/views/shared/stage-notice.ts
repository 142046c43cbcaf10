// The notice of a view that shows the step up to a stage before the last: it names the stage, and a button shows the
// whole step.

import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { shownStage, stageIndex } from '../../scope/select';
import { stagesOf } from '../../scope/stages';
import type { Intent } from '../../scope/intents';
import type { Snapshot } from '../../scope/state';
import type { Words } from '../../text/words';

export function stageNotice(
  snapshot: Snapshot,
  words: Words,
  ask: (intent: Intent) => void,
): TemplateResult | typeof nothing {
  const stage = shownStage(snapshot);
  if (!stage) return nothing;
  const name = words.flow.stages.name(stage.layer, stage.operation);
  const count = stagesOf(snapshot.model.info).length;
  return html`
    <p class="stage-notice small">
      ${words.stageNotice.shown(name, stageIndex(snapshot), count)}
      <button
        class="plain"
        @click=${() => {
          ask({ do: 'whole step' });
        }}
      >
        ${words.stageNotice.whole}
      </button>
    </p>
  `;
}
