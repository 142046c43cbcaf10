// Writes XML elements as text.

export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** An element; `content` is XML. */
export function tag(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === null || value === undefined
      ? ''
      : ` ${key}="${escaped(typeof value === 'number' ? short(value) : value)}"`,
  );
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`;
}

/** Escapes a text; characters that XML does not allow are replaced. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A number rounded to a thousandth. */
export function short(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
