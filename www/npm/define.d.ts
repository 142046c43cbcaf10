/** `moescope/define` registers `<moe-scope>`, where there is a page and the name is free. Its types come with it. */

import './moescope.js';
