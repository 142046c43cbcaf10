/** A lesson to open: one of the built-in ones, a file of the user, or the address of a file. */
export type LessonSource =
  | { readonly kind: 'built-in'; readonly id: string }
  | { readonly kind: 'file'; readonly file: Blob & { readonly name: string } }
  | { readonly kind: 'address'; readonly address: string };
