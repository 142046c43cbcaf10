// Registers the custom elements that the first paint needs.

import { ChangeBar } from '../shell/change-bar';
import { Legend } from '../shell/legend';
import { MissingModel } from '../shell/missing-model';
import { Open } from '../shell/open-model';
import { Settings } from '../shell/settings';
import { Status } from '../shell/status';
import { Transport } from '../shell/transport';
import { Overview } from '../views/roll/overview';
import { Roll } from '../views/roll/roll';
import { Tokens } from '../views/roll/tokens';

const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  'moe-change-bar': ChangeBar,
  'moe-legend': Legend,
  'moe-missing-model': MissingModel,
  'moe-open': Open,
  'moe-overview': Overview,
  'moe-tokens': Tokens,
  'moe-roll': Roll,
  'moe-settings': Settings,
  'moe-status': Status,
  'moe-transport': Transport,
};

/** Registers `ELEMENTS` and `others`. Returns false if another copy of moescope has registered one of the names. */
export function register(others: Readonly<Record<string, CustomElementConstructor>>): boolean {
  const all = Object.entries({ ...ELEMENTS, ...others });
  for (const [name, element] of all) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
  return all.every(([name, element]) => customElements.get(name) === element);
}
