/** Replaces each unpaired half of a surrogate pair, because UTF-8, which links and the engine use, cannot encode it. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
