// Registers `<moe-scope>`. A page that has it already, of this version or another, keeps it. May import: the element.

import { MoeScope } from './element';

if (!customElements.get('moe-scope')) customElements.define('moe-scope', MoeScope);
