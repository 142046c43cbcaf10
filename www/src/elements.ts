// The elements that the first picture needs, by their names. May import: the views.

import { Legend } from './views/legend';
import { Overview } from './views/overview';
import { Roll } from './views/roll/roll';
import { Tokens } from './views/roll/tokens';
import { Status } from './views/status';
import { Transport } from './views/transport';

const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  'moe-legend': Legend,
  'moe-overview': Overview,
  'moe-tokens': Tokens,
  'moe-roll': Roll,
  'moe-status': Status,
  'moe-transport': Transport,
};

/** Registers them, and others; a name that is taken stays as it is. */
export function register(others: Readonly<Record<string, CustomElementConstructor>>): void {
  for (const [name, element] of Object.entries({ ...ELEMENTS, ...others })) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}
