// The possible faults of a TypeScript file, found in its syntax tree. The compiler comes from www/node_modules.

/** For each operator, the operator that replaces it in a fault. */
const SWAPS = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
};

/** The faults of a file: `{ line, column, operator, before, after }`, with line and column from 0. */
export function typescriptFaults(ts, source, checker) {
  const lines = source.text.split('\n');
  const faults = [];

  const add = (start, end, operator, replacement) => {
    const { line, character: column } = source.getLineAndCharacterOfPosition(start);
    const before = lines[line];
    // A fault is in one line, so the line must contain all replaced text.
    if (column + (end - start) > before.length) return;
    const after = before.slice(0, column) + replacement + before.slice(column + (end - start));
    faults.push({ line, column, operator, before, after: after.trimEnd() });
  };
  const replace = (node, operator, replacement) => {
    add(node.getStart(source), node.getEnd(), operator, replacement);
  };

  const visit = node => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const from = node.operatorToken.getText(source);
      const to = SWAPS[from];
      if (to) replace(node.operatorToken, `${from} to ${to}`, to);
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      const start = node.getStart(source);
      add(start, start + 1, '!x to x', '');
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
      replace(node, 'true to false', 'false');
    } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
      replace(node, 'false to true', 'true');
    } else if (ts.isNumericLiteral(node) && /^[0-9]+$/u.test(node.getText(source))) {
      replace(node, 'n to n + 1', String(Number(node.text) + 1));
    } else if (ts.isPropertyAccessExpression(node) && node.expression.getText(source) === 'Math') {
      if (node.name.text === 'min') replace(node.name, 'min to max', 'max');
      if (node.name.text === 'max') replace(node.name, 'max to min', 'min');
    } else if (ts.isReturnStatement(node)) {
      const { parent } = node;
      if (ts.isIfStatement(parent) && parent.thenStatement === node && !parent.elseStatement) {
        replace(parent, 'early return removed', '');
      } else if (node.expression) {
        const neutral = neutralOf(ts, checker, node.expression);
        if (neutral && neutral !== node.expression.getText(source)) {
          replace(node.expression, `returns ${neutral}`, neutral);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

/** The code of a neutral value of an expression's type, such as `0` or `[]`; null if the type has no obvious one. */
function neutralOf(ts, checker, expression) {
  const type = checker.getContextualType(expression) ?? checker.getTypeAtLocation(expression);
  const types = type.isUnion() ? type.types : [type];
  const any = flag => types.some(each => each.flags & flag);
  if (any(ts.TypeFlags.Null)) return 'null';
  if (any(ts.TypeFlags.Undefined)) return 'undefined';
  if (any(ts.TypeFlags.BooleanLike)) return 'false';
  if (any(ts.TypeFlags.NumberLike)) return '0';
  if (any(ts.TypeFlags.String)) return "''";
  if (types.some(each => checker.isArrayType(each))) return '[]';
  return null;
}
