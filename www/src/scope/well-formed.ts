// Texts that UTF-8 can represent.

/** `text` with each unpaired half of a surrogate pair replaced. Links and the engine cannot represent a half. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
