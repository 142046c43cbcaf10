// Generates files from the list of fields in `src/scope/fields.ts`: the element's manifest and types, the tables of fields
// in the documentation, and the types of the notebook widget. `cargo xtask fields` writes the files; a test compares them.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import ts from 'typescript';
import { ERROR_KINDS } from './src/faces/error-kinds';
import { kindOf, MARK_NAMES, usageOf } from './src/lessons/marks';
import { meaningOf, PHRASE_NAMES } from './src/lessons/phrases';
import { STATE_NAMES } from './src/lessons/place';
import { CHOICES } from './src/lessons/questions';
import type { LinkField } from './src/scope/address';
import { LINK_FIELDS } from './src/scope/address';

const ROOT = new URL('../', import.meta.url);

/** A field under its current name or under its old name. */
interface Named extends LinkField {
  /** The name that replaces an old name; undefined if `name` is the current name. */
  readonly current?: string;
}

/** The parts of a custom elements manifest that are replaced. */
interface Manifest {
  readonly modules: readonly [
    {
      readonly declarations: readonly [
        { attributes: unknown; members: readonly { readonly kind: string; readonly attribute?: string }[] },
      ];
    },
  ];
}
/** The element's attribute that is not a field, and its property. */
const LESSON_SRC = {
  name: 'lesson-src',
  type: { text: 'string' },
  description: 'the address of a lesson’s file (Markdown), relative to the page',
  default: 'none',
  fieldName: 'lessonSrc',
};

const MANIFEST = 'www/public/custom-elements.json';
const TYPES = 'www/public/moescope.d.ts';
const DOCS = 'docs/embedding.md';
const LESSONS = 'docs/lessons.md';
const STUB = 'python/src/moescope/scope.pyi';
/** The types that wasm-bindgen and tsify generate from the Rust types. */
const ENGINE_TYPES = 'www/pkg/moescope.d.ts';

/** The engine's types that the element's events contain, and their names in `moescope.d.ts`. */
const EVENT_TYPES = new Map([
  ['Record', 'StepRecord'],
  ['ModelInfo', 'ModelInfo'],
]);

/** Fields of a record that are whole numbers: `number` in TypeScript, `int` and not `float` in Python. */
const WHOLE = new Set(['position', 'token', 'layer', 'kept_groups', 'experts', 'latent', 'expanded', 'tokens']);

/** The text of each generated file, by the file's path in the project. */
export async function generated(): Promise<Map<string, string>> {
  const engine = engineTypes(await read(ENGINE_TYPES));
  const blocks = [
    ['fields', propertyFields().flatMap(typesOf).join('\n')],
    ['engine', engine.text],
    ['errors', `export type ErrorKind = ${ERROR_KINDS.map(kind => `'${kind}'`).join(' | ')};`],
  ] as const;
  const types = blocks.reduce((text, [name, block]) => withBlock(text, '//', name, block), await read(TYPES));
  return new Map([
    [MANIFEST, await pretty(MANIFEST, manifest(JSON.parse(await read(MANIFEST)) as Manifest))],
    [TYPES, await pretty(TYPES, types)],
    [DOCS, withTable(await read(DOCS))],
    [LESSONS, lessonTables(await read(LESSONS))],
    [STUB, stub(await read(STUB), engine.interfaces)],
  ]);
}

/** The fields that are properties only of this element; `lang` is a property of every HTML element. */
function propertyFields(): LinkField[] {
  return LINK_FIELDS.filter(({ name }) => name !== 'lang');
}

/** A field under its name, and under its old name if it has one. */
function withAlias(field: LinkField): Named[] {
  return field.alias === undefined ? [field] : [field, { ...field, name: field.alias, current: field.name }];
}

