// Registers `<moe-scope>`, unless the page has registered it already, in this version or another.

import { MoeScope } from './element';

if (!customElements.get('moe-scope')) customElements.define('moe-scope', MoeScope);
