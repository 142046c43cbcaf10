// What both entries are where pages are only written, not shown: in Node, while a server renders. There is nothing to
// draw with and nothing is registered; `<moe-scope>` is written with what stands inside it, and the browser's script
// does the rest. The class can be named and extended.

export class MoeScope extends (typeof HTMLElement === 'undefined' ? Object : HTMLElement) {
  /** @type {readonly string[]} */
  static observedAttributes = [];
}
