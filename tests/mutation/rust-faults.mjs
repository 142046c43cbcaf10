// The possible faults of a Rust file, found by patterns in its text: rustfmt puts spaces around every binary operator.

/** Pairs of an operator and the operator that replaces it in a fault. */
const SWAPS = [
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['==', '!='],
  ['!=', '=='],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['&&', '||'],
  ['||', '&&'],
  ['+=', '-='],
  ['-=', '+='],
  ['*=', '/='],
];

const escaped = text => text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');

/** [name of the fault's `operator`, pattern, replacement]; a pattern matches exactly the characters to replace. */
const PATTERNS = [
  ...SWAPS.map(([from, to]) => [`${from} to ${to}`, new RegExp(`(?<=\\s)${escaped(from)}(?=\\s)`, 'gu'), () => to]),
  ['..= to ..', /\.\.=/gu, () => '..'],
  ['true to false', /\btrue\b/gu, () => 'false'],
  ['false to true', /\bfalse\b/gu, () => 'true'],
  ['n to n + 1', /(?<!\w|\de-|(?<!\.)\.)\d+(?!\w|\.(?!\.))/gu, digits => String(Number(digits) + 1)],
  ['min to max', /(?<=\.)min(?=\()/gu, () => 'max'],
  ['max to min', /(?<=\.)max(?=\()/gu, () => 'min'],
  ['!x to x', /(?<!\w)!(?=[\w(])/gu, () => ''],
  ['early return removed', /(?<=^\s*)return\b[^;]*;$/gu, () => ''],
  ['Some to None', /(?<=^\s*(?:return )?)Some\(.*\)(?=;?$)/gu, () => 'None'],
];

/** The faults of a file: `{ line, column, operator, before, after }`, with line and column from 0. */
export function rustFaults(text) {
  const lines = text.split('\n');
  const code = withoutTests(masked(text)).split('\n');
  return code.flatMap((line, index) => {
    if (/\bdebug_assert/u.test(line)) return [];
    return PATTERNS.flatMap(([operator, pattern, replacement]) =>
      [...line.matchAll(pattern)].map(match => {
        const before = lines[index];
        const after =
          before.slice(0, match.index) + replacement(match[0]) + before.slice(match.index + match[0].length);
        return { line: index, column: match.index, operator, before, after: after.trimEnd() };
      }),
    );
  });
}

/** Puts spaces over comments, string and character literals, and attributes; the code keeps its lines and columns. */
function masked(text) {
  const parts =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|\bb?"(?:\\[\s\S]|[^"\\])*"|"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\[^\n]{1,8}?|[^'\\\n])'|#!?\[[^\]\n]*\]/gu;
  return text.replace(parts, part => part.replace(/[^\n]/gu, ' '));
}

/** Cuts off the test module, which is the last item of its file in this crate. */
function withoutTests(text) {
  const start = /^\s*mod tests \{/mu.exec(text)?.index ?? text.length;
  return text.slice(0, start);
}
