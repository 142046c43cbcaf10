// Both entries for server rendering, as in Node. Nothing is drawn or registered: the server writes `<moe-scope>` with its
// content, and the browser's script shows it. The class can be named and extended.

export class MoeScope extends (typeof HTMLElement === 'undefined' ? Object : HTMLElement) {
  /** @type {readonly string[]} */
  static observedAttributes = [];
}
