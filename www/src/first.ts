// What the native engine made of the first example when the site was built (`cargo xtask build`): the first paint is
// finished before the page's own engine is up, which then says the same. May import: engine's types, scope (state).

import first from '../pkg/first.json';
import type { ModelInfo } from './engine/types';
import type { Prepared } from './scope/state';
import examples from './text/examples.json';

/** The labels of the tokens that the first paint shows, by id. */
function vocabulary(): string[] {
  const labels: string[] = [];
  for (const [id, label] of Object.entries(first.labels)) labels[Number(id)] = label;
  return labels;
}

export const prepared: Prepared = {
  model: {
    info: first.info as ModelInfo,
    selectionBiases: first.selection_biases,
    vocabulary: vocabulary(),
    blank: first.blank,
  },
  tokens: first.tokens,
  records: first.records,
};

export const firstExample = examples[0] ?? { text: '', position: 0 };
