// Lint rules for the imports in `src`. `folders` checks each import against the table "Folders of the page"
// in `docs/architecture.md`; `circles` finds files that import each other, directly or through other files.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

const TABLE = 'docs/architecture.md';
const HEADING = '## Folders of the page';

/**
 * @typedef {object} Row
 * @property {string} folder In `src`. `views/*` means each folder in `views` that has no row of its own.
 * @property {ReadonlyMap<string, 'all' | 'types'>} targets What the folder may import: folders in `src`, entries
 *   of `www`, and packages.
 *
 * @typedef {ReadonlyMap<string, Row>} Table The rows, by folder.
 */

/**
 * Reads the table of folders.
 * @param {string} markdown
 * @returns {Table}
 * @throws {Error} If the table is missing or malformed, or if its folders import each other in a circle.
 */
export function readTable(markdown) {
  const [, section = ''] = markdown.split(`${HEADING}\n`);
  const [own = ''] = section.split(/^## /mu);
  const lines = own.split('\n').filter(line => line.startsWith('|'));
  if (lines.length < 3) throw new Error(`${TABLE}: no table below “${HEADING}”`);
  const rows = lines.slice(2).map(readRow);
  const table = new Map(rows.map(row => [row.folder, row]));
  if (table.size < rows.length) throw new Error(`${TABLE}: two rows for one folder`);
  const circle = circleIn(new Map(rows.map(({ folder, targets }) => [folder, [...targets.keys()]])));
  if (circle) throw new Error(`${TABLE}: folders import each other: ${circle.join(' -> ')}`);
  return table;
}

/**
 * @param {string} line
 * @returns {Row}
 */
function readRow(line) {
  const [, first = '', role, last = ''] = line.split('|').map(cell => cell.trim());
  const folder = /^`([\w*/-]+)\/`$/u.exec(first)?.[1];
  const targets = last.split(', ').map(each => /^`([\w.*/-]+?)\/?`( \(types\))?$/u.exec(each));
  if (!folder || !role || targets.includes(null)) throw new Error(`${TABLE}: malformed row: ${line}`);
  return {
    folder,
    targets: new Map(targets.map(each => [each?.[1] ?? '', each?.[2] === undefined ? 'all' : 'types'])),
  };
}

/**
 * The reason why a file may not import a module; null if the file may import it.
 * @param {Table} table
 * @param {string} file Path in `src`.
 * @param {string} specifier The module as it is written in the import, for example `../scope/state`.
 * @param {boolean} isType True if only types are imported.
 * @returns {string | null}
 */
export function refusal(table, file, specifier, isType) {
  const own = placeOf(table, file);
  if (!own) return `src/${file} is in no folder of the table in ${TABLE}`;
  const target = targetOf(table, file, specifier);
  if (target.folder === own.folder) return null;
  const allowed = own.row.targets.get(target.name);
  if (allowed === 'all' || (allowed === 'types' && isType)) return null;
  return `${own.folder} may not import ${allowed ? 'values of ' : ''}${target.folder}: see the table in ${TABLE}`;
}

/**
 * The folder of a file and the row that describes it; null if the table has none.
 * @param {Table} table
 * @param {string} file Path in `src`.
 * @returns {{ readonly folder: string, readonly row: Row } | null}
 */
function placeOf(table, file) {
  const folders = file.split('/').slice(0, -1);
  const [first = ''] = folders;
  const two = folders.slice(0, 2).join('/');
  const row = table.get(two) ?? (folders.length > 1 ? table.get(`${first}/*`) : undefined);
  if (row) return { folder: two, row };
  const outer = table.get(first);
  return outer ? { folder: first, row: outer } : null;
}

/**
 * The name that the table has for a module, and the module's folder; for example `views/*` and `views/grid`.
 * @param {Table} table
 * @param {string} file Path in `src`.
 * @param {string} specifier
 * @returns {{ readonly name: string, readonly folder: string }}
 */
function targetOf(table, file, specifier) {
  const named = (/** @type {string} */ name) => ({ name, folder: name });
  // Vite serves `public` at the root.
  if (specifier.startsWith('/')) return named('public');
  if (!specifier.startsWith('.')) return named(/^(?:@[^/]+\/)?[^/]+/u.exec(specifier)?.[0] ?? specifier);
  const path = posix.join('src', posix.dirname(file), specifier.replace(/\?.*$/su, ''));
  if (!path.startsWith('src/')) return named(path.split('/')[0] ?? path);
  const place = placeOf(table, path.slice('src/'.length));
  return place ? { name: place.row.folder, folder: place.folder } : named(path);
}

/**
 * The first circle of a graph, from a node back to itself; null if there is none.
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {string[] | null}
 */
export function circleIn(graph) {
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {(node: string, path: readonly string[]) => string[] | null} */
  const walk = (node, path) => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of graph.get(node) ?? []) {
      const circle = walk(next, [...path, node]);
      if (circle) return circle;
    }
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const circle = walk(node, []);
    if (circle) return circle;
  }
  return null;
}

