// Finds the files that a script refers to: static and dynamic imports, and `new URL(…, import.meta.url)`.

import { posix } from 'node:path';
import { parseAst } from 'vite';

/** The files that a script refers to, as paths in the package. A name without `./` is also read as a relative path. */
export function references(file: string, script: string): string[] {
  const found: string[] = [];
  const see = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (isNode(node)) found.push(...addresses(node));
    for (const child of Object.values(node)) see(child);
  };
  see(parseAst(script));
  return found.map(address => posix.join(posix.dirname(file), address));
}

interface Node {
  readonly type: string;
  readonly [name: string]: unknown;
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string';
}

function addresses(node: Node): string[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return text(node['source']);
    case 'NewExpression': {
      const [address, from] = node['arguments'] as readonly Node[];
      const callee = node['callee'] as Node;
      return callee['name'] === 'URL' && isOwnAddress(from) ? text(address) : [];
    }
    default:
      return [];
  }
}

/** True if the node is `import.meta.url`. */
function isOwnAddress(node: Node | undefined): boolean {
  const object = node?.['object'] as Node | undefined;
  return node?.type === 'MemberExpression' && object?.type === 'MetaProperty';
}

/** A list of one text, for a string or a template literal without placeholders; an empty list for any other node. */
function text(node: unknown): string[] {
  if (typeof node !== 'object' || node === null || !isNode(node)) return [];
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : [];
  if (node.type !== 'TemplateLiteral') return [];
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.length === 1 ? quasis.map(({ value }) => value.cooked) : [];
}
