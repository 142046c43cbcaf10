// The size of type and pictures: the zoom of a shell, and the layout that fits the window at this zoom. Media queries
// do not see a zoom, so classes of the shell's parts take the place of media queries for the window's width.

/** Window width in px from which the page is larger than its size says, and by which factor. */
const LARGE = 1600;
const LARGER = 1.15;

/** The sizes in the menu. */
const SIZES = [0.75, 1, 1.25, 1.5, 2] as const;

/** Window widths and a height in px, at zoom 1, below which the layout has the class. */
const WIDTHS = [
  ['below-900', 900],
  ['below-768', 768],
  ['below-600', 600],
  ['below-400', 400],
] as const;
const LOW = 560;

/** The zoom of the page, which fills the window. */
export function pageZoom(size: number, windowWidth: number): number {
  return windowWidth < LARGE ? size : size * LARGER;
}

/** All classes of `layoutClasses`. */
export const LAYOUT_CLASSES: readonly string[] = [...WIDTHS.map(([name]) => name), 'low'];

/** The classes of a layout for a window, in px of the layout. */
export function layoutClasses(width: number, height: number): string[] {
  const narrow = WIDTHS.filter(([, least]) => width < least).map(([name]) => name);
  return height < LOW ? [...narrow, 'low'] : narrow;
}

/** The sizes to choose from, with the chosen one. */
export function sizesWith(chosen: number): number[] {
  return [...new Set([...SIZES, chosen])].sort((one, other) => one - other);
}
