/** `moescope/define` registers `<moe-scope>` in a page if the name is free, and has the types of `moescope`. */

import './moescope.js';
