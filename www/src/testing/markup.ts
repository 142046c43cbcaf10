// Renders a lit template to text, so that a unit test can look for words and attributes without a browser.

interface Template {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
}

export function markup(value: unknown): string {
  if (Array.isArray(value)) return value.map(markup).join('');
  if (isTemplate(value)) {
    return value.strings.map((text, index) => text + markup(value.values[index])).join('');
  }
  return typeof value === 'string' || typeof value === 'number' ? escaped(String(value)) : '';
}

/** The text of a template, without tags. */
export function textOf(template: unknown): string {
  return markup(template)
    .replace(/<[^>]*>/gu, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replace(/\s+/gu, ' ')
    .trim();
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function isTemplate(value: unknown): value is Template {
  return typeof value === 'object' && value !== null && 'strings' in value && 'values' in value;
}
