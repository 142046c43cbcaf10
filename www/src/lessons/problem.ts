// What can be wrong in a lesson's file.

/** A reason why a file is not a lesson. */
export type Problem =
  /** The file is too long, or has no front matter, no step or too many steps. */
  | { readonly is: 'length'; readonly found: number; readonly most: number }
  | { readonly is: 'front matter'; readonly line: number; readonly found: string }
  | { readonly is: 'open'; readonly line: number; readonly what: 'front matter' | 'block' }
  | { readonly is: 'no steps' }
  | { readonly is: 'too many steps'; readonly found: number; readonly most: number }
  /** A line of a block is not `name: value`. */
  | { readonly is: 'line'; readonly line: number; readonly found: string }
  | { readonly is: 'quotes'; readonly line: number; readonly field: string; readonly found: string }
  | { readonly is: 'unknown'; readonly line: number; readonly field: string; readonly expected: readonly string[] }
  | { readonly is: 'twice'; readonly line: number; readonly field: string }
  | { readonly is: 'missing'; readonly line: number; readonly field: string }
  | {
      readonly is: 'value';
      readonly line: number;
      readonly field: string;
      readonly found: string;
      readonly expected: string;
    }
  /** A step without its block `step`, without text, or with too much of it. */
  | { readonly is: 'no block'; readonly line: number; readonly title: string }
  | { readonly is: 'no text'; readonly line: number; readonly part: Part }
  | {
      readonly is: 'words';
      readonly line: number;
      readonly part: Part;
      readonly found: number;
      readonly most: number;
    }
  /** A question without what is shown after its answer, or the other way round. */
  | { readonly is: 'no after'; readonly line: number }
  | { readonly is: 'no question'; readonly line: number }
  | { readonly is: 'placeholder'; readonly line: number; readonly found: string }
  | { readonly is: 'address'; readonly line: number; readonly found: string }
  | { readonly is: 'row'; readonly line: number; readonly found: number; readonly expected: number }
  | { readonly is: 'outside'; readonly line: number; readonly found: string };

/** The step's text, or the text after the answer. */
export type Part = 'text' | 'after';