/**
 * Each TypeScript file of a folder, except tests, with the files that it imports (also for types, or by `import()`).
 * @param {string} src
 * @returns {Map<string, string[]>}
 */
export function fileGraph(src) {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map(file => file.split(sep).join('/'))
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return new Map(
    files.map(file => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(src, file), 'utf8'), true, true);
      const targets = importedFiles
        .map(({ fileName }) => `${posix.join(posix.dirname(file), fileName.replace(/\?.*$/su, ''))}.ts`)
        .filter((target, index) => importedFiles[index]?.fileName.startsWith('.') && existsSync(join(src, target)));
      return [file, targets];
    }),
  );
}

/**
 * @typedef {import('estree').Node} Node
 * @typedef {'type' | 'value'} Kind
 * @typedef {{ readonly importKind?: Kind, readonly exportKind?: Kind }} Specifier
 * @typedef {Specifier & { readonly source: Node | null, readonly specifiers?: readonly Specifier[] }} Declaration
 */

/**
 * True if a declaration imports or exports only types.
 * @param {Declaration} declaration
 */
function isTypeOnly({ importKind, exportKind, specifiers = [] }) {
  if (importKind === 'type' || exportKind === 'type') return true;
  return specifiers.length > 0 && specifiers.every(each => (each.importKind ?? each.exportKind) === 'type');
}

/**
 * The lint plugin for the folder `src` in `www`.
 * @param {string} www
 * @param {string} markdown The text of `docs/architecture.md`.
 * @returns {import('eslint').ESLint.Plugin}
 */
export function importRules(www, markdown) {
  const table = readTable(markdown);
  const src = join(www, 'src');
  const inSrc = (/** @type {string} */ path) => relative(src, path).split(sep).join('/');
  /** @type {string[] | null | undefined} Undefined until the first file is checked; computed once for all files. */
  let circle;
  return {
    rules: {
      folders: {
        create(context) {
          /** @type {(source: Node | null | undefined, isType: boolean) => void} */
          const check = (source, isType) => {
            if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
            const message = refusal(table, inSrc(context.filename), source.value, isType);
            if (message !== null) context.report({ node: source, message });
          };
          const checkDeclaration = (/** @type {Declaration} */ node) => {
            check(node.source, isTypeOnly(node));
          };
          return {
            ImportDeclaration: checkDeclaration,
            ExportNamedDeclaration: checkDeclaration,
            ExportAllDeclaration: checkDeclaration,
            ImportExpression(/** @type {import('estree').ImportExpression} */ node) {
              check(node.source, false);
            },
            // `import('./module').Name` as a type.
            TSImportType(/** @type {{ readonly source: Node }} */ node) {
              check(node.source, true);
            },
            'NewExpression[callee.name="URL"][arguments.1.object.type="MetaProperty"]'(
              /** @type {{ readonly arguments: readonly Node[] }} */ node,
            ) {
              check(node.arguments[0], false);
            },
          };
        },
      },
      circles: {
        create(context) {
          return {
            Program(node) {
              if (circle === undefined) circle = circleIn(fileGraph(src));
              if (!circle?.includes(inSrc(context.filename))) return;
              context.report({ node, message: `Files import each other: ${circle.join(' -> ')}` });
            },
          };
        },
      },
    },
  };
}