/** The manifest with the attributes and properties of all fields. */
function manifest(old: Manifest): string {
  const deprecated = (current: string | undefined) => (current === undefined ? {} : { deprecated: `use ${current}` });
  const attributes = LINK_FIELDS.flatMap(withAlias).map(({ name, attribute, meaning, byDefault, current }) => ({
    name,
    type: { text: attribute },
    description: meaning,
    default: byDefault,
    fieldName: name,
    ...deprecated(current),
  }));
  const properties = propertyFields()
    .flatMap(withAlias)
    .map(({ name, property, current }) => ({
      kind: 'field',
      name,
      attribute: name,
      type: { text: property },
      ...deprecated(current),
    }));
  const [declaration] = old.modules[0].declarations;
  const others = declaration.members.filter(({ attribute }) => attribute === undefined);
  const isField = ({ kind }: { readonly kind: string }): boolean => kind === 'field';
  const { name: attribute, fieldName: name, type } = LESSON_SRC;
  const lessonSrc = { kind: 'field', name, attribute, type };
  declaration.attributes = [...attributes, LESSON_SRC];
  declaration.members = [...others.filter(isField), ...properties, lessonSrc, ...others.filter(each => !isField(each))];
  return JSON.stringify(old);
}

/** The property of a field. Reading gives the field's type; it can be set to this type, to the text of a link, or reset. */
function typesOf(field: LinkField): string[] {
  return withAlias(field).map(({ name, property, meaning, current }) => {
    const comment = current === undefined ? meaning : `@deprecated use \`${current}\``;
    const isText = /^(?:string|['\d])/u.test(property);
    const own = property.replace(' | null', '');
    const set = isText ? own : `${own} | string`;
    return `/** ${comment} */
      get ${name}(): ${property};
      set ${name}(value: ${set} | null | undefined);`;
  });
}

/** The types that events contain, and all types that these use: as one text, and each interface by its name. */
function engineTypes(text: string): { readonly text: string; readonly interfaces: readonly ts.InterfaceDeclaration[] } {
  const file = ts.createSourceFile('engine.d.ts', text, ts.ScriptTarget.Latest, true);
  const types = file.statements.filter(node => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node));
  const declarations = new Map(types.map(node => [node.name.text, node]));
  const wanted: (ts.InterfaceDeclaration | ts.TypeAliasDeclaration)[] = [];
  const want = (name: string): void => {
    const node = declarations.get(name);
    if (!node || wanted.includes(node)) return;
    wanted.push(node);
    const visit = (child: ts.Node): void => {
      if (ts.isTypeReferenceNode(child)) want(child.typeName.getText());
      ts.forEachChild(child, visit);
    };
    visit(node);
  };
  for (const name of EVENT_TYPES.keys()) want(name);
  const interfaces = wanted.filter(node => ts.isInterfaceDeclaration(node));
  return {
    interfaces,
    text: wanted.map(node => readonlyText(node.getFullText().trim())).join('\n\n'),
  };
}

/** A declaration with its public name, in which all fields and lists are read-only. */
function readonlyText(text: string): string {
  const named = [...EVENT_TYPES].reduce(
    (all, [name, shown]) => all.replace(new RegExp(`interface ${name}\\b`, 'u'), `interface ${shown}`),
    text,
  );
  return named
    .replace(/^(\s+)(\w+)(\??: )/gmu, '$1readonly $2$3')
    .replace(/: (\w+)\[\]\[\];/gu, ': readonly (readonly $1[])[];')
    .replace(/: (\w+)\[\];/gu, ': readonly $1[];');
}

/** The text of the documentation with a new table of fields. */
function withTable(text: string): string {
  const rows = LINK_FIELDS.map(({ name, alias, meaning, byDefault }) => {
    const old = alias === undefined ? '' : `; \`${alias}\` in old links`;
    return `| \`${name}\` | ${meaning}${old} | ${byDefault} |\n`;
  });
  return withRows(text, '| field | meaning | default |\n|---|---|---|\n', rows);
}

/** A text with the rows of the table below this head replaced; `fixed` rows come first. */
function withRows(text: string, head: string, rows: readonly string[], fixed: readonly string[] = []): string {
  const [before = '', after] = text.split(head);
  if (after === undefined) throw new Error(`there is no table ${head}`);
  return `${before}${head}${[...fixed, ...rows].join('')}${after.replace(/^(?:\|.*\n)*/u, '')}`;
}

/** The documentation of lessons with its tables of fields, questions, marks and values. */
function lessonTables(text: string): string {
  const fields = STATE_NAMES.flatMap(name => {
    const field = LINK_FIELDS.find(each => each.name === name);
    return field ? [`| \`${name}\` | ${field.meaning} |\n`] : [];
  });
  const questions = Object.entries(CHOICES).map(([ask, meaning]) => `| \`${ask}\` | ${meaning} |\n`);
  const marks = MARK_NAMES.map(name => {
    const { means, view } = kindOf(name);
    return `| \`${usageOf(name)}\` | ${means}${view ? ` (${view})` : ''} |\n`;
  });
  const values = PHRASE_NAMES.map(name => `| \`{{${name}}}\` | ${meaningOf(name)} |\n`);
  const asks = '| `ask` | the right answer |\n|---|---|\n';
  const fixed = text.split(asks)[1]?.match(/^\| `(?:number|change) NAME`.*\n/gmu) ?? [];
  const tables: [string, string[], string[]][] = [
    ['| field of a lesson | meaning |\n|---|---|\n', fields, []],
    [asks, questions, fixed],
    ['| `mark` | what is outlined |\n|---|---|\n', marks, []],
    ['| value | meaning |\n|---|---|\n', values, []],
  ];
  return tables.reduce((all, [head, rows, first]) => withRows(all, head, rows, first), text);
}

/** The text of the widget's stub with new traits and new types of a record. */
function stub(text: string, interfaces: readonly ts.InterfaceDeclaration[]): string {
  const traits = LINK_FIELDS.map(({ name, python, meaning, byDefault }) => {
    return `    ${name}: ${python} | None\n    """${meaning}; default: ${byDefault}"""`;
  }).join('\n');
  const parameters = LINK_FIELDS.map(({ name, python }) => `        ${name}: ${python} | None = None,`).join('\n');
  const used = recordTypes(interfaces);
  const blocks = [
    ['record', used.map(typedDict).join('\n\n')],
    ['traits', traits],
    ['arguments', parameters],
  ] as const;
  return blocks.reduce((all, [name, block]) => withBlock(all, '#', name, block), text);
}

/** The interfaces that a record uses, each before the interfaces that use it. */
function recordTypes(interfaces: readonly ts.InterfaceDeclaration[]): ts.InterfaceDeclaration[] {
  const byName = new Map(interfaces.map(node => [node.name.text, node]));
  const found: ts.InterfaceDeclaration[] = [];
  const add = (name: string): void => {
    const node = byName.get(name);
    if (!node || found.includes(node)) return;
    for (const member of membersOf(node)) add(member.type.replaceAll('[]', ''));
    found.push(node);
  };
  add('Record');
  return found;
}

/** The names and types of an interface's fields. */
function membersOf(node: ts.InterfaceDeclaration): { readonly key: string; readonly type: string }[] {
  return node.members.flatMap(member => {
    if (!ts.isPropertySignature(member)) return [];
    return [{ key: member.name.getText(), type: member.type?.getText() ?? '' }];
  });
}

function typedDict(node: ts.InterfaceDeclaration): string {
  const name = EVENT_TYPES.get(node.name.text) ?? node.name.text;
  const members = membersOf(node).map(({ key, type }) => {
    const element = type.replaceAll('[]', '');
    const single = element === 'number' ? (WHOLE.has(key) ? 'int' : 'float') : element;
    const lists = type.split('[]').length - 1;
    return `    ${key}: ${'list['.repeat(lists)}${single}${']'.repeat(lists)}`;
  });
  return `class ${name}(TypedDict):\n${members.join('\n')}`;
}

/** The text with the lines between the markers `<name>` and `</name>` replaced. */
function withBlock(text: string, comment: string, name: string, block: string): string {
  const pattern = new RegExp(`^( *${comment} <${name}>.*\\n)[\\s\\S]*?^( *${comment} </${name}>)$`, 'mu');
  if (!pattern.test(text)) throw new Error(`the markers <${name}> and </${name}> are missing`);
  return text.replace(pattern, (_, start: string, end: string) => `${start}${block}\n${end}`);
}

async function pretty(path: string, text: string): Promise<string> {
  const filepath = fileURLToPath(new URL(path, ROOT));
  return prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath });
}

function read(path: string): Promise<string> {
  return readFile(new URL(path, ROOT), 'utf8');
}
