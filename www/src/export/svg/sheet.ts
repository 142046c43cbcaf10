// The sheet that a picture is drawn on: its corner on the screen, the inherited style, and unique ids.

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export class Sheet {
  readonly #left: number;
  readonly #top: number;
  /** The inherited style at the root of the picture. */
  readonly style: CSSStyleDeclaration;
  /** One number per shadow tree, because ids are unique only within a tree. */
  readonly #trees = new Map<Node, number>();
  readonly #written = new Set<string>();

  constructor(left: number, top: number, style: CSSStyleDeclaration) {
    this.#left = left;
    this.#top = top;
    this.style = style;
  }

  x(client: number): number {
    return client - this.#left;
  }

  y(client: number): number {
    return client - this.#top;
  }

  /** A box rounded to whole pixels, as browsers draw it. */
  box({ left, top, right, bottom }: Place): { x: number; y: number; width: number; height: number } {
    const [x, y] = [Math.round(left), Math.round(top)];
    return { x: this.x(x), y: this.y(y), width: Math.round(right) - x, height: Math.round(bottom) - y };
  }

  /** The id in the file for the id `name` in the tree of `of`; unique in the file. */
  id(of: Element, name: string): string {
    const tree = of.getRootNode();
    const number = this.#trees.get(tree) ?? this.#trees.size;
    this.#trees.set(tree, number);
    return `t${number}-${name}`;
  }

  /** True on the first call with an id. */
  isNew(id: string): boolean {
    const isNew = !this.#written.has(id);
    this.#written.add(id);
    return isNew;
  }
}
